import {readdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Client} from 'pg';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readCatalogue} from '../../src/sources/catalogue.ts';
import {createAct} from '../../src/io/create-act.ts';
import {backupDatabase} from '../../src/operations/backup/backup-database.ts';
import {verifyBackupWith} from '../../src/operations/verify/verify-backup.ts';
import {verifiers} from '../../src/operations/verify/verifiers.ts';
import {docker, linesOf} from '../lab/docker.ts';
import {localIo} from '../support/io.ts';
import {
	makeFolders,
	performNow,
	recoverNow,
	removeFolders,
	type PerformOptions,
} from '../support/perform.ts';
import {startPostgresContainer, type PostgresContainer} from '../support/postgres-container.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {waitFor} from '../support/wait.ts';

const engine = await requireComponent('a Docker engine', prepareEngine);
const verifyBackup = verifyBackupWith(verifiers);
const act = createAct();

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'a backup of a database'), () => {
	let server: PostgresContainer;
	const sessions: Client[] = [];
	beforeAll(async () => {
		server = await startPostgresContainer();
		await server.psql(`
			CREATE ROLE app_rw LOGIN;
			CREATE TABLE accounts(id serial PRIMARY KEY, balance int NOT NULL DEFAULT 0, filler text);
			INSERT INTO accounts(filler) SELECT md5(i::text) FROM generate_series(1, 20000) i;
			CREATE TABLE history(account int REFERENCES accounts, delta int);
			CREATE TABLE "we""ird t"(t text, "select" bytea, d double precision, at timestamptz);
			INSERT INTO "we""ird t" VALUES ('库'';--', '\\xdeadbeef', 0.1, now()), (NULL, NULL, 'NaN', NULL);
			CREATE TABLE parts(id int, k int) PARTITION BY LIST (k);
			CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
			INSERT INTO parts SELECT i, 1 FROM generate_series(1, 100) i;
			ALTER TABLE accounts OWNER TO app_rw;
			ALTER DATABASE shop SET statement_timeout = '5s';
			GRANT CONNECT ON DATABASE shop TO app_rw;
			SELECT lo_from_bytea(0, 'large');
		`);
	});
	afterAll(async () => {
		await Promise.all(sessions.map(session => session.end().catch(() => undefined)));
		await server.remove();
		await removeFolders();
	});

	const options = (changes: Partial<PerformOptions> = {}): PerformOptions => ({
		act,
		targets: {postgres: [server.target]},
		containers: [server.container],
		...changes,
	});

	async function session(): Promise<Client> {
		const {host, port, user, database, password} = server.target;
		const client = new Client({host, port, user, database, password: password?.reveal() ?? ''});
		client.on('error', () => undefined);
		await client.connect();
		sessions.push(client);
		return client;
	}

	/** Nothing half is left: no .part, no sidecar of the run, no session of it. */
	async function expectNothingLeft(id: string, backups: string): Promise<void> {
		const names = await readdir(backups, {recursive: true});
		expect(names.filter(name => name.includes('.part'))).toEqual([]);
		expect(linesOf(await docker(['ps', '-aq', '--filter', `label=opsconsole.op=${id}`]))).toEqual(
			[],
		);
		const own = `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'opsc:${id}'`;
		await waitFor(async () => ((await server.psql(own)) === '0' ? true : undefined), {
			what: 'the end of its sessions',
		});
	}

	it('is equal to its snapshot while others write, and is proven by a restore', async () => {
		const writers = await Promise.all([session(), session()]);
		let isOver = false;
		const transfer = async (client: Client) => {
			while (!isOver) {
				await client.query(`WITH a AS (UPDATE accounts SET balance = balance + 5 WHERE id = 1 + floor(random() * 19999)::int RETURNING id)
					INSERT INTO history SELECT id, 5 FROM a`);
			}
		};
		const writing = Promise.all(writers.map(transfer));
		const folders = await makeFolders();
		const made = await performNow(backupDatabase, {database: 'shop'}, options({folders}));
		isOver = true;
		await writing;
		expect(made.end?.outcome).toMatch(/^(?:done|warnings)$/);
		const {backups} = await readCatalogue(localIo(), folders.backups);
		const [backup] = backups;
		expect(backup?.manifest.database).toMatchObject({
			database: 'shop',
			proof: 'column-hashes',
			settings: [{role: '', setting: 'statement_timeout=5s'}],
			roles: ['app_rw', 'postgres'],
			largeObjects: 1,
		});
		expect(backup?.manifest.database?.tables.map(({name, rows}) => [name, rows])).toEqual([
			['accounts', 20_000],
			['history', expect.any(Number)],
			['parts_1', 100],
			['we"ird t', 2],
		]);
		expect(backup?.verifications).toMatchObject([{level: 2, isGood: true}]);
		const settings = {
			storage: {
				assertions: [
					// What is paid in is what the accounts hold, in every snapshot.
					{
						sql: 'SELECT (SELECT sum(balance) FROM public.accounts) - (SELECT coalesce(sum(delta), 0) FROM public.history)',
						expect: '=0',
					},
					{sql: 'SELECT count(*) FROM public.accounts', expect: '>=20000'},
				],
			},
		};
		const proven = await performNow(
			verifyBackup,
			{backup: 'latest', level: 4},
			options({folders, settings}),
		);
		expect(proven.end).toEqual({outcome: 'done', exitStatus: 0});
		const after = await readCatalogue(localIo(), folders.backups);
		expect(after.backups[0]?.verifications.map(({level, isGood}) => [level, isGood])).toEqual([
			[2, true],
			[4, true],
		]);
		await expectNothingLeft(proven.plan.id, folders.backups);
		const failing = {
			storage: {assertions: [{sql: 'SELECT count(*) FROM public.accounts', expect: '<5'}]},
		};
		const refuted = await performNow(
			verifyBackup,
			{backup: 'latest', level: 4},
			options({folders, settings: failing}),
		);
		expect(refuted.end).toMatchObject({exitStatus: 11, problem: {code: 'verify-failed'}});
		expect(
			(await readCatalogue(localIo(), folders.backups)).backups[0]?.verifications.at(-1),
		).toMatchObject({
			level: 4,
			isGood: false,
		});
	});

	it('is not called bad where its verification reached the memory limit of its container', async () => {
		const folders = await makeFolders();
		await performNow(backupDatabase, {}, options({folders}));
		const sql =
			'SELECT count(a) FROM (SELECT array_agg(repeat(md5(i::text), 3000000)) AS a FROM generate_series(1, 14) i) x';
		const settings = {storage: {assertions: [{sql, expect: '=1'}]}};
		const short = await performNow(
			verifyBackup,
			{backup: 'latest', level: 4},
			options({folders, settings}),
		);
		expect(short.end?.exitStatus).toBe(1);
		expect(short.end?.problem?.code).toMatch(/^verify-(?:not-done|out-of-memory)$/);
		const {backups} = await readCatalogue(localIo(), folders.backups);
		expect(backups[0]?.verifications.every(({isGood}) => isGood)).toBe(true);
		await expectNothingLeft(short.plan.id, folders.backups);
	});

	it('keeps its files to itself and its password out of them', async () => {
		const made = await performNow(backupDatabase, {}, options());
		const names = await readdir(made.folders.backups, {recursive: true});
		const password = server.target.password?.reveal() ?? 'none';
		for (const name of names) {
			const path = join(made.folders.backups, name);
			const {mode} = await stat(path);
			expect([name, (mode & 0o777).toString(8)]).toEqual([
				name,
				(await stat(path)).isDirectory() ? '700' : '600',
			]);
			if ((await stat(path)).isFile())
				expect(await readFile(path, 'latin1')).not.toContain(password);
		}

		expect(await readdir(made.folders.scratch)).toEqual([]);
		expect(JSON.stringify([made.plan, made.lines])).not.toContain(password);
	});

	it('leaves nothing half wherever it dies', async () => {
		const folders = await makeFolders();
		const whole = await performNow(backupDatabase, {}, options({folders}));
		const points = [
			'prepare-backup:mid3',
			'prepare-backup:effect',
			'dump:begun',
			'dump:mid3',
			'dump:pre9',
			'dump:mid11',
			'dump:effect',
			'check-dump:begun',
			'check-dump:mid1',
			'check-dump:effect',
			'publish-backup:mid1',
			'publish-backup:pre4',
		];
		for (const failAt of points) {
			const died = await performNow(backupDatabase, {}, options({folders, failAt}));
			expect([failAt, died.outcome]).toEqual([failAt, 'crashed']);
			const recovered = await recoverNow(backupDatabase, died, options());
			expect([failAt, recovered.outcome]).toEqual([failAt, 'undone']);
			await expectNothingLeft(died.plan.id, folders.backups);
		}

		for (const failAt of ['publish-backup:mid4', 'publish-backup:effect', 'publish-backup:after']) {
			const died = await performNow(backupDatabase, {}, options({folders, failAt}));
			const recovered = await recoverNow(backupDatabase, died, options());
			expect([failAt, recovered.outcome]).toEqual([failAt, expect.stringMatching('done|warnings')]);
			await expectNothingLeft(died.plan.id, folders.backups);
		}

		const {backups, damaged, unfinished} = await readCatalogue(localIo(), folders.backups);
		expect(backups).toHaveLength(4);
		expect(backups.at(-1)?.id).toBe(whole.plan.id);
		expect([damaged, unfinished]).toEqual([[], []]);
		// No result of a verification without its backup.
		expect(await readdir(join(folders.backups, 'verify'))).toHaveLength(4);
	});

	it('is refused while a migration holds a table, and names it', async () => {
		const migration = await session();
		await migration.query('BEGIN; LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE');
		const {rows} = await migration.query<{pid: number}>('SELECT pg_backend_pid() AS pid');
		const attempt = () => performNow(backupDatabase, {}, options());
		await waitFor(async () => {
			const error: unknown = await attempt().catch((reason: unknown) => reason);
			return error instanceof Error && error.message === 'dump-locked' ? error : undefined;
		});
		await expect(attempt()).rejects.toMatchObject({
			problem: {code: 'dump-locked', params: {pid: rows[0]?.pid}},
		});
		await migration.query('ROLLBACK');
	});

	it('fails with the cause when its sessions are ended, and leaves nothing', async () => {
		const folders = await makeFolders();
		const cut = await performNow(
			backupDatabase,
			{},
			options({
				folders,
				async onPlace(step, place, count) {
					if (step !== 'dump' || place !== 'pre' || count !== 9) return;
					await server.psql(
						`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'opsc:%'`,
					);
				},
			}),
		);
		expect(cut.end).toMatchObject({outcome: 'undone', exitStatus: 1});
		await expectNothingLeft(cut.plan.id, folders.backups);
		expect((await readCatalogue(localIo(), folders.backups)).backups).toEqual([]);
	});

	it('is stopped by the operator in the middle', async () => {
		const cancel = new AbortController();
		const stopped = await performNow(
			backupDatabase,
			{},
			options({
				cancel: cancel.signal,
				onPlace(step, place, count) {
					if (step === 'dump' && place === 'mid' && count === 7) cancel.abort(new Error('li'));
					return Promise.resolve();
				},
			}),
		);
		expect(stopped.end).toMatchObject({outcome: 'cancelled', exitStatus: 130});
		await expectNothingLeft(stopped.plan.id, stopped.folders.backups);
	});

	it('is found bad when the archive or its manifest was changed', async () => {
		const folders = await makeFolders();
		await performNow(backupDatabase, {}, options({folders}));
		const [backup] = (await readCatalogue(localIo(), folders.backups)).backups;
		const dump = join(backup?.folder ?? '', 'dump.pgc');
		const content = await readFile(dump);
		content.writeUInt8(content.readUInt8(5000) ^ 1, 5000);
		await writeFile(dump, content);
		const verified = await performNow(
			verifyBackup,
			{backup: 'latest', level: 1},
			options({folders}),
		);
		expect(verified.end).toMatchObject({exitStatus: 11, problem: {code: 'verify-failed'}});
		await rm(join(backup?.folder ?? '', 'manifest.sha256'));
		await expect(
			performNow(verifyBackup, {backup: backup?.id ?? ''}, options({folders})),
		).rejects.toMatchObject({problem: {code: 'backup-damaged'}});
	});
});
