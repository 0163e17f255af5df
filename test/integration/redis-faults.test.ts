import {mkdtemp, rm} from 'node:fs/promises';
import {createServer, connect, type AddressInfo, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {inspect} from 'node:util';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {secret} from '../../src/domain/secret.ts';
import type {RedisTarget} from '../../src/domain/targets.ts';
import {createRedis} from '../../src/io/redis.ts';
import {redisKeys} from '../../src/sources/redis-keys.ts';
import {problems} from '../../src/words/index.ts';
import {certificate} from '../support/certificate.ts';
import {freePort} from '../support/free-port.ts';
import {partialIo} from '../support/io.ts';
import {realClock} from '../support/clock.ts';
import {mustSkip, problemOf, readerFor, serverForTest, titleFor} from '../support/redis-reading.ts';
import {redisMissing, type RedisServer} from '../support/redis-server.ts';
import {waitFor} from '../support/wait.ts';

function targetAt(port: number, more: Partial<RedisTarget> = {}): RedisTarget {
	return {id: 'redis:test', origin: 'host', host: '127.0.0.1', port, tls: 'off', ...more};
}

/** A TCP server that is no Redis; it is closed when the test ends. */
async function otherProgram(onConnection: (socket: Socket) => void): Promise<number> {
	const sockets = new Set<Socket>();
	const server = createServer(socket => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		onConnection(socket);
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		sockets.forEach(socket => socket.destroy());
		server.close();
	});
	const address: AddressInfo | string | null = server.address();
	return typeof address === 'object' && address !== null ? address.port : 0;
}

async function fill(server: RedisServer, count: number): Promise<string> {
	const lines = Array.from({length: count}, (_, index) => `SET k:${index} ${'x'.repeat(1000)}`);
	return server.cli([], {input: `${lines.join('\n')}\n`});
}

