const durationUnitsMs = {
	ms: 1,
	s: 1000,
	m: 60_000,
	min: 60_000,
	h: 3_600_000,
	d: 86_400_000,
	w: 604_800_000,
};
const sizeUnitsBytes = {
	B: 1,
	KB: 1e3,
	MB: 1e6,
	GB: 1e9,
	TB: 1e12,
	KiB: 2 ** 10,
	MiB: 2 ** 20,
	GiB: 2 ** 30,
	TiB: 2 ** 40,
};

/** What a duration looks like, as a pattern for editors. */
export const durationPattern = /^(?:\d+(?:\.\d+)?\s*(?:ms|s|min|m|h|d|w)\s*)+$/;

/** What a size looks like, as a pattern for editors. */
export const sizePattern = /^\d+(?:\.\d+)?\s*(?:[KMGT]i?)?B$/i;

function table(units: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
	return new Map(Object.entries(units).map(([name, factor]) => [name.toLowerCase(), factor]));
}

const durations = table(durationUnitsMs);
const sizes = table(sizeUnitsBytes);

/** `30s`, `5m`, `1h30m` in milliseconds; undefined where it is not a duration. */
export function parseDuration(text: string): number | undefined {
	if (text.length > 40 || !durationPattern.test(text)) return undefined;
	let total = 0;
	for (const part of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
		total += Number(part[1]) * (durations.get(part[2] ?? '') ?? Number.NaN);
	}

	return Number.isSafeInteger(Math.round(total)) ? Math.round(total) : undefined;
}

/** `2GB` (powers of 1000) or `512MiB` (powers of 1024) in bytes; undefined where it is not a size. */
export function parseSize(text: string): number | undefined {
	const parts = text.length > 40 ? null : /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text);
	const factor = sizes.get((parts?.[2] ?? '').toLowerCase());
	if (!parts || factor === undefined) return undefined;
	const bytes = Math.round(Number(parts[1]) * factor);
	return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** `1h30m` style text of a duration, the shortest that is exact to the millisecond. */
export function formatDuration(ms: number): string {
	let rest = Math.round(ms);
	let text = '';
	for (const [unit, factor] of [
		['d', 86_400_000],
		['h', 3_600_000],
		['m', 60_000],
		['s', 1000],
		['ms', 1],
	] as const) {
		const count = Math.floor(rest / factor);
		rest -= count * factor;
		if (count > 0) text += `${count}${unit}`;
	}

	return text === '' ? '0s' : text;
}
