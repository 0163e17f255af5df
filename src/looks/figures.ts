/** Percent of a whole; undefined where either is not known or there is no whole. */
export function percentOf(part: number | undefined, whole: number | undefined): number | undefined {
	return part === undefined || whole === undefined || whole <= 0 ? undefined : (100 * part) / whole;
}

/** Seconds from one wall-clock moment to another, never below 0; undefined where the first is not known. */
export function secondsSince(atMs: number | undefined, nowMs: number): number | undefined {
	return atMs === undefined ? undefined : Math.max(0, nowMs - atMs) / 1000;
}

/** The item with the largest figure, the first of equals; undefined for no item with a figure. */
export function most<T>(
	items: Iterable<T>,
	figure: (item: T) => number | undefined,
): T | undefined {
	let best: {readonly item: T; readonly figure: number} | undefined;
	for (const item of items) {
		const own = figure(item);
		if (own !== undefined && (best === undefined || own > best.figure)) best = {item, figure: own};
	}

	return best?.item;
}

/** The sum of the figures; undefined for none. */
export function sumOf(figures: readonly number[]): number | undefined {
	return figures.length === 0 ? undefined : figures.reduce((sum, figure) => sum + figure, 0);
}

/** The text, or undefined for an empty one: a field that is empty says nothing. */
export function someText(text: string | undefined): string | undefined {
	return text === '' ? undefined : text;
}
