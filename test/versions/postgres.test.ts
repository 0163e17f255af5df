import {randomBytes} from 'node:crypto';
import {readdir} from 'node:fs/promises';
import {Client} from 'pg';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {JsonValue} from '../../src/domain/plan.ts';
import type {Part} from '../../src/domain/postgres.ts';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {createPostgres} from '../../src/io/postgres.ts';
import {backupDatabase} from '../../src/operations/backup/backup-database.ts';
import type {Operation} from '../../src/operations/operation.ts';
import {dropKeptDatabase} from '../../src/operations/postgres/drop-kept.ts';
import {reindexConcurrently} from '../../src/operations/postgres/indexes-care.ts';
import {keptDatabases} from '../../src/operations/postgres/kept-databases.ts';
import {canLoad} from '../../src/operations/postgres/pre-checks.ts';
import {restoreDatabase} from '../../src/operations/postgres/restore-database.ts';
import {restoreTable} from '../../src/operations/postgres/restore-table.ts';
import {cancelQuery, terminateSessions} from '../../src/operations/postgres/sessions.ts';
import {swapBackDatabase} from '../../src/operations/postgres/swap-back.ts';
import {analyzeDatabase, vacuumTable} from '../../src/operations/postgres/tables-care.ts';
import {verifiers} from '../../src/operations/verify/verifiers.ts';
import {verifyBackupWith} from '../../src/operations/verify/verify-backup.ts';
import {postgresActivity} from '../../src/sources/postgres-activity.ts';
import {postgresStorage} from '../../src/sources/postgres-storage.ts';
import {docker} from '../lab/docker.ts';
import {realClock} from '../support/clock.ts';
import {freePort} from '../support/free-port.ts';
import {partialIo} from '../support/io.ts';
import {
	makeFolders,
	performNow,
	planNow,
	removeFolders,
	type PerformOptions,
} from '../support/perform.ts';
import {startPostgresContainer, type PostgresContainer} from '../support/postgres-container.ts';
import {installedPostgres} from '../support/postgres-binaries.ts';
import {makePlace} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {statusDocumentOf} from '../support/status-document.ts';
import {waitFor} from '../support/wait.ts';
import {postgresImages, serverImage} from './server-images.ts';

const act = createAct();
const io = createIo();
const verifyBackup = verifyBackupWith(verifiers);

function have<T>(part: Part<T>): T {
	if (!part.available) throw new Error(`not available: ${part.reason}`);
	return part.value;
}

