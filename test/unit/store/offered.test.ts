import {expect, test} from 'vitest';
import type {Binding, Place} from '../../../config/keymap.ts';
import {placeOf} from '../../../src/store/key-place.ts';
import {offeredKeys} from '../../../src/store/offered.ts';
import {panels, type Screen, type State} from '../../../src/store/state.ts';
import {update} from '../../../src/store/update.ts';
import {choose, moveTo, pressSlowly, shopWithOperations, withCard} from '../../support/dialogs.ts';
import {jobOf, pastJobs, planOf} from '../../support/plans.ts';
import {runbookScreens} from '../../support/runbook-screens.ts';
import {troubledShop} from '../../support/shop.ts';

const jobs = [jobOf(), ...pastJobs()];
const calm = shopWithOperations();
const troubled: State = {...shopWithOperations(), ...troubledShop(), jobs};
const {jobs: _none, ...firstStart} = calm;
const problem = {code: 'action-gone', params: {name: '应用'}, retry: 'soon'} as const;

/** A screen with more text than fits, as the view would have measured it. */
function on(state: State, ...screens: readonly Screen[]): State {
	const ui = {screens: [{kind: 'dashboard'} as const, ...screens], contentRows: 90, pageRows: 20};
	return {...state, ui: {...state.ui, ...ui}};
}

function detail(part: State['ui']['detailPart']): State {
	const opened = pressSlowly(calm, ['return', 'return']).state;
	return {...opened, ui: {...opened.ui, detailPart: part}};
}

function long(state: State): State {
	return update(state, {type: 'content-measured', contentRows: 90, pageRows: 20}).state;
}

/** Every place in every shape that decides what its keys do. */
const shapes: Readonly<Record<string, State>> = {
	...Object.fromEntries(
		[calm, troubled].flatMap((state, index) =>
			panels.flatMap(panel => {
				const name = `${index === 0 ? 'calm' : 'troubled'} ${panel}`;
				return [
					[`dashboard, ${name}`, {...state, ui: {...state.ui, focus: panel}}] as const,
					[`full screen, ${name}`, on(state, {kind: 'panel', panel})] as const,
				];
			}),
		),
	),
	'dashboard, no container': shopWithOperations({containers: []}),
	'dashboard, filtered': pressSlowly(calm, ['/', 'a', 'return']).state,
	'list, nothing matches': on(
		{...calm, ui: {...calm.ui, filter: 'none'}},
		{
			kind: 'panel',
			panel: 'containers',
		},
	),
	'filter line': pressSlowly(calm, ['/', 'a']).state,
	'filter line, empty': pressSlowly(calm, ['/']).state,
	help: pressSlowly(calm, ['?']).state,
	'container, both': detail('both'),
	'container, facts': detail('facts'),
	'container, log': detail('log'),
	'container, from an alert': pressSlowly(troubled, ['6', 'return', 'down', 'return']).state,
	jobs: pressSlowly({...calm, jobs}, ['o']).state,
	'no jobs': pressSlowly(calm, ['o']).state,
	'job, running': pressSlowly({...calm, jobs}, ['o', 'return']).state,
	'job, interrupted': pressSlowly({...calm, jobs}, ['o', 'down', 'return']).state,
	'job, over': pressSlowly({...calm, jobs}, ['o', 'G', 'return']).state,
	menu: moveTo(calm, 'restart-service'),
	'menu, not possible': moveTo(calm, 'start-service'),
	'whole stack': pressSlowly(calm, ['A']).state,
	'form, number': choose(calm, 'scale-service').state,
	'form, choice': choose(calm, 'kill-service').state,
	planning: choose(calm, 'restart-service').state,
	refused: update(choose(calm, 'restart-service').state, {
		type: 'plan-refused',
		number: 1,
		problem,
	}).state,
	'card, safe': withCard(calm, planOf({risk: 'safe'})),
	'card, disruptive': withCard(calm, planOf({risk: 'disruptive'})),
	'card, destructive': withCard(calm, planOf({risk: 'destructive'})),
	'card, destructive and long': long(withCard(calm, planOf({risk: 'destructive'}))),
	found: update(firstStart, {type: 'jobs-arrived', jobs}).state,
	cancel: pressSlowly({...calm, jobs}, ['o', 'c']).state,
	recover: pressSlowly({...calm, jobs}, ['o', 'down', 'r']).state,
	leaving: pressSlowly({...calm, jobs}, ['q']).state,
	...Object.fromEntries(Object.entries(runbookScreens).map(([name, make]) => [name, make({})])),
};

