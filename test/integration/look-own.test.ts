import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {mkdir, mkdtemp, rm, utimes, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {manifestText} from '../../src/domain/manifest-json.ts';
import type {BackupTarget} from '../../src/domain/targets.ts';
import {noTargets} from '../../src/domain/targets.ts';
import type {LookFacts} from '../../src/looks/reader.ts';
import {localIo} from '../support/io.ts';
import {liveFacts, readLook} from '../support/live-look.ts';
import {manifestOf} from '../support/manifests.ts';
import {settingsOf} from '../support/settings.ts';

const io = localIo();
const dayMs = 86_400_000;
let folder = '';

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'opsconsole-look-'));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

function foldersAt(root: string): LookFacts['folders'] {
	return {root, runs: join(root, 'ops'), backups: join(root, 'backups')};
}

/** A set of files with the given ages in days, in a folder of its own. */
async function setOf(
	id: string,
	files: readonly {readonly ageDays: number; readonly bytes: number}[],
): Promise<BackupTarget> {
	const at = join(folder, id);
	await mkdir(at, {recursive: true});
	for (const [index, {ageDays, bytes}] of files.entries()) {
		const path = join(at, `dump-${index}.sql.gz`);
		await writeFile(path, 'x'.repeat(bytes));
		const time = new Date(Date.now() - ageDays * dayMs);
		await utimes(path, time, time);
	}

	return {
		id,
		kind: 'database',
		folder: at,
		pattern: '*.sql.gz',
		maxAgeMs: 1.1 * dayMs,
		provenance: 'a test',
	};
}

describe('looks at backups', () => {
	test('count what is overdue, small, missing and unproven', async () => {
		const good = await setOf('good', [
			{ageDays: 0.1, bytes: 1000},
			{ageDays: 1.1, bytes: 1000},
		]);
		const old = await setOf('old', [{ageDays: 3, bytes: 1000}]);
		const small = await setOf('small', [
			{ageDays: 0.2, bytes: 10},
			{ageDays: 1.2, bytes: 1000},
			{ageDays: 2.2, bytes: 1000},
		]);
		const gone: BackupTarget = {...good, id: 'gone', folder: join(folder, 'nowhere')};
		const folders = foldersAt(join(folder, 'state'));
		const manifest = manifestOf();
		const at = join(folders.backups, manifest.series, manifest.id);
		await mkdir(at, {recursive: true});
		const text = manifestText(manifest);
		await writeFile(join(at, 'manifest.json'), text);
		const sum = createHash('sha256').update(text).digest('hex');
		await writeFile(join(at, 'manifest.sha256'), `${sum}  manifest.json\n`);
		const targets = {...noTargets, backups: [good, old, small, gone]};
		const facts = liveFacts({io, targets, folders});
		const {values, lines} = await readLook('backup.sets', facts);
		expect(values).toMatchObject({
			sets: 5,
			'first-overdue': 'old',
			suspicious: 1,
			'first-suspicious': 'small',
			unproven: 1,
			'first-unproven': manifest.series,
			'next-proof': manifest.id,
			never: 1,
			'first-never': 'gone',
			unreadable: 0,
			'fits-another': true,
		});
		expect(values['newest-age']).toBeLessThan(dayMs / 1000);
		expect(lines).toHaveLength(5);

		const setValues = async (id: string) => {
			const scoped = {...facts, scope: {backup: id}};
			return (await readLook('backup.set', scoped)).values;
		};
		expect(await setValues('good')).toMatchObject({
			'is-readable': true,
			failure: 'none',
			count: 2,
			newest: 'dump-0.sql.gz',
			'is-overdue': false,
			'is-suspicious': false,
			'is-own': false,
		});
		expect(await setValues('old')).toMatchObject({'is-overdue': true});
		expect(await setValues('gone')).toMatchObject({
			'is-readable': false,
			failure: 'no-folder',
			count: 0,
			'is-overdue': true,
		});
		await expect(setValues('unknown')).rejects.toMatchObject({
			problem: {code: 'look-nothing-here'},
		});
	});
});

describe('looks at opsconsole itself', () => {
	/** A folder of a run with a journal of these entries. */
	async function runAt(
		runs: string,
		id: string,
		risk: string,
		entries: readonly {readonly st: string; readonly d?: unknown}[],
	): Promise<string> {
		const at = join(runs, id);
		await mkdir(at, {recursive: true});
		const plan = {operation: 'restore-database', risk, confirm: 'test/shop', identity: {}};
		await writeFile(join(at, 'plan.json'), JSON.stringify(plan));
		const lines = entries.map((entry, seq) =>
			JSON.stringify({v: 1, seq: seq + 1, t: new Date().toISOString(), ...entry}),
		);
		await writeFile(join(at, 'journal.jsonl'), lines.map(line => `${line}\n`).join(''));
		await writeFile(join(at, 'alive.lock'), '');
		return at;
	}

	test('tell what runs, what was left and what failed', async () => {
		const folders = foldersAt(join(folder, 'jobs'));
		const begun = [{st: 'begin', d: {mode: 'run', pid: 1}}];
		const ended = (outcome: string) => [...begun, {st: 'end', d: {outcome, exitStatus: 0}}];
		await runAt(folders.runs, '20261121T100000Z-00000001', 'disruptive', ended('done'));
		await runAt(folders.runs, '20261121T100000Z-00000002', 'safe', ended('failed'));
		await runAt(folders.runs, '20261121T100000Z-00000003', 'destructive', begun);
		const alive = await runAt(folders.runs, '20261121T100000Z-00000004', 'destructive', begun);
		const holder = spawn(
			'flock',
			['-n', join(alive, 'alive.lock'), 'sh', '-c', 'echo held; exec sleep 100'],
			{stdio: ['ignore', 'pipe', 'inherit'], detached: true},
		);
		onTestFinished(() => {
			if (holder.pid !== undefined) process.kill(-holder.pid, 'SIGKILL');
		});
		await once(holder.stdout, 'data');
		const {values, lines} = await readLook('jobs.state', liveFacts({io, folders}));
		expect(values).toMatchObject({
			running: 1,
			'first-running': 'restore-database test/shop 20261121T100000Z-00000004',
			'is-destructive-running': true,
			unfinished: 1,
			failed: 1,
			'first-failed': 'restore-database test/shop 20261121T100000Z-00000002',
			'last-change': 'restore-database test/shop 20261121T100000Z-00000001',
		});
		expect(lines.map(line => line.split(' ')[0])).toEqual(['running', 'unfinished', 'failed']);
		const none = await readLook('jobs.state', liveFacts({io}));
		expect(none.values).toMatchObject({running: 0, unfinished: 0, failed: 0});
	});

	test('tell that scheduled jobs are not installed', async () => {
		const settings = settingsOf({
			schedules: [
				{
					id: 'look-nightly',
					title: 'Backups',
					cron: '0 2 * * *',
					run: 'backup all',
					provenance: 'a test',
				},
			],
			audit: {isInSyslog: false, folder: join(folder, 'audit')},
		});
		const {values, lines} = await readLook('schedules.state', liveFacts({io, settings}));
		expect(values).toMatchObject({
			wanted: 1,
			installed: 0,
			'not-installed': 1,
			'first-not-installed': 'look-nightly',
			missed: 0,
		});
		expect(lines).toEqual(['not installed: look-nightly (0 2 * * *)']);
	});
});
