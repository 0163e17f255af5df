import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {docker} from '../lab/docker.ts';
import type {DoPlay} from './do-play.ts';
import {until, type Ground} from './ground.ts';
import {madeAnew, rewrite, startedAnew, upServices} from './own-services.ts';

const mebibyte = 2 ** 20;

async function figure(ground: Ground, name: string): Promise<string> {
	const text = await ground.redis().info();
	return new RegExp(`^${name}:(\\S+)`, 'm').exec(text)?.[1] ?? '';
}

/** Asks the lab's Redis with its own program. */
async function cli(ground: Ground, ...words: readonly string[]): Promise<string> {
	return docker(['exec', await ground.lab.containerId('redis'), 'redis-cli', ...words]);
}

/** Leaves 6 MiB of room and writes into it again and again, with keys that end, so that Redis evicts. */
async function evicting(ground: Ground): Promise<void> {
	const client = ground.redis();
	const used = Number(await figure(ground, 'used_memory'));
	await ground.redisConfig('maxmemory-policy', 'allkeys-lru');
	await ground.redisConfig('maxmemory', String(Math.ceil(used) + 6 * mebibyte));
	ground.undo(async () => {
		const keys = await client.keys('bulk:*');
		if (keys.length > 0) await client.del(...keys);
	});
	ground.undo(async () => client.config('RESETSTAT'));
	const value = 'x'.repeat(64 * 1024);
	let number = 0;
	ground.again(async () => client.set(`bulk:${++number % 400}`, value, 'EX', 3000), 5);
	await until(async () => Number(await figure(ground, 'evicted_keys')) > 40, 'evictions');
}

/** A file system of 4 MiB that the engine can read from, as it cannot from a container's tmpfs. */
const smallDisk =
	'type=volume,dst=/data,volume-driver=local,volume-opt=type=tmpfs,volume-opt=device=tmpfs,volume-opt=o=size=4m';

const cacheService = (ground: Ground) => ({
	cache: {
		image: ground.images.redis,
		command: ['redis-server', '--save', '', '--requirepass', ground.lab.redisPassword],
		environment: {REDISCLI_AUTH: ground.lab.redisPassword},
		ports: ['127.0.0.1::6379'],
	},
});

const jobs = ({images, lab}: Ground, password: string) => ({
	jobs: {
		image: images.app,
		command: ['python3', '-c', program],
		environment: {REDIS_HOST: 'redis', REDIS_PASSWORD: password, PROJECT: lab.project},
	},
});

const program = `import os, time, redis
client = redis.Redis(host="redis", password=os.environ["REDIS_PASSWORD"], socket_timeout=2)
while True:
    try:
        client.ping()
        print("INFO done", flush=True)
    except Exception as error:
        print("ERROR cannot reach redis:", error, flush=True)
    time.sleep(0.2)
`;

/** How often Redis has refused the login of the jobs. */
async function refusals(ground: Ground): Promise<number> {
	const log = await docker(['logs', await ground.ask('jobs', '{{.Id}}')], {withErrors: true});
	return log.split('\n').filter(line => /WRONGPASS|invalid username/.test(line)).length;
}

const answering: readonly DoPlay[] = [
	{
		wizard: 'redis-cache-trouble',
		node: 'start',
		about: 'redis',
		inject: async () => Promise.resolve(),
		async injectLate(ground) {
			const id = await ground.lab.containerId('redis');
			ground.undo(async () => docker(['start', id]).catch(() => ''));
			await docker(['stop', '--time', '5', id]);
		},
		proves: startedAnew('redis', async ground => (await cli(ground, 'ping')) === 'PONG'),
		ends: 'solved-start',
		// What they wrote about it is no error of the plays that follow.
		spoils: ['app', 'worker', 'nginx'],
	},
	{
		wizard: 'redis-cache-trouble',
		node: 'login-recreate',
		about: 'redis',
		async inject(ground) {
			await upServices(ground, jobs(ground, 'not-this-one'));
			await until(async () => (await refusals(ground)) >= 8, 'refused logins');
		},
		// The console has to have followed the logs for some seconds.
		async injectLate(ground) {
			const before = await refusals(ground);
			await until(async () => (await refusals(ground)) >= before + 40, 'further refused logins');
		},
		async atNode(ground, node) {
			if (node === 'login-program') await rewrite(ground, jobs(ground, ground.lab.redisPassword));
		},
		way: {login: 0, 'login-again': 2},
		proves: madeAnew('jobs', async ground => {
			const id = await ground.ask('jobs', '{{.Id}}');
			return (await docker(['logs', '--tail', '3', id])).includes('INFO done');
		}),
		waitsWhole: ['login-wait'],
		ends: 'solved',
	},
	{
		wizard: 'redis-cache-trouble',
		node: 'cut-recreate',
		about: 'cache',
		async inject(ground) {
			await upServices(ground, cacheService(ground));
			const id = await ground.ask('cache', '{{.Id}}');
			await until(
				async () => (await docker(['exec', id, 'redis-cli', 'ping'])) === 'PONG',
				'the cache to answer',
			);
		},
		async injectLate(ground) {
			const id = await ground.ask('cache', '{{.Id}}');
			await docker(['network', 'disconnect', `${ground.lab.project}_stack`, id]);
		},
		proves: madeAnew('cache', async ground => {
			const networks = await ground.ask('cache', '{{json .NetworkSettings.Networks}}');
			return networks.includes(`${ground.lab.project}_stack`);
		}),
		ends: 'solved',
	},
	{
		wizard: 'redis-cache-trouble',
		node: 'restart',
		about: 'redis',
		inject: async () => Promise.resolve(),
		async injectLate(ground) {
			const id = await ground.lab.containerId('redis');
			ground.undo(async () => docker(['restart', '--time', '5', id]).catch(() => ''));
			await cli(ground, 'CONFIG', 'SET', 'port', '7777');
			// Connections that are open would go on.
			await docker(['exec', id, 'redis-cli', '-p', '7777', 'CLIENT', 'KILL', 'TYPE', 'normal']);
		},
		proves: startedAnew('redis', async ground => (await cli(ground, 'ping')) === 'PONG'),
		ends: 'solved',
		spoils: ['app', 'worker', 'nginx'],
	},
];

