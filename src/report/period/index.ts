import {formatDuration} from '../../domain/format.ts';
import {heading, tableOr, type Block, type ReportDocument} from '../../incidents/document.ts';
import {utcTime} from '../../incidents/say.ts';
import {capacitySections} from './capacity.ts';
import type {PeriodFacts, PeriodKind, Section} from './facts.ts';
import {monitoringSections} from './monitoring.ts';
import {performanceSections} from './performance.ts';
import {iso, sayPeriod} from './say.ts';

const makers: Readonly<Record<PeriodKind, (facts: PeriodFacts) => readonly Section[]>> = {
	performance: performanceSections,
	monitoring: monitoringSections,
	capacity: capacitySections,
};

/** The longest time without a reading, in ms. */
function longestGapMs({figures}: PeriodFacts): number {
	return figures.reduce(
		(longest, {atMs}, index) => Math.max(longest, atMs - (figures[index - 1]?.atMs ?? atMs)),
		0,
	);
}

function coverage(facts: PeriodFacts): string {
	const {figures, language} = facts;
	const first = figures[0];
	const last = figures.at(-1);
	if (first === undefined || last === undefined) return sayPeriod(language, 'no-readings');
	return sayPeriod(language, 'coverage', {
		count: figures.length,
		first: utcTime(first.atMs),
		last: utcTime(last.atMs),
		gap: formatDuration(longestGapMs(facts) / 1000, language),
	});
}

function blocksOf({title, heads, rows, says, none}: Section): readonly Block[] {
	return [
		heading(title),
		...(says === undefined ? [] : [{kind: 'paragraph', text: says} as const]),
		tableOr(none, heads, rows),
	];
}

const dayMs = 24 * 60 * 60 * 1000;

/** A report about a period: for people as a document, for programs as data. Says how much it was made from. */
export function periodReport(
	kind: PeriodKind,
	facts: PeriodFacts,
): {readonly document: ReportDocument; readonly data: Readonly<Record<string, unknown>>} {
	const {language, where, fromMs, untilMs, figures, isAuditWhole} = facts;
	const sections = makers[kind](facts);
	const days = Math.round((untilMs - fromMs) / dayMs);
	const span = {where, from: utcTime(fromMs), until: utcTime(untilMs), days};
	const says = [
		sayPeriod(language, 'where', span),
		coverage(facts),
		...(isAuditWhole ? [] : [sayPeriod(language, 'audit-damaged')]),
	];
	return {
		document: {
			title: sayPeriod(language, `title.${kind}`),
			language,
			blocks: [
				...says.map(text => ({kind: 'paragraph', text}) as const),
				...sections.flatMap(blocksOf),
			],
		},
		data: {
			version: '1.0',
			report: kind,
			where,
			from: iso(fromMs),
			until: iso(untilMs),
			readings: {
				count: figures.length,
				firstAt: iso(figures[0]?.atMs),
				lastAt: iso(figures.at(-1)?.atMs),
				longestGapSeconds: Math.round(longestGapMs(facts) / 1000),
			},
			isAuditWhole,
			...Object.fromEntries(sections.map(({id, data}) => [id, data])),
		},
	};
}
