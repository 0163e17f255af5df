import type {Look} from '../operation.ts';

const effectMs = 5000;
const everyMs = 100;

/**
 * Looks again and again until it is so, at most 5 s; gives what was seen last. A server that has just lost many sessions may
 * not answer at once: what was done is done, so only a look that fails to the end rejects.
 */
export async function untilEffect<T>(
	{io: {clock}, signal}: Pick<Look, 'signal'> & {readonly io: Pick<Look['io'], 'clock'>},
	see: () => Promise<T>,
	isSo: (seen: T) => boolean,
): Promise<T> {
	const startedAt = clock.monotonic();
	for (;;) {
		const isLate = () => clock.monotonic() - startedAt > effectMs;
		try {
			const seen = await see();
			if (isSo(seen) || isLate()) return seen;
		} catch (error) {
			signal.throwIfAborted();
			if (isLate()) throw error;
		}

		await clock.sleep(everyMs, signal);
	}
}
