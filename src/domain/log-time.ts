/** When a line arrived: exact where the container engine stamped it, rough for the first look into a file. */
export type Arrival = {readonly atMs: number; readonly isExact: boolean};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayMs = 86_400_000;
const quarterMs = 900_000;

const isoTime =
	/^[[(<"']?(\d{4})[-/.](\d\d)[-/.](\d\d)[T :](\d\d):(\d\d)(?::(\d\d))?(?:[.,:](\d{1,9}))?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?(?: [A-Z]{3,5}(?= ))?[\])>"']?\s*/;
const dayFirstTime =
	/^\[?(\d{1,2})[ /]([A-Z][a-z]{2})[ /](\d{4})[ :](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ([+-]\d{4}))?\]?\s*/;
const syslogTime =
	/^(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?\s+/;

type Fields = {
	readonly year: number;
	readonly month: number;
	readonly day: number;
	readonly clock: readonly [string | undefined, string | undefined, string | undefined];
	readonly fraction: string | undefined;
	readonly zone: string | undefined;
};

function zoneOffsetMs(zone: string | undefined): number | undefined {
	if (zone === undefined) return undefined;
	const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
	if (match === null) return 0;
	const size = (Number(match[2]) * 60 + Number(match[3])) * 60_000;
	return match[1] === '-' ? -size : size;
}

/**
 * A time without a zone is in the zone of whoever wrote it. Its arrival tells which one that is: the difference,
 * rounded to a quarter of an hour. Without an exact arrival the zone of this process is assumed.
 */
function resolve(fields: Fields, arrival: Arrival): number | undefined {
	const [hours, minutes, seconds] = fields.clock.map(part => Number(part ?? 0));
	const milliseconds =
		fields.fraction === undefined ? 0 : Math.floor(Number(`0.${fields.fraction}`) * 1000);
	const asUtcMs = Date.UTC(
		fields.year,
		fields.month - 1,
		fields.day,
		hours,
		minutes,
		seconds,
		milliseconds,
	);
	if (!Number.isFinite(asUtcMs)) return undefined;
	const offsetMs = zoneOffsetMs(fields.zone);
	if (offsetMs !== undefined) return asUtcMs - offsetMs;
	if (!arrival.isExact) return asUtcMs + new Date(asUtcMs).getTimezoneOffset() * 60_000;
	const shiftMs = Math.round((arrival.atMs - asUtcMs) / quarterMs) * quarterMs;
	return Math.abs(shiftMs) <= 14 * 3_600_000 ? asUtcMs + shiftMs : asUtcMs;
}

function yearless(month: number, day: number, arrival: Arrival): number {
	const year = new Date(arrival.atMs).getUTCFullYear();
	// A December line read in January belongs to the year before.
	return Date.UTC(year, month - 1, day) > arrival.atMs + 2 * dayMs ? year - 1 : year;
}

/**
 * The timestamp that a line starts with (ISO and its variants, `21/Nov/2026:10:00:00 +0000`, Redis's
 * `21 Nov 2026 10:00:00.123`, syslog's `Nov 21 10:00:00`) and where the text behind it starts.
 */
export function readTime(
	text: string,
	arrival: Arrival,
): {readonly atMs: number; readonly end: number} | undefined {
	const iso = isoTime.exec(text);
	const dayFirst = iso === null ? dayFirstTime.exec(text) : null;
	const syslog = iso === null && dayFirst === null ? syslogTime.exec(text) : null;
	const match = iso ?? dayFirst ?? syslog;
	if (match === null) return undefined;
	const fields = fieldsOf(match, iso !== null, dayFirst !== null, arrival);
	const atMs = fields === undefined ? undefined : resolve(fields, arrival);
	return atMs === undefined ? undefined : {atMs, end: match[0].length};
}

function fieldsOf(
	match: RegExpExecArray,
	isIso: boolean,
	isDayFirst: boolean,
	arrival: Arrival,
): Fields | undefined {
	const at = (index: number): string | undefined => match[index];
	if (isIso) {
		return {
			year: Number(at(1)),
			month: Number(at(2)),
			day: Number(at(3)),
			clock: [at(4), at(5), at(6)],
			fraction: at(7),
			zone: at(8),
		};
	}

	const month = months.indexOf((at(isDayFirst ? 2 : 1) ?? '').toLowerCase()) + 1;
	if (month === 0) return undefined;
	const day = Number(at(isDayFirst ? 1 : 2));
	return isDayFirst
		? {year: Number(at(3)), month, day, clock: [at(4), at(5), at(6)], fraction: at(7), zone: at(8)}
		: {
				year: yearless(month, day, arrival),
				month,
				day,
				clock: [at(3), at(4), at(5)],
				fraction: at(6),
				zone: undefined,
			};
}

/** A timestamp from a field of a structured line: ISO text, or seconds, milliseconds, microseconds or nanoseconds since 1970. */
export function timeOfField(value: unknown, arrival: Arrival): number | undefined {
	if (typeof value === 'string') {
		if (/^\d{9,19}(\.\d+)?$/.test(value)) return timeOfField(Number(value), arrival);
		return readTime(value, arrival)?.atMs;
	}

	if (typeof value !== 'number' || !Number.isFinite(value) || value < 1e8) return undefined;
	if (value < 1e11) return value * 1000;
	if (value < 1e14) return value;
	return value < 1e17 ? value / 1000 : value / 1e6;
}
