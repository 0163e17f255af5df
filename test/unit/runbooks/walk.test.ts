import {expect, test} from 'vitest';
import {readRunbook} from '../../../config/read-runbook.ts';
import type {Evidence} from '../../../src/runbooks/look.ts';
import type {Wizard} from '../../../src/runbooks/runbook.ts';
import {
	after,
	begin,
	canGoBack,
	hasOnlyLooked,
	rankingAt,
	replay,
	wayAt,
	nodeOf,
	waitsForPerson,
	type Walk,
	type WalkEvent,
} from '../../../src/runbooks/walk.ts';

const text = `id: busy
kind: wizard
title: busy
on: host
causes:
  cpu: {title: cpu, when: host.load.cpu >= 90, points: 3, fix: fix-cpu}
  swap:
    title: swap
    when: host.load.swap >= 50
    against: [{if: host.load.memory < 50, says: there is memory, points: 3}]
    follows: [cpu]
    fix: tell
start: see
nodes:
  see: {look: [host.load], next: rank}
  rank: {rank: [swap, cpu], otherwise: fine, unknown: ask}
  ask:
    ask: is it slow?
    choices: [{label: 'yes', next: tell}, {label: 'no', next: fine}]
    unknown: blind
  fix-cpu: {do: clean-logs, next: again, skip: tell, failed: blind}
  again: {look: [host.load], next: better}
  better:
    decide: [{when: host.load.cpu < was.host.load.cpu - 10 %, next: fine}]
    otherwise: fix-cpu
    unknown: blind
  tell: {note: look yourself, next: fine}
  fine: {end: healthy, says: fine}
  blind: {end: escalate, says: blind}
`;
const read = readRunbook(text, 'busy.yaml', 'busy');
if (!read.ok || read.runbook.kind !== 'wizard') throw new Error(JSON.stringify(read));
const wizard: Wizard = read.runbook;

const started: WalkEvent = {
	type: 'started',
	atMs: 1,
	id: 'w',
	runbook: 'busy',
	sha256: '',
	scope: {},
	by: 'li',
};

function seen(values: Evidence['values']): Evidence[] {
	return [{look: 'host.load', atMs: 2, values, lines: []}];
}

function walked(...events: readonly WalkEvent[]): Walk {
	const walk = replay(wizard, [started, ...events]);
	if (!walk) throw new Error('no walk');
	return walk;
}

function looked(node: string, values: Evidence['values']): WalkEvent {
	return {type: 'looked', atMs: 2, node, evidence: seen(values)};
}

test('ranks causes: likely before possible, consequences after their cause, points down by what speaks against', () => {
	const walk = walked(looked('see', {cpu: 95, swap: 80, memory: 20}));
	const node = nodeOf(wizard, walk.at);
	if (node.kind !== 'rank') throw new Error('not a rank');
	const ranking = rankingAt(wizard, node, walk.seen);
	expect(
		ranking.map(({cause, points, consequenceOf}) => [cause.id, points, consequenceOf]),
	).toEqual([
		['cpu', 3, undefined],
		['swap', -1, 'cpu'],
	]);
	expect(wayAt(wizard, node, walk.seen)).toEqual({cause: 'cpu'});
});

test.each([
	[{cpu: 10, swap: 1}, {other: 'otherwise'}],
	[{cpu: 10}, {other: 'unknown'}],
	[{}, {other: 'unknown'}],
	[{swap: 99, cpu: 1, memory: 80}, {cause: 'swap'}],
	[{swap: 99, cpu: 1, memory: 20}, {other: 'unknown'}],
] as const)('goes by what was seen: %j', (values, way) => {
	const walk = walked(looked('see', values));
	const node = nodeOf(wizard, walk.at);
	expect(node.kind === 'rank' && wayAt(wizard, node, walk.seen)).toEqual(way);
});

const toFix = [
	looked('see', {cpu: 95, swap: 0}),
	{type: 'decided', atMs: 3, node: 'rank', way: {cause: 'cpu'}},
] as const satisfies readonly WalkEvent[];

