/** A cron expression in the form in which times are looked up. */
export type Cron = {
	readonly minutes: ReadonlySet<number>;
	readonly hours: ReadonlySet<number>;
	readonly days: ReadonlySet<number>;
	readonly months: ReadonlySet<number>;
	readonly weekdays: ReadonlySet<number>;
	/** Both the day of the month and the weekday are restricted: then either of them is enough, as in cron(8). */
	readonly isEitherDay: boolean;
};

const aliases: Readonly<Record<string, string>> = {
	'@yearly': '0 0 1 1 *',
	'@annually': '0 0 1 1 *',
	'@monthly': '0 0 1 * *',
	'@weekly': '0 0 * * 0',
	'@daily': '0 0 * * *',
	'@midnight': '0 0 * * *',
	'@hourly': '0 * * * *',
};

const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const weekdayNames = 'sun mon tue wed thu fri sat'.split(' ');

type Field = {
	readonly first: number;
	readonly last: number;
	readonly names?: readonly string[];
};

const fields = {
	minute: {first: 0, last: 59},
	hour: {first: 0, last: 23},
	day: {first: 1, last: 31},
	month: {first: 1, last: 12, names: monthNames},
	// 7 is Sunday too.
	weekday: {first: 0, last: 7, names: weekdayNames},
} as const satisfies Readonly<Record<string, Field>>;

/** One number or name of a field. */
function parseValue(text: string, field: Field): number | undefined {
	const index = field.names?.indexOf(text.toLowerCase()) ?? -1;
	if (index >= 0) return index + field.first;
	if (!/^\d{1,2}$/.test(text)) return undefined;
	const value = Number(text);
	return value >= field.first && value <= field.last ? value : undefined;
}

/** One part of a list: `*`, `5`, `1-5`, each with an optional `/step`. */
function parsePart(part: string, field: Field): readonly number[] | undefined {
	const [range = '', stepText, ...rest] = part.split('/');
	if (rest.length > 0 || (stepText !== undefined && !/^\d{1,2}$/.test(stepText))) return undefined;
	const step = stepText === undefined ? 1 : Number(stepText);
	if (step < 1) return undefined;
	const bounds = range === '*' || range === '?' ? [] : range.split('-');
	if (bounds.length > 2) return undefined;
	const from = bounds[0] === undefined ? field.first : parseValue(bounds[0], field);
	// `5/15` means from 5 to the end in steps of 15; `5` alone is only 5.
	const end = bounds[1] ?? (stepText === undefined ? bounds[0] : undefined);
	const to = end === undefined ? field.last : parseValue(end, field);
	if (from === undefined || to === undefined || from > to) return undefined;
	const values: number[] = [];
	for (let value = from; value <= to; value += step) values.push(value);
	return values;
}

/** All values of one field, or nothing where it is not valid. */
function parseField(text: string, field: Field): ReadonlySet<number> | undefined {
	const values = new Set<number>();
	for (const part of text.split(',')) {
		const parsed = parsePart(part, field);
		if (parsed === undefined) return undefined;
		for (const value of parsed) values.add(value);
	}

	return values;
}

/**
 * Understands the five fields of crontab(5): lists, ranges, steps, names of months and weekdays, `@daily` and its
 * like. Not `@reboot`, not `L`, `W`, `#`, no seconds field: those give nothing.
 */
export function parseCron(expression: string): Cron | undefined {
	const text = expression.trim();
	const parts = (aliases[text.toLowerCase()] ?? text).split(/\s+/);
	if (parts.length !== 5) return undefined;
	const [minuteText = '', hourText = '', dayText = '', monthText = '', weekdayText = ''] = parts;
	const minutes = parseField(minuteText, fields.minute);
	const hours = parseField(hourText, fields.hour);
	const days = parseField(dayText, fields.day);
	const months = parseField(monthText, fields.month);
	const weekdays = parseField(weekdayText, fields.weekday);
	if (!minutes || !hours || !days || !months || !weekdays) return undefined;
	// As cron does it: a field that starts with a star counts as not restricted.
	const isFree = (field: string) => field.startsWith('*') || field === '?';
	return {
		minutes,
		hours,
		days,
		months,
		weekdays: new Set([...weekdays].map(day => day % 7)),
		isEitherDay: !isFree(dayText) && !isFree(weekdayText),
	};
}

