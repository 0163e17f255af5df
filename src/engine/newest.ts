/** Does one work at a time: a newer one replaces the one before. */
export type Newest = {
	/**
	 * Ends the work before and does this one. Rejects as it does; where a newer one took its place, it resolves however it
	 * ended, since nobody waits for it any more. The signal also fires with that of the owner.
	 */
	run(work: (signal: AbortSignal) => Promise<void>): Promise<void>;
};

/** Makes a place for one work; `outer` ends whatever is in it. */
export function createNewest(outer: AbortSignal): Newest {
	let current: AbortController | undefined;
	return {
		async run(work) {
			current?.abort();
			const own = new AbortController();
			current = own;
			try {
				await work(AbortSignal.any([outer, own.signal]));
			} catch (error) {
				if (!own.signal.aborted) throw error;
			}
		},
	};
}
