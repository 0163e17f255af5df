import type {Clock} from '../../io/io.ts';

/** Lets one waiting loop be woken before its time. */
export type Wake = {
	/** Ends the wait that runs, or the next one. */
	wake(): void;
	/** Resolves after the time or at `wake`; rejects with the signal's reason. */
	wait(ms: number): Promise<void>;
};

/** Makes a wake for one loop. */
export function createWake(clock: Clock, signal: AbortSignal): Wake {
	let isWoken = false;
	let sleeper: AbortController | undefined;
	return {
		wake() {
			isWoken = true;
			sleeper?.abort();
		},
		async wait(ms) {
			signal.throwIfAborted();
			if (!isWoken) {
				sleeper = new AbortController();
				const both = AbortSignal.any([signal, sleeper.signal]);
				try {
					await clock.sleep(ms, both);
				} catch {
					signal.throwIfAborted();
				} finally {
					sleeper = undefined;
				}
			}

			isWoken = false;
		},
	};
}
