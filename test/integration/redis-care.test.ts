import {afterAll, afterEach, describe, expect, test} from 'vitest';
import {parseRedisBytes} from '../../src/domain/redis-bytes.ts';
import {createAct} from '../../src/io/create-act.ts';
import {deleteRedisKeys, patternOf} from '../../src/operations/redis/delete-keys.ts';
import {setRedisMemory, setRedisPolicy, setRedisSave} from '../../src/operations/redis/settings.ts';
import {performNow, planNow, removeFolders, type PerformOptions} from '../support/perform.ts';
import {redisMissing, startRedis, type RedisServer} from '../support/redis-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const redis = await requireComponent('redis-server', () => redisMissing ?? true);
const act = createAct();
const servers: RedisServer[] = [];

afterEach(removeFolders);
afterAll(async () => {
	await Promise.all(servers.map(server => server.remove()));
});

async function server(): Promise<{one: RedisServer; options: PerformOptions}> {
	const one = await startRedis();
	servers.push(one);
	return {one, options: {act, targets: {redis: [one.target()]}}};
}

const setting = async (one: RedisServer, name: string) =>
	(await one.cli(['CONFIG', 'GET', name])).split('\n')[1];

test.each([
	['512mb', 536_870_912],
	['1G', 1_000_000_000],
	['0', 0],
	['12', 12],
	['-1', undefined],
	['many', undefined],
	['1tb', undefined],
])('%s is %s bytes', (text, bytes) => {
	expect(parseRedisBytes(text)).toBe(bytes);
});

test('a prefix stands for itself', () => {
	expect(patternOf('a*b?c[d]\\')).toBe('a\\*b\\?c\\[d\\]\\\\*');
});

describe.skipIf(redis.missing !== undefined)(titleWith(redis, 'care for a Redis server'), () => {
	test('memory, policy and save points are set, told and undone', async () => {
		const {one, options} = await server();
		await one.cli([], {input: 'RPUSH celery job\nSET lasting 1\n'});
		const memory = await performNow(setRedisMemory, {value: '64mb', persist: true}, options);
		expect(memory).toMatchObject({
			outcome: 'done',
			result: {before: '0', value: '67108864', isPersisted: true},
		});
		expect(await setting(one, 'maxmemory')).toBe('67108864');
		await one.stop();
		await one.start();
		expect(await setting(one, 'maxmemory')).toBe('67108864');
		const risk = async (value: string) =>
			(await planNow(setRedisMemory, {value}, options)).plan.risk;
		expect([await risk('65mb'), await risk('63mb'), await risk('0')]).toEqual([
			...['safe', 'disruptive', 'disruptive'],
		]);
		await one.cli([], {input: 'RPUSH celery job\nSET lasting 1\n'});
		const {plan} = await planNow(setRedisPolicy, {value: 'allkeys-lru'}, options);
		expect(plan.warnings.map(({code}) => code)).toContain('warn-redis-evicts-all');
		const save = await performNow(setRedisSave, {value: '60 5'}, options);
		expect(save.outcome).toBe('done');
		expect(await setting(one, 'save')).toBe('60 5');
		const small = await planNow(setRedisMemory, {value: '1mb'}, options);
		expect(small.plan.warnings.map(({code}) => code)).toContain('warn-redis-below-used');
	});

	test.each([
		[setRedisMemory, '5'],
		[setRedisMemory, 'abc'],
		[setRedisPolicy, 'delete-all'],
		[setRedisSave, '60'],
	])('a value that it cannot have is refused', async (operation, value) => {
		const {options} = await server();
		await expect(planNow(operation, {value}, options)).rejects.toMatchObject({
			problem: {code: 'request-value'},
		});
	});

	test('exactly the keys with a prefix are deleted, in the right database', async () => {
		const {one, options} = await server();
		const lines = Array.from({length: 1234}, (_, n) => `SET "job:old ${n}" x`);
		const others = [
			'SET job:new 1',
			'SET xjob:old 1',
			'SET "job:ol*" 1',
			'SELECT 3',
			'SET "job:old 3" 1',
		];
		await one.cli([], {input: `${[...lines, ...others].join('\n')}\n`});
		const request = {prefix: 'job:old '};
		const {plan} = await planNow(deleteRedisKeys, request, options);
		expect(plan).toMatchObject({risk: 'destructive', confirm: 'test/job:old '});
		expect(plan.deletes[0]).toMatchObject({count: 1234, why: {params: {count: 1234, total: 1237}}});
		const deleted = await performNow(deleteRedisKeys, request, options);
		expect(deleted).toMatchObject({outcome: 'done', result: {deleted: 1234}});
		expect(await one.cli(['DBSIZE'])).toBe('3');
		expect(await one.cli(['-n', '3', 'DBSIZE'])).toBe('1');
	});

	test('a prefix that is too wide or meets nothing is refused', async () => {
		const {options} = await server();
		for (const prefix of ['*', 'ab', 'user*', 'a?bc'])
			await expect(planNow(deleteRedisKeys, {prefix}, options)).rejects.toMatchObject({
				problem: {code: 'redis-pattern-too-wide'},
			});
		await expect(planNow(deleteRedisKeys, {prefix: 'none:'}, options)).rejects.toMatchObject({
			problem: {code: 'redis-nothing-matches'},
		});
	});
});
