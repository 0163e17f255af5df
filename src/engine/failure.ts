import {clean} from '../domain/clean.ts';
import {type Problem, ProblemError} from '../domain/problem.ts';

/** Turns whatever a source threw into a problem with words; an unknown failure keeps its cleaned message. */
export function problemOf(error: unknown, what: string): Problem {
	if (error instanceof ProblemError) return error.problem;
	const cause = clean(error instanceof Error ? error.message : String(error), 300);
	return {code: 'unexpected', params: {what, cause}, retry: 'soon'};
}

/** The problem of a read that took longer than its deadline. */
export function timedOut(what: string, timeoutMs: number): Problem {
	return {code: 'timed-out', params: {what, seconds: timeoutMs / 1000}, retry: 'soon'};
}
