import {rm} from 'node:fs/promises';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {secret} from '../../src/domain/secret.ts';
import {noTargets, type RedisTarget} from '../../src/domain/targets.ts';
import {createRedis} from '../../src/io/redis.ts';
import type {LookFacts} from '../../src/looks/reader.ts';
import {realClock} from '../support/clock.ts';
import {localIo} from '../support/io.ts';
import {liveFacts, readLook} from '../support/live-look.ts';
import {redisMissing, startRedis, type RedisServer} from '../support/redis-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {settingsOf} from '../support/settings.ts';
import {waitFor} from '../support/wait.ts';

const component = await requireComponent('redis-server', () => redisMissing ?? true);

describe.skipIf(component.missing !== undefined)(titleWith(component, 'looks at Redis'), () => {
	let server: RedisServer;
	const redis = createRedis({clock: realClock});
	const io = localIo({redis});

	beforeAll(async () => {
		server = await startRedis({
			config: 'maxmemory 64mb\nmaxmemory-policy allkeys-lru\nlatency-monitor-threshold 5',
		});
	});

	afterAll(async () => {
		await redis(server.target()).close();
		await server.remove();
	});

	function factsOf(changes: Partial<RedisTarget> = {}, more: Partial<LookFacts> = {}) {
		const target = server.target(changes);
		return liveFacts({
			io,
			targets: {...noTargets, redis: [target]},
			scope: {redis: target.id},
			...more,
		});
	}

	test('a healthy server', async () => {
		const {values} = await readLook('redis.server', factsOf());
		expect(values).toMatchObject({
			answers: true,
			failure: 'none',
			role: 'master',
			policy: 'allkeys-lru',
			maxmemory: 64 * 1024 * 1024,
			'is-limited': true,
			'refuses-writes': false,
			'write-trouble': 'none',
			loading: false,
		});
		expect(values.ping).toBeGreaterThan(0);
		const time = await readLook('host.time', factsOf());
		expect(time.values.compared).toBe(1);
		expect(time.values.offset).toBeLessThan(1000);
		const keys = await readLook('redis.keys', factsOf());
		expect(keys.values).toMatchObject({sampled: 0, 'is-complete': true, 'is-broker': false});
	});

	test('the biggest keys, and that they are queues', async () => {
		await server.cli(['eval', "redis.call('SET', 'cache:big', string.rep('x', 300000))", '0']);
		await server.cli(['set', 'cache:small', '1', 'ex', '1000']);
		await server.cli(['lpush', 'celery', 'task']);
		const {values} = await readLook('redis.keys', factsOf());
		expect(values).toMatchObject({
			sampled: 3,
			'biggest-key': 'cache:big',
			'biggest-type': 'string',
			'biggest-expires': false,
			prefix: 'cache:',
			'is-broker': true,
			'broker-sign': 'celery',
		});
		expect(values['biggest-bytes']).toBeGreaterThan(300_000);
		expect(values['prefix-share']).toBeGreaterThan(90);
		expect(values['lasting-percent']).toBeCloseTo(200 / 3);
	});

	test('slow commands', async () => {
		// On a busy machine a command of a test before may have been one.
		await server.cli(['slowlog', 'reset']);
		const before = await readLook('redis.latency', factsOf());
		expect(before.values).toMatchObject({'slow-commands': 0, 'is-slow-log-readable': true});
		await server.cli(['eval', 'local n = 0 for i = 1, 3e6 do n = n + i end return n', '0']);
		const {values, lines} = await readLook('redis.latency', factsOf());
		expect(values['slow-commands']).toBeGreaterThanOrEqual(1);
		expect(values.slowest).toContain('EVAL');
		expect(values['slowest-duration']).toBeGreaterThan(5);
		expect(values.event).toBeDefined();
		expect(values['busiest-command']).toBe('eval');
		expect(values['ping-median']).toBeGreaterThan(0);
		expect(lines).toHaveLength(values['slow-commands'] ?? 0);
	});

	test('settings that the next start takes back, and those of the handbook', async () => {
		const settings = settingsOf({system: 'fund-calc'});
		const before = await readLook('redis.settings', factsOf({}, {settings}));
		expect(before.values).toMatchObject({
			'lost-on-restart': 0,
			'has-password': false,
			'is-persistent': false,
			differing: 2,
			'first-differing': 'maxmemory',
		});
		await server.cli(['config', 'set', 'maxmemory', '2gb']);
		await server.cli(['config', 'set', 'save', '900 1 300 10 60 10000']);
		const after = await readLook('redis.settings', factsOf({}, {settings}));
		expect(after.values).toMatchObject({
			maxmemory: 2 * 1024 ** 3,
			'lost-on-restart': 2,
			'first-lost': 'maxmemory',
			'is-persistent': true,
			differing: 0,
		});
	});

	test('a full server, and one that cannot save', async () => {
		await server.cli(['config', 'set', 'save', '']);
		await server.cli(['config', 'set', 'maxmemory', '1mb']);
		await server.cli(['config', 'set', 'maxmemory-policy', 'noeviction']);
		const full = await readLook('redis.server', factsOf());
		expect(full.values).toMatchObject({
			'refuses-writes': true,
			'write-trouble': 'oom',
			policy: 'noeviction',
		});
		expect(full.values.memory).toBeGreaterThan(100);
		await server.cli(['config', 'set', 'maxmemory', '0']);
		await rm(server.folder, {recursive: true});
		await server.cli(['config', 'set', 'save', '900 1']);
		await server.cli(['bgsave']);
		const broken = await waitFor(async () => {
			const {values} = await readLook('redis.server', factsOf());
			return values['last-save-ok'] === false ? values : undefined;
		});
		expect(broken).toMatchObject({'refuses-writes': true, 'write-trouble': 'misconf'});
	});

	test('a server that asks for a password, and one that is gone', async () => {
		const failureOf = async (changes: Partial<RedisTarget>) => {
			const facts = factsOf({id: JSON.stringify(changes), ...changes});
			const {values} = await readLook('redis.server', facts);
			expect(values.answers).toBe(false);
			return values.failure;
		};
		await server.cli(['config', 'set', 'requirepass', 'right']);
		expect(await failureOf({password: secret('wrong')})).toBe('authentication');
		const known = {id: 'known', password: secret('right')};
		onTestFinished(() => redis(server.target(known)).close());
		const {values} = await readLook('redis.settings', factsOf(known));
		expect(values['has-password']).toBe(true);
		server.kill('SIGKILL');
		await waitFor(async () => (await failureOf({})) === 'refused' || undefined);
		await expect(readLook('redis.latency', factsOf())).rejects.toMatchObject({
			problem: {code: expect.stringMatching(/^redis-/) as string},
		});
	});
});
