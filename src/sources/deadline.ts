import {ProblemError} from '../domain/problem.ts';
import type {Clock} from '../io/io.ts';

/** Runs one request with a deadline of its own: it rejects with `timed-out`, or with the reason of the outer signal. */
export async function withDeadline<T>(
	options: {
		readonly clock: Clock;
		/** What is waited for, for the message. */
		readonly what: string;
		readonly timeoutMs: number;
		readonly signal: AbortSignal;
	},
	run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const {clock, what, timeoutMs, signal} = options;
	const late = new AbortController();
	const done = new AbortController();
	const params = {what, seconds: timeoutMs / 1000};
	clock.sleep(timeoutMs, done.signal).then(
		() => late.abort(new ProblemError({code: 'timed-out', params, retry: 'soon'})),
		() => undefined,
	);
	try {
		return await run(AbortSignal.any([signal, late.signal]));
	} finally {
		// With a reason, because without one an exception with its stack is made for every request.
		done.abort('done');
	}
}
