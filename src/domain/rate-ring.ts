/** Counts per fixed span of time, for the last spans only. */
export type RateRing = {
	/** Counts one event; events older than the ring are ignored, later ones than `nowMs` count as now. */
	add(atMs: number, nowMs: number): void;
	/** Events of the last `windowMs`. */
	sum(nowMs: number, windowMs: number): number;
	/** One count per span, oldest first; the last is the span of `nowMs`. */
	counts(nowMs: number): readonly number[];
};

/** Makes a ring of `size` spans of `spanMs`. Safe with clocks that jump: nothing negative, nothing stuck. */
export function createRateRing(size: number, spanMs: number): RateRing {
	const counts = new Array<number>(size).fill(0);
	const spans = new Array<number>(size).fill(Number.NEGATIVE_INFINITY);

	function countOf(span: number): number {
		const slot = ((span % size) + size) % size;
		return spans[slot] === span ? (counts[slot] ?? 0) : 0;
	}

	return {
		add(atMs, nowMs) {
			const now = Math.floor(nowMs / spanMs);
			const span = Math.min(Math.floor(atMs / spanMs), now);
			if (!(span > now - size)) return;
			const slot = ((span % size) + size) % size;
			// A slot of another span is old, or in the future of a clock that was set back: both make room.
			if (spans[slot] !== span) {
				spans[slot] = span;
				counts[slot] = 0;
			}

			counts[slot] = (counts[slot] ?? 0) + 1;
		},
		sum(nowMs, windowMs) {
			const now = Math.floor(nowMs / spanMs);
			const length = Math.min(size, Math.ceil(windowMs / spanMs));
			let total = 0;
			for (let back = 0; back < length; back++) total += countOf(now - back);
			return total;
		},
		counts(nowMs) {
			const now = Math.floor(nowMs / spanMs);
			return Array.from({length: size}, (_, index) => countOf(now - size + 1 + index));
		},
	};
}
