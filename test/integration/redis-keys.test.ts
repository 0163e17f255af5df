import {describe, expect, onTestFinished, test} from 'vitest';
import {createRedis} from '../../src/io/redis.ts';
import {redisKeys} from '../../src/sources/redis-keys.ts';
import {redisServer} from '../../src/sources/redis-server.ts';
import {partialIo} from '../support/io.ts';
import {realClock} from '../support/clock.ts';
import {mustSkip, serverForTest, titleFor} from '../support/redis-reading.ts';
import {infoField, redisMissing, type RedisServer} from '../support/redis-server.ts';
import {waitFor} from '../support/wait.ts';

function sample(server: RedisServer, signal: AbortSignal = AbortSignal.timeout(30_000)) {
	const target = server.target();
	const redis = createRedis({clock: realClock});
	onTestFinished(() => redis(target).close());
	return redisKeys.read(partialIo({redis}), target, signal);
}

async function calls(server: RedisServer, command: string): Promise<number> {
	const stats = infoField(await server.cli(['info', 'commandstats']), `cmdstat_${command}`);
	return Number(/calls=(\d+)/.exec(stats ?? '')?.[1] ?? 0);
}

describe.skipIf(mustSkip(redisMissing))(titleFor('redis.keys', redisMissing), () => {
	test('a small key space is read in full: sizes, types, prefixes, expiry', async () => {
		const server = await serverForTest();
		const lines = [
			...Array.from({length: 150}, (_, index) => `SET user:${index} ${'x'.repeat(100)}`),
			...Array.from({length: 50}, (_, index) => `SETEX session:${index} 500 token`),
			`RPUSH queue ${'job '.repeat(2000)}`,
			String.raw`SET "name\x1b[31m" 1`,
		];
		await server.cli([], {input: `${lines.join('\n')}\n`});
		const value = await sample(server);
		expect(value).toMatchObject({
			database: 0,
			scanned: 202,
			total: 202,
			isComplete: true,
			withoutExpiry: 152,
		});
		expect(value.largest[0]).toMatchObject({key: 'queue', type: 'list'});
		const usage = await server.cli(['memory', 'usage', 'queue', 'samples', '5']);
		expect(value.largest[0]?.bytes).toBe(Number(usage));
		expect(value.byPrefix.find(({prefix}) => prefix === 'user:')?.keys).toBe(150);
		expect(value.byPrefix.find(({prefix}) => prefix === 'session:')?.keys).toBe(50);
		expect(JSON.stringify(value)).not.toContain('\\u001b');
	});

	test('the database with the most keys is sampled', async () => {
		const server = await serverForTest();
		await server.cli([], {input: 'SET one 1\nSELECT 3\nSET a 1\nSET b 1\n'});
		expect(await sample(server)).toMatchObject({database: 3, scanned: 2, total: 2});
	});

	test('a server without keys', async () => {
		const server = await serverForTest();
		expect(await sample(server)).toMatchObject({scanned: 0, total: 0, isComplete: true});
	});

	test('A12: many keys are sampled within the budget, without KEYS and MONITOR', async () => {
		const server = await serverForTest({args: ['--enable-debug-command', 'yes']});
		await server.cli(['debug', 'populate', '300000', 'key', '10']);
		await server.cli(['config', 'resetstat']);
		const startMs = realClock.monotonic();
		const value = await sample(server);
		const seconds = (realClock.monotonic() - startMs) / 1000;

		expect(value.total).toBe(300_000);
		expect(value.isComplete).toBe(false);
		expect(value.scanned).toBeGreaterThan(100);
		// At most 1,000 keys a second and 5,000 in all (a last step may go over by what SCAN returns).
		expect(value.scanned).toBeLessThanOrEqual(5100);
		expect(value.scanned).toBeLessThanOrEqual(seconds * 1000 + 100);
		const stats = await server.cli(['info', 'commandstats']);
		expect(stats).not.toMatch(/cmdstat_(keys|monitor|debug)/);
		// In small steps: some 20 keys each, whatever the size of the key space.
		expect(await calls(server, 'scan')).toBeGreaterThanOrEqual(value.scanned / 40);
	});

	test('the server is read on the same connection while a sample runs and after it was stopped', async () => {
		const server = await serverForTest({args: ['--enable-debug-command', 'yes']});
		await server.cli(['debug', 'populate', '100000', 'key', '10']);
		const target = server.target();
		const redis = createRedis({clock: realClock});
		onTestFinished(() => redis(target).close());
		const io = partialIo({redis});
		const controller = new AbortController();
		const sampling = redisKeys.read(io, target, controller.signal).catch(() => 'stopped');
		const reader = redisServer.open(io, target);
		const read = () => reader.read(AbortSignal.timeout(5000));
		for (let times = 0; times < 5; times++) expect((await read()).keys.total).toBe(100_000);
		const reading = read();
		controller.abort();
		expect((await reading).role).toBe('master');
		expect(await sampling).toBe('stopped');
		expect((await read()).role).toBe('master');
		expect((await server.cli(['client', 'list'])).match(/name=opsconsole/g)).toHaveLength(1);
	});

	test('it stops with the signal', async () => {
		const server = await serverForTest({args: ['--enable-debug-command', 'yes']});
		await server.cli(['debug', 'populate', '100000', 'key', '10']);
		const controller = new AbortController();
		const stopped = new Error('stopped');
		const reading = sample(server, controller.signal);
		await waitFor(async () => ((await calls(server, 'scan')) > 3 ? true : undefined));
		controller.abort(stopped);
		await expect(reading).rejects.toBe(stopped);
		const after = await calls(server, 'scan');
		expect(await calls(server, 'scan')).toBe(after);
	});
});
