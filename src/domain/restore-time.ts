import {clean} from './clean.ts';
import {ProblemError} from './problem.ts';

// The zone must be said: without it the server would take its own, which is rarely the operator's.
const timePattern =
	/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(Z|[+-]\d\d(?::?\d\d)?)$/;

/** A moment with its zone, `2026-11-21 14:03:00+08`, in ms; undefined where it is none. */
export function parseRestoreTime(text: string): number | undefined {
	const [, day, time, zone = ''] = timePattern.exec(text) ?? [];
	if (day === undefined || time === undefined) return undefined;
	const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
	const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`;
	const atMs = Date.parse(`${day}T${time}${offset}`);
	return Number.isNaN(atMs) ? undefined : atMs;
}

/** Throws `restore-time` where a text is no moment with its zone, or one that is still to come. */
export function throwIfNoTime(text: string, nowMs: number): void {
	const atMs = parseRestoreTime(text);
	if (atMs !== undefined && atMs <= nowMs) return;
	throw new ProblemError({
		code: 'restore-time',
		params: {time: clean(text, 60)},
		retry: 'rarely',
	});
}
