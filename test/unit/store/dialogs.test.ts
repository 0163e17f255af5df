import {describe, expect, test} from 'vitest';
import type {Job} from '../../../src/domain/job.ts';
import type {Problem} from '../../../src/domain/problem.ts';
import {actions, entriesOf, obstacleOf} from '../../../src/store/actions.ts';
import type {Session} from '../../../src/domain/postgres.ts';
import {choicesOf} from '../../../src/store/dialog-keys.ts';
import {placeOf} from '../../../src/store/key-place.ts';
import {isOffered} from '../../../src/store/offered.ts';
import {currentScreen} from '../../../src/store/select.ts';
import type {Effect} from '../../../src/store/events.ts';
import type {State} from '../../../src/store/state.ts';
import {thingsHere} from '../../../src/store/things.ts';
import {update} from '../../../src/store/update.ts';
import {
	allOperations,
	choose,
	moveTo,
	pressSlowly,
	shopWithOperations,
	withCard,
} from '../../support/dialogs.ts';
import {jobOf, pastJobs, planOf} from '../../support/plans.ts';
import {container} from '../../support/state.ts';
import {postgresActivity} from '../../support/values.ts';

const shop = shopWithOperations();
const problem: Problem = {code: 'action-gone', params: {name: 'x'}, retry: 'soon'};
const enter = (atMs: number, together = 1) =>
	({type: 'key-pressed', key: 'return', text: '', atMs, together}) as const;

function entry(state: State, action: string) {
	const found = entriesOf(state, thingsHere(state)).find(item => item.action === action);
	if (!found) throw new Error(`no ${action}`);
	return found;
}

