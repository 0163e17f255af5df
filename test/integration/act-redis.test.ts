import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {secret} from '../../src/domain/secret.ts';
import type {RedisSession} from '../../src/io/act.ts';
import {createAct} from '../../src/io/create-act.ts';
import {never, problemOf, processesWith} from '../support/act.ts';
import {redisMissing, startRedis, type RedisServer} from '../support/redis-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {waitFor} from '../support/wait.ts';

const redis = await requireComponent('redis-server', () => redisMissing ?? true);

describe.skipIf(redis.missing !== undefined)(titleWith(redis, 'changes of a Redis server'), () => {
	const act = createAct();
	const password = 'Canary-0815-secret';
	let server: RedisServer;
	const open: RedisSession[] = [];

	beforeAll(async () => {
		server = await startRedis({
			aclFile: `user default on >${password} ~* &* +@all\nuser small on >${password} ~* +get +client`,
		});
	});
	afterEach(() => Promise.all(open.splice(0).map(session => session.close())));
	afterAll(() => server.remove());

	async function session(more: Parameters<RedisServer['target']>[0] = {}): Promise<RedisSession> {
		const target = server.target({password: secret(password), ...more});
		const opened = await act.redis(target, '2026 run');
		open.push(opened);
		return opened;
	}

	test('gives the replies as they are and is named after its operation', async () => {
		const one = await session();
		const call = (...argv: string[]) => one.call(argv, never);
		expect(await call('set', 'k -x', 'v\r\n"$')).toBe('OK');
		expect(await call('get', 'k -x')).toBe('v\r\n"$');
		expect(await call('get', 'none')).toBeNull();
		expect(await call('hset', 'h', 'a', '1', 'b', '2')).toBe(2);
		// The driver would make an object of it.
		expect(await call('hgetall', 'h')).toEqual(['a', '1', 'b', '2']);
		expect(await call('multi')).toBe('OK');
		expect(await call('incr', 'n')).toBe('QUEUED');
		expect(await call('exec')).toEqual([1]);
		expect(await call('client', 'getname')).toBe('opsc:2026_run');
		expect(await call('eval', 'return {1,{"a",false}}', '0')).toEqual([1, ['a', null]]);
	});

	test('names refusals', async () => {
		const one = await session();
		const code = async (...argv: string[]) => (await problemOf(one.call(argv, never))).code;
		expect(await code('nonsense')).toBe('redis-error');
		await one.call(['config', 'set', 'maxmemory', '1mb'], never);
		expect(await code('set', 'big', 'x'.repeat(2_000_000)).catch(() => 'stored')).toMatch(
			/stored|redis-out-of-memory/,
		);
		expect(await code('set', 'more', 'x')).toBe('redis-out-of-memory');
		await one.call(['config', 'set', 'maxmemory', '0'], never);
		await one.call(['replicaof', '127.0.0.1', '1'], never);
		expect(await code('set', 'a', 'b')).toBe('redis-read-only');
		await one.call(['replicaof', 'no', 'one'], never);
		await one.call(['multi'], never);
		await one.call(['set', 'text', 'a'], never);
		await one.call(['incr', 'text'], never);
		expect(await code('exec')).toBe('redis-error');
		const small = await session({user: 'small'});
		expect(await problemOf(small.call(['flushall'], never))).toMatchObject({
			code: 'act-redis-no-permission',
			params: {command: 'flushall', user: 'small'},
		});
	});

	test('names a server that is busy with a script, and waits for nothing after an abort', async () => {
		const one = await session();
		await one.call(['config', 'set', 'busy-reply-threshold', '1'], never);
		const two = await session();
		const stop = new AbortController();
		const script = one.call(['eval', 'while true do end', '0'], stop.signal);
		const busy = await waitFor(async () => {
			const {code} = await problemOf(two.call(['get', 'x'], never));
			return code === 'redis-busy-script' ? code : undefined;
		});
		expect(busy).toBe('redis-busy-script');
		stop.abort(new Error('stop'));
		await expect(script).rejects.toThrow('stop');
		expect((await problemOf(one.call(['ping'], never))).code).toBe('redis-connection-lost');
		await two.call(['script', 'kill'], never);
	});

	test('a server that goes away is a lost connection, and nothing connects again', async () => {
		const one = await session();
		const other = await startRedis();
		const target = other.target();
		const short = await act.redis(target, 'op');
		await other.stop();
		expect((await problemOf(short.call(['ping'], never))).code).toBe('redis-connection-lost');
		await other.start();
		expect((await problemOf(short.call(['ping'], never))).code).toBe('redis-connection-lost');
		await short.close();
		await other.remove();
		expect(await one.call(['ping'], never)).toBe('PONG');
	});

	test('says why there is no connection, without the password', async () => {
		const target = server.target({password: secret('Wrong-canary-4711')});
		const refused = await problemOf(act.redis(target, 'op'));
		expect(refused.code).toBe('redis-wrong-password');
		const one = await session();
		const told = await problemOf(one.call(['nonsense', password], never));
		expect(JSON.stringify([refused, told])).not.toMatch(/anary/);
		expect(await processesWith(password)).toEqual([]);
	});
});