const serving: readonly DoPlay[] = [
	{
		wizard: 'redis-cache-trouble',
		node: 'save-backup',
		about: 'cache',
		async inject(ground) {
			const {project, redisPassword} = ground.lab;
			const id = await ground.service(
				'cache',
				[
					...['--network', `${project}_stack`, '--mount', smallDisk],
					...['--env', `REDISCLI_AUTH=${redisPassword}`, ground.images.redis],
				],
				['redis-server', '--requirepass', redisPassword, '--appendonly', 'yes', '--save', ''],
			);
			const ask = ['exec', id, 'redis-cli'];
			await until(async () => (await docker([...ask, 'ping'])) === 'PONG', 'the cache to answer');
			// Room for a small dump, and not for what is written next.
			const fill =
				'dd if=/dev/zero of=/data/filler bs=4k; truncate -s $(($(stat -c %s /data/filler) - 8192)) /data/filler';
			await docker(['exec', id, 'sh', '-c', fill]);
			ground.again(async () => docker([...ask, 'SET', 'page:1', 'x'.repeat(27_000)]), 300);
			await until(
				async () =>
					(await docker([...ask, 'INFO', 'persistence'])).includes('aof_last_write_status:err'),
				'the append-only file to fail',
			);
		},
		way: {'save-disk': 1, 'save-asked': [0, 2]},
		proves: async ground => {
			const dumps = async () => {
				const names = await readdir(join(ground.folders.backups), {recursive: true}).catch(
					() => [],
				);
				return names.filter(name => name.endsWith('.rdb') || name.includes('.rdb.')).length;
			};
			const before = await dumps();
			return async () => (await dumps()) > before;
		},
		ends: 'save-left',
	},
	{
		wizard: 'redis-cache-trouble',
		node: 'evict-broker',
		about: 'redis',
		async inject(ground) {
			ground.undo(async () => cli(ground, 'DEL', 'celery'));
			const client = ground.redis();
			// A queue that is in use is seldom evicted, but it may be.
			ground.again(async () => {
				await client.rpush('celery', 'task');
				await client.ltrim('celery', -3, -1);
			}, 5);
			await evicting(ground);
		},
		// What was evicted before counts for some seconds.
		waitsWhole: ['evict-wait'],
		proves: async ground =>
			Promise.resolve(async () => {
				const policy = await cli(ground, 'CONFIG', 'GET', 'maxmemory-policy');
				return policy.includes('volatile-lru') && (await cli(ground, 'EXISTS', 'celery')) === '1';
			}),
		ends: ['solved-evict', 'accepted'],
	},
	{
		wizard: 'redis-cache-trouble',
		node: 'evict-512',
		about: 'redis',
		inject: evicting,
		// What was evicted before counts for some seconds.
		waitsWhole: ['evict-wait'],
		proves: async ground =>
			Promise.resolve(async () => {
				const limit = await cli(ground, 'CONFIG', 'GET', 'maxmemory');
				return limit.includes(String(512 * mebibyte));
			}),
		ends: 'solved-evict',
	},
];

/** The `do` nodes of the wizard of Redis as a cache. */
export const redisCacheDoes: readonly DoPlay[] = [...answering, ...serving];
