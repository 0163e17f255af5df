/** Counters of the whole server (sums over pg_stat_database) at one moment of the monotonic clock. */
export type PostgresCounters = {
	readonly atMs: number;
	readonly commits: number;
	readonly rollbacks: number;
	/** Blocks found in the buffer cache, and blocks that had to be read. */
	readonly hits: number;
	readonly reads: number;
	readonly deadlocks: number;
};

/** What two samples tell. Rates are per second and never negative; absent where there is nothing to compare. */
export type PostgresRates = {
	readonly commitsPerSecond?: number;
	readonly rollbacksPerSecond?: number;
	readonly cacheHitPercent?: number;
	/** New deadlocks between the samples. */
	readonly newDeadlocks: number;
};

function hitPercent(hits: number, reads: number): number | undefined {
	return hits + reads > 0 ? (100 * hits) / (hits + reads) : undefined;
}

/** Compares two samples. After a reset (or a dropped database) a counter is
 * smaller than before: then there are no rates for one interval. */
export function postgresRates(
	before: PostgresCounters | undefined,
	now: PostgresCounters,
): PostgresRates {
	const total = hitPercent(now.hits, now.reads);
	const whole = total === undefined ? {} : {cacheHitPercent: total};
	if (before === undefined) {
		return {...whole, newDeadlocks: 0};
	}
	const commits = now.commits - before.commits;
	const rollbacks = now.rollbacks - before.rollbacks;
	const hits = now.hits - before.hits;
	const reads = now.reads - before.reads;
	const deadlocks = now.deadlocks - before.deadlocks;
	const seconds = (now.atMs - before.atMs) / 1000;
	if (Math.min(commits, rollbacks, hits, reads, deadlocks) < 0) {
		return {...whole, newDeadlocks: Math.max(0, deadlocks)};
	}
	const share = hitPercent(hits, reads) ?? total;
	return {
		...(seconds > 0 && {
			commitsPerSecond: commits / seconds,
			rollbacksPerSecond: rollbacks / seconds,
		}),
		...(share !== undefined && {cacheHitPercent: share}),
		newDeadlocks: deadlocks,
	};
}
