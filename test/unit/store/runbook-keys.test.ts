import {describe, expect, test} from 'vitest';
import type {Effect, Event} from '../../../src/store/events.ts';
import {isOffered} from '../../../src/store/offered.ts';
import {currentScreen} from '../../../src/store/select.ts';
import {incidentOf} from '../../../src/incidents/incident.ts';
import {
	runbookRows,
	selectedFinding,
	selectedRunbook,
	waitingWalks,
} from '../../../src/store/runbook-state.ts';
import type {State} from '../../../src/store/state.ts';
import {update} from '../../../src/store/update.ts';
import {pressSlowly} from '../../support/dialogs.ts';
import {linesOf, opened} from '../../support/incidents.ts';
import {jobOf, planOf} from '../../support/plans.ts';
import {
	calmLoad,
	appScope,
	checkOf,
	daily,
	diagnosisOf,
	listedWalks,
	loadSeen,
	moves,
	net,
	onCheck,
	onWalk,
	shopWithRunbooks,
	slow,
	someRunbooks,
	walkOf,
	withScreen,
} from '../../support/runbooks.ts';
import {containerAlert} from '../../support/state.ts';

const problem = {code: 'action-gone', params: {name: 'x'}, retry: 'soon'} as const;

function after(state: State, ...events: readonly Event[]) {
	const effects: Effect[] = [];
	let current = state;
	for (const event of events) {
		const next = update(current, event);
		current = next.state;
		effects.push(...next.effects);
	}

	return {state: current, effects};
}

const startedWalk = (walk: string) => {
	const title = {en: 'slow', zh: '慢'};
	return {kind: 'walk-started', walk, runbook: 'app-slow', title} as const;
};

const kinds = (state: State) => state.ui.screens.map(({kind}) => kind);
const moved = (move: object) => [{type: 'walk-move', move}];