/** What an operator could see of a state; times that only count for how fast keys come are not in it. */
function seen(state: State): string {
	const {ui, dialog, tail, frozen, runbook} = state;
	return JSON.stringify(
		{ui, dialog, tail, runbook, isFrozen: frozen !== undefined},
		(name, value: unknown) => (/^(?:nowMs|lastKeyAtMs|shownAtMs)$/.test(name) ? undefined : value),
	);
}

/** Whether one of the keys of a binding changes the screen or has an effect. */
function doesSomething(state: State, {keys}: Binding): boolean {
	return keys.some(key => {
		const press = {key, text: key.length === 1 ? key : '', atMs: 900_000, together: 1};
		const next = update(state, {type: 'key-pressed', ...press});
		return next.effects.length > 0 || seen(next.state) !== seen(state);
	});
}

test.each(Object.entries(shapes))('every key that is offered does something: %s', (_, state) => {
	const idle = offeredKeys(state).filter(binding => !doesSomething(state, binding));
	expect(idle.map(({command}) => command)).toEqual([]);
	expect(offeredKeys(state).length).toBeGreaterThan(0);
});

test('the shapes are of every place', () => {
	const places = new Set<Place>(Object.values(shapes).map(placeOf));
	expect([...places].toSorted()).toEqual([
		...['card', 'check', 'confirm', 'dashboard', 'detail', 'diagnosis', 'facts', 'field', 'help'],
		...['job', 'jobs', 'list', 'menu', 'prompt', 'runbooks', 'wait', 'walk'],
	]);
});

test('a key that does nothing here is not offered, and is there where it does something', () => {
	const offered = (name: string) => offeredKeys(shapes[name] ?? calm).map(({command}) => command);
	expect(offered('dashboard, calm containers')).not.toContain('back');
	expect(offered('dashboard, filtered')).toContain('back');
	expect(offered('full screen, calm postgres')).not.toContain('open');
	expect(offered('full screen, troubled backups')).toContain('open');
	expect(offered('full screen, troubled errors')).not.toContain('logs');
	expect(offered('full screen, calm containers')).toContain('logs');
	expect(offered('container, facts')).not.toContain('follow');
	expect(offered('container, log')).toContain('follow');
	expect(offered('menu')).toContain('choose');
	expect(offered('menu, not possible')).not.toContain('choose');
	expect(offered('refused')).not.toContain('next-button');
	expect(offered('card, destructive')).not.toContain('scroll-down');
	expect(offered('card, destructive and long')).toContain('scroll-down');
	expect(offered('walk-held')).toContain('walk-take');
	for (const command of ['walk-next', 'walk-skip', 'walk-back', 'walk-note', 'walk-hand-over']) {
		expect(offered('walk-held')).not.toContain(command);
	}

	expect(offered('walk-running')).not.toContain('walk-back');
	expect(offered('walk-running')).not.toContain('walk-skip');
	expect(offered('walk-looking')).not.toContain('walk-next');
	expect(offered('walk-solved')).not.toContain('walk-next');
	expect(offered('walk-not-found')).toContain('walk-next');
	expect(offered('check-pass')).not.toContain('open');
	expect(offered('check-person')).toContain('answer-yes');
	expect(offered('check-looking')).not.toContain('sign');
	expect(offered('diagnosis-nothing')).not.toContain('open');
});

test('an incident is started where the key line of incidents says so, open one or none', () => {
	const on = (kind: 'incident' | 'diagnosis') => ({
		...calm,
		ui: {...calm.ui, screens: [{kind: 'dashboard'} as const, {kind}]},
	});
	const commands = (state: State) => offeredKeys(state).map(({command}) => command);
	expect(commands(on('incident'))).toContain('incident-start');
	expect(commands(on('diagnosis'))).not.toContain('incident-start');
	expect(
		update(on('incident'), {type: 'key-pressed', key: 'N', text: 'N'}).state.dialog,
	).toMatchObject({
		what: 'incident',
	});
});
