import type {Redis} from 'ioredis';
import {docker} from '../lab/docker.ts';
import {until, type Ground} from './ground.ts';
import type {Scenario} from './scenario.ts';

const mebibyte = 1024 * 1024;

async function figure(client: Redis, name: string): Promise<number> {
	const text = await client.info();
	return Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(text)?.[1]);
}

async function words(client: Redis, name: string): Promise<string> {
	const text = await client.info();
	return new RegExp(`^${name}:(\\S+)`, 'm').exec(text)?.[1] ?? '';
}

/** Leaves a limit of a little more than what is used now, and fills it with keys that last. */
async function fillWith(ground: Ground, policy: string): Promise<void> {
	const client = ground.redis();
	const used = await figure(client, 'used_memory');
	ground.undo(async () => {
		const keys = await client.keys('bulk:*');
		if (keys.length > 0) await client.del(...keys);
	});
	await ground.redisConfig('maxmemory-policy', policy);
	await ground.redisConfig('maxmemory', String(Math.ceil(used) + 6 * mebibyte));
	const value = 'x'.repeat(64 * 1024);
	for (let number = 0; number < 200; number++) {
		const isFull = await client.set(`bulk:${number}`, value).then(
			() => false,
			() => true,
		);
		if (isFull) break;
	}
}

/** A further Redis of the stack, on a file system that can be filled. */
async function cache(ground: Ground, options: readonly string[]): Promise<string> {
	const {project, redisPassword} = ground.lab;
	const id = await ground.service(
		'cache',
		[
			...['--network', `${project}_stack`, '--tmpfs', '/data:size=4m'],
			...['--env', `REDISCLI_AUTH=${redisPassword}`, ground.images.redis],
		],
		['redis-server', '--requirepass', redisPassword, ...options],
	);
	await until(
		async () => (await docker(['exec', id, 'redis-cli', 'ping'])) === 'PONG',
		'the cache to answer',
	);
	return id;
}

/** Scenarios of Redis. */
export const redisScenarios: readonly Scenario[] = [
	{
		id: 'redis-noeviction',
		title: 'Redis is full and may evict nothing',
		expect: ['redis-full-noeviction'],
		inject: async ground => fillWith(ground, 'noeviction'),
	},
	{
		id: 'redis-volatile',
		title: 'Redis is full, and nothing in it expires',
		expect: ['redis-full-volatile'],
		inject: async ground => fillWith(ground, 'volatile-lru'),
	},
	{
		id: 'redis-evicting',
		title: 'Redis evicts keys before they are used again',
		expect: ['redis-evicting'],
		async inject(ground) {
			const used = await figure(ground.redis(), 'used_memory');
			ground.undo(async () => ground.redis().config('RESETSTAT'));
			await ground.redisConfig('maxmemory', String(Math.ceil(used) + 6 * mebibyte));
			ground.undo(async () => ground.lab.fault('redis-memory', false));
			await ground.lab.fault('redis-memory', true);
		},
		until: async ground => {
			const client = ground.redis();
			await until(async () => (await figure(client, 'evicted_keys')) > 20, 'evictions');
		},
	},
	{
		id: 'redis-save-error',
		title: 'Redis cannot save and refuses writes (MISCONF)',
		expect: ['redis-save-failed'],
		async inject(ground) {
			const id = await ground.lab.containerId('redis');
			ground.undo(async () => {
				await docker(['exec', id, 'sh', '-c', 'rm -r /data/dump.rdb; redis-cli BGSAVE']);
			});
			await docker([
				...['exec', id, 'sh', '-c'],
				'rm -f /data/dump.rdb; mkdir /data/dump.rdb; touch /data/dump.rdb/x; redis-cli BGSAVE',
			]);
		},
		async until(ground) {
			const client = ground.redis();
			await until(
				async () => (await words(client, 'rdb_last_bgsave_status')) === 'err',
				'a save to fail',
			);
		},
	},
	{
		id: 'redis-aof-error',
		title: 'Redis cannot write its append-only file: its disk is full',
		expect: ['redis-aof-failed'],
		about: 'cache',
		async inject(ground) {
			const id = await cache(ground, ['--appendonly', 'yes', '--save', '']);
			await docker(['exec', id, 'sh', '-c', 'dd if=/dev/zero of=/data/filler bs=4k || true']);
			const cli = ['exec', id, 'redis-cli'];
			ground.again(async () => docker([...cli, 'SET', 'page:1', 'x'.repeat(8000)]), 300);
			await until(
				async () =>
					(await docker([...cli, 'INFO', 'persistence'])).includes('aof_last_write_status:err'),
				'the append-only file to fail',
			);
		},
		spoils: [],
	},
	{
		id: 'redis-too-many-clients',
		title: 'Redis takes no further client',
		expect: ['redis-too-many-clients'],
		async inject(ground) {
			await ground.redisConfig('maxclients', '20');
			for (let number = 0; number < 24; number++) {
				await ground
					.redis()
					.ping()
					.catch(() => undefined);
			}
		},
	},
	{
		id: 'redis-slow-command',
		title: 'one slow command after another blocks Redis',
		expect: ['redis-slow-command'],
		async inject(ground) {
			const client = ground.redis();
			ground.undo(async () => client.call('SLOWLOG', 'RESET'));
			const script =
				"local s = redis.call('TIME') while true do local n = redis.call('TIME') " +
				'if (n[1] - s[1]) * 1000000 + n[2] - s[2] > 400000 then return 1 end end';
			ground.again(async () => client.eval(script, 0), 200);
			await until(async () => Number(await client.call('SLOWLOG', 'LEN')) >= 5, 'slow commands');
		},
	},
];
