const dayMs = 24 * 60 * 60 * 1000;

/** Fewest readings, and shortest time between the first and the last, from which growth is told. */
const fewestPoints = 6;
const shortestMs = 2 * dayMs;
/** Beyond this a straight line says nothing, in days. */
const farthestDays = 3650;

export type Point = {readonly atMs: number; readonly value: number};

/** How a figure grows: a straight line through its readings (least squares). */
export type Growth =
	| {
			/** Fewer than six readings, or less than two days between the first and the last. */
			readonly kind: 'too-little';
			readonly count: number;
			readonly days: number;
	  }
	| {
			readonly kind: 'line';
			readonly count: number;
			readonly days: number;
			/** In the unit of the figure; negative where it shrinks. */
			readonly perDay: number;
			/** Where the line is at the last reading. */
			readonly now: number;
			/** How much of the ups and downs the line explains, 0 to 1: below 0.5 it is no more than a guess. */
			readonly fit: number;
			/** Until the limit is reached; absent where it is not growing towards one, or in more than ten years. */
			readonly daysUntilFull?: number;
	  };

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Growth of a figure and, with a limit in its unit, when it will be reached. Says so where there is too little to tell. */
export function growthOf(points: readonly Point[], limit?: number): Growth {
	const count = points.length;
	const first = points[0]?.atMs ?? 0;
	const last = points.at(-1)?.atMs ?? 0;
	const days = Math.max(0, last - first) / dayMs;
	if (count < fewestPoints || last - first < shortestMs) return {kind: 'too-little', count, days};
	const xs = points.map(({atMs}) => (atMs - first) / dayMs);
	const ys = points.map(({value}) => value);
	const x = mean(xs);
	const y = mean(ys);
	const xx = xs.reduce((sum, each) => sum + (each - x) ** 2, 0);
	const yy = ys.reduce((sum, each) => sum + (each - y) ** 2, 0);
	const xy = xs.reduce((sum, each, index) => sum + (each - x) * ((ys[index] ?? y) - y), 0);
	const perDay = xy / xx;
	const now = y + perDay * (days - x);
	const fit = yy === 0 ? 1 : xy ** 2 / (xx * yy);
	const left = limit === undefined || perDay <= 0 ? undefined : Math.max(0, (limit - now) / perDay);
	const isTold = left !== undefined && left <= farthestDays;
	return {kind: 'line', count, days, perDay, now, fit, ...(isTold && {daysUntilFull: left})};
}

/** The middle of the values; undefined where there is none. */
export function middleOf(values: readonly number[]): number | undefined {
	return shareOf(values, 0.5);
}

/** The value below which this share of all lies, 0 to 1; undefined where there is none. */
export function shareOf(values: readonly number[], share: number): number | undefined {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
