import type {Clock} from './io.ts';

/** The real clock: wall time of the machine and a monotonic time that no clock change moves. */
export function createClock(): Clock {
	return {
		now: () => Date.now(),
		monotonic: () => performance.now(),
		sleep,
	};
}

/**
 * A timer and one listener. `setTimeout` of node:timers/promises makes an exception with its stack at each abort, and
 * most sleeps here end early.
 */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		if (signal.aborted) {
			reject(signal.reason as Error);
			return;
		}

		const onAbort = () => {
			clearTimeout(timer);
			reject(signal.reason as Error);
		};
		const timer = setTimeout(() => {
			signal.removeEventListener('abort', onAbort);
			resolve();
		}, ms);
		signal.addEventListener('abort', onAbort, {once: true});
	});
}
