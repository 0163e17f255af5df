import type {Problem} from '../domain/problem.ts';

/** Longest pause between tries, so that a server is back on the screen within five seconds of its return. */
const longestMs = 4000;

/** Pause where trying again does harm, such as with a wrong password. */
const rarelyMs = 60_000;

/**
 * How long to wait after the nth failure in a row (1 for the first), in ms: 1 s, 2 s, then 4 s, with up to a fifth
 * less at random so that many consoles do not knock at the same moment. `random` is between 0 and 1.
 */
export function pauseAfter(problem: Problem, failures: number, random: number): number {
	const full =
		problem.retry === 'rarely' ? rarelyMs : Math.min(longestMs, 1000 * 2 ** (failures - 1));
	return Math.round(full * (1 - 0.2 * random));
}
