import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {JsonValue} from '../../src/domain/plan.ts';
import type {Part} from '../../src/domain/postgres.ts';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {createPostgres} from '../../src/io/postgres.ts';
import type {Operation} from '../../src/operations/operation.ts';
import {reindexConcurrently} from '../../src/operations/postgres/indexes-care.ts';
import {pitrReadiness} from '../../src/operations/postgres/pitr-readiness.ts';
import {cancelQuery, terminateSessions} from '../../src/operations/postgres/sessions.ts';
import {analyzeDatabase, vacuumTable} from '../../src/operations/postgres/tables-care.ts';
import {postgresActivity} from '../../src/sources/postgres-activity.ts';
import {postgresStorage} from '../../src/sources/postgres-storage.ts';
import {realClock} from '../support/clock.ts';
import {partialIo} from '../support/io.ts';
import {
	lookNow,
	makeFolders,
	performNow,
	removeFolders,
	type PerformOptions,
} from '../support/perform.ts';
import {makePlace} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {statusDocumentOf} from '../support/status-document.ts';
import {waitFor} from '../support/wait.ts';
import {postgresImages, serverImage} from './server-images.ts';
import {startShop, type ShopServer} from './shop-server.ts';

const act = createAct();
const io = createIo();
const done = {outcome: 'done', exitStatus: 0};

function have<T>(part: Part<T>): T {
	if (!part.available) throw new Error(`not available: ${part.reason}`);
	return part.value;
}

for (const image of postgresImages) {
	const {major} = image;
	let name = '';
	const there = await requireComponent(`PostgreSQL ${major}`, async () => {
		name = await serverImage(image);
		return true;
	});
	describe.skipIf(there.missing !== undefined)(
		titleWith(there, `looking at PostgreSQL ${major}`),
		() => {
			let server: ShopServer;
			let options: PerformOptions;
			const postgres = createPostgres({clock: realClock});

			beforeAll(async () => {
				server = await startShop(name);
				const targets = {postgres: [server.target]};
				options = {act, io, folders: await makeFolders(), targets, containers: [server.container]};
			});
			afterAll(async () => {
				await postgres(server.target).close();
				await server.remove();
				await removeFolders();
			});

			const run = <R extends JsonValue>(operation: Operation<R>, request: JsonValue) =>
				performNow(operation, request, options);
			const readActivity = () =>
				postgresActivity
					.open(partialIo({postgres}), server.target)
					.read(AbortSignal.timeout(10_000));

			it('is of the version that it is meant to be', async () => {
				const version = new RegExp(`^${major}(?!\\d)`);
				expect(await server.psql('SHOW server_version')).toMatch(version);
			});

			it('tells its activity as psql does', async () => {
				const root = await server.session('root');
				const blocked = await server.session('blocked');
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
				const {document} = await place.status(['-p', server.project]);
				await place.remove();
				const {postgres: found} = statusDocumentOf(document);
				expect(found).toMatchObject([
					{
						id: `${server.project}/db`,
						reading: 'fresh',
						database: 'shop',
						version: (await server.psql('SHOW server_version')).split(' ')[0],
						storage: {reading: 'fresh'},
					},
				]);
				expect(JSON.stringify(document)).not.toContain(server.target.password?.reveal());
			});

			it('has a query cancelled, an idle transaction ended, and its tables cared for', async () => {
				const slow = await server.session('slow');
				const ended = slow.client.query('SELECT pg_sleep(600)').catch((error: unknown) => error);
				await waitFor(async () =>
					(await readActivity()).active.some(({pid}) => pid === slow.pid) ? true : undefined,
				);
				const cancelled = await run(cancelQuery, {pid: slow.pid, withSuperusers: true});
				expect(cancelled.end).toEqual(done);
				expect(String(await ended)).toContain('user request');
				const idle = await server.session('forgot');
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

			it('tells whether a point in time could be reached', async () => {
				const told = await pitrReadiness(await lookNow(options), server.target);
				expect(told.lines.length).toBeGreaterThan(0);
				expect(told.isReady).toBe(false);
			});
		},
	);
}
