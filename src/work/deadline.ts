import {ProblemError} from '../domain/problem.ts';

/** What was told to stop gets this long to do so before the run goes on without it, in ms. */
const graceMs = 15_000;

/**
 * Runs something with a signal that aborts after `timeoutMs` or when cancelled. Rejects with `road-deadline` where the
 * time was over; work that does not even stop then is left behind.
 */
export async function withinDeadline<T>(
	facts: {readonly step: string; readonly timeoutMs: number; readonly cancel?: AbortSignal},
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const {step, timeoutMs, cancel} = facts;
	const own = new AbortController();
	const late = new ProblemError({
		code: 'road-deadline',
		params: {step, seconds: Math.round(timeoutMs / 1000)},
		retry: 'soon',
	});
	const deadline = setTimeout(() => own.abort(late), timeoutMs);
	const onCancel = () => own.abort(cancel?.reason);
	if (cancel?.aborted === true) onCancel();
	else cancel?.addEventListener('abort', onCancel, {once: true});
	let grace: NodeJS.Timeout | undefined;
	const leftBehind = new Promise<never>((_resolve, reject) => {
		own.signal.addEventListener(
			'abort',
			() => {
				const reason: unknown = own.signal.reason;
				grace = setTimeout(
					() => reject(reason instanceof Error ? reason : new Error(String(reason))),
					graceMs,
				);
			},
			{once: true},
		);
	});
	try {
		return await Promise.race([work(own.signal), leftBehind]);
	} catch (error) {
		throw own.signal.reason === late ? late : error;
	} finally {
		clearTimeout(deadline);
		clearTimeout(grace);
		cancel?.removeEventListener('abort', onCancel);
	}
}
