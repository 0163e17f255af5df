import {setTimeout as sleep} from 'node:timers/promises';

import {reasonOf} from './act-problem.ts';

/** Waits so long, or rejects with the reason of the signal. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
	try {
		await sleep(ms, undefined, {signal});
	} catch {
		throw reasonOf(signal);
	}
}
