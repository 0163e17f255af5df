import type {DoPlay, Proof} from './do-play.ts';
import type {Ground} from './ground.ts';

const full = 'redis-out-of-memory';
const mebibyte = 1024 * 1024;

/** Takes away what a play has put into Redis. */
function emptyAfterwards(ground: Ground): void {
	ground.undo(async () => {
		const client = ground.redis();
		const keys = await client.keys('bulk:*');
		if (keys.length > 0) await client.unlink(...keys);
	});
}

async function usedBytes(ground: Ground): Promise<number> {
	const text = await ground.redis().info('memory');
	return Number(/^used_memory:(\d+)/m.exec(text)?.[1]);
}

/** Leaves no room above what is used, so that the next write is refused. */
async function close(ground: Ground, policy: string): Promise<void> {
	await ground.redisConfig('maxmemory-policy', policy);
	await ground.redisConfig('maxmemory', String(await usedBytes(ground)));
	await ground
		.redis()
		.set('bulk:refused', 'x')
		.catch(() => undefined);
}

/** One value of so many MiB, and no room beside it. */
async function fillWithOne(ground: Ground, mebibytes: number): Promise<void> {
	emptyAfterwards(ground);
	await ground.redisConfig('maxmemory', '0');
	await ground.redis().setrange('bulk:one', mebibytes * mebibyte, 'x');
	await close(ground, 'noeviction');
}

/** Many keys, which end some day or never, and no room beside them. */
async function fillWithMany(ground: Ground, doExpire: boolean): Promise<void> {
	emptyAfterwards(ground);
	const batch = ground.redis().pipeline();
	const value = 'x'.repeat(8192);
	for (let number = 0; number < 2000; number++) {
		if (doExpire) batch.set(`bulk:${number}`, value, 'EX', 3600);
		else batch.set(`bulk:${number}`, value);
	}

	await batch.exec();
	await close(ground, 'noeviction');
}

/** Proves that a parameter of the server has a value and that it takes writes. */
const isSet =
	(name: string, value: string): Proof =>
	async ground => {
		const client = ground.redis();
		return Promise.resolve(async () => {
			const [, now] = await client.config('GET', name);
			if (now !== value) return false;
			await client.set('bulk:proof', 'x');
			return true;
		});
	};

// A refused write counts for ten seconds, and the programs of the lab write all the time.
const waitsWhole = ['memory-wait'];

/** So many MiB are in it and nothing fits beside them; the `do` makes room up to a limit in MiB. */
function widened(node: string, usedMebibytes: number, limitMebibytes: number): DoPlay {
	return {
		wizard: full,
		node,
		inject: async ground => fillWithOne(ground, usedMebibytes),
		proves: isSet('maxmemory', String(limitMebibytes * mebibyte)),
		waitsWhole,
		ends: 'solved',
	};
}

/** The `do` nodes of the wizard of a full Redis. */
export const redisMemoryDoes: readonly DoPlay[] = [
	widened('to-128', 16, 128),
	widened('to-512', 80, 512),
	widened('to-2g', 300, 2048),
	{
		wizard: full,
		node: 'policy-volatile',
		inject: async ground => fillWithMany(ground, true),
		way: {'to-128': 'skip'},
		proves: isSet('maxmemory-policy', 'volatile-lru'),
		waitsWhole,
		ends: 'solved-policy',
	},
	{
		wizard: full,
		node: 'policy-all',
		inject: async ground => fillWithMany(ground, false),
		way: {'to-128': 'skip', ways: 1},
		proves: isSet('maxmemory-policy', 'allkeys-lru'),
		waitsWhole,
		ends: 'solved-policy',
	},
	{
		wizard: full,
		node: 'delete-prefix',
		inject: async ground => fillWithMany(ground, false),
		way: {'to-128': 'skip'},
		proves: async ground => {
			const client = ground.redis();
			return Promise.resolve(async () => (await client.exists('bulk:1', 'bulk:1999')) === 0);
		},
		waitsWhole,
		ends: 'solved',
	},
	{
		wizard: full,
		node: 'limit-2g',
		placed: {
			at: 'unlimited',
			why: 'only a Redis that fills nine tenths of the memory of this machine leads here',
		},
		async inject(ground) {
			await ground.redisConfig('maxmemory', '0');
		},
		proves: isSet('maxmemory', String(2048 * mebibyte)),
		ends: 'solved',
	},
];