describe('a walk', () => {
	test.each([
		['ask', [], {type: 'answered', node: 'ask', choice: 0}],
		['ask', ['down'], {type: 'answered', node: 'ask', choice: 1}],
		['ask', ['3'], {type: 'answered', node: 'ask'}],
		['ask', ['9'], {type: 'answered', node: 'ask', choice: 0}],
		['rank', [], {type: 'decided', node: 'which', way: {cause: 'cpu'}}],
		['rank', ['2'], {type: 'decided', node: 'which', way: {cause: 'swap'}, isOwnChoice: true}],
		['note', [], {type: 'noted', node: 'tell'}],
	] as const)('Enter at %s after %j', (place, keys, move) => {
		expect(pressSlowly(onWalk({}, moves[place]), [...keys, 'return']).effects).toEqual(moved(move));
	});

	test.each([
		['start', {type: 'looked', node: 'see', evidence: [], reason: 'no'}],
		['rank', {type: 'decided', node: 'which', way: {other: 'unknown'}, isOwnChoice: true}],
		['ask', {type: 'answered', node: 'ask', reason: 'no'}],
		['do', {type: 'acted', node: 'restart', end: 'skipped', reason: 'no'}],
		['wait', {type: 'waited', node: 'settle', reason: 'no'}],
		['note', {type: 'noted', node: 'tell', text: 'no'}],
	] as const)('s at %s leaves it out with the reason', (place, move) => {
		const state = onWalk({}, moves[place]);
		expect(pressSlowly(state, ['s', 'n', 'o', 'return']).effects).toEqual(moved(move));
		expect(pressSlowly(state, ['s', 'n', 'o', 'escape']).effects).toEqual([]);
		expect(pressSlowly(state, ['s', 'return']).effects).toHaveLength(1);
	});

	test('waits while it looks; nothing is left out at its end', () => {
		const activity = {kind: 'waiting', untilMs: 1} as const;
		expect(pressSlowly(onWalk({}, moves.wait, {activity}), ['return']).effects).toEqual([]);
		expect(pressSlowly(onWalk({}, moves.solved), ['return', 's']).effects).toEqual([]);
		expect(pressSlowly(onWalk({}, moves.again), ['return']).effects).toEqual([{type: 'walk-go'}]);
	});

	test('goes back, takes a remark, is handed over by name', () => {
		const state = onWalk({}, moves.do);
		expect(pressSlowly(state, ['u']).effects).toEqual(moved({type: 'went-back'}));
		expect(pressSlowly(onWalk({}, moves.rank), ['u']).effects).toEqual([]);
		expect(pressSlowly(state, ['n', '王', 'return']).effects).toEqual([
			{type: 'walk-remark', text: '王'},
		]);
		expect(pressSlowly(state, ['H', 'w', 'return']).effects).toEqual([
			{type: 'walk-hand-over', to: 'w'},
		]);
		expect(pressSlowly(state, ['H', 'return', 'n', 'space', 'return']).effects).toEqual([]);
		expect(pressSlowly(onWalk({}, moves.solved), ['H']).state.dialog).toBeUndefined();
	});

	test('that was handed over or paused is only taken up again', () => {
		for (const place of ['paused', 'handed over'] as const) {
			const state = onWalk({}, moves[place]);
			const {id} = walkOf(moves[place]);
			const {effects} = pressSlowly(state, ['s', 'u', 'n', '1', 'return']);
			expect(effects).toEqual([{type: 'resume-walk', id}]);
		}
	});

	test('of somebody else is looked on, and taken over only by T', () => {
		const state = onWalk({}, moves.rank, {heldBy: 'wang'});
		const {id} = walkOf(moves.rank);
		expect(pressSlowly(state, ['return', 's', 'u', 'n', 'H']).effects).toEqual([]);
		expect(pressSlowly(state, ['T']).effects).toEqual([{type: 'resume-walk', id, isForced: true}]);
		expect(isOffered(state, 'walk-next')).toBe(false);
		expect(pressSlowly(onWalk({}, moves.rank), ['T']).effects).toEqual([]);
	});

	test('goes on with another runbook about the same thing', () => {
		const {state, effects} = pressSlowly(onWalk({}, moves['not-found']), ['return']);
		expect(effects).toEqual([{type: 'open-walk', runbook: net.id, scope: appScope}]);
		expect(state.runbook.walk).toBeUndefined();
		expect(kinds(state)).toEqual(['dashboard', 'walk']);
	});

	test('is paused when it is left, wherever to, and only then', () => {
		const state = onWalk({}, moves.rank);
		const left = pressSlowly(state, ['escape']);
		expect(left.effects).toEqual([{type: 'close-walk'}]);
		expect(left.state.runbook.walk).toBeUndefined();
		const list = pressSlowly(state, ['W']);
		expect(list.effects).toEqual([{type: 'read-runbooks'}]);
		expect(pressSlowly(list.state, ['escape']).effects).toEqual([]);
		expect(pressSlowly(list.state, ['4']).effects).toEqual([{type: 'close-walk'}]);
		expect(pressSlowly(state, ['o', 'escape']).effects).toEqual([]);
		expect(pressSlowly(state, ['q']).effects).toEqual([{type: 'close-walk'}]);
	});
});

