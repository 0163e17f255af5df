import {formatMetric} from '../../domain/format.ts';
import {metrics, type Unit} from '../../domain/metrics.ts';
import type {Language} from '../../domain/settings.ts';
import {metricWords} from '../../words/metrics.ts';
import {periodWords} from '../../words/period-words.ts';
import {fill} from '../../words/words.ts';

export type PeriodCode = keyof typeof periodWords;

/** A text of the reports in a language. */
export function sayPeriod(
	language: Language,
	code: PeriodCode,
	params?: Readonly<Record<string, string | number>>,
): string {
	return fill(periodWords[code][language], params);
}

/** The unit of a remembered figure; those beside the metrics are in bytes. */
export function unitOf(name: string): Unit {
	const known: Readonly<Record<string, Unit>> = metrics;
	return (Object.hasOwn(known, name) ? known[name] : undefined) ?? 'bytes';
}

/** What a figure is called. */
export function sayFigure(language: Language, name: string): string {
	const said = metricWords[name]?.[language];
	return said === undefined ? name : `${said} (${name})`;
}

/** A figure in its unit. */
export function sayValue(language: Language, name: string, value: number | undefined): string {
	return formatMetric(value, unitOf(name), language);
}

/** Three decimals are enough for data. */
export function rounded(value: number | undefined): number | null {
	return value === undefined || !Number.isFinite(value) ? null : Math.round(value * 1000) / 1000;
}

/** A time for programs; null where it is not known. */
export function iso(atMs: number | undefined): string | null {
	return atMs === undefined || !Number.isFinite(atMs) ? null : new Date(atMs).toISOString();
}
