import {connect} from 'node:net';
import {describe, expect, onTestFinished, test} from 'vitest';
import type {RedisValue} from '../../src/domain/redis.ts';
import {otherServer, type OtherServer} from '../support/other-redis.ts';
import {mustSkip, readerFor, serverForTest, titleFor} from '../support/redis-reading.ts';
import {infoField, redisMissing, type RedisServer} from '../support/redis-server.ts';
import {waitFor} from '../support/wait.ts';

/** Fills a server with strings of 1 KB. */
async function fill(server: RedisServer, count: number, prefix = 'user'): Promise<void> {
	const lines = Array.from(
		{length: count},
		(_, index) => `SET ${prefix}:${index} ${'x'.repeat(1000)}`,
	);
	await server.cli([], {input: `${lines.join('\n')}\n`});
}

async function number(server: RedisServer, name: string): Promise<number> {
	return Number(infoField(await server.cli(['info', 'everything']), name));
}

describe.skipIf(mustSkip(redisMissing))(titleFor('redis.server', redisMissing), () => {
	test('memory, limit, policy, keys and evictions agree with redis-cli', async () => {
		const server = await serverForTest({
			args: ['--maxmemory', '5mb', '--maxmemory-policy', 'allkeys-lru'],
		});
		const read = readerFor(server.target());
		const before = await read();
		expect(before.evictionsPerSecond).toBeUndefined();
		await fill(server, 8000);
		await server.cli(['set', 'short', '1', 'ex', '1000']);
		// At its limit, every redis-cli that connects evicts a key by its own buffers.
		await server.cli(['config', 'set', 'maxmemory', '6mb']);
		const value = await read();

		expect(value.memory.maxBytes).toBe(6 * 1024 * 1024);
		expect(value.memory.policy).toBe('allkeys-lru');
		const used = await number(server, 'used_memory');
		expect(Math.abs(value.memory.usedBytes - used) / used).toBeLessThan(0.1);
		expect(value.memory.usedPercent).toBeCloseTo(
			(value.memory.usedBytes / (6 * 1024 * 1024)) * 100,
		);
		expect(value.memory.fragmentationRatio).toBeUndefined();
		expect(value.evictedKeys).toBeGreaterThan(1000);
		expect(value.evictedKeys).toBe(await number(server, 'evicted_keys'));
		expect(value.evictionsPerSecond).toBeGreaterThan(0);
		expect(value.keys.total).toBe(Number(await server.cli(['dbsize'])));
		expect(value.keys.expiring).toBe(1);
		expect(value.runId).toBe(infoField(await server.cli(['info', 'server']), 'run_id'));
		expect(value.trouble).toEqual([]);
	});

	test('expired keys, hit rate and commands agree with redis-cli', async () => {
		const server = await serverForTest();
		const read = readerFor(server.target());
		await server.cli([], {input: 'SET a 1\nGET a\nGET a\nGET a\nGET none\nSET b 1 PX 1\n'});
		const first = await read();
		expect(first.hitPercent).toBe(75);
		await waitFor(async () => ((await number(server, 'expired_keys')) === 1 ? true : undefined));
		await server.cli([], {input: 'GET none\nGET a\n'});
		const second = await read();
		expect(second.expiredKeys).toBe(1);
		expect(second.expiriesPerSecond ?? 0).toBeGreaterThanOrEqual(0);
		// Since the first sample, not since the start.
		expect(second.hitPercent).toBe(50);
	});

	test('counters of a restarted server give no negative rate', async () => {
		const server = await serverForTest({
			args: ['--maxmemory', '3mb', '--maxmemory-policy', 'allkeys-lru'],
		});
		const read = readerFor(server.target());
		await fill(server, 3000);
		const before = await read();
		expect(before.evictedKeys).toBeGreaterThan(0);
		await server.stop();
		await server.start();
		const after = await waitFor(() => read());
		expect(after.runId).not.toBe(before.runId);
		expect(after.evictedKeys).toBe(0);
		expect(after.evictionsPerSecond).toBeUndefined();
		expect((await read()).evictionsPerSecond).toBe(0);
	});

	test('clients are counted against maxclients, and the connection has its name', async () => {
		const server = await serverForTest({args: ['--maxclients', '50']});
		const read = readerFor(server.target());
		const sockets = [1, 2, 3].map(() => connect(server.port, '127.0.0.1'));
		onTestFinished(() => sockets.forEach(socket => socket.destroy()));
		const value = await waitFor(async () => {
			const now = await read();
			return now.clients.connected === 4 ? now : undefined;
		});
		// redis-cli counts itself.
		expect(await number(server, 'connected_clients')).toBe(5);
		expect(value.clients.max).toBe(50);
		expect(value.clients.usedPercent).toBe(8);
		const list = await server.cli(['client', 'list']);
		expect(list.match(/name=opsconsole/g)).toHaveLength(1);
	});

	test('the slow log shows commands and keys, but no values', async () => {
		const server = await serverForTest({args: ['--slowlog-log-slower-than', '0']});
		await server.cli(['set', 'user:1', 'hunter2', 'ex', '100']);
		await server.cli(['config', 'set', 'requirepass', 'hunter2']);
		await server.cli(['config', 'set', 'requirepass', ''], {password: 'hunter2'});
		const value = await readerFor(server.target())();
		const commands = value.slowLog.map(({command}) => command);
		expect(commands).toContain('SET user:1 … (4 args)');
		expect(commands).toContain('CONFIG SET … (3 args)');
		expect(JSON.stringify(value)).not.toContain('hunter2');
	});

	test('saving and the append-only file agree with redis-cli', async () => {
		const server = await serverForTest({args: ['--appendonly', 'yes', '--save', '900 1']});
		const read = readerFor(server.target());
		await server.cli(['save']);
		await server.cli(['set', 'a', '1']);
		const {persistence} = await read();
		expect(persistence).toEqual<RedisValue['persistence']>({
			isLoading: false,
			lastSaveAtMs: Number(await server.cli(['lastsave'])) * 1000,
			lastSaveOk: true,
			changesSinceSave: 1,
			isSaving: false,
			aofEnabled: true,
			aofOk: true,
		});
	});

	test('a replica and its master see each other', async () => {
		const master = await serverForTest({args: ['--repl-diskless-sync-delay', '0']});
		const replica = await serverForTest({args: ['--replicaof', '127.0.0.1', String(master.port)]});
		const readReplica = readerFor(replica.target());
		const value = await waitFor(async () => {
			const now = await readReplica();
			return now.replication.masterLinkUp === true ? now : undefined;
		});
		expect(value.role).toBe('replica');
		expect(value.replication.masterLagSeconds).toBeLessThan(30);
		// A healthy replica is read-only by design, which is no trouble.
		expect((await readReplica()).trouble).toEqual([]);
		const masterValue = await readerFor(master.target())();
		expect(masterValue.role).toBe('master');
		expect(masterValue.replication.replicas).toBe(1);
	});
});

