const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * How old a backup may be that is made on a schedule: the longest time between two runs (as far as the fields tell:
 * hour, day, week, month, year) and two hours.
 */
export function maxAgeOf(cron: string): number {
	const [, hour = '*', dayOfMonth = '*', month = '*', dayOfWeek = '*'] = cron.trim().split(/\s+/);
	return periodOf({hour, dayOfMonth, month, dayOfWeek}) + 2 * hourMs;
}

function periodOf(
	fields: Readonly<Record<'hour' | 'dayOfMonth' | 'month' | 'dayOfWeek', string>>,
): number {
	if (fields.month !== '*') return 366 * dayMs;
	if (fields.dayOfMonth !== '*') return 31 * dayMs;
	if (fields.dayOfWeek !== '*') return 7 * dayMs;
	const step = /^\*\/(\d+)$/.exec(fields.hour);
	if (step) return Math.min(24, Number(step[1])) * hourMs;
	return fields.hour === '*' ? hourMs : dayMs;
}
