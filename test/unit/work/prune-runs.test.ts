import {mkdir, mkdtemp, readdir, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeEach, expect, test} from 'vitest';
import type {AuditEntry, AuditLine} from '../../../src/domain/audit.ts';
import type {JournalEntry} from '../../../src/domain/journal.ts';
import {isOldRun, unresolvedRuns} from '../../../src/domain/old-runs.ts';
import type {Outcome} from '../../../src/domain/plan.ts';
import {appendAudit} from '../../../src/work/audit.ts';
import {openJournal} from '../../../src/work/journal-file.ts';
import {pruneRuns} from '../../../src/work/prune-runs.ts';
import {writeRunFolder} from '../../../src/work/run-folder.ts';
import {idAt} from '../../support/manifests.ts';
import {jobOf, planOf} from '../../support/plans.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 20, 12);
const operator = {user: 'li', userId: 1000};

let root = '';
const places = () => ({runs: join(root, 'ops'), audit: join(root, 'audit')});

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-prune-'));
	await Promise.all(Object.values(places()).map(folder => mkdir(folder)));
	return () => rm(root, {recursive: true, force: true});
});

function auditEntry(op: string, outcome: Outcome, kind: AuditEntry['kind'] = 'end'): AuditEntry {
	const facts = {operation: 'restart-service', operator, hostname: 'web-1', target: 'test/app'};
	return {...facts, kind, op, outcome};
}

/** A run of some days ago that ended so; without an outcome it was cut off, with `null` it never began. */
async function run(days: number, random: string, outcome?: Outcome | null): Promise<string> {
	const atMs = nowMs - days * dayMs;
	const id = idAt(atMs, random);
	const plan = planOf({risk: 'safe', id});
	const folder = await writeRunFolder(places().runs, plan, {operator, atMs});
	if (outcome === null) return id;
	const journal = await openJournal({
		path: join(folder, 'journal.jsonl'),
		op: id,
		now: () => atMs,
		monotonic: () => 1000,
		boot: '49f45bf6',
	});
	const end: readonly JournalEntry[] =
		outcome === undefined ? [] : [{st: 'end', d: {outcome, exitStatus: 0}}];
	for (const entry of [{st: 'begin', d: {mode: 'run', pid: 7}} as const, ...end]) {
		await journal.append(entry);
	}

	await journal.close();
	return id;
}

/** The fifty newest runs, which stay in any case. */
async function fifty(): Promise<void> {
	const ids = Array.from({length: 50}, (_, index) => idAt(nowMs - index * 1000));
	await Promise.all(ids.map(id => mkdir(join(places().runs, id))));
}

test('ended runs of more than 180 days go, and nothing that somebody still needs', async () => {
	await fifty();
	const old = await run(400, '00000001', 'done');
	const undone = await run(181, '00000002', 'undone');
	const refused = await run(300, '00000003', null);
	const kept = [
		await run(400, '00000004'),
		await run(400, '00000005', 'manual'),
		await run(400, '00000006', 'done'),
		await run(179, '00000007', 'done'),
	];
	await appendAudit(places().audit, auditEntry(kept[2] ?? '', 'manual'), nowMs - dayMs);
	await writeFile(join(places().runs, 'notes.txt'), '');
	const outside = join(root, 'outside');
	await mkdir(outside);
	await writeFile(join(outside, 'precious'), '');
	await symlink(outside, join(places().runs, `.dropped-${idAt(nowMs, '00000008')}`));
	expect(await pruneRuns(places(), nowMs)).toEqual([old, refused, undone]);
	const names = await readdir(places().runs);
	expect(names).toHaveLength(50 + kept.length + 1);
	expect(names).toEqual(expect.arrayContaining([...kept, 'notes.txt']));
	expect(await readdir(outside)).toEqual(['precious']);
});

test('the newest fifty stay, also where the clock jumped ahead', async () => {
	const ids = await Promise.all(['1', '2'].map(digit => run(1, `0000000${digit}`, 'done')));
	expect(await pruneRuns(places(), nowMs + 4000 * dayMs)).toEqual([]);
	expect(await readdir(places().runs)).toEqual(ids);
});

test('no more than twenty at once, and none where the audit is not whole', async () => {
	await fifty();
	const randoms = Array.from({length: 22}, (_, index) => index.toString().padStart(8, '0'));
	for (const random of randoms) await run(200, random, 'done');
	await appendAudit(places().audit, auditEntry('x', 'done'), nowMs);
	const file = join(places().audit, 'audit-2026-11.jsonl');
	await rm(file);
	expect(await pruneRuns(places(), nowMs)).toEqual([]);
	await rm(join(places().audit, 'ends.json'));
	expect(await pruneRuns(places(), nowMs)).toHaveLength(20);
	expect(await pruneRuns(places(), nowMs)).toHaveLength(2);
});

test('a run waits for a person until its recovery ended, not until one was refused', () => {
	const line = (op: string, outcome: Outcome, kind: AuditEntry['kind'] = 'end'): AuditLine => {
		const chain = {v: 1, seq: 1, t: '2026-01-01T00:00:00.000Z', prev: ''} as const;
		return {...chain, ...auditEntry(op, outcome, kind)};
	};
	const lines = [
		line('a', 'manual'),
		line('b', 'manual'),
		line('c', 'manual', 'refused'),
		line('d', 'done'),
		line('a', 'refused', 'refused'),
		line('b', 'undone'),
	];
	expect([...unresolvedRuns(lines)]).toEqual(['a', 'c']);
});

test.each([
	[{state: 'ended', outcome: 'done', endedAtMs: nowMs - 181 * dayMs}, true],
	[{state: 'ended', outcome: 'done', endedAtMs: nowMs - 179 * dayMs}, false],
	[{state: 'ended', outcome: 'manual', endedAtMs: nowMs - 181 * dayMs}, false],
	[{state: 'unfinished'}, false],
	[{state: 'running'}, false],
	[{state: 'ended', outcome: 'refused'}, true],
] as const)('%j: old is %s', (more, isOld) => {
	const job = jobOf({...more, sinceMs: nowMs - 300 * dayMs});
	expect(isOldRun(job, {nowMs, unresolved: new Set()})).toBe(isOld);
	expect(isOldRun(job, {nowMs, unresolved: new Set([job.id])})).toBe(false);
});