for (const kind of ['Redis 6', 'Redis 8', 'Valkey'] as const satisfies readonly OtherServer[]) {
	const other = await otherServer(kind);
	const missing = 'missing' in other ? other.missing : undefined;
	describe.skipIf(mustSkip(missing))(titleFor(kind, missing), () => {
		test('is read in full', async () => {
			if ('missing' in other) throw new Error(other.missing);
			const server = await serverForTest({
				binary: other.binary,
				args: ['--maxmemory', '4mb', '--maxmemory-policy', 'noeviction', '--maxclients', '77'],
			});
			const read = readerFor(server.target());
			await server.cli([], {input: 'SET a 1\nGET a\nGET none\n'});
			const value = await read();
			const info = await server.cli(['info']);
			const isValkey = kind === 'Valkey';
			expect(value.flavour).toBe(isValkey ? 'valkey' : 'redis');
			expect(value.version).toBe(infoField(info, isValkey ? 'valkey_version' : 'redis_version'));
			expect(value.memory).toMatchObject({maxBytes: 4 * 1024 * 1024, policy: 'noeviction'});
			expect(value.clients.max).toBe(77);
			expect(value.hitPercent).toBe(50);
			expect(value.keys.total).toBe(1);
			expect(value.trouble).toEqual([]);
			await fill(server, 5000).catch(() => undefined);
			expect((await read()).trouble).toEqual(['out-of-memory']);
		});
	});
}
