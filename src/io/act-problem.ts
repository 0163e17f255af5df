import {cleanLine} from '../domain/clean.ts';
import {maskText} from '../domain/mask.ts';
import {ProblemError, type Problem} from '../domain/problem.ts';

/** A problem of something that was to be changed; texts from outside are cleaned and cut, known secrets masked. */
export function actProblem(
	code: Problem['code'],
	params: Problem['params'],
	options?: ErrorOptions,
): ProblemError {
	const safe = Object.entries(params).map(([name, value]) => [
		name,
		typeof value === 'string' ? maskText(cleanLine(value, 300)) : value,
	]);
	return new ProblemError(
		{code, params: Object.fromEntries(safe) as Problem['params'], retry: 'rarely'},
		options,
	);
}

/** The reason of a signal as an error. */
export function reasonOf(signal: AbortSignal): Error {
	const reason: unknown = signal.reason;
	return reason instanceof Error ? reason : new Error('aborted');
}

/** Settles as the promise does, or rejects with the signal's reason if that comes first; the rest goes unheard. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	const aborted = Promise.withResolvers<never>();
	const abort = () => aborted.reject(reasonOf(signal));
	promise.catch(() => undefined);
	signal.throwIfAborted();
	signal.addEventListener('abort', abort, {once: true});
	try {
		return await Promise.race([promise, aborted.promise]);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}
