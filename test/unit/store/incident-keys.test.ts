import {expect, test} from 'vitest';
import type {IncidentLine, OperationFacts} from '../../../src/incidents/event.ts';
import {incidentOf} from '../../../src/incidents/incident.ts';
import {
	openIncidentOf,
	shownIncident,
	type KnownIncident,
} from '../../../src/store/incident-keys.ts';
import {offeredKeys} from '../../../src/store/offered.ts';
import type {State} from '../../../src/store/state.ts';
import {update} from '../../../src/store/update.ts';
import {pressSlowly, shopWithOperations} from '../../support/dialogs.ts';
import {phrase} from '../../support/plans.ts';
import {troubledShop} from '../../support/shop.ts';

const t = '2026-11-21T10:00:00.000Z';
const opened: IncidentLine = {
	v: 1,
	seq: 1,
	t,
	by: 'li',
	prev: '',
	event: {
		kind: 'opened',
		title: 'shop is down',
		severity: 'critical',
		from: {kind: 'person'},
		environment: 'test',
		hostname: 'shop-1',
	},
};

function known(id: string, ...events: readonly IncidentLine['event'][]): KnownIncident {
	const lines = [opened, ...events.map((event, index) => ({...opened, seq: index + 2, event}))];
	const incident = incidentOf(lines);
	if (!incident) throw new Error('no incident');
	return {id, incident, lines, isDamaged: false};
}

function withList(list: readonly KnownIncident[]): State {
	const state = pressSlowly(shopWithOperations(), ['i']).state;
	return update(state, {type: 'incidents-arrived', list}).state;
}

function typed(state: State, text: string) {
	return pressSlowly(state, Array.from(text));
}

test("a title of one's own is no alert's; the severity stays that of the worst", () => {
	const troubled = {...shopWithOperations(), ...troubledShop()};
	const asked = pressSlowly(troubled, ['N']).state;
	const {effects} = pressSlowly(typed(asked, 'down').state, ['return']);
	expect(effects).toMatchObject([
		{type: 'open-incident', title: 'down', severity: 'critical', from: {kind: 'person'}},
	]);
});

test('one key starts an incident: the title is proposed from the worst alert, Enter opens it', () => {
	const troubled = {...shopWithOperations(), ...troubledShop()};
	const asked = pressSlowly(troubled, ['N']).state;
	expect(asked.dialog).toMatchObject({kind: 'words', what: 'incident'});
	const given = pressSlowly(asked, ['return']);
	expect(given.effects).toMatchObject([
		{type: 'open-incident', severity: 'critical', from: {kind: 'alert'}},
	]);
	expect(given.state.ui.screens.at(-1)).toEqual({kind: 'incident'});
});

test('without an alert a title has to be typed', () => {
	const asked = pressSlowly(shopWithOperations(), ['N', 'return']).state;
	expect(asked.dialog).toMatchObject({what: 'incident', text: ''});
	const {effects} = pressSlowly(typed(asked, 'slow').state, ['return']);
	expect(effects).toMatchObject([{type: 'open-incident', title: 'slow', from: {kind: 'person'}}]);
});

test('takes it on, goes to the next phase, writes a note, closes it with cause and what was done', () => {
	const state = withList([known('a')]);
	expect(pressSlowly(state, ['y']).effects).toEqual([
		{type: 'incident-append', id: 'a', event: {kind: 'acknowledged'}},
	]);
	expect(pressSlowly(state, ['p']).effects).toEqual([
		{type: 'incident-append', id: 'a', event: {kind: 'phase-entered', phase: 'locate'}},
	]);
	const note = pressSlowly(typed(pressSlowly(state, ['n']).state, 'seen').state, ['return']);
	expect(note.effects).toEqual([
		{type: 'incident-append', id: 'a', event: {kind: 'note', text: 'seen'}},
	]);
	const cause = pressSlowly(typed(pressSlowly(state, ['x']).state, 'a lock').state, ['return']);
	expect(cause.state.dialog).toMatchObject({what: 'incident-done', cause: 'a lock'});
	const done = pressSlowly(typed(cause.state, 'ended it').state, ['return']);
	expect(done.effects).toEqual([
		{type: 'close-incident', id: 'a', cause: 'a lock', done: 'ended it'},
	]);
});

