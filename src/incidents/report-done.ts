import {formatDurationExact} from '../domain/format.ts';
import type {Language} from '../domain/settings.ts';
import {sayPhrase} from '../words/phrases/phrase.ts';
import {sayProblem} from '../words/say-problem.ts';
import {clocksOf, type IncidentClock} from './clocks.ts';
import {heading, listOr, type Block} from './document.ts';
import type {OperationFacts} from './event.ts';
import type {IncidentReportFacts} from './report-facts.ts';
import {sayAlert, sayer, sayIncident, sayOutcome, utcTime} from './say.ts';

function operationBlocks(language: Language, operation: OperationFacts): readonly Block[] {
	const say = sayer(language);
	const {job, title, target, operator, startedAtMs, endedAtMs, commands, moreCommands} = operation;
	const span = `${utcTime(startedAtMs)} – ${endedAtMs === undefined ? '?' : utcTime(endedAtMs)} UTC`;
	const lines = (commands ?? []).map(
		({text, step, state}) => `${text}  # ${step}: ${say(`step.${state}`)}`,
	);
	const more = moreCommands === undefined ? [] : [say('more.commands', {count: moreCommands})];
	return [
		{
			kind: 'list',
			items: [
				`${sayPhrase(language, title)} (${operation.operation}), ${target}: ${sayOutcome(language, operation)}`,
				`${span}, ${operator}, ${job}`,
			],
		},
		lines.length === 0
			? {kind: 'paragraph', text: say('none.commands')}
			: {kind: 'code', lines: [...lines, ...more]},
	];
}

/** The operations that are a part of the incident, with their exact commands and how they ended. */
export function operationsBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const all = incident.operations;
	const refused = incident.turns
		.filter(({isRefused}) => isRefused === true)
		.map(({atMs, by, says, runbook}) => {
			return `${utcTime(atMs)} UTC, ${by}: ${says[language]} (${runbook})`;
		});
	return [
		heading(say('report.operations'), 3),
		...(refused.length === 0 ? [] : [{kind: 'list', items: refused} as const]),
		...(all.length === 0
			? [{kind: 'paragraph', text: say('none.operations')} as const]
			: all.flatMap(operation => operationBlocks(language, operation))),
	];
}

/**
 * What was seen after the last operation ended: by what it went on, how the walks ended, which alerts cleared. That nothing
 * was looked at is said, because then nothing is proved.
 */
export function proofBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	const {operations, turns, walks, alerts} = incident;
	if (operations.length === 0) return [];
	const say = sayer(language);
	const colon = language === 'zh' ? '：' : ': ';
	const sinceMs = Math.max(
		...operations.map(({endedAtMs, startedAtMs}) => endedAtMs ?? startedAtMs),
	);
	const ended = walks.flatMap(({endedAtMs, title, outcome, says}) => {
		if (endedAtMs === undefined || outcome === undefined) return [];
		const said = {end: say(`walk.${outcome}`), says: says?.[language] ?? ''};
		const text = `${title[language]}${colon}${say('walk.said', said)}`;
		return [{atMs: endedAtMs, text}];
	});
	const cleared = alerts.flatMap(({alert, clearedAtMs}) => {
		const text = say('event.alert-cleared', {text: sayAlert(language, alert)});
		return clearedAtMs === undefined ? [] : [{atMs: clearedAtMs, text}];
	});
	const items = [...turns.map(({atMs, says}) => ({atMs, text: says[language]})), ...ended]
		.concat(cleared)
		.filter(({atMs}) => atMs >= sinceMs)
		.toSorted((a, b) => a.atMs - b.atMs)
		.map(({atMs, text}) => `${utcTime(atMs)} UTC: ${text}`);
	return [heading(say('report.proof'), 3), listOr(say('none.proof'), items)];
}

/** What other records say of the same time; nothing where they say nothing. */
export function nearbyBlocks({nearby, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const {operations: others, alerts, audited} = nearby;
	if (others.length + alerts.length + audited.length === 0) return [];
	const rows = [
		...alerts.map(({alert, firstAtMs, lastAtMs}) => [
			`${utcTime(firstAtMs)} – ${utcTime(lastAtMs)}`,
			'',
			say('from.alert', {text: sayAlert(language, alert)}),
		]),
		...audited.map(({atMs, by, what, target, problem}) => {
			const why = problem ? `. ${sayProblem(language, problem).summary}` : '';
			return [utcTime(atMs), by, `${what}: ${target}${why}`];
		}),
	].toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
	const heads = [say('field.time-utc'), say('field.by'), say('field.what')];
	return [
		heading(say('report.nearby'), 3),
		...(rows.length === 0 ? [] : [{kind: 'table', heads, rows} as const]),
		...others.flatMap(operation => operationBlocks(language, operation)),
	];
}

/** What a clock is about, in words. */
export function sayClock(language: Language, {about}: IncidentClock): string {
	if (about.kind === 'response') return sayIncident(language, 'clock.response');
	if (about.kind === 'alert') {
		const what = `${about.metric}, ${about.subject}`;
		return sayIncident(language, 'clock.alert', {what});
	}

	if (about.kind === 'silence') {
		return sayIncident(language, 'clock.silence', {target: about.target});
	}

	const step = sayIncident(language, `rollback.${about.step}`);
	return sayIncident(language, 'clock.rollback', {step});
}

/** The clocks, kept or missed, with their figures. */
export function clockBlocks({incident, nowMs, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const span = (ms: number) => formatDurationExact(ms / 1000, language);
	const heads = ['field.what', 'field.result', 'field.took', 'field.limit', 'field.due'];
	const isRunning = ({endedAtMs}: IncidentClock) =>
		endedAtMs === undefined && incident.closed === undefined;
	const rows = clocksOf(incident, nowMs).map(clock => [
		`${sayClock(language, clock)} [${clock.source}]`,
		say(`clock.${clock.state}`),
		isRunning(clock) ? say('so-far', {time: span(clock.tookMs)}) : span(clock.tookMs),
		span(clock.limitMs),
		utcTime(clock.dueAtMs),
	]);
	const table = {kind: 'table', heads: heads.map(code => say(code)), rows} as const;
	return [heading(say('report.clocks'), 3), table];
}

/** The guided walks and how they ended. */
export function walkBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	if (incident.walks.length === 0) return [];
	const say = sayer(language);
	const items = incident.walks.map(({title, runbook, atMs, by, outcome, says}) => {
		const end = outcome === undefined ? say('unknown') : say(`walk.${outcome}`);
		const said = says === undefined ? end : say('walk.said', {end, says: says[language]});
		return `${utcTime(atMs)} UTC, ${by}: ${title[language]} (${runbook}): ${said}`;
	});
	return [heading(say('report.walks'), 3), {kind: 'list', items}];
}
