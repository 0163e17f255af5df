import {execFile} from 'node:child_process';
import {chown, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {ProblemError, type Problem} from '../../src/domain/problem.ts';
import {secret} from '../../src/domain/secret.ts';
import type {PostgresTarget} from '../../src/domain/targets.ts';
import type {PostgresClient} from '../../src/io/io.ts';
import {createPostgres} from '../../src/io/postgres.ts';
import {realClock} from '../support/clock.ts';
import {freePort} from '../support/free-port.ts';
import {lacksPostgres, serverUser} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {startProxy} from '../support/tcp-proxy.ts';
import {waitFor} from '../support/wait.ts';

const clients: PostgresClient[] = [];

function clientOf(target: PostgresTarget): PostgresClient {
	const client = createPostgres({clock: realClock})(target);
	clients.push(client);
	return client;
}

/** The value of a statement of one row and one column. */
async function ask(client: PostgresClient, sql: string, timeoutMs = 10_000): Promise<unknown> {
	const [row] = await client.query(sql, [], AbortSignal.timeout(timeoutMs));
	return Object.values(row ?? {})[0];
}

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof ProblemError) {
			return error.problem;
		}
		throw error;
	}
	throw new Error('it succeeded');
}

/** A target without a password. */
function bareTarget(port: number): PostgresTarget {
	return {
		id: 'bare',
		origin: 'configured',
		host: '127.0.0.1',
		port,
		database: 'postgres',
		user: 'postgres',
		tls: 'off',
	};
}

const ownSessions = `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'opsconsole'`;

afterEach(async () => {
	await Promise.all(clients.splice(0).map(client => client.close()));
});