describe('the fix of a walk', () => {
	const run = planOf({risk: 'disruptive'}).id;
	const asked = pressSlowly(onWalk({}, moves.do), ['return']);
	const {planCount: number} = asked.state;
	const plan = planOf({risk: 'disruptive'});

	test('is planned for the thing that the walk is about', () => {
		expect(asked.effects).toEqual([
			{type: 'plan', number, operation: 'restart-service', request: {services: ['shop/app/1']}},
		]);
		expect(asked.state.dialog?.kind).toBe('planning');
	});

	test('is confirmed on its card, runs, and tells the walk how it ended', () => {
		const carded = after(asked.state, {type: 'planned', number, plan, atMs: 200_000});
		expect(carded.state.dialog?.kind).toBe('card');
		const started = pressSlowly(carded.state, ['right', 'return'], 210_000);
		expect(started.effects).toEqual([{type: 'start', plan}]);
		const begun = after(started.state, {type: 'job-started', id: run});
		expect(begun.effects).toEqual(moved({type: 'began', at: 'restart', run}));
		expect(begun.state.dialog).toBeUndefined();
		expect(currentScreen(begun.state).kind).toBe('walk');
		const walk = walkOf([...moves.do, {type: 'began', at: 'restart', run}]);
		const activity = {kind: 'nothing'} as const;
		const job = jobOf({id: run});
		const running = after(
			begun.state,
			{type: 'walk-moved', wizard: slow, walk, activity},
			{type: 'jobs-arrived', jobs: [job]},
		);
		expect(running.effects).toEqual([]);
		expect(pressSlowly(running.state, ['return']).effects).toEqual([
			{type: 'read-job-plan', id: run},
		]);
		expect(pressSlowly(running.state, ['s', 'u']).effects).toEqual([]);
		const ended = (more: object) =>
			after(running.state, {
				type: 'jobs-arrived',
				jobs: [jobOf({id: run, state: 'ended', ...more})],
			}).effects;
		const acted = {type: 'acted', node: 'restart', run};
		expect(ended({outcome: 'done'})).toEqual(moved({...acted, end: 'done'}));
		expect(ended({outcome: 'warnings'})).toEqual(moved({...acted, end: 'done'}));
		expect(ended({outcome: 'undone', problem})).toEqual(moved({...acted, end: 'failed', problem}));
	});

	test('that ended while nobody walked is told when the walk is taken up', () => {
		const walk = walkOf(moves.running);
		const jobs = [jobOf({state: 'ended', outcome: 'done'})];
		const state = {...withScreen(shopWithRunbooks(), {kind: 'walk'}), jobs};
		const arrived = {type: 'walk-moved', wizard: slow, walk, activity: {kind: 'nothing'}} as const;
		const id = walk.run ?? '';
		expect(after(state, arrived).effects).toEqual(
			moved({type: 'acted', node: 'restart', end: 'done', run: id}),
		);
		expect(after(state, {...arrived, heldBy: 'wang'}).effects).toEqual([]);
		// Its folder was cleared away: the step can be left out.
		const gone = after({...state, jobs: []}, arrived).state;
		expect(isOffered(gone, 'walk-skip')).toBe(true);
	});

	test('that is refused takes the walk the way of a failure', () => {
		const refused = after(asked.state, {type: 'plan-refused', number, problem});
		expect(refused.effects).toEqual(
			moved({type: 'acted', node: 'restart', end: 'failed', problem}),
		);
		expect(refused.state.dialog).toMatchObject({kind: 'refused', problem});
	});

	test('that is not wanted after all changes nothing', () => {
		const carded = after(asked.state, {type: 'planned', number, plan, atMs: 200_000});
		const left = pressSlowly(carded.state, ['escape'], 210_000);
		expect(left.effects).toEqual([]);
		expect(left.state.dialog).toBeUndefined();
		const other = after(left.state, {type: 'job-started', id: 'another'});
		expect(other.effects).toEqual([]);
		const given = pressSlowly(asked.state, ['escape'], 210_000);
		expect(given.effects).toEqual([{type: 'stop-planning', number}]);
		expect(after(given.state, {type: 'plan-refused', number, problem}).effects).toEqual([]);
	});

	test('whose parts are not known here is refused before it is planned', () => {
		const state = onWalk({}, moves.do);
		const open = state.runbook.walk;
		if (!open) throw new Error('no walk');
		const walk = {...open.walk, scope: {}};
		const lost = {...state, runbook: {...state.runbook, walk: {...open, walk}}};
		const {state: refused, effects} = pressSlowly(lost, ['return']);
		expect(effects).toEqual([]);
		expect(refused.dialog).toMatchObject({kind: 'refused', problem: {code: 'runbook-request'}});
	});
});

