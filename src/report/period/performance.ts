import {seriesOf, type Series} from '../../domain/figures.ts';
import {formatLatency, formatPercent} from '../../domain/format.ts';
import {middleOf, shareOf} from '../../domain/growth.ts';
import {utcTime} from '../../incidents/say.ts';
import {sayPhrase} from '../../words/phrases/phrase.ts';
import type {PeriodFacts, Section} from './facts.ts';
import {iso, rounded, sayFigure, sayPeriod, sayValue, type PeriodCode} from './say.ts';

const shown = [
	...['endpoint.p95', 'endpoint.failures', 'errors.per-minute', 'errors.server-errors'],
	...['host.cpu', 'host.memory', 'host.load-per-core', 'host.disk-busy'],
	...['postgres.connections', 'postgres.waiting', 'postgres.longest-query', 'postgres.cache-hit'],
	...['postgres.replication-lag', 'redis.ping', 'redis.hit-rate', 'redis.evictions'],
];
/** Figures of which less is worse. */
const lessIsWorse = new Set(['postgres.cache-hit', 'redis.hit-rate']);

function worstOf({name, points}: Series): Series['points'][number] | undefined {
	const sign = lessIsWorse.has(name) ? -1 : 1;
	return points.toSorted((a, b) => sign * (b.value - a.value))[0];
}

function figures({figures: all, language}: PeriodFacts): Section {
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const found = shown.flatMap(name => seriesOf(all, name));
	const told = found.map(series => {
		const values = series.points.map(({value}) => value);
		const p95 = shareOf(values, lessIsWorse.has(series.name) ? 0.05 : 0.95);
		return {...series, middle: middleOf(values), p95, worst: worstOf(series)};
	});
	const heads = ['figure', 'subject', 'readings', 'unknowns', 'middle', 'p95', 'worst', 'worst-at'];
	return {
		id: 'figures',
		title: say('figures'),
		heads: (heads as readonly PeriodCode[]).map(say),
		rows: told.map(({name, subject, points, unknownCount, middle, p95, worst}) => [
			sayFigure(language, name),
			subject,
			String(points.length),
			String(unknownCount),
			sayValue(language, name, middle),
			sayValue(language, name, p95),
			sayValue(language, name, worst?.value),
			worst === undefined ? '—' : utcTime(worst.atMs),
		]),
		none: say('none'),
		data: told.map(({name, subject, points, unknownCount, middle, p95, worst}) => ({
			...{metric: name, subject, readings: points.length, unknown: unknownCount},
			median: rounded(middle),
			p95: rounded(p95),
			worst: rounded(worst?.value),
			worstAt: iso(worst?.atMs),
		})),
	};
}

/** Share of the readings in which an address answered; those in which it could not be asked count as not known. */
function availabilityOf(series: Series): number | undefined {
	const {points} = series;
	if (points.length === 0) return undefined;
	return (100 * points.filter(({value}) => value === 0).length) / points.length;
}

function availability({figures: all, language}: PeriodFacts): Section {
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const told = seriesOf(all, 'endpoint.down').map(series => ({
		...series,
		percent: availabilityOf(series),
	}));
	return {
		id: 'availability',
		title: say('availability'),
		heads: [say('subject'), say('share'), say('readings'), say('unknowns')],
		rows: told.map(({subject, points, unknownCount, percent}) => [
			subject,
			formatPercent(percent),
			String(points.length),
			String(unknownCount),
		]),
		none: say('none'),
		data: told.map(({subject, points, unknownCount, percent}) => ({
			...{subject, readings: points.length, unknown: unknownCount},
			availabilityPercent: rounded(percent),
		})),
	};
}

type Objective = {
	readonly code: 'p95Ms' | 'errorPercent' | 'availabilityPercent';
	readonly metric: string;
	readonly limit: number | undefined;
	/** Measured in the worst case over all subjects; undefined where nothing was. */
	readonly value: number | undefined;
};

/** The 95 % of the worst subject, so that no average hides it. */
function worstShare(all: PeriodFacts['figures'], name: string): number | undefined {
	const values = seriesOf(all, name).flatMap(
		({points}) =>
			shareOf(
				points.map(({value}) => value),
				0.95,
			) ?? [],
	);
	return values.length === 0 ? undefined : Math.max(...values);
}

function objectives({figures: all, language, objectives: wanted = {}}: PeriodFacts): Section {
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const shares = seriesOf(all, 'endpoint.down').flatMap(series => availabilityOf(series) ?? []);
	const least = shares.length === 0 ? undefined : Math.min(...shares);
	const told = (
		[
			['p95Ms', 'endpoint.p95', wanted.p95Ms, worstShare(all, 'endpoint.p95')],
			[
				'errorPercent',
				'errors.server-errors',
				wanted.errorPercent,
				worstShare(all, 'errors.server-errors'),
			],
			['availabilityPercent', 'errors.server-errors', wanted.availabilityPercent, least],
		] as const
	)
		.map(([code, metric, limit, value]): Objective => ({code, metric, limit, value}))
		.flatMap(({limit, ...rest}) => (limit === undefined ? [] : [{limit, ...rest}]));
	const isKept = ({code, limit, value}: (typeof told)[number]) =>
		value === undefined
			? undefined
			: code === 'availabilityPercent'
				? value >= limit
				: value <= limit;
	const show = (metric: string, value: number | undefined) => sayValue(language, metric, value);
	return {
		id: 'objectives',
		title: say('objectives'),
		heads: [say('figure'), say('objective'), say('measured'), say('result')],
		rows: told.map(objective => {
			const {code, metric, limit, value} = objective;
			const kept = isKept(objective);
			const result = kept === undefined ? 'unknown' : kept ? 'kept' : 'broken';
			return [say(code), show(metric, limit), show(metric, value), say(result)];
		}),
		none: say('no-objectives'),
		data: told.map(objective => ({
			...{objective: objective.code, limit: objective.limit},
			measured: rounded(objective.value),
			isKept: isKept(objective) ?? null,
		})),
	};
}

function operations({jobs, language}: PeriodFacts): Section {
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const told = [...Map.groupBy(jobs, ({operation}) => operation)].map(([operation, own]) => {
		const spans = own.flatMap(({sinceMs, endedAtMs, outcome}) =>
			endedAtMs === undefined || (outcome !== 'done' && outcome !== 'warnings')
				? []
				: [endedAtMs - sinceMs],
		);
		const first = own[0];
		return {
			operation,
			title: first === undefined ? operation : sayPhrase(language, first.title),
			count: spans.length,
			middleMs: middleOf(spans),
			longestMs: spans.length === 0 ? undefined : Math.max(...spans),
		};
	});
	return {
		id: 'durations',
		title: say('operations'),
		heads: [say('figure'), say('count'), say('middle'), say('longest')],
		rows: told.map(({operation, title, count, middleMs, longestMs}) => [
			`${title} (${operation})`,
			String(count),
			formatLatency(middleMs, language),
			formatLatency(longestMs, language),
		]),
		none: say('none'),
		data: told.map(({operation, count, middleMs, longestMs}) => ({
			...{operation, done: count},
			medianMs: rounded(middleMs),
			longestMs: rounded(longestMs),
		})),
	};
}

/** How fast and how reliably things answered. */
export function performanceSections(facts: PeriodFacts): readonly Section[] {
	return [objectives(facts), availability(facts), figures(facts), operations(facts)];
}
