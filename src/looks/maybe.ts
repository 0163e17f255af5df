/**
 * One part of a look: its value, or undefined where it cannot be read. Rejects only where nobody waits any more, so that a
 * look never gives half a result for a cancelled call.
 */
export async function maybe<T>(part: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
	try {
		return await part;
	} catch {
		signal.throwIfAborted();
		return undefined;
	}
}

/** A signal that also fires after so many milliseconds: a slow part must not cost the others their time. */
export function within(ms: number, signal: AbortSignal): AbortSignal {
	return AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(ms))]);
}
