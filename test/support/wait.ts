import {setTimeout as pause} from 'node:timers/promises';

/** How long and how often `waitFor` looks, and what it says it waited for. */
export type WaitOptions = {deadlineMs?: number; everyMs?: number; what?: string};

/**
 * Waits until `check` gives a value other than undefined and returns it. A check that throws counts as
 * "not yet"; its last error is named when the deadline (20 s unless told) passes.
 */
export async function waitFor<T>(
	check: () => T | undefined | Promise<T | undefined>,
	{deadlineMs = 20_000, everyMs = 20, what = 'the expected state'}: WaitOptions = {},
): Promise<T> {
	const end = performance.now() + deadlineMs;
	let lastError: unknown;
	for (;;) {
		try {
			const value = await check();
			if (value !== undefined) return value;
		} catch (error) {
			lastError = error;
		}
		if (performance.now() >= end) {
			const reason = lastError instanceof Error ? `: ${lastError.message}` : '';
			throw new Error(`${what} did not come within ${deadlineMs} ms${reason}`, {cause: lastError});
		}
		await pause(everyMs);
	}
}