test('an empty answer is asked for in place, and never goes back silently', () => {
	const state = withList([known('a')]);
	const asked = pressSlowly(state, ['x', 'return']);
	expect(asked.effects).toEqual([]);
	expect(asked.state.dialog).toMatchObject({what: 'incident-cause', isMissing: true});
	const given = pressSlowly(typed(asked.state, 'a lock').state, ['return', 'space', 'return']);
	expect(given.state.dialog).toMatchObject({
		...{what: 'incident-done', cause: 'a lock', text: '', isMissing: true},
	});
	const closed = pressSlowly(typed(given.state, 'ended it').state, ['return']);
	expect(closed.effects).toEqual([
		{type: 'close-incident', id: 'a', cause: 'a lock', done: 'ended it'},
	]);
	const note = pressSlowly(state, ['n', 'return']).state.dialog;
	expect(note).toMatchObject({what: 'incident-note', isMissing: true});
});

test('proposes the cause that the walk found and what was carried out', () => {
	const words = (text: string) => ({en: text, zh: text});
	const operation: OperationFacts = {
		...{job: 'j', operation: 'restart-service', target: 'prod/shop', operator: 'li'},
		...{title: phrase('Restart app'), startedAtMs: Date.parse(opened.t)},
		outcome: 'done',
	};
	const turned: IncidentLine['event'] = {
		kind: 'walk-turned',
		...{walk: 'w', runbook: 'r', node: 'n', basis: [], atMs: Date.parse(opened.t)},
		...{says: words('taken'), cause: words('a leak')},
	};
	const state = withList([known('a', turned, {kind: 'operation', operation})]);
	const asked = pressSlowly(state, ['x']).state;
	expect(asked.dialog).toMatchObject({what: 'incident-cause', proposal: 'a leak'});
	const next = pressSlowly(asked, ['return']).state;
	expect(next.dialog).toMatchObject({what: 'incident-done', cause: 'a leak'});
	const [effect] = pressSlowly(next, ['return']).effects;
	expect(effect).toMatchObject({type: 'close-incident', cause: 'a leak'});
	expect(effect?.type === 'close-incident' && effect.done).toContain('prod/shop');
});

test('an operation that is refused before it began is told to the open incident', () => {
	const planning = {kind: 'planning', operation: 'recreate-service', number: 7} as const;
	const problem = {code: 'incident-missing', params: {id: 'x'}, retry: 'rarely'} as const;
	const refusedIn = (list: readonly KnownIncident[]) =>
		update({...withList(list), dialog: planning}, {type: 'plan-refused', number: 7, problem})
			.effects;
	expect(refusedIn([])).toEqual([]);
	const [effect] = refusedIn([known('a')]);
	expect(effect).toMatchObject({type: 'incident-append', id: 'a', event: {kind: 'note'}});
	expect(JSON.stringify(effect)).toContain('recreate-service was refused: ');
});

test('a closed incident is only reported on and noted in; the open one is shown first', () => {
	const closed = known('b', {kind: 'closed', cause: 'c', done: 'd', followUps: []});
	const state = withList([closed]);
	const offered = offeredKeys(state).map(({command}) => command);
	expect(offered).toContain('incident-report');
	expect(offered).not.toContain('incident-close');
	expect(openIncidentOf(state)).toBeUndefined();
	expect(pressSlowly(state, ['e']).effects).toEqual([{type: 'report-incident', id: 'b'}]);
	const both = withList([closed, known('a')]);
	expect(shownIncident(both)?.id).toBe('a');
	expect(shownIncident(pressSlowly(both, [']']).state)?.id).toBe('b');
});

test('with nothing remembered only the key that starts one does something', () => {
	const offered = offeredKeys(withList([])).map(({command}) => command);
	expect(offered.filter(command => command.startsWith('incident'))).toEqual(['incident-start']);
});
