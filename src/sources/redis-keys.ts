import {clean} from '../domain/clean.ts';
import {keysOf, parseInfo} from '../domain/redis-info.ts';
import {summariseKeys, type SampledKey} from '../domain/redis-key-summary.ts';
import {ProblemError} from '../domain/problem.ts';
import type {RedisTarget} from '../domain/targets.ts';
import type {Io, RedisClient} from '../io/io.ts';
import type {OnDemandSource} from './source.ts';

// The budget: 20 keys are three short commands each, well below a millisecond of the server's time; then a pause, so
// that at most 1,000 keys a second are looked at. SCAN visits `COUNT` places of the table, however many keys there are.
const keysPerStep = 20;
const stepEveryMs = 20;
const maxKeys = 5000;
const maxDurationMs = 8000;

/**
 * Sample of the keys by SCAN, on demand: of the database with the most keys, at most 5,000 keys, 1,000 a second and 8 s;
 * sizes by MEMORY USAGE SAMPLES 5. The order of SCAN is that of the hash table, so the first keys are a fair sample.
 * TYPE, PTTL and MEMORY USAGE count as look-ups in the server's hit rate.
 */
export const redisKeys: OnDemandSource<'redis.keys', RedisTarget> = {
	id: 'redis.keys',
	kind: 'on-demand',
	timeoutMs: 12_000,
	async read(io: Io, target: RedisTarget, signal: AbortSignal) {
		const client = io.redis(target);
		const {index, keys: total} = await largestDatabase(client, signal);
		await select(client, index, signal);
		const sample = await scan(io, client, signal);
		return summariseKeys(sample.keys, {total, database: index, isComplete: sample.isComplete});
	},
};

/** The database with the most keys; 0 where there are none. */
async function largestDatabase(
	client: RedisClient,
	signal: AbortSignal,
): Promise<{readonly index: number; readonly keys: number}> {
	const answer = await client.call('INFO', ['keyspace'], signal);
	const {databases} = keysOf(parseInfo(typeof answer === 'string' ? answer : ''));
	return databases.reduce((best, one) => (one.keys > best.keys ? one : best), {index: 0, keys: 0});
}

/** Chooses the database of our connection, which only this source depends on. A user that may not choose stays in 0. */
async function select(client: RedisClient, index: number, signal: AbortSignal): Promise<void> {
	try {
		await client.call('SELECT', [index], signal);
	} catch (error) {
		const isDenied = error instanceof ProblemError && error.problem.code === 'redis-no-permission';
		if (!isDenied || index !== 0) throw error;
	}
}

type Scan = {readonly keys: readonly SampledKey[]; readonly isComplete: boolean};

/** Walks the key space in small steps with pauses until the sample is full, the time is over or all keys were seen. */
async function scan(io: Io, client: RedisClient, signal: AbortSignal): Promise<Scan> {
	const keys = new Map<string, SampledKey>();
	const startMs = io.clock.monotonic();
	let cursor = '0';
	do {
		const stepStartMs = io.clock.monotonic();
		const page = readPage(await client.call('SCAN', [cursor, 'COUNT', keysPerStep], signal));
		cursor = page.cursor;
		// SCAN may return a key twice, and more keys than asked for.
		const fresh = page.names.filter(name => !keys.has(name));
		for (const key of await Promise.all(fresh.map(name => measureKey(client, name, signal)))) {
			keys.set(key.name, key);
		}

		if (cursor === '0') return {keys: [...keys.values()], isComplete: true};
		const usedMs = io.clock.monotonic() - stepStartMs;
		const stepMs = Math.max(stepEveryMs, fresh.length);
		await io.clock.sleep(Math.max(1, stepMs - usedMs), signal);
	} while (keys.size < maxKeys && io.clock.monotonic() - startMs < maxDurationMs);
	return {keys: [...keys.values()], isComplete: false};
}

function readPage(answer: unknown): {readonly cursor: string; readonly names: readonly string[]} {
	const [cursor, names] = Array.isArray(answer) ? Array.from<unknown>(answer) : [];
	return {
		cursor: typeof cursor === 'string' ? cursor : '0',
		names: Array.isArray(names) ? names.map(String) : [],
	};
}

/** Type, size and remaining time of one key. A key that ended since SCAN, or whose name is not UTF-8, has no size. */
async function measureKey(
	client: RedisClient,
	name: string,
	signal: AbortSignal,
): Promise<SampledKey> {
	const [bytes, type, leftMs] = await Promise.all([
		client.call('MEMORY', ['USAGE', name, 'SAMPLES', 5], signal),
		client.call('TYPE', [name], signal),
		client.call('PTTL', [name], signal),
	]);
	return {
		name,
		type: clean(String(type), 20),
		bytes: typeof bytes === 'number' ? bytes : 0,
		...(typeof leftMs === 'number' && leftMs >= 0 ? {ttlSeconds: Math.round(leftMs / 1000)} : {}),
	};
}
