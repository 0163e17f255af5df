import {infoNumber, refusalsOf, type RedisInfo} from './redis-info.ts';
import type {RedisValue} from './redis.ts';

/** Counters of one INFO, with the monotonic time they were read at. */
export type RedisSample = {
	readonly atMs: number;
	readonly runId: string;
	readonly evicted: number;
	readonly expired: number;
	readonly hits: number;
	readonly misses: number;
	readonly refusals: ReadonlyMap<string, number>;
};

/** Takes the counters out of INFO. */
export function sampleOf(info: RedisInfo, atMs: number): RedisSample {
	return {
		atMs,
		runId: info.get('run_id') ?? '',
		evicted: infoNumber(info, 'evicted_keys') ?? 0,
		expired: infoNumber(info, 'expired_keys') ?? 0,
		hits: infoNumber(info, 'keyspace_hits') ?? 0,
		misses: infoNumber(info, 'keyspace_misses') ?? 0,
		refusals: refusalsOf(info),
	};
}

/** Whether two samples count on from each other: the same run of the server, and no CONFIG RESETSTAT in between. */
export function continues(before: RedisSample, after: RedisSample): boolean {
	return (
		before.runId === after.runId &&
		after.atMs > before.atMs &&
		after.evicted >= before.evicted &&
		after.expired >= before.expired &&
		after.hits >= before.hits &&
		after.misses >= before.misses
	);
}

/** Evictions and expiries per second between two samples that belong together; nothing without a sample before. */
export function ratesOf(
	before: RedisSample | undefined,
	after: RedisSample,
): Pick<RedisValue, 'evictionsPerSecond' | 'expiriesPerSecond'> {
	if (before === undefined || !continues(before, after)) return {};
	const seconds = (after.atMs - before.atMs) / 1000;
	return {
		evictionsPerSecond: (after.evicted - before.evicted) / seconds,
		expiriesPerSecond: (after.expired - before.expired) / seconds,
	};
}

/** Share of look-ups that found their key, over the time since `before` if there were any, else since the server's start. */
export function hitPercentOf(
	before: RedisSample | undefined,
	after: RedisSample,
): number | undefined {
	if (before !== undefined && continues(before, after)) {
		const hits = after.hits - before.hits;
		const lookUps = hits + after.misses - before.misses;
		if (lookUps > 0) return (hits / lookUps) * 100;
	}

	const lookUps = after.hits + after.misses;
	return lookUps > 0 ? (after.hits / lookUps) * 100 : undefined;
}

/** The errors of the server (`OOM`, `MISCONF`, …) that were answered to somebody between two samples. */
export function refusedBetween(before: RedisSample, after: RedisSample): readonly string[] {
	if (before.runId !== after.runId) return [];
	return [...after.refusals]
		.filter(([word, count]) => count > (before.refusals.get(word) ?? 0))
		.map(([word]) => word);
}
