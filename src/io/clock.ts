import {setTimeout as wait} from 'node:timers/promises';

import type {Clock} from './io.ts';

/** The real clock: wall time of the machine and a monotonic time that no clock change moves. */
export function createClock(): Clock {
	return {
		now: () => Date.now(),
		monotonic: () => performance.now(),
		async sleep(ms, signal) {
			try {
				await wait(ms, undefined, {signal});
			} catch (error) {
				throw signal.aborted ? signal.reason : error;
			}
		},
	};
}
