import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import type {PostgresSession} from '../../src/io/act.ts';
import {createAct} from '../../src/io/create-act.ts';
import {secret} from '../../src/domain/secret.ts';
import {freePort} from '../support/free-port.ts';
import {never, problemOf, processesWith} from '../support/act.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {waitFor} from '../support/wait.ts';

describe.skipIf(await lacksPostgres())('a session that changes a PostgreSQL server', () => {
	const act = createAct();
	const canary = 'Canary-4711-secret';
	let server: PostgresServer;
	const open: PostgresSession[] = [];

	beforeAll(async () => {
		server = await startPostgres({
			password: canary,
			hba: ['local all all trust', 'host all hasty all scram-sha-256', 'host all all all trust'],
		});
		await server.psql('CREATE ROLE plain LOGIN');
		await server.psql('CREATE TABLE kept (id int)');
		await server.psql(`CREATE ROLE hasty SUPERUSER LOGIN PASSWORD '${canary}'`);
		await server.psql('ALTER ROLE hasty SET statement_timeout = 1');
		await server.psql('ALTER ROLE hasty SET default_transaction_read_only = on');
	});
	afterEach(() => Promise.all(open.splice(0).map(session => session.close())));
	afterAll(() => server.remove());

	async function session(database = 'postgres', operation = 'op'): Promise<PostgresSession> {
		const opened = await act.postgres(server.target({user: 'hasty'}), database, operation);
		open.push(opened);
		return opened;
	}

	const running = `SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'opsc:%'`;

	it('writes, keeps a transaction, and is named after its operation', async () => {
		const name = `20261121T101500Z-${'ü'.repeat(40)}`;
		const one = await session('postgres', name);
		await one.query('BEGIN', [], never);
		await one.query('INSERT INTO public.kept VALUES ($1)', [7], never);
		expect(await server.psql('SELECT count(*) FROM kept')).toBe('0');
		await one.query('COMMIT', [], never);
		expect(await server.psql('SELECT * FROM kept')).toBe('7');
		const [row] = await one.query(
			`SELECT octet_length(application_name) AS bytes, application_name LIKE 'opsc:20261121T%' AS fits,
				current_setting('statement_timeout') AS timeout
				FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
			[],
			never,
		);
		expect(row).toMatchObject({fits: true, timeout: '0'});
		expect(Number(row?.['bytes'])).toBeLessThanOrEqual(63);
		await one.query('VACUUM public.kept', [], never);
		expect(one.isOpen()).toBe(true);
	});

	it.each([
		'-Fc',
		'host=evil.example dbname=x',
		`it's "quoted" \\`,
		'postgres://other/db',
		'a b',
		'中',
	])('connects to the very database %j', async database => {
		const control = await session();
		await control.query(`CREATE DATABASE "${database.replaceAll('"', '""')}"`, [], never);
		const inside = await session(database);
		expect(await inside.query('SELECT current_database() AS name', [], never)).toEqual([
			{name: database},
		]);
	});

	it('refuses a name that would carry settings behind it', async () => {
		const name = 'postgres\0options\0-c statement_timeout=5';
		expect((await problemOf(act.postgres(server.target(), name, 'op'))).code).toBe(
			'act-postgres-name',
		);
	});

	it('gives refusals with their SQLSTATE and stays usable', async () => {
		const one = await session();
		const state = async (sql: string) => {
			const {code, params} = await problemOf(one.query(sql, [], never));
			return `${code} ${String(params['state'])}`;
		};
		expect(await state('SELEC 1')).toBe('act-postgres-statement 42601');
		expect(await state('CREATE DATABASE postgres')).toBe('act-postgres-statement 42P04');
		expect(await state('DROP DATABASE postgres')).toBe('act-postgres-statement 55006');
		expect(await state('SELECT 1; DROP TABLE public.kept')).toBe('act-postgres-statement 42601');
		await one.query(`SET statement_timeout = '50ms'`, [], never);
		expect(await state('SELECT pg_sleep(60)')).toBe('act-postgres-cancelled 57014');
		await one.query(`SET statement_timeout = 0`, [], never);
		await one.query('SET ROLE plain', [], never);
		expect(await state('CREATE TABLE public.no (id int)')).toBe('postgres-no-rights 42501');
		expect(await one.query('SELECT 1 AS one', [], never)).toEqual([{one: 1}]);
	});

	it('waits for its turn, and one that is aborted while waiting does nothing', async () => {
		const one = await session();
		const stop = new AbortController();
		const first = one.query('SELECT pg_sleep(0.3)', [], never);
		const second = one.query('INSERT INTO public.kept VALUES (99)', [], stop.signal);
		const third = one.query('SELECT 3 AS three', [], never);
		stop.abort(new Error('stop'));
		await expect(second).rejects.toThrow('stop');
		await first;
		expect(await third).toEqual([{three: 3}]);
		expect(await server.psql('SELECT count(*) FROM kept WHERE id = 99')).toBe('0');
	});

	it('when aborted the statement has ended on the server, its locks are free and the session is gone', async () => {
		const one = await session();
		const stop = new AbortController();
		await one.query('BEGIN', [], never);
		await one.query('LOCK TABLE public.kept', [], never);
		const sleeping = one.query('SELECT pg_sleep(600)', [], stop.signal);
		await waitFor(async () =>
			(await server.psql(`${running} AND query LIKE '%pg_sleep(600)%' AND state = 'active'`)) ===
			'1'
				? true
				: undefined,
		);
		stop.abort(new Error('stop'));
		await expect(sleeping).rejects.toThrow('stop');
		expect(await server.psql(`${running} AND state = 'active'`)).toBe('0');
		expect(one.isOpen()).toBe(false);
		expect((await problemOf(one.query('SELECT 1', [], never))).code).toBe('act-postgres-closed');
		await waitFor(async () => ((await server.psql(running)) === '0' ? true : undefined));
	});

	it('closing ends what still runs', async () => {
		const one = await session();
		const sleeping = one.query('SELECT pg_sleep(601)', [], never).catch(() => 'ended');
		await waitFor(async () =>
			(await server.psql(`${running} AND query LIKE '%pg_sleep(601)%'`)) === '1' ? true : undefined,
		);
		await one.close();
		expect(await sleeping).toBe('ended');
		await waitFor(async () => ((await server.psql(running)) === '0' ? true : undefined));
	});

	it('notices that the server ended it, and nothing escapes', async () => {
		const one = await session();
		await server.psql(
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'opsc:op'`,
		);
		await waitFor(() => (one.isOpen() ? undefined : true));
		expect((await problemOf(one.query('SELECT 1', [], never))).code).toBe('act-postgres-closed');
		const two = await session();
		const asleep = problemOf(two.query('SELECT pg_sleep(600)', [], never));
		await waitFor(async () =>
			(await server.psql(
				`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'opsc:op' AND state = 'active'`,
			)) === '1'
				? true
				: undefined,
		);
		expect(await asleep).toMatchObject({code: 'postgres-shutdown', params: {state: '57P01'}});
	});

	it('says why there is no session, without the password', async () => {
		const wrong = server.target({user: 'hasty', password: secret('Wrong-canary-0815')});
		const refused = await problemOf(act.postgres(wrong, 'postgres', 'op'));
		expect(refused.code).toBe('postgres-password');
		expect((await problemOf(act.postgres(server.target(), 'none', 'op'))).code).toBe(
			'postgres-no-database',
		);
		const nobody = server.target({port: await freePort()});
		expect((await problemOf(act.postgres(nobody, 'postgres', 'op'))).code).toBe('postgres-refused');
		const one = await session();
		const told = await problemOf(one.query(`SELECT '${canary}'::int`, [], never));
		expect(JSON.stringify([refused, told])).not.toMatch(/anary/);
		expect(await processesWith(canary)).toEqual([]);
	});
});
