import type {Clock} from '../../io/io.ts';

/** Lets one waiting loop be woken before its time. */
export type Wake = {
	/** Ends the wait that runs, or the next one. */
	wake(): void;
	/** Resolves after the time or at `wake`; rejects with the signal's reason. */
	wait(ms: number): Promise<void>;
};

/** A reason of its own: without one, every wake would make an exception with its stack. */
const woken = 'woken';

/** Makes a wake for one loop. */
export function createWake(clock: Clock, signal: AbortSignal): Wake {
	let isWoken = false;
	let sleeper: AbortController | undefined;
	return {
		wake() {
			isWoken = true;
			sleeper?.abort(woken);
		},
		async wait(ms) {
			signal.throwIfAborted();
			if (!isWoken) {
				const own = new AbortController();
				const end = () => {
					own.abort(woken);
				};
				sleeper = own;
				signal.addEventListener('abort', end, {once: true});
				try {
					await clock.sleep(ms, own.signal);
				} catch {
					signal.throwIfAborted();
				} finally {
					sleeper = undefined;
					signal.removeEventListener('abort', end);
				}
			}

			isWoken = false;
		},
	};
}
