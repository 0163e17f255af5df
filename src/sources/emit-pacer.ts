import type {Clock} from '../io/io.ts';

const quietGapMs = 40;
const busyGapMs = 250;
const busyPerSecond = 10;
/** Timers count in whole milliseconds and may fire this much early; a change must not wait for the next one then. */
const earlyMs = 5;

/** Decides when a changed list is handed on: the first change at once, a burst as a few whole lists. */
export type EmitPacer = {
	/** Something changed; hand it on after this time at the latest that the pace allows. */
	request(withinMs: number): void;
	/** Whether something changed that was not handed on yet. */
	readonly isPending: boolean;
};

/**
 * A single change is handed on within 40 ms, usually at once. From the tenth in one second on it is four a second, so
 * that 300 containers coming up do not mean 300 lists.
 */
export function createEmitPacer(clock: Clock, emit: () => void, signal: AbortSignal): EmitPacer {
	let isPending = false;
	let dueAt = Number.POSITIVE_INFINITY;
	let emittedAt: readonly number[] = [];

	const flush = () => {
		if (!isPending || signal.aborted) {
			return;
		}

		isPending = false;
		dueAt = Number.POSITIVE_INFINITY;
		const now = clock.monotonic();
		emittedAt = [...emittedAt.filter(at => now - at < 1000), now];
		emit();
	};

	return {
		get isPending() {
			return isPending;
		},
		request(withinMs) {
			isPending = true;
			const now = clock.monotonic();
			const last = emittedAt.at(-1) ?? Number.NEGATIVE_INFINITY;
			const inLastSecond = emittedAt.filter(at => now - at < 1000).length;
			const gapMs = inLastSecond >= busyPerSecond ? busyGapMs : quietGapMs;
			const wanted = Math.max(now + withinMs, last + gapMs);
			if (wanted <= now) {
				flush();
			} else if (wanted < dueAt) {
				dueAt = wanted;
				// An ended sleep means an ended source; there is nothing left to hand on.
				clock.sleep(wanted - now, signal).then(
					() => dueAt - clock.monotonic() < earlyMs && flush(),
					() => undefined,
				);
			}
		},
	};
}
