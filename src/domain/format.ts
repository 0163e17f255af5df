import stringWidth from 'string-width';
import {graphemes, simpleWidth} from './graphemes.ts';
import type {Unit} from './metrics.ts';
import type {Language} from './settings.ts';

/** What stands where a value is not known. Never `NaN`, never 0. */
export const absent = '—';

/** A measured figure, or nothing where it is not known. */
export type Figure = number | undefined;

/** Whether there is a figure that can be shown. */
function isKnown(value: Figure): value is number {
	return value !== undefined && Number.isFinite(value);
}

/** Two significant digits below ten, whole numbers above: `0.4`, `9.5`, `12`, `480`. */
function scaled(value: number): string {
	const tenths = value.toFixed(1);
	return Math.abs(Number(tenths)) < 10 ? tenths : value.toFixed(0);
}

/** Divides until the number fits three digits; the step is the index of its unit. */
function reduce(value: number, base: number, steps: number): {value: number; step: number} {
	let rest = value;
	let step = 0;
	while (step < steps && Math.abs(rest) >= 999.5) {
		rest /= base;
		step++;
	}

	return {value: rest, step};
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** Bytes in IEC units: `512 B`, `1.5 GiB`. */
export function formatBytes(bytes: Figure): string {
	if (!isKnown(bytes)) return absent;
	const reduced = reduce(bytes, 1024, byteUnits.length - 1);
	const digits = reduced.step === 0 ? reduced.value.toFixed(0) : scaled(reduced.value);
	return `${digits} ${byteUnits[reduced.step] ?? ''}`;
}

/** Bytes for a narrow column, at most four cells: `512B`, `1.5G` (IEC, as `df -h` writes them). */
export function formatBytesShort(bytes: Figure): string {
	if (!isKnown(bytes)) return absent;
	const reduced = reduce(bytes, 1024, byteUnits.length - 1);
	const digits = reduced.step === 0 ? reduced.value.toFixed(0) : scaled(reduced.value);
	return `${digits}${(byteUnits[reduced.step] ?? '').charAt(0)}`;
}

/** Used against a limit: `1.5/4.0 GiB` would mislead with mixed units, so `1.5 GiB / 4.0 GiB`; without a limit only the first. */
export function formatBytesOf(usedBytes: Figure, limitBytes: Figure): string {
	if (!isKnown(limitBytes)) return formatBytes(usedBytes);
	return `${formatBytes(usedBytes)} / ${formatBytes(limitBytes)}`;
}

/** Bytes per second: `1.5 MiB/s`. */
export function formatByteRate(bytesPerSecond: Figure): string {
	return isKnown(bytesPerSecond) ? `${formatBytes(bytesPerSecond)}/s` : absent;
}

/** Bytes per second for a narrow column, at most six cells: `1.5M/s`. */
export function formatByteRateShort(bytesPerSecond: Figure): string {
	return isKnown(bytesPerSecond) ? `${formatBytesShort(bytesPerSecond)}/s` : absent;
}

/** A share in percent: `4.2%`, `87%`; a cpu of several cores may go over 100. */
export function formatPercent(percent: Figure): string {
	if (!isKnown(percent)) return absent;
	// 99.95 of 100 must not look full, nor 0.04 look like nothing at all.
	if (percent > 99 && percent < 100) return `${(Math.floor(percent * 10) / 10).toFixed(1)}%`;
	if (percent > 0 && percent < 0.1) return '<0.1%';
	return percent === 0 ? '0%' : `${scaled(percent)}%`;
}

const countUnits = ['', 'k', 'M', 'G', 'T'];

/** A count: `42`, `12.3k`, `4.5M` (decimal thousands). */
export function formatCount(count: Figure): string {
	if (!isKnown(count)) return absent;
	const reduced = reduce(count, 1000, countUnits.length - 1);
	if (reduced.step === 0) return Number.isInteger(count) ? count.toFixed(0) : scaled(count);
	const digits =
		Math.abs(reduced.value) < 99.95 ? reduced.value.toFixed(1) : reduced.value.toFixed(0);
	return `${digits}${countUnits[reduced.step] ?? ''}`;
}

/** Events per second: `0.4/s`, `12.3k/s`. */
export function formatRate(perSecond: Figure): string {
	if (!isKnown(perSecond)) return absent;
	return perSecond === 0 ? '0/s' : `${formatCount(perSecond)}/s`;
}

/** Events per minute: `3/min`; in Chinese `3/分`. */
export function formatMinuteRate(perMinute: Figure, language: Language): string {
	if (!isKnown(perMinute)) return absent;
	return `${formatCount(perMinute)}/${language === 'zh' ? '分' : 'min'}`;
}

/** A ratio with two decimals: `1.42`. */
export function formatRatio(ratio: Figure): string {
	return isKnown(ratio) ? ratio.toFixed(2) : absent;
}

/** A latency: `0.4 ms`, `12 ms`, `1.2 s`, then as a duration. */
export function formatLatency(ms: Figure, language: Language): string {
	if (!isKnown(ms)) return absent;
	const latency = Math.max(0, ms);
	if (latency < 999.5) {
		const unit = language === 'zh' ? '毫秒' : 'ms';
		return `${latency === 0 ? '0' : scaled(latency)} ${unit}`;
	}

	if (latency < 9950) return `${(latency / 1000).toFixed(1)} ${language === 'zh' ? '秒' : 's'}`;
	return formatDuration(latency / 1000, language);
}

/** A latency for a narrow column, the same in every language, at most six cells: `0.4ms`, `12ms`, `1.2s`, `3m5s`. */
export function formatLatencyShort(ms: Figure): string {
	if (!isKnown(ms)) return absent;
	const latency = Math.max(0, ms);
	if (latency < 999.5) return `${latency === 0 ? '0' : scaled(latency)}ms`;
	return latency < 9950 ? `${(latency / 1000).toFixed(1)}s` : formatDurationShort(latency / 1000);
}

type DurationUnits = Readonly<Record<'d' | 'h' | 'm' | 's', string>>;

const durationUnits: Readonly<Record<Language, DurationUnits>> = {
	en: {d: 'd', h: 'h', m: 'm', s: 's'},
	zh: {d: '天', h: '小时', m: '分', s: '秒'},
};

/** The two largest parts that say something: 3 d 4 h, 2 h 5 m, 12 m, 45 s. */
function durationParts(seconds: number): readonly [number, keyof DurationUnits][] {
	// Ages round down (2.9 s is not yet 3 s), and a clock that jumped back must not give a negative time.
	const total = Math.max(0, Math.floor(seconds));
	const days = Math.floor(total / 86_400);
	const hours = Math.floor((total % 86_400) / 3600);
	const minutes = Math.floor((total % 3600) / 60);
	if (days > 0)
		return hours > 0 && days < 100
			? [
					[days, 'd'],
					[hours, 'h'],
				]
			: [[days, 'd']];
	if (hours > 0)
		return minutes > 0
			? [
					[hours, 'h'],
					[minutes, 'm'],
				]
			: [[hours, 'h']];
	if (minutes > 0) {
		const rest = total % 60;
		return minutes < 5 && rest > 0
			? [
					[minutes, 'm'],
					[rest, 's'],
				]
			: [[minutes, 'm']];
	}

	return [[total, 's']];
}

/** A duration in seconds for people: `3 d 4 h`, `12 m`, `45 s`; Chinese `3 天 4 小时`. Never negative. */
export function formatDuration(seconds: Figure, language: Language): string {
	if (!isKnown(seconds)) return absent;
	const units = durationUnits[language];
	return durationParts(seconds)
		.map(([value, unit]) => `${value} ${units[unit]}`)
		.join(' ');
}

/** The same with seconds below ten minutes: for what is measured against a limit of minutes, `5 m 12 s`. */
export function formatDurationExact(seconds: Figure, language: Language): string {
	if (!isKnown(seconds)) return absent;
	const total = Math.max(0, Math.floor(seconds));
	const rest = total % 60;
	const minutes = formatDuration(total - rest, language);
	const isExact = total > 60 && total < 600 && rest > 0;
	return isExact ? `${minutes} ${formatDuration(rest, language)}` : formatDuration(total, language);
}

/** A duration for a narrow column, the same in every language, at most six cells: `3d4h`, `12m`, `45s`. */
export function formatDurationShort(seconds: Figure): string {
	if (!isKnown(seconds)) return absent;
	return durationParts(seconds)
		.map(([value, unit]) => `${value}${unit}`)
		.join('');
}

/** How long ago: `2 s ago`, `now` below one second or in the future; Chinese `2 秒前`, `刚刚`. */
export function formatAge(ageMs: Figure, language: Language): string {
	if (!isKnown(ageMs)) return absent;
	if (ageMs < 1000) return language === 'zh' ? '刚刚' : 'now';
	const duration = formatDuration(ageMs / 1000, language);
	return language === 'zh' ? `${duration}前` : `${duration} ago`;
}

/** Two digits, for clocks. */
function two(value: number): string {
	return String(value).padStart(2, '0');
}

/** Time of day in the time zone of this process: `14:03:09`. */
export function formatClock(atMs: Figure): string {
	if (!isKnown(atMs)) return absent;
	const date = new Date(atMs);
	if (Number.isNaN(date.getTime())) return absent;
	return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Time of day, with the date before it where that is another day than `nowMs`: `2026-11-21 14:03:09`. */
export function formatClockOn(atMs: Figure, nowMs: number): string {
	const clock = formatClock(atMs);
	const [day = ''] = formatDateTime(atMs).split(' ');
	return formatDateTime(nowMs).startsWith(`${day} `) || clock === absent
		? clock
		: `${day} ${clock}`;
}

/** Date and time in the time zone of this process: `2026-11-21 14:03`. */
export function formatDateTime(atMs: Figure): string {
	if (!isKnown(atMs)) return absent;
	const date = new Date(atMs);
	if (Number.isNaN(date.getTime())) return absent;
	const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
	return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A metric's value in its own unit, as alerts and thresholds show it. A `state` is `yes` or `no`. */
export function formatMetric(value: Figure, unit: Unit, language: Language): string {
	if (!isKnown(value)) return absent;
	switch (unit) {
		case 'percent':
			return formatPercent(value);
		case 'bytes':
			return formatBytes(value);
		case 'seconds':
			return formatDuration(value, language);
		case 'milliseconds':
			return formatLatency(value, language);
		case 'count':
			return formatCount(value);
		case 'per-second':
			return formatRate(value);
		case 'per-minute':
			return formatMinuteRate(value, language);
		case 'days':
			return `${Math.floor(value)} ${durationUnits[language].d}`;
		case 'ratio':
			return formatRatio(value);
		case 'state':
			if (language === 'zh') return value > 0 ? '是' : '否';
			return value > 0 ? 'yes' : 'no';
	}
}

/** Whether every character is printable ASCII. */
function isPlain(text: string): boolean {
	return /^[\u0020-\u007e]*$/.test(text);
}

/** How many terminal cells a text takes. */
export function widthOf(text: string): number {
	return simpleWidth(text) ?? stringWidth(text);
}

/** Shortens a text to a number of terminal cells, with `…` where something was cut. */
export function truncate(text: string, cells: number): string {
	if (cells <= 0) return '';
	// Most texts are plain ASCII, where a character is a cell and measuring would cost more than drawing.
	if (isPlain(text)) return text.length <= cells ? text : `${text.slice(0, cells - 1)}…`;
	// No grapheme of a cleaned text is longer than this, so what lies beyond cannot be shown.
	if (text.length > cells * 8) return truncate(text.slice(0, cells * 8), cells);
	if (widthOf(text) <= cells) return text;
	let width = 0;
	let kept = '';
	for (const {segment} of graphemes.segment(text)) {
		width += widthOf(segment);
		if (width > cells - 1) break;
		kept += segment;
	}

	return `${kept}…`;
}

/** A table cell of exactly this many terminal cells: cut or padded; figures go `right`, names go `left`. */
export function fit(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
	const cut = truncate(text, cells);
	const padding = ' '.repeat(Math.max(0, cells - widthOf(cut)));
	return align === 'right' ? padding + cut : cut + padding;
}