describe('the lists', () => {
	const several = diagnosisOf(loadSeen(), {}, ['shop/app/1', 'shop/web/1']);

	test('"What is wrong?" looks, opens the wizard of a cause, and leads to all of them', () => {
		const asked = pressSlowly(shopWithRunbooks(), ['w']);
		expect(asked.effects).toEqual([{type: 'diagnose'}]);
		expect(asked.state.runbook.isDiagnosing).toBe(true);
		const seen = after(asked.state, {type: 'diagnosed', diagnosis: several}).state;
		expect(seen.runbook.isDiagnosing).toBe(false);
		const opened = pressSlowly(seen, ['down', 'return']);
		const scope = {...appScope, container: 'shop/web/1'};
		expect(opened.effects).toEqual([{type: 'open-walk', runbook: slow.id, scope}]);
		expect(kinds(opened.state)).toEqual(['dashboard', 'diagnosis', 'walk']);
		expect(pressSlowly(seen, ['R']).effects).toEqual([{type: 'diagnose'}]);
		const list = pressSlowly(seen, ['w']);
		expect(list.effects).toEqual([{type: 'read-runbooks'}]);
		expect(kinds(list.state)).toEqual(['dashboard', 'diagnosis', 'runbooks']);
		const failed = after(asked.state, {type: 'action-failed', problem}).state;
		expect(failed.runbook.isDiagnosing).toBe(false);
	});

	test('an alert without a likely cause has its wizard, about the very container that it names', () => {
		const alerts = [containerAlert('shop_cache_1', {metric: 'host.cpu'})];
		// Before everything was looked at it is not listed: it would be taken for the answer.
		const looking = withScreen(shopWithRunbooks({alerts}), {kind: 'diagnosis'});
		expect(pressSlowly(looking, ['return']).effects).toEqual([]);
		const diagnosis = diagnosisOf(loadSeen(calmLoad));
		const looked = (state: State): State => ({
			...state,
			runbook: {...state.runbook, diagnosis},
		});
		expect(pressSlowly(looked(looking), ['return']).effects).toMatchObject([
			{type: 'open-walk', runbook: slow.id, scope: {container: 'shop/cache/1'}},
		]);
		const host = [containerAlert('web-1', {metric: 'host.cpu'})];
		const about = withScreen(shopWithRunbooks({alerts: host}), {kind: 'diagnosis'});
		const asked = pressSlowly(looked(about), ['return']);
		expect(asked.effects).toEqual([]);
		expect(asked.state.dialog).toMatchObject({kind: 'scopes', runbook: slow.id});
	});

	test('asked on an alert, "What is wrong?" selects what fits it, until another row is chosen', () => {
		const alerts = [
			containerAlert('shop_app_1', {metric: 'host.cpu', id: 'a'}),
			containerAlert('shop_db_1', {metric: 'host.memory', id: 'b'}),
		];
		const panel = withScreen(shopWithRunbooks({alerts}), {kind: 'panel', panel: 'backups'});
		const asked = pressSlowly(panel, ['down', 'w']).state;
		expect(selectedFinding(asked)).toMatchObject({
			kind: 'alert',
			alert: {metric: 'host.memory'},
			scope: {container: 'shop/db/1'},
		});
		const diagnosis = diagnosisOf(loadSeen(), {}, ['shop/cache/1', 'shop/db/1']);
		const seen = after(asked, {type: 'diagnosed', diagnosis}).state;
		expect(selectedFinding(seen)).toMatchObject({kind: 'finding', scope: {container: 'shop/db/1'}});
		const up = pressSlowly(seen, ['up']).state;
		expect(selectedFinding(up)).toMatchObject({
			kind: 'finding',
			scope: {container: 'shop/cache/1'},
		});
		const fromTop = pressSlowly(withScreen(up), ['w']).state;
		expect(selectedFinding(fromTop)).toMatchObject({scope: {container: 'shop/cache/1'}});
		expect(fromTop.runbook.wanted).toBeUndefined();
	});

	test('asked on a server that cannot be read, it selects the wizard of its alert', () => {
		const alerts = [
			containerAlert('shop_app_1', {metric: 'host.cpu', id: 'a'}),
			containerAlert('', {metric: 'host.memory', id: 'b', target: 'db', subject: 'db'}),
		];
		const state = shopWithRunbooks({alerts, ui: {focus: 'postgres'}});
		expect(pressSlowly(state, ['w']).state.runbook.wanted).toBeUndefined();
		const readings = {
			...state.data.readings,
			'postgres.activity': {db: {kind: 'failed', problem, sinceMs: 1, retryAtMs: 2}},
		} as const;
		const failed = {...state, data: {...state.data, readings}};
		expect(pressSlowly(failed, ['w']).state.runbook.wanted).toMatchObject({subject: 'db'});
	});

	test('of runbooks: takes a walk up, asks what a wizard shall be about, runs a checklist', () => {
		const read = {
			type: 'runbooks-arrived',
			runbooks: someRunbooks,
			badFiles: 0,
			walks: listedWalks(),
			lastChecks: {},
		} as const;
		const {state} = after(withScreen(shopWithRunbooks(), {kind: 'runbooks'}), read);
		const taken = pressSlowly(state, ['down', 'return']);
		expect(taken.effects).toEqual([{type: 'resume-walk', id: '20261120T115000Z-00000002'}]);
		const asked = pressSlowly(state, ['down', 'down', 'down', 'return']);
		expect(asked.state.dialog).toMatchObject({kind: 'scopes', runbook: slow.id, selected: 0});
		expect(pressSlowly(asked.state, ['down', 'return']).effects).toMatchObject([
			{type: 'open-walk', runbook: slow.id, scope: {container: 'shop/db/1'}},
		]);
		expect(pressSlowly(asked.state, ['escape']).state.dialog).toBeUndefined();
		const checked = pressSlowly(state, ['G', 'up', 'return']);
		expect(checked.effects).toMatchObject([{type: 'run-check', checklist: {id: 'daily'}}]);
		expect(currentScreen(checked.state).kind).toBe('check');
	});

	test('the walk that is open here is shown, not taken up again', () => {
		const state = onWalk({}, moves.rank);
		const walk = walkOf(moves.rank);
		const walks = [{id: walk.id, wizard: slow, walk}];
		const {state: listed} = pressSlowly({...state, runbook: {...state.runbook, walks}}, ['W']);
		const {state: back, effects} = pressSlowly(listed, ['return']);
		expect(effects).toEqual([]);
		expect(kinds(back)).toEqual(['dashboard', 'runbooks', 'walk']);
		expect(back.runbook.walk?.walk.id).toBe(walk.id);
	});

	test('walks that wait for somebody are counted, without the one that is open here', () => {
		const {runbook} = shopWithRunbooks();
		const state = {...shopWithRunbooks(), runbook: {...runbook, walks: listedWalks()}};
		expect(waitingWalks(state)).toBe(2);
		expect(waitingWalks(shopWithRunbooks())).toBe(0);
		const open = onWalk({}, moves.rank);
		const walk = walkOf(moves.rank);
		const walks = [{id: walk.id, wizard: slow, walk}];
		expect(waitingWalks({...open, runbook: {...open.runbook, walks}})).toBe(0);
	});

	test('of walks to take up the newest is first and selected; one of yesterday is not counted', () => {
		const shop = shopWithRunbooks();
		const [, , paused] = listedWalks();
		if (!paused) throw new Error('no walk');
		const aged = (id: string, hours: number) => {
			const lastAtMs = shop.data.nowMs - hours * 3_600_000;
			return {...paused, id, walk: {...paused.walk, id, lastAtMs}};
		};
		const walks = [aged('old', 13), aged('newer', 1), aged('older', 11)];
		const runbook = {...shop.runbook, walks, selectedRunbook: 'old'};
		const {state} = pressSlowly({...shop, runbook}, ['W']);
		expect(
			runbookRows(state)
				.map(({key}) => key)
				.slice(0, 3),
		).toEqual(['newer', 'older', 'old']);
		expect(selectedRunbook(state)?.key).toBe('newer');
		expect(waitingWalks(state)).toBe(2);
		const lines = linesOf([
			[0, opened()],
			[1, startedWalk('old')],
		]);
		const incident = incidentOf(lines);
		if (!incident) throw new Error('no incident');
		const list = [{id: 'i', incident, lines, isDamaged: false}];
		expect(waitingWalks({...state, incident: {list}})).toBe(3);
	});

	test('a runbook about what is not here says so', () => {
		const state = withScreen(shopWithRunbooks({containers: []}), {kind: 'runbooks'});
		const {state: refused, effects} = pressSlowly(state, ['return']);
		expect(effects).toEqual([]);
		expect(refused.dialog).toMatchObject({kind: 'refused', problem: {code: 'look-nothing-here'}});
	});
});