test('measures the effect against what was seen first', () => {
	const done: WalkEvent = {type: 'acted', atMs: 4, node: 'fix-cpu', end: 'done', run: 'r'};
	const better = walked(...toFix, done, looked('again', {cpu: 40}));
	const node = nodeOf(wizard, better.at);
	expect(node.kind === 'decide' && wayAt(wizard, node, better.seen)).toEqual({branch: 0});
	const same = walked(...toFix, done, looked('again', {cpu: 94}));
	expect(node.kind === 'decide' && wayAt(wizard, node, same.seen)).toEqual({other: 'otherwise'});
});

test('remembers the run of an operation until it ends', () => {
	const running = walked(...toFix, {type: 'began', atMs: 4, at: 'fix-cpu', run: 'r1'});
	expect(running.run).toBe('r1');
	const over = after(wizard, running, {type: 'acted', atMs: 5, node: 'fix-cpu', end: 'failed'});
	expect([over.run, over.at, over.status, over.outcome]).toEqual([
		undefined,
		'blind',
		'ended',
		'escalate',
	]);
});

test('what was carried out and not proved in time is looked at again', () => {
	const acted: WalkEvent = {type: 'acted', atMs: 5, node: 'fix-cpu', end: 'unproved', run: 'r1'};
	const walk = walked(...toFix, acted);
	expect([walk.at, walk.status]).toEqual(['again', 'walking']);
});

test('goes back to the last choice, and what was seen there', () => {
	const ask = walked(
		looked('see', {cpu: 10}),
		{type: 'decided', atMs: 3, node: 'rank', way: {other: 'unknown'}},
		{type: 'answered', atMs: 4, node: 'ask', choice: 1},
	);
	expect([ask.status, ask.outcome, canGoBack(ask)]).toEqual(['ended', 'healthy', true]);
	const back = after(wizard, ask, {type: 'went-back', atMs: 5});
	expect([back.at, back.status, back.outcome, back.trail.length]).toEqual([
		'ask',
		'walking',
		undefined,
		2,
	]);
	expect(back.events).toHaveLength(5);
	expect(canGoBack(walked())).toBe(false);
});

test('an event that does not fit changes nothing', () => {
	const walk = walked(looked('see', {cpu: 10}));
	for (const event of [
		looked('see', {cpu: 99}),
		{type: 'answered', atMs: 3, node: 'ask', choice: 0},
		{type: 'decided', atMs: 3, node: 'rank', way: {cause: 'nothing'}},
		{type: 'decided', atMs: 3, node: 'rank', way: {branch: 0}},
		started,
	] as const satisfies readonly WalkEvent[]) {
		expect(after(wizard, walk, event)).toBe(walk);
	}

	expect(begin(wizard, looked('see', {}))).toBeUndefined();
});

test('pause, hand over, resume, abandon', () => {
	const paused = walked({type: 'paused', atMs: 2, by: 'li'});
	expect(paused.status).toBe('paused');
	const handed = after(wizard, paused, {type: 'handed-over', atMs: 3, by: 'li', to: 'wang'});
	expect([handed.status, handed.by]).toEqual(['handed-over', 'wang']);
	const resumed = after(wizard, handed, {type: 'resumed', atMs: 4, by: 'wang'});
	expect([resumed.status, resumed.at]).toEqual(['walking', 'see']);
	const left = after(wizard, resumed, {type: 'abandoned', atMs: 5, by: 'wang'});
	expect(left.status).toBe('abandoned');
	expect(after(wizard, left, {type: 'resumed', atMs: 6, by: 'li'})).toBe(left);
});

test('a walk that was left for a person waits for one until somebody takes it up', () => {
	const looked = {type: 'looked', atMs: 2, node: 'see', evidence: seen({cpu: 1})} as const;
	const left = {type: 'paused', atMs: 3, by: 'cron', reason: 'person'} as const;
	const waiting = walked(looked, left);
	expect([waitsForPerson(waiting), hasOnlyLooked(waiting)]).toEqual([true, true]);
	expect(waitsForPerson(walked(looked, {type: 'paused', atMs: 3, by: 'li'}))).toBe(false);
	const taken = walked(looked, left, {type: 'resumed', atMs: 4, by: 'li'});
	expect([waitsForPerson(taken), taken.status, taken.by]).toEqual([false, 'walking', 'li']);
});
