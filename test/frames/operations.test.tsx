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

test.each(Object.entries(screens))(
	'%s: whole rows at every size, in both languages',
	async (_, make) => {
		for (const [columns, rows] of sizes) {
			for (const language of ['en', 'zh'] as const) {
				for (const isAscii of columns === 60 ? [true, false] : [false]) {
					const {frame} = await drawState(make({columns, rows, language, isAscii}));
					const screen = await frame.settled();
					if (process.env['SHOW'])
						console.log(`${_} ${columns}x${rows} ${language}\n${screen.text}`);
					expect(screenFaults(screen), screen.text).toEqual([]);
					expect(screen.lines.at(-1)?.trim(), screen.text).not.toBe('');
					if (isAscii) expect(screen.text).toMatch(/^[\n\u0020-\u007e]*$/);
					await frame.unmount();
				}
			}
		}
	},
);
