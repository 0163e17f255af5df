import type {Clock} from '../../io/io.ts';

const windowMs = 100;
/** Share of one core that reading logs may take, over each window: a storm must not make the screen slow. */
const budgetMs = 25;
const strainLastsMs = 2000;

/** The time budget that all followed logs share. */
export type Pace = {
	/** Runs a short piece of work; resolves later where the budget is used up, which slows the reader down. */
	work(task: () => void): Promise<void>;
	/** Whether the budget was used up lately, so that a reader far behind should skip instead of reading everything. */
	isStrained(): boolean;
};

/** Makes the budget of one source. */
export function createPace(clock: Clock, signal: AbortSignal): Pace {
	let windowStart = clock.monotonic();
	let spentMs = 0;
	let strainedUntil = Number.NEGATIVE_INFINITY;
	return {
		async work(task) {
			const start = clock.monotonic();
			if (start - windowStart >= windowMs) {
				windowStart = start;
				spentMs = 0;
			}

			task();
			const end = clock.monotonic();
			spentMs += end - start;
			if (spentMs < budgetMs) return;
			strainedUntil = end + strainLastsMs;
			await clock.sleep(Math.max(1, windowStart + windowMs - end), signal);
		},
		isStrained: () => clock.monotonic() < strainedUntil,
	};
}
