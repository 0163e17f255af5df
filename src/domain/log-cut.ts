const secondMs = 1000;

/** Counts how much of a log there is by second, to find where it must be cut so that the newest part fits. */
export type LogSizes = {
	add(atMs: number, bytes: number): void;
	totalBytes(): number;
	/** The first second, in ms, from which on everything fits into `maxBytes`. */
	cutFor(maxBytes: number): number;
};

/** Makes a counter with nothing in it. */
export function createLogSizes(): LogSizes {
	const seconds = new Map<number, number>();
	let total = 0;
	return {
		add(atMs, bytes) {
			const second = Math.floor(atMs / secondMs);
			seconds.set(second, (seconds.get(second) ?? 0) + bytes);
			total += bytes;
		},
		totalBytes: () => total,
		cutFor(maxBytes) {
			let sum = 0;
			let first: number | undefined;
			for (const second of [...seconds.keys()].toSorted((a, b) => b - a)) {
				sum += seconds.get(second) ?? 0;
				if (sum > maxBytes) return (second + 1) * secondMs;
				first = second;
			}

			return (first ?? 0) * secondMs;
		},
	};
}