for (const image of postgresImages.filter(({major}) =>
	(process.env['VERSIONS'] ?? String(major)).split(',').includes(String(major)),
)) {
	const {major, programs} = image;
	// Else the programs beside the server write what it cannot load: then it is told, and refused.
	const canGoBack = canLoad(programs, major);
	let name = '';
	const there = await requireComponent(`PostgreSQL ${major}`, async () => {
		name = await serverImage(image);
		return true;
	});
	describe.skipIf(there.missing !== undefined)(titleWith(there, `PostgreSQL ${major}`), () => {
		const project = `opsct-${randomBytes(4).toString('hex')}`;
		const postgres = createPostgres({clock: realClock});
		const clients: Client[] = [];
		let server: PostgresContainer;
		let port = 0;
		let options: PerformOptions;

		beforeAll(async () => {
			port = await freePort();
			const label = (key: string, value: string) => [
				'--label',
				`com.docker.compose.${key}=${value}`,
			];
			server = await startPostgresContainer({
				image: name,
				dataBytes: 4 * 2 ** 30,
				settings: ['shared_preload_libraries=pg_stat_statements', 'archive_mode=on'],
				run: [
					...['--publish', `127.0.0.1:${port}:5432`],
					...label('project', project),
					...label('service', 'db'),
				],
			});
			options = {
				act,
				io,
				folders: await makeFolders(),
				targets: {postgres: [server.target]},
				containers: [server.container],
			};
			await server.psql(`
				CREATE EXTENSION pg_stat_statements;
				CREATE ROLE app_rw LOGIN;
				CREATE TABLE users(id serial PRIMARY KEY, name text, day date);
				INSERT INTO users(name) SELECT md5(i::text) FROM generate_series(1, 3000) i;
				CREATE INDEX users_name ON users(name);
				CREATE TABLE parts(id int, k int) PARTITION BY LIST (k);
				CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
				INSERT INTO parts SELECT i, 1 FROM generate_series(1, 100) i;
				CREATE VIEW firsts AS SELECT * FROM users WHERE id < 10;
				CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
				ALTER TABLE users OWNER TO app_rw;
				ALTER DATABASE shop SET statement_timeout = '50s';
				SELECT lo_from_bytea(0, 'large');`);
		});
		afterAll(async () => {
			await Promise.all(clients.map(client => client.end().catch(() => undefined)));
			await postgres(server.target).close();
			await server.remove();
			await removeFolders();
		});

		async function session(application: string): Promise<{client: Client; pid: number}> {
			const {host, user, database, password} = server.target;
			const login = {host, port: 5432, user, database, password: password?.reveal() ?? ''};
			const client = new Client({...login, application_name: application});
			client.on('error', () => undefined);
			await client.connect();
			clients.push(client);
			const {rows} = await client.query<{pid: number}>('SELECT pg_backend_pid() AS pid');
			return {client, pid: rows[0]?.pid ?? 0};
		}
		const run = <R extends JsonValue>(operation: Operation<R>, request: JsonValue) =>
			performNow(operation, request, options);
		const readActivity = () =>
			postgresActivity.open(partialIo({postgres}), server.target).read(AbortSignal.timeout(10_000));
		const done = {outcome: 'done', exitStatus: 0};

		it('is of the version that it is meant to be', async () => {
			expect(await server.psql('SHOW server_version')).toMatch(new RegExp(`^${major}\\b`));
		});

		it('tells its activity as psql does', async () => {
			const root = await session('root');
			const blocked = await session('blocked');
			await root.client.query('BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
			const waiting = blocked.client.query('SELECT count(*) FROM users');
			const value = await waitFor(async () => {
				const seen = await readActivity();
				return seen.waiting === 1 ? seen : undefined;
			});
			const psql = (sql: string) => server.psql(sql);
			expect(value.version).toBe((await psql('SHOW server_version')).split(' ')[0]);
			expect(String(value.versionNumber)).toBe(await psql('SHOW server_version_num'));
			expect(value).toMatchObject({role: 'primary', database: 'shop', seesAllSessions: true});
			expect(value.connections).toMatchObject({
				max: Number(await psql('SHOW max_connections')),
				usable: Number(
					await psql(`SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
						- coalesce(current_setting('reserved_connections', true), '0')::int`),
				),
				// psql counts itself, and not we: ours is there too.
				used: Number(
					await psql(
						"SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'",
					),
				),
			});
			expect(value.blocking).toMatchObject([
				{session: {pid: root.pid}, blocks: [{session: {pid: blocked.pid}}]},
			]);
			expect(value.blocking[0]?.blocks[0]?.session.waitEvent).toBe('Lock: relation');
			await root.client.query('ROLLBACK');
			await waiting;
			const totals = await waitFor(async () => {
				const seen = await readActivity();
				return seen.cacheHitPercent === undefined ? undefined : seen;
			});
			expect(totals.checksumFailures).toBe(0);
		});

		it('tells its sizes, statements and archiving as psql does', async () => {
			await server.psql(
				'ANALYZE; SELECT pg_stat_statements_reset(); SELECT pg_sleep(0.2); DELETE FROM users WHERE id > 2900',
			);
			const read = () =>
				postgresStorage
					.open(partialIo({postgres}), server.target)
					.read(AbortSignal.timeout(15_000));
			const value = await waitFor(async () => {
				const seen = await read();
				return have(seen.tables).some(({deadRows}) => deadRows === 100) ? seen : undefined;
			});
			const rows = (list: readonly (readonly unknown[])[]) =>
				list.map(row => row.join('|')).join('\n');
			// The server writes down free space and caches when it likes to.
			await waitFor(async () => {
				const sizes = have((await read()).databases).map(({name: one, bytes}) => [one, bytes]);
				const wanted = await server.psql(
					'SELECT datname, pg_database_size(oid) FROM pg_database WHERE datallowconn ORDER BY 2 DESC, 1',
				);
				if (rows(sizes) !== wanted) throw new Error(`${rows(sizes)}, not ${wanted}`);
				return true;
			});
			expect(
				rows(have(value.tables).map(table => [table.name, table.totalBytes, table.liveRows])),
			).toBe(
				await server.psql(
					// Parents of partitions hold nothing; only some versions list them here.
					"SELECT relname, pg_total_relation_size(relid), n_live_tup FROM pg_stat_user_tables WHERE relname <> 'parts' ORDER BY 2 DESC, 1",
				),
			);
			expect(have(value.unusedIndexes).map(index => [index.name, index.bytes])).toEqual([
				['users_name', Number(await server.psql("SELECT pg_relation_size('users_name')"))],
			]);
			const [slowest] = have(value.statements);
			const time = major < 13 ? 'total_time' : 'total_exec_time';
			expect(slowest?.query).toBe('SELECT pg_sleep($1)');
			expect(slowest?.totalMs).toBeCloseTo(
				Number(await server.psql(`SELECT max(${time}) FROM pg_stat_statements`)),
				3,
			);
			expect(have(value.archiving).mode).toBe('on');
			expect(have(value.replication)).toMatchObject({replicas: [], slots: []});
			expect(have(value.dataChecksums)).toBe((await server.psql('SHOW data_checksums')) === 'on');
		});

		it('is found and read by the program without any configuration', async () => {
			const place = await makePlace();
			const {document} = await place.status(['-p', project]);
			await place.remove();
			const {postgres: found} = statusDocumentOf(document);
			expect(found).toMatchObject([
				{
					id: `${project}/db`,
					reading: 'fresh',
					database: 'shop',
					version: (await server.psql('SHOW server_version')).split(' ')[0],
					storage: {reading: 'fresh'},
				},
			]);
			expect(JSON.stringify(document)).not.toContain(server.target.password?.reveal());
		});

		it.skipIf(canGoBack)(
			'is told that its backups cannot go back, and they are refused',
			async () => {
				const made = await run(backupDatabase, {});
				expect(made.end?.outcome).toBe('warnings');
				expect(made.lines.flatMap(line => (line.st === 'warn' ? [line.d] : []))).toMatchObject([
					{
						code: 'warn-backup-newer-program',
						params: {program: programs, server: major},
					},
				]);
				expect((await run(verifyBackup, {backup: 'latest', level: 3})).end).toEqual(done);
				for (const [operation, request] of [
					[restoreDatabase, {backup: made.plan.id}],
					[restoreTable, {backup: made.plan.id, table: 'public.users'}],
				] as const) {
					await expect(planNow<JsonValue>(operation, request, options)).rejects.toMatchObject({
						problem: {code: 'restore-older-server', params: {dumped: programs, here: major}},
					});
				}
			},
		);

		it.skipIf(!canGoBack)(
			'is backed up, proven, restored by a swap, and swapped back',
			async () => {
				const made = await run(backupDatabase, {});
				expect(made.end).toEqual(done);
				expect((await run(verifyBackup, {backup: 'latest', level: 3})).end).toEqual(done);
				await server.psql(
					'DELETE FROM users WHERE id > 100; DROP VIEW firsts; CREATE TABLE extra ()',
				);
				const restored = await run(restoreDatabase, {backup: made.plan.id});
				expect(restored.end).toEqual(done);
				const count = () => server.psql('SELECT count(*) FROM users');
				expect(await count()).toBe('2900');
				expect(await server.psql('SELECT count(*) FROM firsts')).toBe('9');
				expect(await server.psql('SELECT twice(21)')).toBe('42');
				expect(await server.psql('SHOW statement_timeout')).toBe('50s');
				const kept = () => keptDatabases(io, server.target, AbortSignal.timeout(10_000));
				const back = await run(swapBackDatabase, {kept: (await kept())[0]?.name ?? ''});
				expect([back.end?.outcome, await count()]).toEqual(['done', '100']);
				const dropped = await run(dropKeptDatabase, {kept: (await kept())[0]?.name ?? ''});
				expect([dropped.end?.outcome, await kept()]).toEqual(['done', []]);
				const own = [
					'ps',
					'--all',
					'--quiet',
					'--filter',
					`label=opsconsole.op=${restored.plan.id}`,
				];
				expect(await docker(own)).toBe('');
			},
		);

		it.skipIf(!canGoBack)('gets one table back beside the live one', async () => {
			const {plan} = await run(backupDatabase, {});
			await server.psql('DELETE FROM users WHERE id > 50');
			const beside = await run(restoreTable, {backup: plan.id, table: 'public.users'});
			expect(beside.end).toEqual(done);
			const schema = `restored_${beside.plan.id.slice(-8)}`;
			expect(await server.psql(`SELECT count(*) FROM ${schema}.users`)).toBe('100');
			expect(await server.psql('SELECT count(*) FROM users')).toBe('50');
		});

		it('has a query cancelled, an idle transaction ended, and its tables cared for', async () => {
			await server.psql('ALTER ROLE app_rw PASSWORD NULL; GRANT app_rw TO postgres');
			const slow = await session('slow');
			const ended = slow.client.query('SELECT pg_sleep(600)').catch((error: unknown) => error);
			await waitFor(async () =>
				(await readActivity()).active.some(({pid}) => pid === slow.pid) ? true : undefined,
			);
			const cancelled = await run(cancelQuery, {pid: slow.pid, withSuperusers: true});
			expect(cancelled.end).toEqual(done);
			expect(String(await ended)).toContain('user request');
			const idle = await session('forgot');
			await idle.client.query('BEGIN; SELECT 1');
			const request = {idleInTransactionMinutes: 0, database: 'shop', withSuperusers: true};
			expect((await run(terminateSessions, request)).end).toEqual(done);
			const left = `SELECT count(*) FROM pg_stat_activity WHERE pid = ${idle.pid}`;
			expect(await server.psql(left)).toBe('0');
			expect((await run(analyzeDatabase, {database: 'shop'})).end?.outcome).toBe('done');
			const vacuum = await run(vacuumTable, {database: 'shop', table: 'public.users'});
			expect(vacuum.end?.outcome).toBe('done');
			const index = await run(reindexConcurrently, {database: 'shop', index: 'users_name'});
			expect(index.end?.outcome).toBe('done');
		});

		it("is dumped by this machine's programs, or refused where they are older", async () => {
			const {container: _, ...target} = server.target;
			const folders = await makeFolders();
			const onHost = {act, io, folders, targets: {postgres: [{...target, id: 'published'}]}};
			const client = installedPostgres()?.version ?? 0;
			if (client >= major) {
				const made = await performNow(backupDatabase, {}, onHost);
				expect(made.end).toEqual(done);
				const proven = await performNow(verifyBackup, {backup: 'latest', level: 3}, onHost);
				expect(proven.end).toEqual(done);
				const restored = await performNow(restoreDatabase, {backup: 'latest'}, onHost);
				expect(restored.end).toEqual(done);
				return;
			}

			await expect(performNow(backupDatabase, {}, onHost)).rejects.toMatchObject({
				problem: {code: 'dump-version', params: {server: major, client}},
			});
			expect(await readdir(folders.backups)).toEqual([]);
			expect(await readdir(folders.scratch)).toEqual([]);
		});
	});
}
