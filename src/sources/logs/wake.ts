/** Lets one waiting loop be woken before its time. */
export type Wake = {
	/** Ends the wait that runs, or the next one. */
	wake(): void;
	/** Resolves after the time or at `wake`; rejects with the signal's reason. */
	wait(ms: number): Promise<void>;
};

/** Makes a wake for one loop; one wait at a time. */
export function createWake(signal: AbortSignal): Wake {
	let isWoken = false;
	let goOn: (() => void) | undefined;
	const wake = (): void => {
		isWoken = true;
		goOn?.();
	};
	signal.addEventListener('abort', wake, {once: true});
	return {
		wake,
		async wait(ms) {
			// A bare timer: waking happens for every error of every log, and an abort costs ten times as much.
			if (!isWoken && !signal.aborted) {
				await new Promise<void>(resolve => {
					const timer = setTimeout(resolve, ms);
					goOn = () => {
						clearTimeout(timer);
						resolve();
					};
				});
			}

			goOn = undefined;
			isWoken = false;
			signal.throwIfAborted();
		},
	};
}