describe.skipIf(mustSkip(redisMissing))(titleFor('A10: no access', redisMissing), () => {
	test('a server that is down is named, and comes back by the next call', async () => {
		const server = await serverForTest();
		const read = readerFor(server.target());
		expect((await read()).version).toMatch(/^\d/);
		await server.stop();
		const problem = await problemOf(read());
		expect(problem.code).toMatch(/^redis-(refused|connection-lost)$/);
		const again = await problemOf(read());
		expect(again).toMatchObject({code: 'redis-refused', retry: 'soon'});
		expect(again.params).toMatchObject({address: `127.0.0.1:${server.port}`});
		await server.start();
		expect((await waitFor(() => read())).uptimeSeconds).toBeLessThan(60);
	});

	test('a killed server in the middle of a call is a lost connection, not a crash', async () => {
		const server = await serverForTest();
		const read = readerFor(server.target());
		await read();
		const sleeping = server.cli(['debug', 'sleep', '5']).catch(() => undefined);
		const reading = problemOf(read(4000));
		server.kill('SIGKILL');
		expect((await reading).code).toMatch(/^redis-(connection-lost|refused)$/);
		await sleeping;
	});

	test('NOAUTH and WRONGPASS are tried again only rarely and never show the password', async () => {
		const server = await serverForTest({args: ['--requirepass', 'correct-horse']});
		expect(await problemOf(readerFor(server.target())())).toMatchObject({
			code: 'redis-needs-password',
			retry: 'rarely',
		});
		const wrong = server.target({password: secret('hunter2-wrong')});
		const error: unknown = await readerFor(wrong)().catch((reason: unknown) => reason);
		expect(inspect(error, {depth: 10, showHidden: true})).not.toContain('hunter2');
		expect(await problemOf(Promise.reject(error as Error))).toMatchObject({
			code: 'redis-wrong-password',
			retry: 'rarely',
			params: {user: 'default'},
		});
		const right = server.target({password: secret('correct-horse')});
		expect((await readerFor(right)()).trouble).toEqual([]);
	});

	test('a password that nobody asks for is not a failure and writes nothing to the console', async () => {
		const server = await serverForTest();
		const warn = vi.spyOn(console, 'warn');
		const error = vi.spyOn(console, 'error');
		await readerFor(server.target({password: secret('needless')}))();
		expect(warn).not.toHaveBeenCalled();
		expect(error).not.toHaveBeenCalled();
	});

	test('NOPERM names the command; a user without the slow log is read without it, and asked once', async () => {
		const server = await serverForTest({
			aclFile: [
				'user default on nopass ~* &* +@all',
				'user blind on >pw1 ~* -@all +ping',
				'user narrow on >pw2 ~* -@all +ping +info',
				`user opsconsole on >pw3 -@all ${problems['redis-no-permission'].en.hint.split('{user} ')[1] ?? ''}`,
				'',
			].join('\n'),
		});
		const as = (user: string, password: string) =>
			server.target({id: user, user, password: secret(password)});
		expect(await problemOf(readerFor(as('blind', 'pw1'))())).toMatchObject({
			code: 'redis-no-permission',
			retry: 'rarely',
			params: {user: 'blind', command: 'INFO'},
		});

		await server.cli(['acl', 'log', 'reset']);
		const read = readerFor(as('narrow', 'pw2'));
		expect(await read()).toMatchObject({slowLogDenied: true, slowLog: []});
		await read();
		await read();
		const log = await server.cli(['acl', 'log']);
		expect(log.match(/^slowlog/gm) ?? []).toHaveLength(1);
		expect(log).toMatch(/count\n1\n/);

		// The rights of the hint are enough.
		await server.cli(['set', 'a', '1']);
		const granted = as('opsconsole', 'pw3');
		expect(await readerFor(granted)()).toMatchObject({slowLogDenied: false});
		const io = partialIo({redis: createRedis({clock: realClock})});
		onTestFinished(() => io.redis(granted).close());
		const sample = await redisKeys.read(io, granted, AbortSignal.timeout(5000));
		expect(sample).toMatchObject({scanned: 1, isComplete: true});
		expect(await server.cli(['acl', 'log'])).not.toMatch(/^opsconsole$/m);
	});

	test('a Unix socket, its absence, and a name that does not exist', async () => {
		const server = await serverForTest();
		const path = join(server.folder, 'redis.sock');
		await server.stop();
		expect((await problemOf(readerFor(server.target({host: path}))())).code).toBe(
			'redis-no-socket',
		);
		const withSocket = await serverForTest({args: ['--unixsocket', path]});
		expect((await readerFor(withSocket.target({host: path}))()).role).toBe('master');
		const unknown = targetAt(6379, {host: 'no-such-host.invalid'});
		expect((await problemOf(readerFor(unknown)())).code).toBe('redis-unknown-host');
	});

	test('TLS: verified, not verified, untrusted, and plain text to a TLS port', async () => {
		const files = await certificate({name: 'localhost', days: 30});
		onTestFinished(() => files.remove());
		const tlsPort = await freePort();
		await serverForTest({
			args: ['--tls-port', String(tlsPort), '--tls-auth-clients', 'no']
				.concat(['--tls-cert-file', files.certificate, '--tls-key-file', files.key])
				.concat(['--tls-ca-cert-file', files.certificate]),
		});
		const at = (more: Partial<RedisTarget>) => targetAt(tlsPort, {host: 'localhost', ...more});
		const trusted = at({tls: 'verify', caFile: files.certificate});
		expect((await readerFor(trusted)()).role).toBe('master');
		expect((await readerFor(at({tls: 'insecure'}))()).role).toBe('master');
		expect(await problemOf(readerFor(at({tls: 'verify'}))())).toMatchObject({
			code: 'redis-tls',
			params: {cause: 'DEPTH_ZERO_SELF_SIGNED_CERT'},
		});
		expect((await problemOf(readerFor(at({}))())).code).toBe('redis-connection-lost');
		const noFile = at({tls: 'verify', caFile: '/nonexistent/ca.pem'});
		expect((await problemOf(readerFor(noFile)())).code).toBe('redis-ca-file');
	});

	test('another program on the port is said to be no Redis', async () => {
		const ssh = await otherProgram(socket => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
		expect((await problemOf(readerFor(targetAt(ssh))())).code).toBe('redis-not-redis');
		const http = await otherProgram(socket => {
			socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
		});
		expect((await problemOf(readerFor(targetAt(http))())).code).toBe('redis-not-redis');
	});

	test('a program that never answers ends with the signal, and its socket is closed', async () => {
		const closed = vi.fn();
		const port = await otherProgram(socket => socket.on('close', closed).resume());
		const client = createRedis({clock: realClock})(targetAt(port));
		const reason = new Error('stop');
		const controller = new AbortController();
		const answer = client.call('PING', [], controller.signal);
		controller.abort(reason);
		await expect(answer).rejects.toBe(reason);
		await expect(client.call('PING', [], AbortSignal.timeout(200))).rejects.toThrow();
		await waitFor(() => (closed.mock.calls.length > 0 ? true : undefined));
	});

	test('a program that never answers the sign-in is given up after the deadline', async () => {
		const port = await otherProgram(socket => socket.resume());
		// The time of the deadline passes at once.
		const clock = {...realClock, sleep: () => Promise.resolve()};
		const client = createRedis({clock})(targetAt(port));
		const problem = await problemOf(client.call('PING', [], AbortSignal.timeout(20_000)));
		expect(problem).toMatchObject({code: 'redis-connect-timeout', params: {seconds: 3}});
	});

	test('a target whose address changed gets a new connection, the same one keeps its own', async () => {
		const [first, second] = [await serverForTest(), await serverForTest()];
		const redis = createRedis({clock: realClock});
		const at = (port: number) => redis(targetAt(port));
		onTestFinished(() => at(second.port).close());
		await at(first.port).call('PING', [], AbortSignal.timeout(5000));
		expect(at(first.port)).toBe(at(first.port));
		await at(second.port).call('PING', [], AbortSignal.timeout(5000));
		const isNamed = async (server: RedisServer) =>
			(await server.cli(['client', 'list'])).includes('name=opsconsole');
		await waitFor(async () => ((await isNamed(first)) ? undefined : true));
		expect(await isNamed(second)).toBe(true);
	});

	test('a frozen server ends with the signal, and is read again when it goes on', async () => {
		const server = await serverForTest();
		const read = readerFor(server.target());
		await read();
		server.kill('SIGSTOP');
		await expect(read(200)).rejects.toMatchObject({name: 'TimeoutError'});
		server.kill('SIGCONT');
		expect((await waitFor(() => read())).role).toBe('master');
		await waitFor(async () =>
			(await server.cli(['client', 'list'])).match(/name=opsconsole/g)?.length === 1
				? true
				: undefined,
		);
	});

	test('a server without a connection left says so', async () => {
		const server = await serverForTest({args: ['--maxclients', '1']});
		const holder = connect(server.port, '127.0.0.1');
		onTestFinished(() => {
			holder.destroy();
		});
		const problem = await waitFor(async () => {
			const found = await problemOf(readerFor(server.target())());
			return found.code === 'redis-too-many-clients' ? found : undefined;
		});
		expect(problem.retry).toBe('soon');
	});
});

describe.skipIf(mustSkip(redisMissing))(titleFor('A11: refused commands', redisMissing), () => {
	test('OOM: writes are refused for memory, reads go on', async () => {
		const server = await serverForTest({
			args: ['--maxmemory', '3mb', '--maxmemory-policy', 'noeviction'],
		});
		const read = readerFor(server.target());
		expect((await read()).trouble).toEqual([]);
		expect(await fill(server, 4000)).toContain('OOM command not allowed');
		const value = await read();
		expect(value.trouble).toEqual(['out-of-memory']);
		expect(value.memory.usedPercent).toBeGreaterThan(97);
		await server.cli(['flushall']);
		// What somebody was refused a moment ago is still told for 10 s; a new reader sees only the state.
		expect((await readerFor(server.target())()).trouble).toEqual([]);
	});

	test('OOM: a policy that may evict only expiring keys, of which there are none', async () => {
		const server = await serverForTest({
			args: ['--maxmemory', '3mb', '--maxmemory-policy', 'volatile-lru'],
		});
		await fill(server, 4000);
		expect((await readerFor(server.target())()).trouble).toEqual(['out-of-memory']);
	});

	test('MISCONF: a failed save stops writes, unless the configuration says otherwise', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'opsconsole-redis-data-'));
		const server = await serverForTest({args: ['--save', '900 1', '--dir', folder]});
		const read = readerFor(server.target());
		await rm(folder, {recursive: true});
		await server.cli(['bgsave']);
		const value = await waitFor(async () => {
			const now = await read();
			return now.persistence.lastSaveOk ? undefined : now;
		});
		expect(value.trouble).toEqual(['save-failed']);
		expect(await server.cli(['set', 'a', '1'])).toContain('MISCONF');
		await server.cli(['config', 'set', 'stop-writes-on-bgsave-error', 'no']);
		const relaxed = await readerFor(server.target())();
		expect(relaxed.trouble).toEqual([]);
		expect(relaxed.persistence.lastSaveOk).toBe(false);
	});

	test('READONLY: a write to a replica, and a replica without its master', async () => {
		const master = await serverForTest({args: ['--repl-diskless-sync-delay', '0']});
		const replica = await serverForTest({args: ['--replicaof', '127.0.0.1', String(master.port)]});
		const read = readerFor(replica.target());
		await waitFor(async () =>
			(await read()).replication.masterLinkUp === true ? true : undefined,
		);
		const fresh = readerFor(replica.target());
		expect((await fresh()).trouble).toEqual([]);
		expect(await replica.cli(['set', 'a', '1'])).toContain('READONLY');
		expect((await fresh()).trouble).toEqual(['read-only']);
		await master.stop();
		const lonely = await waitFor(async () => {
			const now = await readerFor(replica.target())();
			return now.replication.masterLinkUp === false ? now : undefined;
		});
		expect(lonely.trouble).toEqual(['read-only']);
	});

	test('LOADING: a server that loads its data is read, and named as loading', async () => {
		const server = await serverForTest();
		await fill(server, 2000);
		await server.cli(['save']);
		await server.stop();
		// 2,000 keys at 5 ms each.
		const slow = await serverForTest({
			args: ['--loading-process-events-interval-bytes', '1024', '--key-load-delay', '5000'].concat([
				'--dir',
				server.folder,
			]),
		});
		const value = await readerFor(slow.target())();
		expect(value.persistence.isLoading).toBe(true);
		expect(value.trouble).toEqual(['loading']);
		const client = createRedis({clock: realClock})(slow.target());
		onTestFinished(() => client.close());
		const refused = await problemOf(client.call('DBSIZE', [], AbortSignal.timeout(5000)));
		expect(refused.code).toBe('redis-loading');
	});

	test('BUSY: a script that blocks is a named problem, and its end brings the values back', async () => {
		const server = await serverForTest({args: ['--lua-time-limit', '50']});
		const read = readerFor(server.target());
		await read();
		const script = server.cli(['eval', 'while true do end', '0']).catch(() => undefined);
		const problem = await waitFor(async () => {
			const found = await problemOf(read(1000));
			return found.code === 'redis-busy-script' ? found : undefined;
		});
		expect(problem.retry).toBe('soon');
		expect((await problemOf(readerFor(server.target())())).code).toBe('redis-busy-script');
		await server.cli(['script', 'kill']);
		await script;
		expect((await read()).role).toBe('master');
	});
});
