import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import type {DatabaseFacts} from '../../src/domain/manifest.ts';
import type {JsonValue} from '../../src/domain/plan.ts';
import {ProblemError} from '../../src/domain/problem.ts';
import type {Look} from '../../src/operations/operation.ts';
import {dropKeptDatabase} from '../../src/operations/postgres/drop-kept.ts';
import {keptDatabases} from '../../src/operations/postgres/kept-databases.ts';
import {restoreDatabase} from '../../src/operations/postgres/restore-database.ts';
import {swapBackDatabase} from '../../src/operations/postgres/swap-back.ts';
import {makeBackup} from '../support/database-backup.ts';
import {
	makeFolders,
	performNow,
	planNow,
	removeFolders,
	type PerformOptions,
} from '../support/perform.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const postgres = await requireComponent('PostgreSQL', () => lacksPostgres());

describe.skipIf(postgres.missing !== undefined)(
	titleWith(postgres, 'restore of a database'),
	() => {
		let server: PostgresServer;
		let folders: Look['folders'];
		let options: PerformOptions;
		let database: string;
		let number = 0;
		const act = createAct();
		const io = createIo();

		beforeAll(async () => {
			server = await startPostgres({
				settings: {max_prepared_transactions: 5, wal_level: 'logical', max_connections: 150},
			});
			folders = await makeFolders();
			options = {act, io, folders, targets: {postgres: [server.target()]}};
			await server.psql('CREATE ROLE app_rw LOGIN; CREATE ROLE report LOGIN');
		});
		afterAll(async () => {
			await server.remove();
			await removeFolders();
		});
		beforeEach(async () => {
			database = `shop${++number}`;
			await server.psql(`CREATE DATABASE ${database}`);
			await server.psql(
				'CREATE TABLE users (id serial PRIMARY KEY, name text); INSERT INTO users (name) SELECT md5(i::text) FROM generate_series(1, 100) i',
				database,
			);
		});

		const restore = (request: JsonValue & object, more: Partial<PerformOptions> = {}) =>
			performNow(restoreDatabase, request, {...options, ...more});
		const refusal = async (request: JsonValue & object) => {
			const error: unknown = await planNow(restoreDatabase, request, options).catch(
				(caught: unknown) => caught,
			);
			return error instanceof ProblemError ? error.problem : error;
		};
		const left = () =>
			server.psql("SELECT count(*) FROM pg_database WHERE datname LIKE '%\\_\\_n\\_%'");
		const users = (name = database) => server.psql('SELECT count(*), max(id) FROM users', name);

		it('puts back what was deleted, dropped and added, and keeps the old database', async () => {
			await server.psql('CREATE TABLE "odd ""table" AS SELECT 1 AS t', database);
			const {id} = await makeBackup(server, folders, {database});
			await server.psql(
				'DELETE FROM users WHERE id > 50; DROP TABLE "odd ""table"; CREATE TABLE extra ()',
				database,
			);
			const done = await restore({backup: id});
			expect(done.end).toEqual({outcome: 'done', exitStatus: 0});
			expect(await users()).toBe('100|100');
			expect(await server.psql('SELECT * FROM "odd ""table"', database)).toBe('1');
			const [kept] = await keptDatabases(io, server.target(), new AbortController().signal);
			expect(kept?.note).toMatchObject({of: database, id: done.plan.id});

			const back = await performNow(swapBackDatabase, {kept: kept?.name ?? ''}, options);
			expect(back.end?.outcome).toBe('done');
			expect(await users()).toBe('50|50');

			const all = await keptDatabases(io, server.target(), new AbortController().signal);
			expect(all).toHaveLength(1);
			const drop = await performNow(dropKeptDatabase, {kept: all[0]?.name ?? ''}, options);
			expect(drop.end?.outcome).toBe('done');
			expect(drop.plan.deletes[0]?.bytes).toBeGreaterThan(1_000_000);
			expect(await server.psql("SELECT count(*) FROM pg_database WHERE datname ~ '__o_'")).toBe(
				'0',
			);
		});

		it('gives the new database owner, rights, limit, settings and comment of the old one', async () => {
			await server.psql(
				[
					`ALTER DATABASE ${database} OWNER TO app_rw`,
					`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
					`GRANT CONNECT ON DATABASE ${database} TO report WITH GRANT OPTION`,
					`ALTER DATABASE ${database} CONNECTION LIMIT 50`,
					`ALTER DATABASE ${database} SET statement_timeout = '5s'`,
					`ALTER DATABASE ${database} SET search_path = "$user", public, "odd, name"`,
					`ALTER ROLE report IN DATABASE ${database} SET work_mem = '8MB'`,
					`COMMENT ON DATABASE ${database} IS 'it''s {database} \\ here'`,
				].join('; '),
			);
			const properties = `SELECT pg_get_userbyid(datdba), datconnlimit, shobj_description(oid, 'pg_database'),
			(SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM aclexplode(datacl) x),
			(SELECT string_agg(setrole || setconfig::text, ' ' ORDER BY setrole) FROM pg_db_role_setting s WHERE setdatabase = oid)
			FROM pg_database d WHERE datname = '${database}'`;
			const before = await server.psql(properties);
			const {id} = await makeBackup(server, folders, {database});
			expect((await restore({backup: id})).end?.outcome).toBe('done');
			expect(await server.psql(properties)).toBe(before);
		});

		it('restores a database that is gone', async () => {
			const {id} = await makeBackup(server, folders, {database});
			await server.psql(`DROP DATABASE ${database}`);
			const done = await restore({backup: id});
			expect(done.end?.outcome).toBe('done');
			expect(await users()).toBe('100|100');
		});

		it('cuts twenty writing clients for less than a second and loses none of what is in the backup', async () => {
			const {id} = await makeBackup(server, folders, {database});
			const ended = new AbortController();
			const isOver = () => ended.signal.aborted;
			const gaps: number[] = [];
			const client = async () => {
				let lastMs = performance.now();
				while (!isOver()) {
					try {
						const session = await server.session({database});
						while (!isOver()) {
							await session.query("INSERT INTO users (name) VALUES ('busy')");
							gaps.push(performance.now() - lastMs);
							lastMs = performance.now();
						}
						await session.end();
					} catch {
						// Cut off: connect again at once, as programs do.
					}
				}
			};
			const clients = Array.from({length: 20}, client);
			const done = await restore({backup: id});
			ended.abort();
			await Promise.all(clients);
			expect(done.end?.outcome).toBe('done');
			const old = await server.psql("SELECT count(*) FROM users WHERE name <> 'busy'", database);
			expect(old).toBe('100');
			expect(Math.max(...gaps)).toBeLessThan(10_000);
		});

		it('does not put in place what differs from the backup', async () => {
			const {id} = await makeBackup(server, folders, {database});
			await server.psql('DELETE FROM users', database);
			const done = await restore(
				{backup: id},
				{
					onPlace: async (step, place) => {
						if (step !== 'compare' || place !== 'before') return;
						const name = await server.psql(
							"SELECT datname FROM pg_database WHERE datname LIKE '%\\_\\_n\\_%'",
						);
						await server.psql('DELETE FROM users WHERE id = 7', name);
					},
				},
			);
			expect(done.end?.problem).toMatchObject({
				code: 'restore-different',
				params: {what: 'public.users', expected: '100', found: '99'},
			});
			expect([done.outcome, await users(), await left()]).toEqual(['undone', '0|', '0']);
		});

		it('refuses a dump that is not the one that was backed up', async () => {
			const {id, dump} = await makeBackup(server, folders, {
				database,
				spoil: content => {
					content.writeUInt8(content.readUInt8(content.length - 9) ^ 1, content.length - 9);
					return content;
				},
			});
			const done = await restore({backup: id});
			expect(done.end?.problem?.code).toBe('restore-changed-dump');
			expect(await left()).toBe('0');
			expect((await readFile(dump)).length).toBeGreaterThan(0);
		});

		it('names what stands in the way before anything is touched', async () => {
			const {id} = await makeBackup(server, folders, {database});
			const session = await server.session({database});
			await session.query(
				"BEGIN; INSERT INTO users (name) VALUES ('p'); PREPARE TRANSACTION 'gone'",
			);
			expect(await refusal({backup: id})).toMatchObject({code: 'restore-prepared'});
			await session.query("ROLLBACK PREPARED 'gone'");
			await session.query("SELECT pg_create_logical_replication_slot('reader', 'test_decoding')");
			expect(await refusal({backup: id})).toMatchObject({
				code: 'restore-slots',
				params: {names: 'reader'},
			});
			await session.query("SELECT pg_drop_replication_slot('reader')");
			await session.end();
			const changed = async (changes: Partial<DatabaseFacts>) =>
				refusal({backup: (await makeBackup(server, folders, {database, changes})).id});
			expect(await changed({roles: ['nobody_here']})).toMatchObject({
				code: 'restore-no-roles',
				params: {names: 'nobody_here'},
			});
			expect(await changed({extensions: [{name: 'not_there', version: '1'}]})).toMatchObject({
				code: 'restore-no-extensions',
			});
			expect(await changed({systemIdentifier: '1'})).toMatchObject({code: 'restore-other-server'});
			expect(await changed({versionNumber: 990_000})).toMatchObject({code: 'restore-older-server'});
			expect(await refusal({backup: '20200101T000000Z-00000000'})).toMatchObject({
				code: 'backup-not-found',
			});
		});

		it('ends loading before the disk is full, and leaves nothing', async () => {
			const {id} = await makeBackup(server, folders, {database});
			const statfs: typeof io.files.statfs = async path => ({
				...(await io.files.statfs(path)),
				blocksAvailable: 10,
			});
			const {plan, look} = await planNow(restoreDatabase, {backup: id}, options);
			expect(plan.space.length).toBeGreaterThan(1);
			expect(look.folders).toBe(folders);
			const isFull = {now: false};
			const files = {
				...io.files,
				statfs: (path: string) => (isFull.now ? statfs(path) : io.files.statfs(path)),
			};
			const done = await restore(
				{backup: id},
				{
					io: {...io, files},
					onPlace: step => {
						isFull.now = step === 'load';
						return Promise.resolve();
					},
				},
			);
			expect(done.end?.problem?.code).toBe('restore-disk-low');
			expect([await left(), await users()]).toEqual(['0', '100|100']);
		});

		it('puts the old database back where the application is ill after it', async () => {
			const {id} = await makeBackup(server, folders, {database});
			await server.psql('DELETE FROM users WHERE id = 1', database);
			let status = 200;
			const stub = createServer((_request, response) => response.writeHead(status).end());
			await new Promise<void>(resolve => stub.listen(0, '127.0.0.1', resolve));
			const address = stub.address();
			const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
			const slept = {ms: 0};
			// Two minutes of waiting in no time: the clock of the wait runs with what it sleeps.
			const clock = {
				...io.clock,
				monotonic: () => io.clock.monotonic() + slept.ms,
				sleep: (ms: number, signal: AbortSignal) => {
					if (ms === 500) slept.ms += 60_000;
					return io.clock.sleep(ms === 500 ? 1 : ms, signal);
				},
			};
			const done = await restore(
				{backup: id},
				{
					io: {...io, clock},
					targets: {
						postgres: [server.target()],
						endpoints: [{id: 'app', origin: 'configured', url}],
					},
					onPlace: step => {
						if (step === 'swap') status = 500;
						return Promise.resolve();
					},
				},
			);
			stub.close();
			expect(done.end?.problem).toMatchObject({
				code: 'restore-swapped-back',
				params: {names: 'app'},
			});
			expect(await server.psql('SELECT count(*), min(id) FROM users', database)).toBe('99|2');
			expect([await left(), done.outcome, done.end?.exitStatus]).toEqual(['0', 'undone', 1]);
		});

		it('restores twice under different names and refuses a fourth old copy', async () => {
			const {id} = await makeBackup(server, folders, {database});
			for (let count = 1; count <= 3; count++) {
				expect((await restore({backup: id})).end?.outcome).toBe('done');
			}
			expect(await refusal({backup: id})).toMatchObject({
				code: 'restore-too-many-kept',
				params: {count: 3},
			});
		});

		it.each([
			"it's",
			'a "b" c',
			'host=evil.example dbname=x',
			'-Fc',
			'ü'.repeat(31),
			'$(id) \\ \n {x}',
		])('reaches exactly the database called %j', async name => {
			const quoted = `"${name.replaceAll('"', '""')}"`;
			await server.psql(`ALTER DATABASE ${database} RENAME TO ${quoted}`);
			const {id} = await makeBackup(server, folders, {database: name});
			await server.psql('DELETE FROM users', name.includes('=') ? `dbname='${name}'` : name);
			const done = await restore({backup: id});
			expect(done.end?.outcome).toBe('done');
			const session = await server.session({database: name});
			const {rows} = await session.query('SELECT count(*)::int AS count FROM users');
			expect(rows).toEqual([{count: 100}]);
			await session.end();
		});
	},
);
