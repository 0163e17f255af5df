import {appendFile, mkdir, mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeEach, expect, test} from 'vitest';
import {appendEvents} from '../../../src/work/incident-file.ts';
import {appendAudit} from '../../../src/work/audit.ts';
import {isClockStrange, pruneIncidents} from '../../../src/work/prune-incidents.ts';
import {opened} from '../../support/incidents.ts';
import {idAt} from '../../support/manifests.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 20, 12);
const before = (days: number) => nowMs - days * dayMs;

let root = '';
const place = () => ({root, audit: join(root, 'audit')});
const incidents = () => join(root, 'incidents');

async function audited(...days: readonly number[]): Promise<void> {
	const operator = {user: 'li', userId: 1000};
	const facts = {op: 'x', operation: 'check', operator, hostname: 'web-1', target: 't'};
	for (const day of days) {
		await appendAudit(place().audit, {...facts, kind: 'end'}, before(day));
	}
}

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-prune-'));
	await mkdir(join(root, 'audit'));
	await mkdir(incidents());
	// The newest twenty, which stay in any case.
	const newest = Array.from({length: 20}, (_, index) => idAt(nowMs - index * 1000));
	await Promise.all(newest.map(id => mkdir(join(incidents(), id))));
	return () => rm(root, {recursive: true, force: true});
});

/** An incident that was opened some days ago, and closed where that is said. */
async function incident(days: number, random: string, closedDays?: number): Promise<string> {
	const id = idAt(before(days), random);
	const folder = join(incidents(), id);
	await mkdir(folder);
	const closing = {kind: 'closed', cause: 'c', done: 'd', followUps: []} as const;
	await appendEvents(folder, () => [
		{event: opened(), by: 'li', atMs: before(days)},
		...(closedDays === undefined ? [] : [{event: closing, by: 'li', atMs: before(closedDays)}]),
	]);
	return id;
}

test('closed ones go after 180 days or as long as is set; open and damaged ones never', async () => {
	await audited(2, 1, 0);
	const old = await incident(300, '00000001', 200);
	const open = await incident(900, '00000002');
	const closedLate = await incident(300, '00000003', 100);
	const damaged = await incident(400, '00000004', 390);
	await appendFile(join(incidents(), damaged, 'events.jsonl'), 'what is this\n');
	expect(await pruneIncidents(place(), {nowMs, keepMs: 365 * dayMs})).toEqual([]);
	expect(await pruneIncidents(place(), {nowMs})).toEqual([old]);
	expect(await pruneIncidents(place(), {nowMs, keepMs: 90 * dayMs})).toEqual([closedLate]);
	const names = await readdir(incidents());
	expect(names).toHaveLength(22);
	expect(names).toEqual(expect.arrayContaining([open, damaged]));
});

test('nothing goes while the audit speaks against the clock, or is not whole', async () => {
	await incident(300, '00000001', 200);
	expect(await pruneIncidents(place(), {nowMs})).toEqual([]);
	await audited(1, 0);
	await rm(join(place().audit, 'audit-2026-11.jsonl'));
	expect(await pruneIncidents(place(), {nowMs})).toEqual([]);
});

test.each([
	['nothing is known of this time', [300], true],
	['all of it was written today, as after a jump ahead', [300, 0, 0.1], true],
	['something was written later', [2, 1, -1], true],
	['there are entries of several days', [300, 2, 1], false],
])('a clock is strange or not: %s', (_name, days, isStrange) => {
	const lines = days.map(day => ({t: new Date(before(day)).toISOString()}));
	expect(isClockStrange(lines, {nowMs, keepMs: 180 * dayMs})).toBe(isStrange);
});
