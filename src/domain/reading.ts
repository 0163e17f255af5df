import type {Problem} from './problem.ts';

/** The last thing known about one source, and how far to trust it. Times are wall-clock milliseconds. */
export type Reading<T> =
	| {readonly kind: 'waiting'}
	| {readonly kind: 'fresh'; readonly value: T; readonly atMs: number}
	| {
			readonly kind: 'stale';
			readonly value: T;
			readonly atMs: number;
			readonly problem: Problem;
			/** Since when it fails. */
			readonly sinceMs: number;
			/** When it is tried again, if it is. */
			readonly retryAtMs: number;
	  }
	| {
			readonly kind: 'failed';
			readonly problem: Problem;
			readonly sinceMs: number;
			readonly retryAtMs: number;
	  };

/** The value of a reading that has one, however old. */
export function valueOf<T>(reading: Reading<T> | undefined): T | undefined {
	return reading?.kind === 'fresh' || reading?.kind === 'stale' ? reading.value : undefined;
}