describe('a checklist', () => {
	test('is answered by a person line by line, and signed', () => {
		const state = onCheck({}, 'tape', checkOf());
		for (const [key, value] of [
			['y', 'yes'],
			['n', 'no'],
			['-', 'not-applicable'],
		] as const) {
			expect(pressSlowly(state, [key]).effects).toEqual([
				{type: 'answer-check', item: 'tape', value},
			]);
		}

		expect(pressSlowly(onCheck({}, 'cpu', checkOf()), ['y', 'n', '-']).effects).toEqual([]);
		expect(pressSlowly(onCheck({}, 'tape'), ['y', 'S']).effects).toEqual([]);
		expect(pressSlowly(state, ['S', 'o', 'k', 'return']).effects).toEqual([
			{type: 'sign-check', note: 'ok'},
		]);
		expect(pressSlowly(state, ['S', 'return']).effects).toEqual([{type: 'sign-check', note: ''}]);
	});

	test('keeps the selection and the answers when its result comes', () => {
		const state = onCheck({}, 'disk');
		const come = after(state, {type: 'check-arrived', result: checkOf(), isSigned: false}).state;
		const {check} = come.runbook;
		expect([check?.selected, Object.keys(check?.answers ?? {})]).toEqual(['disk', ['told']]);
		const again = pressSlowly(come, ['R']);
		expect(again.effects).toMatchObject([
			{type: 'run-check', checklist: {id: 'daily'}, answers: {told: {value: 'yes'}}},
		]);
		expect(again.state.runbook.check?.result).toBeUndefined();
		const other = {...checkOf(), checklist: 'weekly'};
		expect(after(come, {type: 'check-arrived', result: other, isSigned: true}).state).toBe(come);
		const failed = after(again.state, {type: 'check-failed', problem}).state;
		expect(failed.runbook.check?.problem).toEqual(problem);
	});

	test('offers what mends a line that did not pass', () => {
		const asked = pressSlowly(onCheck({}, 'inodes', checkOf()), ['return']);
		expect(asked.state.dialog).toMatchObject({kind: 'scopes', runbook: slow.id});
		const fixed = pressSlowly(onCheck({}, 'disk', checkOf()), ['return']);
		expect(fixed.effects).toMatchObject([
			{type: 'plan', operation: 'clean-logs', request: {days: 7}},
		]);
		expect(pressSlowly(onCheck({}, 'cpu', checkOf()), ['return']).effects).toEqual([]);
		expect(pressSlowly(onCheck({}, 'told', checkOf()), ['return']).effects).toEqual([]);
		const last = daily.items.at(-1)?.id;
		const {state} = pressSlowly(onCheck({}, 'cpu', checkOf()), ['G', 'down']);
		expect(state.runbook.check?.selected).toBe(last);
	});
});
