import {expect, test} from 'vitest';
import {isOfProject, projectInTrouble, projectOfAlert} from '../../../src/store/alert-project.ts';
import type {State} from '../../../src/store/state.ts';
import {update} from '../../../src/store/update.ts';
import {calmShop} from '../../support/shop.ts';
import {container, containerAlert} from '../../support/state.ts';

const containers = ['shop', 'blog'].map(project =>
	container('db', {
		project,
		key: `${project}/db/1`,
		name: `${project}_db_1`,
		id: `${project}db`,
	}),
);
const state = calmShop({
	containers,
	alerts: [containerAlert('blog_db_1'), containerAlert('shop_db_1', {level: 'warn'})],
});
const disk = {metric: 'host.disk', target: 'host', subject: '/'} as const;

test('an alert belongs to the project of what it is about; that of the host to every one', () => {
	const blog = containerAlert('blog_db_1');
	expect(projectOfAlert(state, blog)).toBe('blog');
	expect(isOfProject(state, 'shop', blog)).toBe(false);
	expect(isOfProject(state, 'blog', blog)).toBe(true);
	expect(isOfProject(state, undefined, blog)).toBe(true);
	expect(isOfProject(state, 'shop', disk)).toBe(true);
	const errors = {metric: 'errors.per-minute', target: 'logs', subject: 'blog'} as const;
	expect(projectOfAlert(state, errors)).toBe('blog');
	expect(isOfProject(state, 'shop', errors)).toBe(false);
});

test('trouble is in the project of the worst alert, or where the operator looks', () => {
	expect(projectInTrouble(state)).toBe('blog');
	const screens = [{kind: 'container', key: 'shop/db/1'}] as const;
	const looking = {...state, ui: {...state.ui, screens}};
	expect(projectInTrouble(looking)).toBe('shop');
	const proposed = (from: State) => {
		const {dialog} = update(from, {type: 'key-pressed', key: 'N', text: 'N'}).state;
		return dialog?.kind === 'words' ? dialog.proposal : undefined;
	};
	expect(proposed(looking)).toContain('shop_db_1');
	expect(proposed(state)).toContain('blog_db_1');
});