describe.skipIf(await lacksPostgres())('the client of PostgreSQL', () => {
	let server: PostgresServer;

	beforeAll(async () => {
		server = await startPostgres({
			settings: {max_connections: 8, superuser_reserved_connections: 3},
		});
		await server.psql('CREATE ROLE plain LOGIN; CREATE TABLE kept (id int)');
		await server.psql('CREATE DATABASE gated');
	});

	afterAll(async () => {
		await server.remove();
	});

	it('opens one read-only session with a name and limits, however many ask at once', async () => {
		const client = clientOf(server.target());
		const answers = await Promise.all([1, 2, 3, 4, 5].map(n => ask(client, `SELECT ${n} AS n`)));
		expect(answers).toEqual([1, 2, 3, 4, 5]);
		expect(await server.psql(ownSessions)).toBe('1');
		expect(await ask(client, 'SHOW statement_timeout')).toBe('3s');
		expect(await ask(client, 'SHOW lock_timeout')).toBe('1s');
		expect(await ask(client, 'SHOW transaction_read_only')).toBe('on');
	});

	it('refuses to write', async () => {
		const client = clientOf(server.target());
		for (const sql of [
			'INSERT INTO public.kept VALUES (1)',
			'UPDATE public.kept SET id = 2',
			'DROP TABLE public.kept',
		]) {
			const problem = await problemOf(ask(client, sql));
			expect(problem.params['state']).toBe('25006');
		}
		expect(await server.psql('SELECT count(*) FROM kept')).toBe('0');
	});

	it('connects by the socket in a folder', async () => {
		const client = clientOf(server.target({host: server.folder}));
		expect(await ask(client, 'SELECT inet_client_addr() IS NULL')).toBe(true);
	});

	it('gives the same client for the same target, and a new one when its address changed', () => {
		const postgres = createPostgres({clock: realClock});
		const client = postgres(server.target());
		clients.push(client);
		expect(postgres(server.target())).toBe(client);
		const moved = postgres(server.target({host: server.folder}));
		clients.push(moved);
		expect(moved).not.toBe(client);
		expect(postgres(server.target({host: server.folder}))).toBe(moved);
	});

	it('ends the statement on the server when the caller gives up, and keeps its session', async () => {
		const client = clientOf(server.target());
		const before = await ask(client, 'SELECT pg_backend_pid()');
		const problem = await problemOf(ask(client, 'SELECT pg_sleep(60)', 200));
		expect(problem.code).toBe('postgres-slow');
		const running = `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'opsconsole' AND state = 'active'`;
		await waitFor(async () => ((await server.psql(running)) === '0' ? true : undefined));
		expect(await ask(client, 'SELECT pg_backend_pid()')).toBe(before);
	});

	it('gives the caller its own reason back', async () => {
		const client = clientOf(server.target());
		const controller = new AbortController();
		const reason = new Error('leaving');
		const asked = client.query('SELECT pg_sleep(60)', [], controller.signal);
		const queued = client.query('SELECT 1', [], controller.signal);
		controller.abort(reason);
		await expect(asked).rejects.toBe(reason);
		await expect(queued).rejects.toBe(reason);
		expect(await ask(client, 'SELECT 2 AS n')).toBe(2);
	});

	it('A03: a statement over the limit is called slow', async () => {
		const client = clientOf(server.target());
		const problem = await problemOf(ask(client, 'SELECT pg_sleep(60)'));
		expect(problem).toMatchObject({code: 'postgres-slow', params: {seconds: 3}});
		expect(await ask(client, 'SELECT 1 AS n')).toBe(1);
	});

	it('A02: survives the end of its session and is back with the next query', async () => {
		const client = clientOf(server.target());
		const pid = await ask(client, 'SELECT pg_backend_pid()');
		await server.psql(`SELECT pg_terminate_backend(${String(pid)})`);
		await waitFor(async () => ((await server.psql(ownSessions)) === '0' ? true : undefined));
		const again = await waitFor(() => ask(client, 'SELECT pg_backend_pid()'));
		expect(again).not.toBe(pid);
		expect(await server.psql(ownSessions)).toBe('1');
	});

	it('A07: says that a statement was ended by an administrator', async () => {
		const client = clientOf(server.target());
		const pid = await ask(client, 'SELECT pg_backend_pid()');
		const asked = problemOf(ask(client, 'SELECT pg_sleep(60)'));
		await server.psql(`SELECT pg_terminate_backend(${String(pid)})`);
		expect(await asked).toMatchObject({code: 'postgres-shutdown', params: {state: '57P01'}});
	});

	it('A07: says that a database is closed', async () => {
		await server.psql('ALTER DATABASE gated ALLOW_CONNECTIONS false');
		const client = clientOf(server.target({database: 'gated'}));
		expect(await problemOf(ask(client, 'SELECT 1'))).toMatchObject({
			code: 'postgres-not-accepting',
			retry: 'soon',
		});
	});

	it('A05: names a missing role and a missing database', async () => {
		const noRole = clientOf(server.target({user: 'nobody_here'}));
		expect(await problemOf(ask(noRole, 'SELECT 1'))).toMatchObject({
			code: 'postgres-no-role',
			retry: 'rarely',
		});
		const noDatabase = clientOf(server.target({database: 'nothing_here'}));
		expect(await problemOf(ask(noDatabase, 'SELECT 1'))).toMatchObject({
			code: 'postgres-no-database',
			retry: 'rarely',
		});
	});

	it('A06: says that no connection is free, names the limit, and keeps the one it has', async () => {
		const kept = clientOf(server.target({id: 'kept', user: 'plain'}));
		expect(await ask(kept, 'SELECT 1 AS n')).toBe(1);
		const sessions = await Promise.all([1, 2, 3, 4].map(() => server.session({user: 'plain'})));
		const late = clientOf(server.target({id: 'late', user: 'plain'}));
		expect(await problemOf(ask(late, 'SELECT 1'))).toMatchObject({code: 'postgres-full-unknown'});
		expect(await ask(kept, 'SELECT 2 AS n')).toBe(2);
		const pid = await ask(kept, 'SELECT pg_backend_pid()');
		sessions.push(await server.session());
		await server.psql(`SELECT pg_terminate_backend(${String(pid)})`);
		sessions.push(await server.session());
		const problem = await waitFor(async () => {
			const found = await problemOf(ask(kept, 'SELECT 1'));
			return found.code === 'postgres-full' ? found : undefined;
		});
		expect(problem.params['limit']).toBe(8);
		await Promise.all(sessions.map(session => session.end()));
		expect(await waitFor(() => ask(late, 'SELECT 3 AS n'))).toBe(3);
	});

	it('A03: through a slow line one socket is open at a time and the result is called slow', async () => {
		const proxy = await startProxy(server.port);
		const client = clientOf(server.target({port: proxy.port}));
		expect(await ask(client, 'SELECT 1 AS n')).toBe(1);
		proxy.set({delayMs: 30_000});
		for (const number of [1, 2]) {
			const problem = await problemOf(ask(client, `SELECT ${number} AS n`, 300));
			expect(['postgres-slow', 'postgres-no-answer']).toContain(problem.code);
			await waitFor(() => (proxy.open() <= 1 ? true : undefined));
		}
		proxy.set({});
		expect(await ask(client, 'SELECT 2 AS n')).toBe(2);
		expect(proxy.open()).toBe(1);
		await proxy.close();
	});

	it('A04: a black hole is given up after the deadline and its socket is closed', async () => {
		const proxy = await startProxy(server.port, {swallow: true});
		const client = clientOf(server.target({port: proxy.port}));
		expect(await problemOf(ask(client, 'SELECT 1'))).toMatchObject({
			code: 'postgres-no-answer',
			params: {address: `127.0.0.1:${proxy.port}`, seconds: 3},
		});
		await waitFor(() => (proxy.open() === 0 ? true : undefined));
		await proxy.close();
	});

	it('A01, A02: names a stopped server and is back at the first query after it', async () => {
		const client = clientOf(server.target());
		expect(await ask(client, 'SELECT 1 AS n')).toBe(1);
		await server.stop('immediate');
		const problem = await waitFor(async () => {
			const found = await problemOf(ask(client, 'SELECT 1'));
			return found.code === 'postgres-refused' ? found : undefined;
		});
		expect(problem.params['address']).toBe(`127.0.0.1:${server.port}`);
		const socket = clientOf(server.target({host: server.folder}));
		expect((await problemOf(ask(socket, 'SELECT 1'))).code).toBe('postgres-no-socket');
		await server.start();
		expect(await ask(client, 'SELECT 2 AS n')).toBe(2);
		expect(await server.psql(ownSessions)).toBe('1');
	});

	it('leaves nothing behind when it is closed, also while a statement runs', async () => {
		const client = clientOf(server.target());
		const asked = client.query('SELECT pg_sleep(2)', [], AbortSignal.timeout(10_000));
		asked.catch(() => undefined);
		await waitFor(async () => ((await server.psql(ownSessions)) === '1' ? true : undefined));
		await client.close();
		await expect(asked).rejects.toThrow('closed');
		await waitFor(async () => ((await server.psql(ownSessions)) === '0' ? true : undefined));
	});
});