/** Whether the job runs on a day. */
function isDay(cron: Cron, date: Date): boolean {
	if (!cron.months.has(date.getMonth() + 1)) return false;
	const byDay = cron.days.has(date.getDate());
	const byWeekday = cron.weekdays.has(date.getDay());
	return cron.isEitherDay ? byDay || byWeekday : byDay && byWeekday;
}

/** The runs of one day in the order of the clock. */
function runsOf(cron: Cron, day: Date): readonly number[] {
	const runs: number[] = [];
	for (let hour = 0; hour < 24; hour++) {
		if (!cron.hours.has(hour)) continue;
		for (let minute = 0; minute < 60; minute++) {
			if (!cron.minutes.has(minute)) continue;
			const [year, month, date] = [day.getFullYear(), day.getMonth(), day.getDate()];
			const run = new Date(year, month, date, hour, minute);
			// An hour that summer time skips does not exist on that day; the Date then shows another one.
			if (run.getHours() === hour && run.getMinutes() === minute) runs.push(run.getTime());
		}
	}

	return runs;
}

// The longest pause of a valid expression: 29 February around a year 2100 without one.
const searchDays = 366 * 8 + 2;

/** The nearest run in one direction. */
function findRun(
	expression: string,
	atMs: number,
	direction: 1 | -1,
	fits: (runMs: number) => boolean,
): number | undefined {
	const cron = parseCron(expression);
	if (cron === undefined || !Number.isFinite(atMs)) return undefined;
	const start = new Date(atMs);
	for (let offset = 0; offset <= searchDays; offset++) {
		const date = start.getDate() + direction * offset;
		// Noon exists on every day in every time zone.
		const day = new Date(start.getFullYear(), start.getMonth(), date, 12);
		if (!isDay(cron, day)) continue;
		const runs = runsOf(cron, day).filter(fits);
		const run = direction > 0 ? runs[0] : runs.at(-1);
		if (run !== undefined) return run;
	}

	return undefined;
}

/**
 * The last time at or before `atMs` at which a cron job should have started, in the time zone of this process; nothing
 * for an expression that is not understood or that never runs (30 February). In the hour that is repeated at the end
 * of summer time only the first pass counts; an hour that is skipped has no runs.
 */
export function previousRun(expression: string, atMs: number): number | undefined {
	return findRun(expression, atMs, -1, runMs => runMs <= atMs);
}

/** The first time after `atMs` at which a cron job starts; otherwise as `previousRun`. */
export function nextRun(expression: string, atMs: number): number | undefined {
	return findRun(expression, atMs, 1, runMs => runMs > atMs);
}

// A job may start this much early by another clock.
const startToleranceMs = 5 * 60_000;

const longestGraceMs = 3_600_000;

/**
 * Whether a scheduled run is missing: the newest is older than the last run that is over by the grace time (one hour, or
 * half the interval of a job that runs more often). The schedule is in the time zone of this process.
 */
export function missedRun(schedule: string, newestAtMs: number, nowMs: number): boolean {
	const lastMs = previousRun(schedule, nowMs);
	if (lastMs === undefined) return false;
	const followingMs = nextRun(schedule, lastMs) ?? Number.POSITIVE_INFINITY;
	const graceMs = Math.min(longestGraceMs, (followingMs - lastMs) / 2);
	const dueMs = previousRun(schedule, nowMs - graceMs);
	return dueMs !== undefined && newestAtMs < dueMs - startToleranceMs;
}
