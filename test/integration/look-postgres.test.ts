import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {secret} from '../../src/domain/secret.ts';
import {noTargets, type PostgresTarget} from '../../src/domain/targets.ts';
import {createPostgres} from '../../src/io/postgres.ts';
import type {LookFacts} from '../../src/looks/reader.ts';
import {realClock} from '../support/clock.ts';
import {localIo} from '../support/io.ts';
import {liveFacts, readLook} from '../support/live-look.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {settingsOf} from '../support/settings.ts';
import {waitFor} from '../support/wait.ts';

const component = await requireComponent('postgresql', async () => (await lacksPostgres()) ?? true);

describe.skipIf(component.missing !== undefined)(
	titleWith(component, 'looks at PostgreSQL'),
	() => {
		let server: PostgresServer;
		const postgres = createPostgres({clock: realClock});
		const io = localIo({postgres});

		beforeAll(async () => {
			server = await startPostgres({
				password: 'right',
				hba: ['local all all trust', 'host all all 127.0.0.1/32 scram-sha-256'],
				settings: {
					shared_preload_libraries: 'pg_stat_statements',
					max_connections: 20,
					autovacuum: 'off',
					archive_mode: 'on',
					archive_command: '/bin/false',
					shared_buffers: '16MB',
				},
			});
			await server.psql(`
			CREATE EXTENSION pg_stat_statements;
			CREATE TABLE orders (id int, customer int, note text);
			INSERT INTO orders SELECT g, g % 100, 'note' FROM generate_series(1, 20000) g;
			CREATE INDEX orders_note ON orders (note);
			DELETE FROM orders WHERE id > 16000`);
		}, 90_000);

		afterAll(async () => {
			await postgres(server.target()).close();
			await server.remove();
		});

		function factsOf(changes: Partial<PostgresTarget> = {}, more: Partial<LookFacts> = {}) {
			const target = server.target(changes);
			const targets = {...noTargets, postgres: [target]};
			return liveFacts({io, targets, scope: {postgres: target.id}, ...more});
		}

		/** A session that begins a transaction with these statements and leaves it open. */
		async function holder(application: string, ...statements: readonly string[]) {
			const session = await server.session({application});
			for (const sql of ['BEGIN', ...statements]) await session.query(sql);
			onTestFinished(() => session.end().catch(() => undefined));
			return session;
		}

		test('a healthy server', async () => {
			const activity = await readLook('postgres.activity', factsOf());
			expect(activity.values).toMatchObject({
				answers: true,
				failure: 'none',
				usable: 17,
				blocked: 0,
				'is-standby': false,
				'is-read-only': false,
				'sees-all': true,
			});
			const sessions = await readLook('postgres.sessions', factsOf());
			expect(sessions.values).toMatchObject({
				'idle-in-transaction': 0,
				'oldest-idle-in-transaction': 0,
				'limit-is-low': true,
			});
			const locks = await readLook('postgres.locks', factsOf());
			expect(locks.values).toMatchObject({blocked: 0, 'chain-depth': 0, 'pending-ddl': 0});
			expect(locks.values['root-pid']).toBeUndefined();
		});

		test('connections that sit in a transaction', async () => {
			const first = await holder('leaky', 'SELECT 1');
			await holder('leaky', 'SELECT 1');
			const {values, lines} = await readLook('postgres.sessions', factsOf());
			const pid = (await first.query<{pid: number}>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
			expect(values).toMatchObject({
				'idle-in-transaction': 2,
				'idle-in-transaction-percent': 100,
				holder: 'leaky',
				'holder-client': 'local',
				'holder-count': 2,
			});
			expect(values['oldest-idle-in-transaction']).toBeLessThan(60);
			expect(values['oldest-idle-in-transaction-pid']).toBe(pid);
			expect(lines[0]).toContain('leaky');
		});

		test('what a role may not see is unknown, not nothing', async () => {
			await server.psql("CREATE ROLE plain LOGIN PASSWORD 'right'");
			const facts = factsOf({id: 'plain', user: 'plain'});
			onTestFinished(() => postgres(server.target({id: 'plain', user: 'plain'})).close());
			const other = await server.session({application: 'other'});
			onTestFinished(() => other.end());
			const sessions = await readLook('postgres.sessions', facts);
			expect(sessions.values.total).toBeGreaterThanOrEqual(2);
			expect(sessions.values['idle-in-transaction']).toBeUndefined();
			const activity = await readLook('postgres.activity', facts);
			expect(activity.values).toMatchObject({'sees-all': false, answers: true});
			expect(activity.values['longest-query']).toBeUndefined();
			const storage = await readLook('postgres.storage', facts);
			expect(storage.values['wal-bytes']).toBeUndefined();
		});

		test('a chain of locks with a schema change in it', async () => {
			const root = await holder('root', 'SELECT count(*) FROM orders');
			const change = await server.session({application: 'migration'});
			const reader = await server.session({application: 'reader'});
			onTestFinished(() => Promise.allSettled([change.end(), reader.end()]).then(() => undefined));
			// Their answers come when the test lets the root go.
			const waits = [change.query('ALTER TABLE orders ADD COLUMN more int')];
			await waitFor(async () => {
				const {values} = await readLook('postgres.locks', factsOf());
				return values.blocked === 1 || undefined;
			});
			waits.push(reader.query('SELECT 1 FROM orders LIMIT 1'));
			const seen = await waitFor(async () => {
				const {values} = await readLook('postgres.locks', factsOf());
				return values['pending-ddl'] === 1 && values.blocked === 2 ? values : undefined;
			});
			expect(seen).toMatchObject({
				roots: 1,
				'root-application': 'root',
				'root-state': 'idle in transaction',
				'root-is-idle': true,
				'root-is-prepared': false,
				'root-blocks': 2,
				'chain-depth': 2,
				relation: 'public.orders',
			});
			expect(seen['longest-wait']).toBeGreaterThan(0);
			await root.query('ROLLBACK');
			await Promise.all(waits);
		});

		test('a missing index, and that a new one is used', async () => {
			const session = await server.session();
			onTestFinished(() => session.end());
			const scan = () => session.query('SELECT count(*) FROM orders WHERE customer = 7');
			for (let count = 0; count < 30; count += 1) await scan();
			const stop = new AbortController();
			const scanning = (async () => {
				while (!stop.signal.aborted) await scan();
			})();
			const missing = await waitFor(async () => {
				const {values} = await readLook('postgres.queries', factsOf());
				return values['is-scanned-now'] === true ? values : undefined;
			});
			expect(missing).toMatchObject({
				'scanned-table': 'public.orders',
				'is-index-missing': true,
				'has-statements': true,
				'unused-index': 'public.orders_note',
				'dead-table': 'public.orders',
				'dead-rows': 4000,
				'dead-percent': 20,
				'stale-table': 'public.orders',
				'never-analyzed': 1,
				'is-vacuum-off': true,
				'invalid-indexes': 0,
			});
			expect(missing['rows-per-scan']).toBeGreaterThan(5000);
			expect(missing['scanned-rows']).toBeGreaterThan(1000);
			expect(missing.slowest).toBeDefined();
			await server.psql('CREATE INDEX orders_customer ON orders (customer)');
			await server.psql('VACUUM ANALYZE orders');
			const mended = await waitFor(async () => {
				const {values} = await readLook('postgres.queries', factsOf());
				return values['is-scanned-now'] === false ? values : undefined;
			});
			expect(mended).toMatchObject({'dead-rows': 0, 'never-analyzed': 0, 'scanned-rows': 0});
			stop.abort();
			await scanning;
		});

		test('who ran the statement that takes the most time, while nobody runs it', async () => {
			const session = await server.session({application: 'report'});
			onTestFinished(() => session.end());
			await server.psql('SELECT pg_stat_statements_reset()');
			await session.query('SELECT pg_sleep(0.5)');
			const {values} = await readLook('postgres.queries', factsOf());
			expect(values).toMatchObject({'slowest-calls': 1, 'slowest-pid': undefined});
			expect(values.slowest).toContain('pg_sleep');
			expect(values['slowest-user']).toBeDefined();
			// Sessions keep the id of their last statement since version 14.
			const isKnown = values['is-slowest-recent'] === true;
			expect(values['slowest-sender']).toBe(isKnown ? 'report' : undefined);
			expect(values['slowest-running']).toBe(isKnown ? 0 : undefined);
		});

		test('storage and settings', async () => {
			await server.psql('SELECT pg_switch_wal()');
			const storage = await waitFor(async () => {
				const {values} = await readLook('postgres.storage', factsOf());
				return values['is-archive-failing'] === true ? values : undefined;
			});
			expect(storage).toMatchObject({
				'is-archiving': true,
				'largest-table': 'public.orders',
				replicas: 0,
				'inactive-slots': 0,
				'slot-bytes': 0,
				'checksum-failures': 0,
			});
			for (const name of ['database-bytes', 'all-bytes', 'wal-bytes', 'disk-free'] as const) {
				expect(storage[name]).toBeGreaterThan(1_000_000);
			}

			expect(storage['xid-percent']).toBeLessThan(1);
			await server.psql('ALTER SYSTEM SET max_connections = 30');
			await server.psql("ALTER SYSTEM SET statement_timeout = '2min'");
			await server.psql('SELECT pg_reload_conf()');
			const settings = settingsOf({system: 'stock-analysis'});
			const seen = await waitFor(async () => {
				const {values} = await readLook('postgres.settings', factsOf({}, {settings}));
				return values['statement-timeout'] === 120_000 ? values : undefined;
			});
			expect(seen).toMatchObject({
				'max-connections': 20,
				'shared-buffers': 16 * 1024 * 1024,
				'is-autovacuum-on': false,
				'has-query-statistics': true,
				differing: 2,
				'first-differing': 'max_connections',
			});
		});

		test('a server that lets nobody in, is not found, or is gone', async () => {
			const failureOf = async (changes: Partial<PostgresTarget>) => {
				const facts = factsOf({id: JSON.stringify(changes), ...changes});
				const {values, lines} = await readLook('postgres.activity', facts);
				expect(values.answers).toBe(false);
				expect(lines).toHaveLength(1);
				return values.failure;
			};
			expect(await failureOf({password: secret('wrong')})).toBe('authentication');
			expect(await failureOf({database: 'nowhere'})).toBe('no-database');
			expect(await failureOf({host: 'nowhere.invalid'})).toBe('name');
			await server.psql('ALTER DATABASE postgres SET default_transaction_read_only = on');
			const readOnly = await readLook('postgres.activity', factsOf());
			expect(readOnly.values).toMatchObject({'is-standby': false, 'is-read-only': true});
			await server.stop();
			expect(await failureOf({})).toBe('refused');
			await expect(readLook('postgres.sessions', factsOf())).rejects.toMatchObject({
				problem: {code: expect.stringMatching(/^postgres-/) as string},
			});
		});
	},
);