describe.skipIf(await lacksPostgres())('logging in to PostgreSQL', () => {
	let server: PostgresServer;
	const password = 'canary-right-1';

	beforeAll(async () => {
		server = await startPostgres({
			password,
			hba: [
				'local all all scram-sha-256',
				'host all old 127.0.0.1/32 md5',
				'host all refused 127.0.0.1/32 reject',
				'host all all 127.0.0.1/32 scram-sha-256',
			],
		});
	});

	afterAll(async () => {
		await server.remove();
	});

	it('takes the password', async () => {
		expect(await ask(clientOf(server.target()), 'SELECT 1 AS n')).toBe(1);
	});

	it('takes a password of md5', async () => {
		await server.psql(
			`SET password_encryption = 'md5'; CREATE ROLE old LOGIN PASSWORD 'canary-old'`,
		);
		const target = server.target({user: 'old', password: secret('canary-old')});
		expect(await ask(clientOf(target), 'SELECT 1 AS n')).toBe(1);
	});

	it('A05: names a wrong password, tries again rarely, and never shows it', async () => {
		const target = server.target({password: secret('canary-wrong-2')});
		const problem = await problemOf(ask(clientOf(target), 'SELECT 1'));
		expect(problem).toEqual({
			code: 'postgres-password',
			params: {user: 'postgres'},
			retry: 'rarely',
		});
	});

	it('A05: asks a server that refused the login once, not for each of several questions', async () => {
		const proxy = await startProxy(server.port);
		try {
			const password = secret('canary-wrong-3');
			const client = clientOf({...server.target({password}), port: proxy.port});
			const asked = [1, 2, 3, 4].map(async () => problemOf(ask(client, 'SELECT 1')));
			const codes = (await Promise.all(asked)).map(({code}) => code);
			expect(new Set(codes)).toEqual(new Set(['postgres-password']));
			expect(proxy.total()).toBe(1);
		} finally {
			await proxy.close();
		}
	});

	it('A05: says that a password is missing', async () => {
		const problem = await problemOf(ask(clientOf(bareTarget(server.port)), 'SELECT 1'));
		expect(problem).toMatchObject({code: 'postgres-no-password', retry: 'rarely'});
	});

	it('A05: says that pg_hba.conf refuses', async () => {
		const problem = await problemOf(ask(clientOf(server.target({user: 'refused'})), 'SELECT 1'));
		expect(problem).toMatchObject({code: 'postgres-login-refused', retry: 'rarely'});
	});

	it('says that the server has no TLS', async () => {
		const problem = await problemOf(ask(clientOf(server.target({tls: 'verify'})), 'SELECT 1'));
		expect(problem).toMatchObject({code: 'postgres-no-tls', retry: 'rarely'});
	});

	it('verifies the certificate with TLS', async () => {
		const certificate = join(server.folder, 'server.crt');
		const key = join(server.folder, 'server.key');
		await promisify(execFile)('openssl', [
			...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key],
			...['-out', certificate, '-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1'],
		]);
		const owner = serverUser();
		if (owner) {
			await Promise.all([certificate, key].map(file => chown(file, owner.uid, owner.gid)));
		}
		await server.psql(`ALTER SYSTEM SET ssl_cert_file = '${certificate}'`);
		await server.psql(`ALTER SYSTEM SET ssl_key_file = '${key}'`);
		await server.psql('ALTER SYSTEM SET ssl = on');
		await server.psql('SELECT pg_reload_conf()');
		await waitFor(async () => ((await server.psql('SHOW ssl')) === 'on' ? true : undefined));
		const isEncrypted = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';

		const insecure = clientOf(server.target({tls: 'insecure'}));
		expect(await ask(insecure, isEncrypted)).toBe(true);
		const trusting = clientOf(server.target({tls: 'verify', caFile: certificate}));
		expect(await ask(trusting, isEncrypted)).toBe(true);
		const unknown = clientOf(server.target({tls: 'verify'}));
		expect(await problemOf(ask(unknown, 'SELECT 1'))).toMatchObject({
			code: 'postgres-untrusted',
			retry: 'rarely',
		});
		const missing = clientOf(server.target({tls: 'verify', caFile: join(server.folder, 'none')}));
		expect((await problemOf(ask(missing, 'SELECT 1'))).code).toBe('postgres-ca-file');
	});

	it('leaves no password in the log of the server', async () => {
		expect(await readFile(join(server.folder, 'log'), 'utf8')).not.toContain('canary-wrong');
	});
});

describe('without a server', () => {
	it('A01: says that nothing listens', async () => {
		const port = await freePort();
		const client = clientOf(bareTarget(port));
		expect(await problemOf(ask(client, 'SELECT 1'))).toEqual({
			code: 'postgres-refused',
			params: {address: `127.0.0.1:${port}`},
			retry: 'soon',
		});
	});
});
