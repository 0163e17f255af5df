import {seriesOf, type Series} from '../../domain/figures.ts';
import {growthOf, type Growth} from '../../domain/growth.ts';
import {formatPercent} from '../../domain/format.ts';
import {utcTime} from '../../incidents/say.ts';
import type {PeriodFacts, Section} from './facts.ts';
import {iso, rounded, sayFigure, sayPeriod, sayValue, type PeriodCode} from './say.ts';

/** A line that explains less than this of the ups and downs is called a guess. */
const goodFit = 0.5;

type Grown = {
	readonly series: Series;
	readonly growth: Growth;
	/** What it grows towards, in its unit. */
	readonly limit: number | undefined;
};

function sayGrowth(facts: PeriodFacts, {series, growth}: Grown): string {
	const {language} = facts;
	if (growth.kind === 'too-little') {
		const {count, days} = growth;
		return sayPeriod(language, 'too-little', {count, days: days.toFixed(1)});
	}

	const value = sayValue(language, series.name, Math.abs(growth.perDay));
	return growth.perDay < 0 ? `-${value}` : value;
}

function sayUntil({language}: PeriodFacts, {series, growth, limit}: Grown): string {
	// That of the share in percent counts.
	if (series.name === 'capacity.disk-used') return '—';
	if (growth.kind === 'too-little') return sayPeriod(language, 'unknown');
	if (limit === undefined) return sayPeriod(language, 'no-limit');
	if (growth.perDay <= 0) return sayPeriod(language, 'not-growing');
	const {daysUntilFull, fit} = growth;
	if (daysUntilFull === undefined) return sayPeriod(language, 'not-soon');
	const days = Math.floor(daysUntilFull);
	return sayPeriod(language, fit < goodFit ? 'guess' : 'in-days', {days});
}

function section(
	facts: PeriodFacts,
	id: string,
	title: PeriodCode,
	all: readonly Grown[],
): Section {
	const {language} = facts;
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const heads = ['subject', 'at-first', 'now', 'limit', 'growth', 'until-full', 'fit'] as const;
	return {
		id,
		title: say(title),
		heads: heads.map(say),
		rows: all.map(grown => {
			const {series, growth, limit} = grown;
			const {name, subject, points} = series;
			const show = (value: number | undefined) => sayValue(language, name, value);
			return [
				subject,
				show(points[0]?.value),
				show(points.at(-1)?.value),
				show(limit),
				sayGrowth(facts, grown),
				sayUntil(facts, grown),
				growth.kind === 'line' ? formatPercent(100 * growth.fit) : '—',
			];
		}),
		none: say('none'),
		data: all.map(({series, growth, limit}) => ({
			...{figure: series.name, subject: series.subject, readings: series.points.length},
			first: rounded(series.points[0]?.value),
			last: rounded(series.points.at(-1)?.value),
			limit: rounded(limit),
			isEnough: growth.kind === 'line',
			perDay: growth.kind === 'line' ? rounded(growth.perDay) : null,
			daysUntilFull: growth.kind === 'line' ? rounded(growth.daysUntilFull) : null,
			fit: growth.kind === 'line' ? rounded(growth.fit) : null,
		})),
	};
}

function grown(series: Series, limit: number | undefined): Grown {
	return {series, growth: growthOf(series.points, limit), limit};
}

function grownOf(all: PeriodFacts['figures'], name: string, limit?: number): readonly Grown[] {
	return seriesOf(all, name).map(series => grown(series, limit));
}

/** The last known value of a figure of a subject. */
function lastOf(all: PeriodFacts['figures'], name: string, subject: string): number | undefined {
	return seriesOf(all, name)
		.find(series => series.subject === subject)
		?.points.at(-1)?.value;
}

function peaks(facts: PeriodFacts): Section {
	const {figures, language} = facts;
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const names = ['host.cpu', 'host.memory', 'host.swap', 'postgres.connections', 'redis.clients'];
	const told = names
		.flatMap(name => seriesOf(figures, name))
		.flatMap(({name, subject, points}) => {
			const peak = points.toSorted((a, b) => b.value - a.value)[0];
			return peak === undefined ? [] : [{name, subject, count: points.length, ...peak}];
		});
	return {
		id: 'peaks',
		title: say('peaks'),
		heads: [say('figure'), say('subject'), say('worst'), say('worst-at'), say('readings')],
		rows: told.map(({name, subject, value, atMs, count}) => [
			sayFigure(language, name),
			subject,
			sayValue(language, name, value),
			utcTime(atMs),
			String(count),
		]),
		none: say('none'),
		data: told.map(({name, subject, value, atMs, count}) => ({
			...{metric: name, subject, readings: count, peak: rounded(value), peakAt: iso(atMs)},
		})),
	};
}

/** What grows, how fast, and when it will be full. */
export function capacitySections(facts: PeriodFacts): readonly Section[] {
	const {figures: all} = facts;
	const withLimit = (name: string, limitName: string) =>
		seriesOf(all, name).map(series => grown(series, lastOf(all, limitName, series.subject)));
	return [
		// In percent as df counts them: what is reserved for root cannot be filled.
		section(facts, 'disks', 'disks', [
			...grownOf(all, 'host.disk', 100),
			...grownOf(all, 'capacity.disk-used'),
		]),
		section(facts, 'inodes', 'inodes', grownOf(all, 'host.inodes', 100)),
		section(facts, 'databases', 'databases', grownOf(all, 'capacity.database')),
		section(facts, 'redis', 'redis', withLimit('redis.memory-used', 'capacity.redis-limit')),
		section(facts, 'backupSets', 'backup-sets', grownOf(all, 'capacity.backups')),
		peaks(facts),
	];
}
