import {compareLevels, type Level} from '../../domain/level.ts';
import type {AlertFacts} from '../../domain/alert-facts.ts';
import {formatBytes, formatDuration, formatPercent} from '../../domain/format.ts';
import {clocksOf} from '../../incidents/clocks.ts';
import {sayAlert, sayIncident, utcTime} from '../../incidents/say.ts';
import {sayPhrase} from '../../words/phrases/phrase.ts';
import {say as sayScreen} from '../../words/screen.ts';
import type {PeriodFacts, Section} from './facts.ts';
import {iso, rounded, sayPeriod, type PeriodCode} from './say.ts';

function levels({figures, language}: PeriodFacts): Section {
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const told = (['ok', 'warn', 'crit', 'unknown'] as const)
		.map(level => ({level, count: figures.filter(each => each.level === level).length}))
		.filter(({count}) => count > 0)
		.map(each => ({...each, percent: (100 * each.count) / figures.length}));
	return {
		id: 'levels',
		title: say('levels'),
		heads: [say('level'), say('readings'), say('share')],
		rows: told.map(({level, count, percent}) => [
			sayScreen(language, `level.${level}`),
			String(count),
			formatPercent(percent),
		]),
		none: say('none'),
		data: told.map(({level, count, percent}) => ({
			...{level, readings: count, sharePercent: rounded(percent)},
		})),
	};
}

type SeenAlert = {
	readonly alert: AlertFacts;
	readonly level: Level;
	readonly count: number;
	readonly firstAtMs: number;
	readonly lastAtMs: number;
};

function seenAlerts(figures: PeriodFacts['figures']): readonly SeenAlert[] {
	const found = new Map<string, SeenAlert>();
	for (const {atMs, alerts} of figures) {
		for (const alert of alerts) {
			const before = found.get(alert.id);
			const level = [alert.level, before?.level ?? alert.level].toSorted(compareLevels)[0];
			found.set(alert.id, {
				alert,
				level: level ?? alert.level,
				count: (before?.count ?? 0) + 1,
				firstAtMs: Math.min(before?.firstAtMs ?? alert.sinceMs, alert.sinceMs),
				lastAtMs: atMs,
			});
		}
	}

	return [...found.values()].toSorted((a, b) => b.count - a.count);
}

function alerts({figures, language}: PeriodFacts): Section {
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const told = seenAlerts(figures);
	return {
		id: 'alerts',
		title: say('alerts'),
		heads: [say('figure'), say('level'), say('readings'), say('first'), say('last')],
		rows: told.map(({alert, level, count, firstAtMs, lastAtMs}) => [
			sayAlert(language, alert),
			sayScreen(language, `level.${level}`),
			String(count),
			utcTime(firstAtMs),
			utcTime(lastAtMs),
		]),
		none: say('none'),
		data: told.map(({alert, level, count, firstAtMs, lastAtMs}) => ({
			...{id: alert.id, metric: alert.metric, target: alert.target, subject: alert.subject},
			...{level, readings: count, firstAt: iso(firstAtMs), lastAt: iso(lastAtMs)},
		})),
	};
}