describe('the menu', () => {
	test('has an entry for every operation, and none for one that is not registered', () => {
		expect(
			[...new Set(actions.flatMap(({id, terminal}) => (terminal ? [] : [id])))].sort(),
		).toEqual(allOperations.toSorted());
		const few = {...shop, operations: ['restart-service']};
		const names = entriesOf(few, thingsHere(few)).map(({action}) => action);
		expect(names).toEqual(['restart-service', 'shell', 'attach']);
	});

	test('of a server whose container is stopped offers to start the container', () => {
		const stopped = container('db', {state: 'exited', health: 'none'});
		const {targets} = shop.data;
		const code = 'discovery-stopped';
		const state = {
			...shopWithOperations({containers: [stopped]}),
			ui: {...shop.ui, focus: 'postgres'},
		} as const;
		const missing = {
			area: 'postgres',
			name: 'shop/db',
			problem: {code, params: {name: stopped.name}, retry: 'soon'},
		} as const;
		const down = {
			...state,
			data: {...state.data, targets: {...targets, postgres: [], missing: [missing]}},
		};
		expect(entry(down, 'start-service').thing).toMatchObject({name: stopped.name});
	});

	test('stays with the very container when the list changes below it', () => {
		const open = moveTo(shop, 'restart-service');
		const moved = {
			...shopWithOperations({containers: [container('aaa'), container('zzz')]}),
			...(open.dialog ? {dialog: open.dialog} : {}),
		};
		const pressed = pressSlowly(moved, ['return']);
		expect(pressed.effects).toEqual([]);
		expect(obstacleOf(moved, entry(shop, 'restart-service'))?.code).toBe('action-gone');
	});

	test('says why something is not possible, and does not begin it', () => {
		const readOnly = {...shop, settings: {...shop.settings, isReadOnly: true}};
		const open = pressSlowly(readOnly, ['a']).state;
		for (const item of entriesOf(readOnly, thingsHere(readOnly)))
			expect(obstacleOf(readOnly, item)?.code, item.key).toBe('action-read-only');
		const {effects, state} = pressSlowly(open, ['return', 'down', 'return', 'S']);
		expect(effects).toEqual([]);
		expect(state.dialog?.kind).toBe('menu');
		expect(obstacleOf(shop, entry(shop, 'start-service'))?.code).toBe('action-runs-already');
		const unsafe: State = {
			...readOnly,
			settings: {
				...readOnly.settings,
				problems: [
					{code: 'config-writable-by-others', params: {file: 'f', culprit: 'c'}, retry: 'rarely'},
				],
			},
		};
		expect(obstacleOf(unsafe, entry(unsafe, 'stop-service'))?.code).toBe('action-unsafe-settings');
	});

	test('a paused container can be started, which lets it go on, and not restarted', () => {
		const paused = shopWithOperations({containers: [container('aaa', {state: 'paused'})]});
		expect(obstacleOf(paused, entry(paused, 'start-service'))).toBeUndefined();
		expect(obstacleOf(paused, entry(paused, 'restart-service'))?.code).toBe('action-not-running');
	});

	test('knows what runs on the same thing', () => {
		const busy = {...shop, jobs: [jobOf({target: 'test/app'})]};
		expect(obstacleOf(busy, entry(busy, 'restart-service'))?.code).toBe('action-busy');
		const other = {...shop, jobs: [jobOf({target: 'test/web'})]};
		expect(obstacleOf(other, entry(other, 'restart-service'))).toBeUndefined();
		const byName = {...shop, jobs: [jobOf({target: 'test/shop_app_1'})]};
		expect(obstacleOf(byName, entry(byName, 'stop-service'))?.code).toBe('action-busy');
	});

	test('asks for what an action needs, step by step and back', () => {
		const form = choose(shop, 'kill-service').state;
		expect(placeOf(form)).toBe('menu');
		const planned = pressSlowly(form, ['down', 'return']);
		expect(planned.effects).toEqual([
			{
				type: 'plan',
				number: 1,
				operation: 'kill-service',
				request: {services: [container('app').id], signal: 'SIGTERM'},
			},
		]);
		const back = pressSlowly(planned.state, ['escape']);
		expect(back.effects).toEqual([{type: 'stop-planning', number: 1}]);
		expect(back.state.dialog?.kind).toBe('menu');
		expect(pressSlowly(back.state, ['escape']).state.dialog).toBeUndefined();
	});

	test('takes numbers in their range only', () => {
		const form = choose(shop, 'scale-service').state;
		expect(placeOf(form)).toBe('field');
		const bad = pressSlowly(form, ['x', 'return']);
		expect(bad.state.dialog).toMatchObject({kind: 'form', isRefused: true});
		const good = pressSlowly(bad.state, ['backspace', 'backspace', '3', 'return']);
		expect(good.effects).toEqual([
			{
				type: 'plan',
				number: 1,
				operation: 'scale-service',
				request: {service: 'app', project: 'shop', count: 3},
			},
		]);
	});

	test('a statement that may not be cancelled is shown last with the reason, and not taken', () => {
		const session = (pid: number, more: Partial<Session> = {}): Session => ({
			...{pid, user: 'app', database: 'shop', application: 'web', client: 'local'},
			...{state: 'active', querySeconds: 9, query: 'SELECT 1', ...more},
		});
		const start = (...active: readonly Session[]) => {
			const state = shopWithOperations({ui: {focus: 'postgres'}});
			const [id = ''] = state.data.targets.postgres.map(target => target.id);
			const fresh = {kind: 'fresh', atMs: 1, value: {...postgresActivity, active}} as const;
			const readings = {...state.data.readings, 'postgres.activity': {[id]: fresh}};
			return {...state, data: {...state.data, readings}};
		};
		const root = session(1, {user: 'root', cannotCancel: 'superuser'});
		const form = choose(start(root, session(2)), 'cancel-query').state;
		if (form.dialog?.kind !== 'form') throw new Error('no form');
		const choices = choicesOf(form, form.dialog);
		const shown = choices.kind === 'ready' ? choices.list : [];
		expect(shown.map(({value, obstacle}) => [value, obstacle?.code])).toEqual([
			['2', undefined],
			['1', 'action-session-superuser'],
		]);
		expect(pressSlowly(form, ['down', 'return']).effects).toEqual([]);
		expect(pressSlowly(form, ['return']).effects).toMatchObject([{request: {pid: 2}}]);
		const none = start(root);
		expect(obstacleOf(none, entry(none, 'cancel-query'))?.code).toBe('action-session-superuser');
	});

	test('asks for the backup, then for its table', () => {
		const start = shopWithOperations({ui: {focus: 'postgres'}});
		const {state, effects} = pressSlowly(choose(start, 'restore-table').state, [
			'down',
			'return',
			'down',
			'return',
		]);
		expect(state.dialog?.kind).toBe('planning');
		expect(effects).toMatchObject([
			{
				operation: 'restore-table',
				request: {backup: '20261119T030000Z-aaaaaaaa', table: 'public.订单'},
			},
		]);
	});

	test('opens a shell in the selected container and says why not where it does not run', () => {
		expect(pressSlowly(shop, ['S']).effects).toEqual([
			{type: 'open-terminal', program: 'shell', containerId: container('app').id},
		]);
		expect(choose(shop, 'attach').effects).toMatchObject([{program: 'attach'}]);
		const stopped = shopWithOperations({containers: [container('app', {state: 'exited'})]});
		const {state, effects} = pressSlowly(stopped, ['S']);
		expect(effects).toEqual([]);
		expect(state.dialog).toMatchObject({kind: 'refused', problem: {code: 'action-not-running'}});
	});
});

