import {formatDuration} from '../domain/format.ts';
import type {Contact, Language} from '../domain/settings.ts';
import {sayPhrase} from '../words/phrases/phrase.ts';
import {clocksOf, type IncidentClock} from './clocks.ts';
import {heading, listOr, tableOr, type Block, type ReportDocument} from './document.ts';
import type {AlertFacts, IncidentLine, OperationFacts} from './event.ts';
import type {Incident, IncidentEvidence} from './incident.ts';
import {
	localTime,
	sayAlert,
	sayEvent,
	sayEvidence,
	sayIncident,
	sayOrigin,
	sayOutcome,
	utcTime,
} from './say.ts';

/** What other records say of the time of an incident, without that anybody wrote it down as a part of it. */
export type Nearby = {
	readonly operations: readonly OperationFacts[];
	/** From the record of readings: first and last reading in which it was raised. */
	readonly alerts: readonly {
		readonly alert: AlertFacts;
		readonly firstAtMs: number;
		readonly lastAtMs: number;
	}[];
	/** Terminals that were opened and changes that were refused, from the audit. */
	readonly audited: readonly {
		readonly atMs: number;
		readonly by: string;
		readonly what: string;
		readonly target: string;
	}[];
};

/** The part of an incident's record where it is not as it was written. */
export type RecordDamage = {readonly line: number; readonly cause: string};

/** Everything that a report is made from; nothing else is in it. */
export type IncidentReportFacts = {
	readonly id: string;
	readonly incident: Incident;
	readonly lines: readonly IncidentLine[];
	readonly damage?: RecordDamage;
	readonly nearby: Nearby;
	readonly contacts: readonly Contact[];
	readonly nowMs: number;
	readonly language: Language;
};

function sayer(language: Language) {
	return (code: string, params?: Readonly<Record<string, string | number>>) =>
		sayIncident(language, code, params);
}

function durationOf({incident, nowMs, language}: IncidentReportFacts): string {
	const {sinceMs, closed} = incident;
	const time = formatDuration(Math.max(0, (closed?.atMs ?? nowMs) - sinceMs) / 1000, language);
	return closed === undefined ? sayIncident(language, 'so-far', {time}) : time;
}

function summary(facts: IncidentReportFacts): readonly Block[] {
	const {id, incident, language} = facts;
	const say = sayer(language);
	const {title, severity, environment, hostname, project, opened, acknowledged, closed} = incident;
	const dated = ({atMs, by}: {readonly atMs: number; readonly by: string}) =>
		say('by-whom', {time: `${utcTime(atMs)} UTC (${localTime(atMs)})`, who: by});
	const where = [environment, project, hostname].filter(part => (part ?? '') !== '').join(' / ');
	const rows: readonly (readonly [string, string])[] = [
		['field.title', title],
		['field.id', id],
		['field.state', say(closed === undefined ? 'state.open' : 'state.closed')],
		['field.severity', say(`severity.${severity}`)],
		['field.where', where],
		['field.from', sayOrigin(language, incident.from)],
		['field.since', `${utcTime(incident.sinceMs)} UTC (${localTime(incident.sinceMs)})`],
		['field.opened', dated(opened)],
		[
			'field.acknowledged',
			acknowledged === undefined
				? say(closed === undefined ? 'nobody' : 'nobody-closed')
				: dated(acknowledged),
		],
		...(closed === undefined ? [] : [['field.closed', dated(closed)] as const]),
		['field.duration', durationOf(facts)],
		...(closed === undefined
			? []
			: [['field.cause', closed.cause] as const, ['field.done', closed.done] as const]),
	];
	return [
		heading(say('report.summary'), 3),
		{
			kind: 'table',
			heads: [say('field.what'), say('field.value')],
			rows: rows.map(([code, text]) => [say(code), text]),
		},
	];
}

function alertBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const rows = incident.alerts.map(({alert, raisedAtMs, clearedAtMs}) => [
		utcTime(Math.min(alert.sinceMs, raisedAtMs)),
		clearedAtMs === undefined ? say('unknown') : utcTime(clearedAtMs),
		sayAlert(language, alert),
	]);
	const heads = [say('field.since'), say('field.cleared'), say('field.what')];
	return [heading(say('report.alerts'), 3), tableOr(say('none.alerts'), heads, rows)];
}

function timeline({lines, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const heads = ['field.time-utc', 'field.time-local', 'field.by', 'field.what'].map(code =>
		say(code),
	);
	const rows = lines.map(({t, by, event}) => {
		const atMs = Date.parse(t);
		return [utcTime(atMs), localTime(atMs), by, sayEvent(language, event)];
	});
	return [heading(say('report.timeline'), 3), {kind: 'table', heads, rows}];
}

function evidenceRows(language: Language, seen: IncidentEvidence): readonly (readonly string[])[] {
	const {evidence, runbook, node} = seen;
	const said = sayEvidence(language, evidence);
	const source = [said.from, ...(runbook === undefined ? [] : [`${runbook} / ${node ?? ''}`])];
	const row = (what: string, value: string) => [
		utcTime(evidence.atMs),
		what,
		value,
		source.join('; '),
	];
	return [
		...said.values.map(([title, value]) => row(`${said.title}: ${title}`, value)),
		...(said.problem === undefined ? [] : [row(said.title, said.problem)]),
		...said.lines.map(line => row(said.title, line)),
	];
}

function evidenceBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const heads = ['field.time-utc', 'field.what', 'field.value', 'field.source'].map(code =>
		say(code),
	);
	const rows = incident.evidence.flatMap(seen => evidenceRows(language, seen));
	return [heading(say('report.evidence'), 3), tableOr(say('none.evidence'), heads, rows)];
}

function causeBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const heads = ['field.cause', 'field.verdict', 'field.for', 'field.against', 'field.source'];
	const rows = incident.causes.map(cause => [
		cause.title[language],
		say(`verdict.${cause.verdict}`),
		cause.for.join('; '),
		cause.against.join('; '),
		`${cause.runbook} / ${cause.cause}`,
	]);
	return [
		heading(say('report.causes'), 3),
		tableOr(
			say('none.causes'),
			heads.map(code => say(code)),
			rows,
		),
	];
}

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

function operations({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const all = incident.operations;
	return [
		heading(say('report.operations'), 3),
		...(all.length === 0
			? [{kind: 'paragraph', text: say('none.operations')} as const]
			: all.flatMap(operation => operationBlocks(language, operation))),
	];
}

function nearbyBlocks({nearby, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const {operations: others, alerts, audited} = nearby;
	if (others.length + alerts.length + audited.length === 0) return [];
	const rows = [
		...alerts.map(({alert, firstAtMs, lastAtMs}) => [
			`${utcTime(firstAtMs)} – ${utcTime(lastAtMs)}`,
			'',
			say('from.alert', {text: sayAlert(language, alert)}),
		]),
		...audited.map(({atMs, by, what, target}) => [utcTime(atMs), by, `${what}: ${target}`]),
	].toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
	const heads = [say('field.time-utc'), say('field.by'), say('field.what')];
	return [
		heading(say('report.nearby'), 3),
		...(rows.length === 0 ? [] : [{kind: 'table', heads, rows} as const]),
		...others.flatMap(operation => operationBlocks(language, operation)),
	];
}

function changes({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const rows = incident.changes.map(({atMs, happenedAtMs = atMs, change, text}) => [
		utcTime(happenedAtMs),
		say(`change.${change}`),
		text,
	]);
	const heads = [say('field.time-utc'), say('field.what'), say('field.value')];
	return [heading(say('report.changes'), 3), tableOr(say('none.changes'), heads, rows)];
}

/** What a clock is about, in words. */
export function sayClock(language: Language, {about}: IncidentClock): string {
	if (about.kind === 'response') return sayIncident(language, 'clock.response');
	if (about.kind === 'alert') {
		const what = `${about.metric}, ${about.subject}`;
		return sayIncident(language, 'clock.alert', {what});
	}

	const step = sayIncident(language, `rollback.${about.step}`);
	return sayIncident(language, 'clock.rollback', {step});
}

function clockBlocks({incident, nowMs, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const span = (ms: number) => formatDuration(ms / 1000, language);
	const heads = ['field.what', 'field.result', 'field.took', 'field.limit', 'field.due'];
	const rows = clocksOf(incident, nowMs).map(clock => [
		`${sayClock(language, clock)} [${clock.source}]`,
		say(`clock.${clock.state}`),
		clock.endedAtMs === undefined ? say('so-far', {time: span(clock.tookMs)}) : span(clock.tookMs),
		span(clock.limitMs),
		utcTime(clock.dueAtMs),
	]);
	const table = {kind: 'table', heads: heads.map(code => say(code)), rows} as const;
	return [heading(say('report.clocks'), 3), table];
}

function walkBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	if (incident.walks.length === 0) return [];
	const say = sayer(language);
	const items = incident.walks.map(({title, runbook, atMs, by, outcome, says = ''}) => {
		const end = outcome === undefined ? say('unknown') : say(`walk.${outcome}`);
		return `${utcTime(atMs)} UTC, ${by}: ${title[language]} (${runbook}): ${end} ${says}`.trim();
	});
	return [heading(say('report.walks'), 3), {kind: 'list', items}];
}

function contactBlocks({contacts, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const heads = ['field.name', 'field.role', 'field.reach', 'field.respond'].map(code => say(code));
	const rows = contacts.map(({name, role, reach, respondWithinMinutes}) => [
		name,
		role,
		reach,
		respondWithinMinutes === undefined ? '' : formatDuration(respondWithinMinutes * 60, language),
	]);
	return [heading(say('report.contacts'), 3), tableOr(say('none.contacts'), heads, rows)];
}

/** The report of an incident in its four phases (handbook row H5-15), without its form: see `markdownOf` and `htmlOf`. */
export function incidentReport(facts: IncidentReportFacts): ReportDocument {
	const {incident, damage, nowMs, language} = facts;
	const say = sayer(language);
	const notes: readonly Block[] = [
		...(damage === undefined
			? []
			: [{kind: 'paragraph', text: say('report.damage', damage)} as const]),
		...(incident.closed === undefined
			? [
					{
						kind: 'paragraph',
						text: say('report.still-open', {time: `${utcTime(nowMs)} UTC`}),
					} as const,
				]
			: []),
	];
	const followUps = incident.closed?.followUps ?? [];
	return {
		title: say('report.title', {title: incident.title}),
		language,
		blocks: [
			...notes,
			heading(say('report.phase-1')),
			...summary(facts),
			...alertBlocks(facts),
			heading(say('report.phase-2')),
			...timeline(facts),
			...evidenceBlocks(facts),
			...causeBlocks(facts),
			...changes(facts),
			heading(say('report.phase-3')),
			...walkBlocks(facts),
			...operations(facts),
			...nearbyBlocks(facts),
			...clockBlocks(facts),
			heading(say('report.phase-4')),
			heading(say('report.follow-ups'), 3),
			listOr(say('none.follow-ups'), followUps),
			...contactBlocks(facts),
		],
	};
}