function mean(values: readonly number[]): number | undefined {
	if (values.length === 0) return undefined;
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function incidents({incidents: all, untilMs, language}: PeriodFacts): Section {
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const span = (ms: number | undefined) =>
		formatDuration(ms === undefined ? undefined : ms / 1000, language);
	const told = all.map(({id, incident}) => {
		const {opened, acknowledged, closed, sinceMs} = incident;
		const clock = clocksOf(incident, untilMs).find(({about}) => about.kind === 'response');
		return {
			id,
			incident,
			state: clock?.state ?? 'running',
			...(acknowledged && {responseMs: acknowledged.atMs - opened.atMs}),
			...(closed && {durationMs: closed.atMs - sinceMs, closing: closed.atMs - opened.atMs}),
		};
	});
	const late = told.filter(({state}) => state === 'missed').length;
	const says = sayPeriod(language, 'mean-response', {
		count: told.length,
		response: span(mean(told.flatMap(({responseMs}) => responseMs ?? []))),
		late,
		closing: span(mean(told.flatMap(({closing}) => closing ?? []))),
	});
	const heads = ['title', 'severity', 'opened', 'response', 'duration', 'cause'] as const;
	return {
		id: 'incidents',
		title: say('incidents'),
		...(told.length > 0 && {says}),
		heads: heads.map(say),
		rows: told.map(({id, incident, state, responseMs, durationMs}) => [
			`${incident.title} (${id})`,
			sayIncident(language, `severity.${incident.severity}`),
			utcTime(incident.opened.atMs),
			`${span(responseMs)} ${sayIncident(language, `clock.${state}`)}`,
			durationMs === undefined ? sayIncident(language, 'state.open') : span(durationMs),
			incident.closed?.cause ?? '',
		]),
		none: say('none'),
		data: told.map(({id, incident, state, responseMs, durationMs}) => ({
			...{id, title: incident.title, severity: incident.severity},
			openedAt: iso(incident.opened.atMs),
			closedAt: iso(incident.closed?.atMs),
			responseSeconds: responseMs === undefined ? null : rounded(responseMs / 1000),
			responseClock: state,
			durationSeconds: durationMs === undefined ? null : rounded(durationMs / 1000),
			cause: incident.closed?.cause ?? null,
		})),
	};
}

function operations({jobs, language}: PeriodFacts): Section {
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const told = [...Map.groupBy(jobs, ({operation}) => operation)].map(([operation, own]) => {
		const first = own[0];
		const outcomes = Map.groupBy(own, ({state, outcome}) =>
			state === 'ended' ? (outcome ?? 'none') : 'none',
		);
		return {
			operation,
			title: first === undefined ? operation : sayPhrase(language, first.title),
			outcomes: [...outcomes].map(([outcome, some]) => [outcome, some.length] as const),
			count: own.length,
		};
	});
	return {
		id: 'operations',
		title: say('operations'),
		heads: [say('figure'), say('count'), say('outcomes')],
		rows: told.map(({operation, title, outcomes, count}) => [
			`${title} (${operation})`,
			String(count),
			outcomes
				.map(([outcome, some]) => `${sayIncident(language, `outcome.${outcome}`)}: ${some}`)
				.join('; '),
		]),
		none: say('none'),
		data: told.map(({operation, outcomes, count}) => ({
			...{operation, count, outcomes: Object.fromEntries(outcomes)},
		})),
	};
}

function checklists({checks, language}: PeriodFacts): Section {
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const told = [...Map.groupBy(checks, ({checklist}) => checklist)].map(([id, own]) => ({
		id,
		count: own.length,
		levels: [...Map.groupBy(own, ({level}) => level)].map(
			([level, some]) => [level, some.length] as const,
		),
		lastAtMs: own.at(-1)?.atMs,
	}));
	return {
		id: 'checklists',
		title: say('checklists'),
		heads: [say('figure'), say('count'), say('result'), say('last')],
		rows: told.map(({id, count, levels: own, lastAtMs}) => [
			id,
			String(count),
			own.map(([level, some]) => `${sayScreen(language, `level.${level}`)}: ${some}`).join('; '),
			lastAtMs === undefined ? '—' : utcTime(lastAtMs),
		]),
		none: say('none'),
		data: told.map(({id, count, levels: own, lastAtMs}) => ({
			...{id, count, levels: Object.fromEntries(own), lastAt: iso(lastAtMs)},
		})),
	};
}

function backups({backups: all, language}: PeriodFacts): Section {
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const told = [...Map.groupBy(all, ({series}) => series)].map(([series, own]) => {
		const newest = own.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0];
		return {
			series,
			count: own.length,
			proven: own.filter(({proofLevel}) => (proofLevel ?? 0) >= 1).length,
			bytes: newest?.sizeBytes,
			lastAt: newest?.startedAt ?? null,
		};
	});
	return {
		id: 'backups',
		title: say('backups'),
		heads: [say('series'), say('count'), say('proven'), say('size'), say('last')],
		rows: told.map(({series, count, proven, bytes, lastAt}) => [
			series,
			String(count),
			String(proven),
			formatBytes(bytes),
			lastAt === null ? '—' : utcTime(Date.parse(lastAt)),
		]),
		none: say('none'),
		data: told.map(({bytes, ...rest}) => ({...rest, newestBytes: bytes ?? null})),
	};
}

function audited({audit, language}: PeriodFacts): Section {
	const say = (code: PeriodCode) => sayPeriod(language, code);
	const own = audit.filter(({kind}) => kind === 'refused' || kind === 'terminal');
	const told = [
		...Map.groupBy(
			own,
			({kind, operation}) => `${operation}${kind === 'refused' ? ' (refused)' : ''}`,
		),
	].map(([what, lines]) => ({what, count: lines.length, lastAt: lines.at(-1)?.t ?? null}));
	return {
		id: 'audit',
		title: say('audit'),
		heads: [say('figure'), say('count'), say('last')],
		rows: told.map(({what, count, lastAt}) => [
			what,
			String(count),
			lastAt === null ? '—' : utcTime(Date.parse(lastAt)),
		]),
		none: say('none'),
		data: told,
	};
}

/** What the monitoring saw and what was done about it. */
export function monitoringSections(facts: PeriodFacts): readonly Section[] {
	return [
		levels(facts),
		alerts(facts),
		incidents(facts),
		operations(facts),
		checklists(facts),
		backups(facts),
		audited(facts),
	];
}
