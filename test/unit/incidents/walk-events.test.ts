import {expect, test} from 'vitest';
import {readRunbook} from '../../../config/read-runbook.ts';
import {isIncidentLine} from '../../../src/incidents/event-shape.ts';
import {incidentEventsOfWalk, walkEventsToRecord} from '../../../src/incidents/walk-events.ts';
import type {WalkEvent} from '../../../src/runbooks/walk.ts';
import {incidentWith, linesOf, opened} from '../../support/incidents.ts';

const text = `id: busy
kind: wizard
title: {en: busy, zh: 忙}
on: host
causes:
  cpu:
    title: {en: the CPU is busy, zh: CPU 忙}
    when: host.load.cpu >= 90
    for: [{if: host.load.cpu >= 95, says: {en: 'CPU {host.load.cpu}', zh: 'CPU 占用 {host.load.cpu}'}}]
    points: 3
    fix: fine
  swap:
    title: swap
    when: host.load.swap >= 50
    against: [{if: host.load.memory < 50, says: there is memory}]
    fix: fine
start: see
nodes:
  see: {look: [host.load], next: rank}
  rank: {rank: [cpu, swap], otherwise: fine, unknown: fine}
  fine: {end: solved, says: {en: 'now {host.load.cpu}', zh: '现在 {host.load.cpu}'}}
`;
const read = readRunbook(text, 'busy.yaml', 'busy');
if (!read.ok || read.runbook.kind !== 'wizard') throw new Error(JSON.stringify(read));
const wizard = read.runbook;
const evidence = {look: 'host.load', atMs: 2, values: {cpu: 97, swap: 1, memory: 40}, lines: []};
const walk: readonly WalkEvent[] = [
	{type: 'started', atMs: 1, id: 'w', runbook: 'busy', sha256: '', scope: {}, by: 'li'},
	{type: 'looked', atMs: 2, node: 'see', evidence: [evidence]},
	{type: 'remarked', atMs: 3, text: 'as ever', by: 'li'},
	{type: 'decided', atMs: 4, node: 'rank', way: {cause: 'cpu'}},
];

test('a walk becomes evidence, weighed causes with their arguments, remarks and an end', () => {
	const events = incidentEventsOfWalk(wizard, walk);
	expect(events).toEqual([
		{
			kind: 'walk-started',
			...{walk: 'w', runbook: 'busy', title: {en: 'busy', zh: '忙'}, atMs: 1, by: 'li'},
		},
		{kind: 'evidence', evidence, walk: 'w', runbook: 'busy', node: 'see'},
		{kind: 'note', text: 'as ever', walk: 'w', atMs: 3, by: 'li'},
		{
			kind: 'walk-decided',
			...{walk: 'w', runbook: 'busy', node: 'rank', cause: 'cpu', verdict: 'likely'},
			title: {en: 'the CPU is busy', zh: 'CPU 忙'},
			for: [{en: 'CPU 97%', zh: 'CPU 占用 97%'}],
			against: [],
			basis: [90, 95].map(limit => ({look: 'host.load', field: 'cpu', operator: '>=', limit})),
			atMs: 4,
		},
		{
			kind: 'walk-decided',
			...{walk: 'w', runbook: 'busy', node: 'rank', cause: 'swap', verdict: 'excluded'},
			title: {en: 'swap', zh: 'swap'},
			for: [],
			against: [{en: 'there is memory', zh: 'there is memory'}],
			...{basis: [], atMs: 4},
		},
		{
			kind: 'walk-turned',
			...{walk: 'w', runbook: 'busy', node: 'rank', basis: [], atMs: 4, by: 'li'},
			says: {en: 'taken as the cause: the CPU is busy', zh: '采用的原因：CPU 忙'},
			cause: {en: 'the CPU is busy', zh: 'CPU 忙'},
		},
		{
			kind: 'walk-ended',
			...{walk: 'w', runbook: 'busy', outcome: 'solved', atMs: 4, by: 'li'},
			says: {en: 'now 97%', zh: '现在 97%'},
		},
	]);
	expect(linesOf(events.map(event => [0, event])).filter(line => !isIncidentLine(line))).toEqual(
		[],
	);
});

test('nothing is written down twice, and nothing is left out', () => {
	let lines = linesOf([[0, opened()]]);
	for (let count = 1; count <= walk.length; count++) {
		const events = walkEventsToRecord(lines, wizard, walk.slice(0, count));
		lines = [...lines, ...linesOf(events.map(event => [count, event] as const))];
		expect(walkEventsToRecord(lines, wizard, walk.slice(0, count))).toEqual([]);
	}

	expect(lines.slice(1).map(({event}) => event)).toEqual(incidentEventsOfWalk(wizard, walk));
	const begun = [0, opened({sinceMs: 1})] as const;
	const incident = incidentWith(begun, ...lines.slice(1).map(({event}) => [1, event] as const));
	expect(incident).toMatchObject({
		causes: [{verdict: 'likely'}, {verdict: 'excluded'}],
		walks: [{walk: 'w', outcome: 'solved'}],
	});
});

test('a likely cause that nothing is said for is told by what decided it', () => {
	const bare = {...wizard, causes: {...wizard.causes}};
	const {cpu} = bare.causes;
	if (!cpu) throw new Error('no cause');
	const silent = {...bare, causes: {...bare.causes, cpu: {...cpu, for: []}}};
	const found = incidentEventsOfWalk(silent, walk).find(
		event => event.kind === 'walk-decided' && event.cause === 'cpu',
	);
	expect(found).toMatchObject({verdict: 'likely'});
	expect(found?.kind === 'walk-decided' && found.for[0]?.en).toMatch(/CPU is 97/);
});

test('what is no walk of this runbook means nothing', () => {
	expect(incidentEventsOfWalk(wizard, [])).toEqual([]);
	expect(incidentEventsOfWalk(wizard, walk.slice(1))).toEqual([]);
	expect(walkEventsToRecord([], wizard, walk.slice(1))).toEqual([]);
});
