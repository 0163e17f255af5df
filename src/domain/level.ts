/** How bad something is. `unknown` means that nothing was measured, which is never good news. */
export type Level = 'ok' | 'unknown' | 'warn' | 'crit';

const rank: Readonly<Record<Level, number>> = {ok: 0, unknown: 1, warn: 2, crit: 3};

/** The worst of several levels; `ok` for none. */
export function worst(levels: Iterable<Level>): Level {
	let result: Level = 'ok';
	for (const level of levels) {
		if (rank[level] > rank[result]) result = level;
	}

	return result;
}

/** Orders levels from the worst to the best, for `sort`. */
export function compareLevels(a: Level, b: Level): number {
	return rank[b] - rank[a];
}
