import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {spawn as spawnTerminal} from '@lydell/node-pty';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {createAct} from '../../src/io/create-act.ts';
import {backupFiles} from '../../src/operations/files/backup.ts';
import {restoreDatabase} from '../../src/operations/postgres/restore-database.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {bundleOf} from '../support/bundle.ts';
import {makeBackup} from '../support/database-backup.ts';
import {makeFolders, performNow, recoverNow, removeFolders} from '../support/perform.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres} from '../support/postgres-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {lacksMounting, mountSmallDisk, type SmallDisk} from '../support/small-disk.ts';
import {waitFor} from '../support/wait.ts';

const mounting = await requireComponent('mounting', lacksMounting);
const postgres = await requireComponent('PostgreSQL', () => lacksPostgres());
const act = createAct();
let disk: SmallDisk | undefined;
let root = '';

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-full-'));
});

afterEach(async () => {
	await disk?.remove();
	disk = undefined;
	await removeFolders();
	await rm(root, {recursive: true, force: true});
});

describe.skipIf(mounting.missing !== undefined)(
	titleWith(mounting, 'full and broken disks'),
	() => {
		test('a full state folder: looking works, changing is refused with figures (A17)', async () => {
			const program = await bundleOf('road-main.ts');
			disk = await mountSmallDisk('size=1m,mode=0700');
			await disk.fill();
			const config = join(root, 'c.yaml');
			const lines = ['environment: {kind: test, name: small}', 'docker: {enabled: false}'];
			await writeFile(config, [...lines, 'discovery: {enabled: false}'].join('\n'), {mode: 0o600});
			const env = {...process.env, OPSCONSOLE_STATE: disk.folder, LANG: 'C.UTF-8', TERM: 'xterm'};
			const run = (...words: readonly string[]) =>
				new Promise<{status: number | null; text: string}>(resolve => {
					const child = spawn(process.execPath, [program.file, ...words, `--config=${config}`], {
						env,
						stdio: ['ignore', 'pipe', 'ignore'],
					});
					let text = '';
					child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
					child.on('close', status => resolve({status, text}));
				});
			try {
				const status = JSON.parse((await run('status', '--json')).text) as {problems: unknown};
				const full = /no space for journals in .*: 0 KiB free, 4096 KiB needed/;
				expect(JSON.stringify(status.problems)).toMatch(full);
				const live = join(root, 'place', 'live');
				await mkdir(live, {recursive: true});
				const moved = await run('move', join(root, 'place'), '--risk=safe', '--yes', '--json');
				expect(moved.status).toBe(3);
				expect(moved.text).toMatch(full);
				expect(await readdir(join(root, 'place'))).toEqual(['live']);

				const terminal = spawnTerminal(process.execPath, [program.file, `--config=${config}`], {
					env,
					cols: 100,
					rows: 30,
				});
				let drawn = '';
				terminal.onData(text => (drawn += text));
				const left = new Promise<number>(resolve => terminal.onExit(end => resolve(end.exitCode)));
				await waitFor(() => (drawn.includes('small') ? true : undefined));
				terminal.write('q');
				expect(await left).toBe(0);
			} finally {
				await program.remove();
			}
		});

		test('a disk that is read-only when a backup is published: failed, and said why (B08)', async () => {
			disk = await mountSmallDisk('size=8m,mode=0700');
			const folders = {...(await makeFolders()), backups: disk.folder};
			const web = join(root, 'web');
			await mkdir(web);
			await writeFile(join(web, '.env'), 'A=1\n');
			const options = {act, folders, targets: {}};
			const request = {folder: web, set: 'web'};
			const first = await performNow(backupFiles, request, options);
			expect(first.outcome).toBe('done');
			const own = disk;
			const last = first.places.findLast(place => place.startsWith('publish-backup:pre')) ?? '';
			const failing = await performNow(backupFiles, request, {
				...options,
				onPlace: async (step, place, count) => {
					if (`${step}:${place}${count}` === last) await own.remount('ro');
				},
			});
			expect(failing.end).toMatchObject({outcome: 'manual', exitStatus: 4});
			const problem = failing.end?.problem;
			if (!problem) throw new Error('no problem');
			const {summary, hint} = sayProblem('en', problem);
			expect(summary).toMatch(/EROFS|read-only/);
			expect(hint).toContain('recover');
			const series = join(own.folder, 'files-web');
			expect(existsSync(join(series, failing.plan.id))).toBe(false);
			expect(existsSync(join(series, first.plan.id, 'manifest.json'))).toBe(true);
			// What could not be cleared away is gone after its recovery.
			await own.remount('rw');
			const after = await recoverNow(backupFiles, failing, options);
			expect(after.outcome).toMatch(/undone|failed/);
			expect(await readdir(series)).toEqual([first.plan.id]);
		});
	},
);

describe.skipIf(mounting.missing !== undefined || postgres.missing !== undefined)(
	titleWith(postgres, 'a disk that runs full while a database is restored'),
	() => {
		test('ends the load; the server stays up and nothing is left over (B06)', async () => {
			// As large as the space rule asks for; only what is written takes memory.
			disk = await mountSmallDisk('size=4g,mode=0755');
			const own = disk;
			const server = await startPostgres({parent: own.folder});
			try {
				const folders = await makeFolders();
				await server.psql('CREATE DATABASE shop');
				// Loading it takes minutes, unless it is ended: each row waits where a restore writes it.
				await server.psql(
					`CREATE FUNCTION slow(i int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
						IF current_setting('application_name') LIKE 'opsc:%' THEN PERFORM pg_sleep(5); END IF;
						RETURN true; END $$;
					CREATE TABLE t (i int CHECK (slow(i)));
					INSERT INTO t SELECT generate_series(1, 60)`,
					'shop',
				);
				const {id} = await makeBackup(server, folders, {database: 'shop'});
				await server.psql('DELETE FROM t WHERE i > 10', 'shop');
				const options = {act, folders, targets: {postgres: [server.target()]}};
				const done = await performNow(
					restoreDatabase,
					{backup: id},
					{
						...options,
						// Another program takes the space when the load begins: less than the reserve is left.
						onPlace: async (step, place) => {
							if (step === 'load' && place === 'pre') await own.remount('size=300m');
						},
					},
				);
				expect(done.end).toMatchObject({
					outcome: 'undone',
					exitStatus: 1,
					problem: {code: 'restore-disk-low'},
				});
				expect(await server.psql('SELECT count(*) FROM t', 'shop')).toBe('10');
				const names = await server.psql('SELECT datname FROM pg_database ORDER BY 1');
				expect(names.split('\n')).toEqual(['postgres', 'shop', 'template0', 'template1']);
			} finally {
				await server.remove();
			}
		});
	},
);
