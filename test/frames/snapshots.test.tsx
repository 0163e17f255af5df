import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import process from 'node:process';
import {expect, test} from 'vitest';
import type {State} from '../../src/store/state.ts';
import {moveTo, pressSlowly, shopWithOperations, withCard} from '../support/dialogs.ts';
import {linesOf} from '../support/draw-state.tsx';
import {jobOf, pastJobs, planOf} from '../support/plans.ts';
import {calmShop, troubledShop} from '../support/shop.ts';

const folder = new URL('screens/', import.meta.url);

const jobs = [jobOf(), ...pastJobs()];
const deletion = planOf({risk: 'destructive', environment: 'production', title: 'Restore shop'});

const screens: Readonly<Record<string, () => State>> = {
	'calm-80x24': () => calmShop(),
	'trouble-80x24': () => troubledShop(),
	'trouble-zh-80x24': () => troubledShop({language: 'zh'}),
	'trouble-ascii-60x15': () => troubledShop({columns: 60, rows: 15, isAscii: true}),
	'trouble-200x50': () => troubledShop({columns: 200, rows: 50}),
	'alerts-80x24': () =>
		troubledShop({
			ui: {screens: [{kind: 'dashboard'}, {kind: 'panel', panel: 'backups'}], focus: 'backups'},
		}),
	'menu-80x24': () => moveTo(shopWithOperations(), 'start-service'),
	'card-80x24': () => withCard(shopWithOperations(), planOf({risk: 'disruptive'})),
	'typed-zh-80x24': () =>
		pressSlowly(
			withCard(shopWithOperations({language: 'zh'}), deletion),
			Array.from('production/shop'),
		).state,
	'jobs-80x24': () => pressSlowly({...shopWithOperations(), jobs}, ['o']).state,
	'job-120x40': () => ({
		...pressSlowly({...shopWithOperations({columns: 120, rows: 40}), jobs}, ['o', 'return']).state,
		jobPlan: planOf({risk: 'safe', id: jobOf().id}),
	}),
};

// After a wanted change: UPDATE_SCREENS=1 npm test -- test/frames/snapshots.test.tsx, then read the difference.
test.each(Object.entries(screens))('%s is as reviewed', async (name, make) => {
	const path = fileURLToPath(new URL(`${name}.txt`, folder));
	const text = `${(await linesOf(make())).join('\n')}\n`;
	if (process.env['UPDATE_SCREENS'] === '1') {
		await mkdir(fileURLToPath(folder), {recursive: true});
		await writeFile(path, text);
	}

	expect(text).toBe(await readFile(path, 'utf8'));
});