describe('planning', () => {
	test('an answer to an earlier question is not taken', () => {
		const {state} = choose(shop, 'restart-service');
		const plan = planOf({risk: 'safe'});
		const late = update(state, {type: 'planned', number: 99, plan, atMs: 1}).state;
		expect(late.dialog?.kind).toBe('planning');
		const left = pressSlowly(state, ['escape']).state;
		expect(update(left, {type: 'planned', number: 1, plan, atMs: 1}).state.dialog?.kind).toBe(
			'menu',
		);
	});

	test('a refusal is shown and closes to the menu', () => {
		const {state} = choose(shop, 'restart-service');
		const refused = update(state, {type: 'plan-refused', number: 1, problem}).state;
		expect(refused.dialog).toMatchObject({kind: 'refused', problem});
		expect(pressSlowly(refused, ['return']).state.dialog?.kind).toBe('menu');
	});
});

describe('the card', () => {
	const starts = (effects: readonly Effect[]) => effects.filter(({type}) => type === 'start');

	test('safe: one Enter runs it, and what follows opens its job', () => {
		const plan = planOf({risk: 'safe'});
		const {state, effects} = pressSlowly(withCard(shop, plan), ['return', 'return']);
		expect(starts(effects)).toEqual([{type: 'start', plan}]);
		expect(state.dialog?.kind).toBe('starting');
		const open = update(state, {type: 'job-started', id: plan.id});
		expect(currentScreen(open.state)).toEqual({kind: 'job', id: plan.id});
		expect(open.effects).toEqual([{type: 'read-job-plan', id: plan.id}]);
	});

	test('disruptive: the focus is on cancel; moving and Enter run it', () => {
		const card = withCard(shop, planOf({risk: 'disruptive'}));
		const left = pressSlowly(card, ['return']);
		expect(left.effects).toEqual([]);
		expect(left.state.dialog?.kind).toBe('menu');
		expect(starts(pressSlowly(card, ['right', 'return']).effects)).toHaveLength(1);
		expect(starts(pressSlowly(card, ['right', 'left', 'return']).effects)).toEqual([]);
	});

	test('destructive: only the typed text, with how it was typed', () => {
		const plan = planOf({risk: 'destructive'});
		const card = withCard(shop, plan);
		const typed = pressSlowly(card, [...Array.from('test/shop'), 'return']);
		expect(starts(typed.effects)).toEqual([{type: 'start', plan, confirm: 'test/shop'}]);
		const wrong = pressSlowly(card, [...Array.from('test/shop'), 'space', 'return', 'y', 'return']);
		expect(starts(wrong.effects)).toEqual([]);
		const paste = update(card, {type: 'text-pasted', text: 'test/shop\n'}).state;
		expect(paste.dialog).toMatchObject({typed: {text: '', notice: 'pasted'}});
		expect(starts(pressSlowly(paste, ['return']).effects)).toEqual([]);
	});

	test.each(['production', 'unknown'] as const)('%s: three seconds with the right text', kind => {
		const plan = planOf({risk: 'destructive', environment: kind});
		const typed = pressSlowly(withCard(shop, plan), Array.from(plan.confirm ?? ''));
		expect(typed.effects.at(-1)).toEqual({type: 'tick', afterMs: 1000});
		const early = update(typed.state, enter(typed.atMs + 2900));
		expect(early.effects).toEqual([]);
		expect(starts(update(early.state, enter(typed.atMs + 3001)).effects)).toHaveLength(1);
		const half = update(typed.state, {type: 'ticked', atMs: typed.atMs + 1000});
		expect(half.effects).toEqual([{type: 'tick', afterMs: 1000}]);
		const over = update(half.state, {type: 'ticked', atMs: typed.atMs + 3000});
		expect(over.effects).toEqual([]);
	});

	test('Enter that came with the question, in a series or without a time does not count', () => {
		const card = withCard(shop, planOf({risk: 'safe'}), 50_000);
		for (const event of [
			enter(50_299),
			enter(60_000, 2),
			{type: 'key-pressed', key: 'return', text: ''} as const,
		]) {
			expect(update(card, event).effects).toEqual([]);
		}
	});

	test.each(['safe', 'disruptive', 'destructive'] as const)(
		'%s: keys repeated 200 times a second and double Enter start one operation at most (C08)',
		risk => {
			let state = choose(shop, 'restart-service').state;
			const effects: Effect[] = [];
			const send = (event: Parameters<typeof update>[1]) => {
				const next = update(state, event);
				({state} = next);
				effects.push(...next.effects);
			};
			for (let atMs = 0; atMs < 5000; atMs += 5) {
				if (atMs === 400) send({type: 'planned', number: 1, plan: planOf({risk}), atMs});
				send(enter(atMs));
			}

			expect(starts(effects)).toEqual([]);
			for (const atMs of [8000, 8050, 9000, 9010, 9500]) send(enter(atMs));
			expect(starts(effects)).toHaveLength(risk === 'safe' ? 1 : 0);
		},
	);

	test('a plan starts once, also where its card comes again', () => {
		const plan = planOf({risk: 'safe'});
		const once = pressSlowly(withCard(shop, plan), ['return', 'escape']).state;
		expect(pressSlowly(withCard(once, plan), ['return']).effects).toEqual([]);
	});

	test('a console that became read-only meanwhile refuses', () => {
		const card = withCard(shop, planOf({risk: 'safe'}));
		const readOnly = {...card, settings: {...card.settings, isReadOnly: true}};
		const {state, effects} = pressSlowly(readOnly, ['return']);
		expect(effects).toEqual([]);
		expect(state.dialog).toMatchObject({kind: 'refused', problem: {code: 'action-read-only'}});
	});

	test('a megabyte of garbage triggers nothing and satisfies nothing (C07)', () => {
		const card = withCard(shop, planOf({risk: 'destructive'}));
		const garbage = 'test/shop\r\nyY\u001b[A'.repeat(70_000);
		const {state, effects} = update(card, {type: 'text-pasted', text: garbage});
		expect(effects).toEqual([]);
		expect(state.dialog).toMatchObject({kind: 'card', typed: {text: ''}});
	});
});

