import {clean} from '../../domain/clean.ts';
import {ProblemError, type Problem} from '../../domain/problem.ts';

/** A refusal or failure with cleaned values. */
export function refuse(
	code: Problem['code'],
	params: Readonly<Record<string, string | number>> = {},
): ProblemError {
	const cleaned = Object.fromEntries(
		Object.entries(params).map(([name, value]) => [
			name,
			typeof value === 'string' ? clean(value, 400) : value,
		]),
	);
	return new ProblemError({code, params: cleaned, retry: 'rarely'});
}

/** Whether an error is the engine's "no such container". */
export function isNotFound(error: unknown): boolean {
	return error instanceof ProblemError && error.problem.code === 'docker-not-found';
}
