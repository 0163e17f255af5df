import type {Client} from 'pg';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import type {BlockingNode, PostgresActivity} from '../../src/domain/postgres.ts';
import {createPostgres} from '../../src/io/postgres.ts';
import {postgresActivity} from '../../src/sources/postgres-activity.ts';
import {realClock} from '../support/clock.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {partialIo} from '../support/io.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {waitFor} from '../support/wait.ts';

type Person = {session: Client; pid: number};

/** `a(b c(d))` by the names of the people, with `/e` for others that block too. */
function drawing(nodes: readonly BlockingNode[]): string {
	return nodes
		.map(node => {
			const below = node.blocks.length > 0 ? `(${drawing(node.blocks)})` : '';
			return `${node.session.application}${'/'.repeat(node.alsoBlockedBy.length)}${below}`;
		})
		.sort()
		.join(' ');
}

for (const version of [undefined, 12, 18]) {
	describe.skipIf(await lacksPostgres(version))(
		`activity of PostgreSQL ${version ?? 'installed'}`,
		() => {
			let server: PostgresServer;
			let people: Person[] = [];
			const pending: Promise<unknown>[] = [];
			const postgres = createPostgres({clock: realClock});

			beforeAll(async () => {
				server = await startPostgres({
					...(version !== undefined && {version}),
					settings: {
						max_connections: 40,
						superuser_reserved_connections: 4,
						max_prepared_transactions: 5,
						deadlock_timeout: '60s',
						...(version === 18 && {reserved_connections: 5}),
					},
				});
				await server.psql('CREATE TABLE item (id int PRIMARY KEY, n int)');
				await server.psql('INSERT INTO item SELECT g, 0 FROM generate_series(1, 9) g');
				await server.psql('CREATE ROLE plain LOGIN');
				await server.psql('CREATE ROLE watcher LOGIN IN ROLE pg_monitor');
			});

			afterAll(async () => {
				await postgres(server.target()).close();
				for (const user of ['plain', 'watcher']) {
					await postgres(server.target({id: user, user})).close();
				}

				await server.remove();
			});

			afterEach(async () => {
				const pids = people.map(one => one.pid).join(', ') || '0';
				await server.psql(
					`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid IN (${pids})`,
				);
				await Promise.all(pending.splice(0));
				people = [];
				const others = `SELECT count(*) FROM pg_stat_activity WHERE pid IN (${pids})`;
				await waitFor(async () => ((await server.psql(others)) === '0' ? true : undefined));
			});

			async function person(application: string, user = 'postgres'): Promise<Person> {
				const session = await server.session({application, user});
				const {rows} = await session.query<{pid: number}>('SELECT pg_backend_pid() AS pid');
				const one = {session, pid: rows[0]?.pid ?? 0};
				people.push(one);
				return one;
			}

			/** Starts a statement that will wait, and returns when it waits for a lock. */
			async function wait(who: Person, sql: string): Promise<void> {
				pending.push(who.session.query(sql).catch(() => undefined));
				await waitsForLock(who);
			}

			async function waitsForLock(who: Person): Promise<void> {
				const sql = `SELECT wait_event_type FROM pg_stat_activity WHERE pid = ${who.pid}`;
				await waitFor(async () => ((await server.psql(sql)) === 'Lock' ? true : undefined));
			}

			const reader = () => postgresActivity.open(partialIo({postgres}), server.target());
			const read = (): Promise<PostgresActivity> => reader().read(AbortSignal.timeout(10_000));

			const update = (id: number) => `UPDATE item SET n = n + 1 WHERE id = ${id}`;

			it('tells the server as psql does', async () => {
				const value = await read();
				expect(value.version).toBe((await server.psql('SHOW server_version')).split(' ')[0]);
				expect(String(value.versionNumber)).toBe(await server.psql('SHOW server_version_num'));
				expect(value).toMatchObject({role: 'primary', database: 'postgres', seesAllSessions: true});
				const started = await server.psql(
					'SELECT extract(epoch FROM pg_postmaster_start_time()) * 1000',
				);
				expect(value.startedAtMs).toBeCloseTo(Number(started), -1);
				expect(value).toMatchObject({waiting: 0, blocking: [], active: [], idleInTransaction: []});
				expect(value.longestQuery).toBeUndefined();
			});

			it('counts client connections by state against the usable ones', async () => {
				const working = await person('working');
				const thinking = await person('thinking');
				await person('resting');
				pending.push(working.session.query('SELECT pg_sleep(600)').catch(() => undefined));
				await thinking.session.query('BEGIN; SELECT 1');
				// A session of the test before may end a moment later.
				const {connections} = await waitFor(async () => {
					const value = await read();
					const isAlone = value.connections.used === 4;
					return value.active.length === 1 && isAlone ? value : undefined;
				});
				expect(connections).toMatchObject({
					used: 4,
					max: 40,
					usable: version === 18 ? 31 : 36,
					byState: {active: 1, idle: 2, 'idle in transaction': 1},
					byDatabase: [{database: 'postgres', count: 4}],
				});
				expect(connections.usedPercent).toBeCloseTo(400 / connections.usable);
			});

			it('finds the longest query and transaction and who idles in one', async () => {
				const first = await person('first');
				const second = await person('second');
				await first.session.query('BEGIN');
				await first.session.query('SELECT 1 /* \u001b[31m */');
				pending.push(second.session.query('SELECT pg_sleep(600)').catch(() => undefined));
				const value = await waitFor(async () => {
					const seen = await read();
					return seen.longestQuery ? seen : undefined;
				});
				expect(value.longestQuery).toMatchObject({
					pid: second.pid,
					query: 'SELECT pg_sleep(600)',
					client: 'local',
				});
				expect(value.longestTransaction?.pid).toBe(first.pid);
				expect(value.idleInTransaction.map(session => session.pid)).toEqual([first.pid]);
				expect(value.idleInTransaction[0]?.query).toBe('SELECT 1 /* \\x1b[31m */');
				expect(value.idleInTransaction[0]?.querySeconds).toBeUndefined();
				const seconds = `SELECT extract(epoch FROM now() - xact_start) FROM pg_stat_activity WHERE pid = ${first.pid}`;
				const later = Number(await server.psql(seconds));
				expect(value.longestTransaction?.transactionSeconds).toBeGreaterThan(0);
				expect(value.longestTransaction?.transactionSeconds).toBeLessThanOrEqual(later);
			});

			it('shows three that are blocked by one', async () => {
				const root = await person('root');
				await root.session.query('BEGIN');
				await root.session.query('LOCK TABLE item IN ACCESS EXCLUSIVE MODE');
				for (const name of ['a', 'b', 'c']) {
					await wait(await person(name), 'SELECT * FROM item');
				}
				const value = await read();
				expect(drawing(value.blocking)).toBe('root(a b c)');
				expect(value.waiting).toBe(3);
				expect(value.blocking[0]?.session).toMatchObject({
					pid: root.pid,
					state: 'idle in transaction',
				});
				expect(value.blocking[0]?.blocks[0]?.session.waitEvent).toBe('Lock: relation');
			});

			it('shows a chain of three', async () => {
				const [a, b, c] = [await person('a'), await person('b'), await person('c')];
				await a.session.query(`BEGIN; ${update(1)}`);
				await b.session.query(`BEGIN; ${update(2)}`);
				await wait(b, update(1));
				await wait(c, update(2));
				expect(drawing((await read()).blocking)).toBe('a(b(c))');
			});

			it('shows one that waits for two', async () => {
				const [a, b, c] = [await person('a'), await person('b'), await person('c')];
				await a.session.query('BEGIN; LOCK TABLE item IN SHARE MODE');
				await b.session.query('BEGIN; LOCK TABLE item IN SHARE MODE');
				await wait(c, update(1));
				const value = await read();
				expect(drawing(value.blocking)).toBe(a.pid < b.pid ? 'a(c/) b' : 'a b(c/)');
				const blocked = value.blocking.flatMap(node => node.blocks)[0];
				const holder = value.blocking.find(node => node.blocks.length > 0)?.session.pid;
				expect(new Set([holder, ...(blocked?.alsoBlockedBy ?? [])])).toEqual(
					new Set([a.pid, b.pid]),
				);
			});

			it('shows a ring in the moment of a deadlock', async () => {
				const [a, b] = [await person('a'), await person('b')];
				await a.session.query(`BEGIN; ${update(1)}`);
				await b.session.query(`BEGIN; ${update(2)}`);
				await wait(a, update(2));
				await wait(b, update(1));
				const value = await read();
				expect(value.waiting).toBe(2);
				expect(['a/(b)', 'b/(a)']).toContain(drawing(value.blocking));
			});

			it('shows a prepared transaction that blocks', async () => {
				const [a, b] = [await person('a'), await person('b')];
				await a.session.query(`BEGIN; ${update(3)}; PREPARE TRANSACTION 'left'`);
				await wait(b, update(3));
				const [root] = (await read()).blocking;
				expect(root?.session).toMatchObject({pid: 0, state: 'prepared transaction'});
				expect(root?.blocks[0]?.session.pid).toBe(b.pid);
				await server.psql(`ROLLBACK PREPARED 'left'`);
			});

			it('finds an idle session that blocks by an advisory lock', async () => {
				const [a, b] = [await person('a'), await person('b')];
				await a.session.query('SELECT pg_advisory_lock(7)');
				await wait(b, 'SELECT pg_advisory_lock(7)');
				const value = await read();
				expect(drawing(value.blocking)).toBe('a(b)');
				expect(value.blocking[0]?.session.state).toBe('idle');
			});

			it('still counts and draws for a role that may not see the others', async () => {
				const [a, b] = [await person('a'), await person('b')];
				await a.session.query(`BEGIN; ${update(1)}`);
				await wait(b, update(1));
				const plain = server.target({id: 'plain', user: 'plain'});
				const value = await postgresActivity
					.open(partialIo({postgres}), plain)
					.read(AbortSignal.timeout(10_000));
				expect(value.seesAllSessions).toBe(false);
				expect(value.connections.used).toBe(
					Number(
						await server.psql(
							`SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'`,
						),
					),
				);
				expect(value.waiting).toBe(1);
				expect(value.blocking[0]?.session.pid).toBe(a.pid);
				expect(value.blocking[0]?.blocks[0]?.session.pid).toBe(b.pid);
			});

			it('tells whose statements the role that looks may cancel', async () => {
				const names = ['plain', 'opsconsole', 'postgres'];
				for (const name of names) {
					const {session} = await person(name, name === 'opsconsole' ? 'plain' : name);
					pending.push(session.query('SELECT pg_sleep(600)').catch(() => undefined));
				}

				const seenBy = (user: string) =>
					waitFor(async () => {
						const {active} = await postgresActivity
							.open(partialIo({postgres}), server.target({id: user, user}))
							.read(AbortSignal.timeout(10_000));
						const found = names.map(name => active.find(one => one.application === name));
						return found.includes(undefined) ? undefined : found.map(one => one?.cannotCancel);
					});
				expect(await seenBy('postgres')).toEqual([undefined, 'own', 'superuser']);
				expect(await seenBy('watcher')).toEqual(['rights', 'own', 'superuser']);
				await server.psql('GRANT pg_signal_backend TO watcher');
				expect(await seenBy('watcher')).toEqual([undefined, 'own', 'superuser']);
			});

			it('gives rates from what changed between two readings, and none after a reset', async () => {
				const open = reader();
				expect((await open.read(AbortSignal.timeout(10_000))).commitsPerSecond).toBeUndefined();
				const busy = await person('busy');
				const value = await waitFor(async () => {
					for (let turn = 0; turn < 20; turn += 1) {
						await busy.session.query('SELECT count(*) FROM item');
					}
					const seen = await open.read(AbortSignal.timeout(10_000));
					return (seen.commitsPerSecond ?? 0) > 20 ? seen : undefined;
				});
				expect(value.rollbacksPerSecond).toBeGreaterThanOrEqual(0);
				expect(value.cacheHitPercent).toBeGreaterThan(50);
				expect(value.cacheHitPercent).toBeLessThanOrEqual(100);
				await server.psql('SELECT pg_stat_reset()');
				const after = await waitFor(async () => {
					const seen = await open.read(AbortSignal.timeout(10_000));
					return seen.commitsPerSecond === undefined ? seen : undefined;
				});
				expect(after.rollbacksPerSecond).toBeUndefined();
				expect(after.deadlocksSeen).toBe(0);
			});

			it('counts deadlocks that happen while it watches, and temporary files', async () => {
				const open = reader();
				const before = await open.read(AbortSignal.timeout(10_000));
				const [a, b] = [await person('a'), await person('b')];
				await a.session.query(`SET deadlock_timeout = '50ms'; BEGIN; ${update(1)}`);
				await b.session.query(`BEGIN; ${update(2)}`);
				await wait(b, update(1));
				await expect(a.session.query(update(2))).rejects.toThrow('deadlock');
				await a.session.query('ROLLBACK');
				await a.session.query(`SET work_mem = '64kB'`);
				await a.session.query(
					'SELECT count(*) FROM (SELECT g FROM generate_series(1, 100000) g ORDER BY -g) s',
				);
				const value = await waitFor(async () => {
					await a.session.query('SELECT 1');
					const seen = await open.read(AbortSignal.timeout(10_000));
					return seen.deadlocksSeen > 0 && seen.tempFiles > before.tempFiles ? seen : undefined;
				});
				expect(value.deadlocksSeen).toBe(1);
				expect(String(value.deadlocks)).toBe(
					await server.psql('SELECT sum(deadlocks) FROM pg_stat_database'),
				);
				expect(String(value.tempBytes)).toBe(
					await server.psql('SELECT sum(temp_bytes) FROM pg_stat_database'),
				);
				expect(value.checksumFailures).toBe(0);
			});
		},
	);
}
