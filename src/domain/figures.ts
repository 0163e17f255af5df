import type {AlertFacts} from './alert-facts.ts';
import type {Level} from './level.ts';
import {isObject, listOf, numberOf, objectOf, textOf} from './unknown.ts';

/** Figures beside the metrics that are remembered for capacity; all in bytes, by mount, database or backup set. */
export const capacityFigures = [
	'capacity.disk-used',
	'capacity.disk-total',
	'capacity.database',
	'capacity.backups',
	'capacity.redis-limit',
] as const;

/** What was measured at one moment, as it is remembered for the reports of a period. */
export type Figures = {
	/** Wall-clock time. */
	readonly atMs: number;
	/** Of everything together, without hold times. */
	readonly level: Level;
	/** By metric (or a figure of `capacityFigures`), then by subject. `null`: should be known and was not. */
	readonly values: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
	/** Alerts that were raised. */
	readonly alerts: readonly AlertFacts[];
};

/** Most values and alerts of one line; hosts and endpoints come first, containers last. */
export const maxFigures = 400;
export const maxAlerts = 50;

/** Four significant digits are enough for a report of weeks; bytes keep seven, because growth is their difference. */
function short(value: number): number {
	return Number(value.toPrecision(Math.abs(value) >= 1e6 ? 7 : 4));
}

/** The line of a moment, without its newline. */
export function figuresLine({atMs, level, values, alerts}: Figures): string {
	const figureOf = (value: number | null): number | null =>
		value === null || !Number.isFinite(value) ? null : short(value);
	const subjectsOf = (bySubject: Figures['values'][string]) =>
		Object.fromEntries(
			Object.entries(bySubject).map(([subject, value]) => [subject, figureOf(value)]),
		);
	const shortened: Figures['values'] = Object.fromEntries(
		Object.entries(values).map(([name, bySubject]) => [name, subjectsOf(bySubject)]),
	);
	const t = new Date(atMs).toISOString();
	return JSON.stringify({v: 1, t, level, values: shortened, alerts});
}

const levels: readonly Level[] = ['ok', 'unknown', 'warn', 'crit'];

function alertOf(value: unknown): readonly AlertFacts[] {
	if (!isObject(value)) return [];
	const level = levels.find(known => known === value['level']);
	const sinceMs = numberOf(value['sinceMs']);
	if (level === undefined || sinceMs === undefined || textOf(value['id']) === '') return [];
	const figure = numberOf(value['value']);
	const threshold = numberOf(value['threshold']);
	return [
		{
			id: textOf(value['id']),
			metric: textOf(value['metric']),
			target: textOf(value['target']),
			subject: textOf(value['subject']),
			level,
			...(figure !== undefined && {value: figure}),
			...(threshold !== undefined && {threshold}),
			sinceMs,
			provenance: textOf(value['provenance']),
		},
	];
}

/** Reads a line; undefined where it is none (torn off by a crash, or of a later version). */
export function parseFigures(line: string): Figures | undefined {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return undefined;
	}

	if (!isObject(value) || value['v'] !== 1) return undefined;
	const atMs = Date.parse(textOf(value['t']));
	const level = levels.find(known => known === value['level']);
	if (!Number.isFinite(atMs) || level === undefined) return undefined;
	const {values} = value;
	const subjectsOf = (bySubject: unknown): Figures['values'][string] =>
		Object.fromEntries(
			Object.entries(objectOf(bySubject)).map(([subject, figure]) => [
				subject,
				numberOf(figure) ?? null,
			]),
		);
	const read = Object.entries(objectOf(values)).map(
		([name, bySubject]) => [name, subjectsOf(bySubject)] as const,
	);
	return {
		atMs,
		level,
		values: Object.fromEntries(read),
		alerts: listOf(value['alerts']).flatMap(alertOf),
	};
}

/** One figure over time, oldest first. */
export type Series = {
	readonly name: string;
	readonly subject: string;
	/** Only where it was known. */
	readonly points: readonly {readonly atMs: number; readonly value: number}[];
	/** How often it should have been known and was not. */
	readonly unknownCount: number;
};

/** Every figure over time, by its name. */
export function seriesOf(all: readonly Figures[], name: string): readonly Series[] {
	const found = new Map<string, {points: {atMs: number; value: number}[]; unknownCount: number}>();
	for (const {atMs, values} of all) {
		for (const [subject, value] of Object.entries(values[name] ?? {})) {
			const series = found.get(subject) ?? {points: [], unknownCount: 0};
			if (value === null) series.unknownCount += 1;
			else series.points.push({atMs, value});
			found.set(subject, series);
		}
	}

	return [...found]
		.map(([subject, series]) => ({name, subject, ...series}))
		.toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
}