describe('operations that run', () => {
	const jobs = [jobOf(), ...pastJobs()];

	test('those that are not over are shown first, once, and Enter opens one', () => {
		const {jobs: _none, ...fresh} = shop;
		const found = update(fresh, {type: 'jobs-arrived', jobs}).state;
		expect(found.dialog?.kind).toBe('found');
		const open = pressSlowly(found, ['down', 'return']);
		expect(currentScreen(open.state)).toEqual({kind: 'job', id: 'cut'});
		const later = update(pressSlowly(found, ['escape']).state, {type: 'jobs-arrived', jobs}).state;
		expect(later.dialog).toBeUndefined();
		expect(update(fresh, {type: 'jobs-arrived', jobs: []}).state.dialog).toBeUndefined();
	});

	test('what ends while it is shown at the start stays to be looked at; what is cleared away closes it', () => {
		const {jobs: _none, ...fresh} = shop;
		const found = update(fresh, {type: 'jobs-arrived', jobs}).state;
		const ended = jobs.map((job): Job => ({...job, state: 'ended', outcome: 'done'}));
		const after = update(found, {type: 'jobs-arrived', jobs: ended}).state;
		expect(after.dialog?.kind).toBe('found');
		expect(currentScreen(pressSlowly(after, ['return']).state)).toMatchObject({kind: 'job'});
		expect(update(found, {type: 'jobs-arrived', jobs: []}).state.dialog).toBeUndefined();
	});

	test('cancelling and recovering are offered where they are possible', () => {
		const list = pressSlowly({...shop, jobs}, ['o']).state;
		const offers = (state: State) =>
			(['cancel-job', 'recover-job'] as const).filter(command => isOffered(state, command));
		expect(offers(list)).toEqual(['cancel-job']);
		expect(offers(pressSlowly(list, ['down']).state)).toEqual(['recover-job']);
		expect(offers(pressSlowly(list, ['G']).state)).toEqual([]);
		const readOnly = {...list, settings: {...list.settings, isReadOnly: true}};
		expect(offers(readOnly)).toEqual([]);
	});

	test('cancelling asks, with the focus on going on', () => {
		const list = pressSlowly({...shop, jobs}, ['o']).state;
		expect(pressSlowly(list, ['c', 'return']).effects).toEqual([]);
		expect(pressSlowly(list, ['c', 'right', 'return']).effects).toEqual([
			{type: 'cancel-job', id: jobOf().id},
		]);
		const past = pressSlowly(list, ['G', 'c']).state;
		expect(past.dialog).toBeUndefined();
	});

	test('only an interrupted operation is recovered', () => {
		const list = pressSlowly({...shop, jobs}, ['o']).state;
		expect(pressSlowly(list, ['r']).state.dialog).toBeUndefined();
		expect(pressSlowly(list, ['down', 'r', 'right', 'return']).effects).toEqual([
			{type: 'recover-job', id: 'cut'},
		]);
	});

	test('leaving says that they go on; ctrl-c leaves at once', () => {
		const running = {...shop, jobs};
		const asked = pressSlowly(running, ['q']);
		expect(asked.effects).toEqual([]);
		expect(asked.state.dialog?.kind).toBe('leaving');
		expect(pressSlowly(asked.state, ['return']).effects).toEqual([{type: 'leave'}]);
		expect(pressSlowly(asked.state, ['escape']).effects).toEqual([]);
		expect(pressSlowly(running, ['ctrl+c']).effects).toEqual([{type: 'leave'}]);
	});

	test('a failure outside is shown', () => {
		const {state} = update(shop, {type: 'action-failed', problem});
		expect(state.dialog).toMatchObject({kind: 'refused', problem});
		expect(pressSlowly(state, ['return']).state.dialog).toBeUndefined();
	});

	test('a dialog leaves the screen below as it was', () => {
		const below = {...shop, ui: {...shop.ui, scroll: 7}};
		const open = pressSlowly(below, ['a']).state;
		expect(open.ui.scroll).toBe(0);
		expect(pressSlowly(open, ['escape']).state.ui.scroll).toBe(7);
	});
});
