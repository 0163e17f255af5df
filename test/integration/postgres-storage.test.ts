import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {ProblemError} from '../../src/domain/problem.ts';
import type {Part, PostgresStorage} from '../../src/domain/postgres.ts';
import type {PostgresTarget} from '../../src/domain/targets.ts';
import {createFiles} from '../../src/io/files.ts';
import {createPostgres} from '../../src/io/postgres.ts';
import {postgresActivity} from '../../src/sources/postgres-activity.ts';
import {postgresStorage} from '../../src/sources/postgres-storage.ts';
import {realClock} from '../support/clock.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {partialIo} from '../support/io.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {waitFor} from '../support/wait.ts';

/** The value of a part that must be there. */
function have<T>(part: Part<T>): T {
	if (!part.available) {
		throw new Error(`not available: ${part.reason}`);
	}
	return part.value;
}

async function readStorage(target: PostgresTarget): Promise<PostgresStorage> {
	const postgres = createPostgres({clock: realClock});
	try {
		return await postgresStorage
			.open(partialIo({postgres, environment: {}, files: createFiles()}), target)
			.read(AbortSignal.timeout(15_000));
	} finally {
		await postgres(target).close();
	}
}

for (const version of [undefined, 12, 18]) {
	describe.skipIf(await lacksPostgres(version))(
		`storage of PostgreSQL ${version ?? 'installed'}`,
		() => {
			let server: PostgresServer;
			const read = (changes: Partial<PostgresTarget> = {}) => readStorage(server.target(changes));

			beforeAll(async () => {
				server = await startPostgres({
					...(version !== undefined && {version}),
					settings: {
						shared_preload_libraries: 'pg_stat_statements',
						archive_mode: 'on',
						archive_command: '/bin/true',
						autovacuum: 'off',
					},
				});
				await server.psql('CREATE EXTENSION pg_stat_statements');
				await server.psql('CREATE ROLE plain LOGIN');
				await server.psql('CREATE SCHEMA sales');
				await server.psql(`
				CREATE TABLE sales.orders (id int PRIMARY KEY, customer int, note text, code int UNIQUE);
				INSERT INTO sales.orders SELECT g, g % 100, repeat('x', 50), g FROM generate_series(1, 20000) g;
				CREATE INDEX orders_unused ON sales.orders (note);
				CREATE INDEX orders_used ON sales.orders (customer);
				CREATE TABLE tiny (id int);`);
				await server.psql('DELETE FROM sales.orders WHERE id <= 5000');
				await server.psql(
					'SET enable_seqscan = off; SELECT count(*) FROM sales.orders WHERE customer = 5',
				);
			});

			afterAll(async () => {
				await server.remove();
			});

			it('gives the sizes that psql gives', async () => {
				const value = await read();
				const sizes = await server.psql(
					'SELECT datname, pg_database_size(oid) FROM pg_database WHERE datallowconn ORDER BY 2 DESC, 1',
				);
				expect(
					have(value.databases)
						.map(row => `${row.name}|${row.bytes}`)
						.join('\n'),
				).toBe(sizes);
				const tables = have(value.tables);
				expect(tables.map(table => `${table.schema}.${table.name}`)).toEqual([
					'sales.orders',
					'public.tiny',
				]);
				expect(String(tables[0]?.totalBytes)).toBe(
					await server.psql(`SELECT pg_total_relation_size('sales.orders')`),
				);
			});

			it('gives dead rows and the last vacuum', async () => {
				const before = await waitFor(async () => {
					const table = have((await read()).tables)[0];
					return table && table.deadRows === 5000 ? table : undefined;
				});
				expect(before.lastVacuumAtMs).toBeUndefined();
				await server.psql('VACUUM sales.orders');
				const after = await waitFor(async () => {
					const table = have((await read()).tables)[0];
					return table?.deadRows === 0 ? table : undefined;
				});
				expect(Math.abs((after.lastVacuumAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
				expect(after.liveRows).toBe(15_000);
			});

			it('finds the unused index, and none that something needs', async () => {
				const indexes = await waitFor(async () => {
					const found = have((await read()).unusedIndexes);
					return found.length === 1 ? found : undefined;
				});
				expect(indexes[0]).toMatchObject({
					schema: 'sales',
					table: 'orders',
					name: 'orders_unused',
					scans: 0,
				});
				expect(String(indexes[0]?.bytes)).toBe(
					await server.psql(`SELECT pg_relation_size('sales.orders_unused')`),
				);
			});

			it('gives the statements that took most time, by the columns of this version', async () => {
				await server.psql('SELECT pg_stat_statements_reset()');
				await server.psql('SELECT pg_sleep(0.3)');
				for (let turn = 0; turn < 3; turn += 1) {
					await server.psql('SELECT count(*) FROM sales.orders');
				}
				const statements = have((await read()).statements);
				expect(statements[0]?.query).toBe('SELECT pg_sleep($1)');
				expect(statements[0]?.sharePercent).toBeGreaterThan(50);
				const counting = statements.find(row => row.query === 'SELECT count(*) FROM sales.orders');
				expect(counting).toMatchObject({calls: 3, rows: 3});
				expect(counting?.meanMs).toBeCloseTo((counting?.totalMs ?? 0) / 3);
				const time = server.version >= 13 ? 'total_exec_time' : 'total_time';
				const total = await server.psql(
					`SELECT ${time} FROM pg_stat_statements WHERE query = 'SELECT pg_sleep($1)'`,
				);
				expect(statements[0]?.totalMs).toBeCloseTo(Number(total), 3);
				expect(statements.filter(row => row.query.includes('opsconsole'))).toEqual([]);
			});

			it('gives archiving, slots and checksums', async () => {
				await server.psql(`SELECT pg_create_physical_replication_slot('left_over', true)`);
				await server.psql('SELECT pg_switch_wal()');
				const value = await waitFor(async () => {
					const seen = await read();
					return have(seen.archiving).archived > 0 ? seen : undefined;
				});
				expect(have(value.archiving)).toMatchObject({mode: 'on', failed: 0});
				const [slot] = have(value.replication).slots;
				expect(slot).toMatchObject({name: 'left_over', isActive: false});
				expect(slot?.retainedBytes).toBeGreaterThan(0);
				expect(have(value.dataChecksums)).toBe((await server.psql('SHOW data_checksums')) === 'on');
				await server.psql(`SELECT pg_drop_replication_slot('left_over')`);
			});

			it('is not held up by an exclusive lock, nor by one that waits', async () => {
				const holder = await server.session();
				await holder.query('BEGIN; LOCK TABLE sales.orders IN ACCESS EXCLUSIVE MODE');
				expect(have((await read()).tables)[0]?.name).toBe('orders');
				await holder.query('ROLLBACK; BEGIN; LOCK TABLE sales.orders IN ACCESS SHARE MODE');
				const waiter = await server.session({application: 'waiter'});
				const waiting = waiter
					.query('BEGIN; LOCK TABLE sales.orders IN ACCESS EXCLUSIVE MODE')
					.catch(() => 'ended');
				const waits = `SELECT wait_event_type FROM pg_stat_activity WHERE application_name = 'waiter'`;
				await waitFor(async () => ((await server.psql(waits)) === 'Lock' ? true : undefined));
				const value = await read();
				expect(have(value.tables)[0]?.name).toBe('orders');
				expect(have(value.tables)[0]?.totalBytes).toBeGreaterThan(0);
				expect(value.unusedIndexes.available).toBe(true);
				await server.psql(
					`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'waiter'`,
				);
				await waiting;
				await holder.end();
			});

			it('A08: says what a role without rights cannot see, and gives the rest', async () => {
				await server.psql('REVOKE CONNECT ON DATABASE template1 FROM PUBLIC');
				const value = await read({user: 'plain'});
				expect(value.statements).toEqual({available: false, reason: 'no-rights'});
				expect(have(value.databases).map(row => row.name)).toEqual(['postgres']);
				expect(have(value.tables)[0]?.name).toBe('orders');
				expect(value.archiving.available && value.replication.available).toBe(true);
			});

			it('A08: says that the extension is missing in this database', async () => {
				const value = await read({database: 'template1'});
				expect(value.statements).toEqual({available: false, reason: 'extension-missing'});
				expect(have(value.tables)).toEqual([]);
			});

			it('A08: knows the columns of an older version of the extension', async () => {
				await server.psql('CREATE DATABASE older');
				await server.psql(`CREATE EXTENSION pg_stat_statements VERSION '1.4'`, 'older');
				const value = await read({database: 'older'});
				expect(have(value.statements).length).toBeGreaterThan(0);
			});

			it('A08: says so where the library of the extension is not loaded', async () => {
				const bare = await startPostgres({...(version !== undefined && {version})});
				await bare.psql('CREATE EXTENSION pg_stat_statements');
				const value = await readStorage(bare.target());
				await bare.remove();
				expect(value.statements).toEqual({available: false, reason: 'extension-missing'});
				expect(have(value.archiving).mode).toBe('off');
			});

			it('fails as a whole when the server is gone', async () => {
				const gone = readStorage(server.target({port: 1}));
				await expect(gone).rejects.toBeInstanceOf(ProblemError);
			});
		},
	);
}

describe.skipIf(await lacksPostgres())('A09: a primary and its standby', () => {
	let primary: PostgresServer;
	let standby: PostgresServer;

	beforeAll(async () => {
		primary = await startPostgres();
		standby = await startPostgres({standbyOf: primary});
	});

	afterAll(async () => {
		await standby.remove();
		await primary.remove();
	});

	it('shows the standby to the primary with its lag', async () => {
		const [replica] = await waitFor(async () => {
			const {replicas} = have((await readStorage(primary.target())).replication);
			const isKnown = replicas[0]?.state === 'streaming' && replicas[0].lagBytes !== undefined;
			return isKnown ? replicas : undefined;
		});
		expect(replica).toMatchObject({name: 'walreceiver', client: '127.0.0.1'});
		expect(replica?.lagBytes).toBeGreaterThanOrEqual(0);
	});

	it('shows the standby its role, that it receives, and how far it is behind', async () => {
		const postgres = createPostgres({clock: realClock});
		const activity = await postgresActivity
			.open(partialIo({postgres}), standby.target())
			.read(AbortSignal.timeout(10_000));
		await postgres(standby.target()).close();
		expect(activity.role).toBe('standby');
		const value = await waitFor(async () => {
			const seen = await readStorage(standby.target());
			return have(seen.replication).isReceiving ? seen : undefined;
		});
		expect(have(value.replication).receiverLagSeconds).toBeGreaterThanOrEqual(0);
		expect(value.unusedIndexes).toEqual({available: false, reason: 'not-on-standby'});
	});

	it('sees that the standby lost its primary, and the lag grow', async () => {
		await primary.psql('CREATE TABLE told (id int)');
		await waitFor(async () =>
			(await standby.psql(`SELECT to_regclass('told')`)) === 'told' ? true : undefined,
		);
		await primary.stop('immediate');
		const value = await waitFor(async () => {
			const seen = have((await readStorage(standby.target())).replication);
			return seen.isReceiving === false && (seen.receiverLagSeconds ?? 0) > 0 ? seen : undefined;
		});
		expect(value.replicas).toEqual([]);
		await primary.start();
	});

	it('A02: says that a server is not ready yet', async () => {
		const closed = await startPostgres({standbyOf: primary, settings: {hot_standby: 'off'}});
		await expect(readStorage(closed.target())).rejects.toMatchObject({
			problem: {code: 'postgres-starting', retry: 'soon'},
		});
		await closed.remove();
	});
});
