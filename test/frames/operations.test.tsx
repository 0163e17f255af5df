import {expect, test} from 'vitest';
import type {State} from '../../src/store/state.ts';
import {update} from '../../src/store/update.ts';
import {screenFaults} from '../support/check-screen.ts';
import {choose, pressSlowly, shopWithOperations, withCard} from '../support/dialogs.ts';
import {drawState} from '../support/draw-state.tsx';
import {jobOf, pastJobs, planOf} from '../support/plans.ts';
import type {ShopFacts} from '../support/shop.ts';

type Made = Readonly<Record<string, (facts: ShopFacts) => State>>;

const jobs = [jobOf(), ...pastJobs()];

/** Every screen that belongs to operations. */
const screens: Made = {
	menu: facts => pressSlowly(shopWithOperations(facts), ['a']).state,
	'whole stack': facts => pressSlowly(shopWithOperations(facts), ['A']).state,
	number: facts =>
		pressSlowly(choose(shopWithOperations(facts), 'scale-service').state, ['x', 'return']).state,
	backups: facts => {
		const state = shopWithOperations({...facts, ui: {focus: 'postgres'}});
		return choose(state, 'restore-database').state;
	},
	looking: facts => choose(shopWithOperations(facts), 'restart-service').state,
	refused: facts => {
		const {state} = choose(shopWithOperations(facts), 'restart-service');
		const problem = {code: 'action-gone', params: {name: '应用'}, retry: 'soon'} as const;
		return update(state, {type: 'plan-refused', number: 1, problem}).state;
	},
	safe: facts => withCard(shopWithOperations(facts), planOf({risk: 'safe'})),
	disruptive: facts => withCard(shopWithOperations(facts), planOf({risk: 'disruptive'})),
	destructive: facts =>
		withCard(shopWithOperations(facts), planOf({risk: 'destructive', environment: 'production'})),
	typed: facts => {
		const plan = planOf({risk: 'destructive', environment: 'production'});
		const state = withCard(shopWithOperations(facts), plan);
		return pressSlowly(state, Array.from('production/shop')).state;
	},
	'found at start': facts => {
		const {jobs: _none, ...state} = shopWithOperations(facts);
		return update(state, {type: 'jobs-arrived', jobs}).state;
	},
	'found, ended meanwhile': facts => {
		const {jobs: _none, ...state} = shopWithOperations(facts);
		const found = update(state, {type: 'jobs-arrived', jobs}).state;
		const ended = jobs.map(job => ({...job, state: 'ended' as const, outcome: 'done' as const}));
		return update(found, {type: 'jobs-arrived', jobs: ended}).state;
	},
	jobs: facts => pressSlowly({...shopWithOperations(facts), jobs}, ['o']).state,
	'no jobs': facts => pressSlowly(shopWithOperations(facts), ['o']).state,
	job: facts => ({
		...pressSlowly({...shopWithOperations(facts), jobs}, ['o', 'return']).state,
		jobPlan: planOf({risk: 'safe', id: jobOf().id}),
	}),
	'failed job': facts =>
		pressSlowly({...shopWithOperations(facts), jobs: pastJobs()}, ['o', 'G', 'return']).state,
	cancel: facts => pressSlowly({...shopWithOperations(facts), jobs}, ['o', 'c']).state,
	recover: facts => pressSlowly({...shopWithOperations(facts), jobs}, ['o', 'down', 'r']).state,
	leaving: facts => pressSlowly({...shopWithOperations(facts), jobs}, ['q']).state,
	running: facts => ({...shopWithOperations(facts), jobs}),
};

const sizes = [
	[60, 15],
	[80, 24],
	[120, 40],
	[200, 50],
] as const;

/** Every size, in both languages, the smallest also for plain terminals. */
const variants: readonly ShopFacts[] = sizes.flatMap(([columns, rows]) =>
	(['en', 'zh'] as const).flatMap(language => [
		{columns, rows, language, isAscii: false},
		...(columns === 60 ? [{columns, rows, language, isAscii: true}] : []),
	]),
);

test.each(Object.entries(screens))(
	'%s: whole rows at every size, in both languages',
	async (_, make) => {
		for (const facts of variants) {
			const {frame} = await drawState(make(facts));
			const screen = await frame.settled();
			expect(screenFaults(screen), screen.text).toEqual([]);
			expect(screen.lines.at(-1)?.trim(), screen.text).not.toBe('');
			if (facts.isAscii === true) expect(screen.text).toMatch(/^[\n\u0020-\u007e]*$/);
			await frame.unmount();
		}
	},
);
