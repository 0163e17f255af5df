import type {Language} from '../domain/settings.ts';
import {heading, tableOr, type Block} from './document.ts';
import type {IncidentEvidence} from './incident.ts';
import type {IncidentReportFacts} from './report-facts.ts';
import {localTime, sayAlert, sayer, sayEvent, sayEvidence, utcTime} from './say.ts';

/** Alerts of the incident, with since when and until when. */
export function alertBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const rows = incident.alerts.map(({alert, raisedAtMs, clearedAtMs}) => [
		utcTime(Math.min(alert.sinceMs, raisedAtMs)),
		clearedAtMs === undefined ? say('unknown') : utcTime(clearedAtMs),
		sayAlert(language, alert),
	]);
	const heads = [say('field.since'), say('field.cleared'), say('field.what')];
	return [heading(say('report.alerts'), 3), tableOr(say('none.alerts'), heads, rows)];
}

/** Every event in its order, in UTC and local time. */
export function timelineBlocks({lines, language}: IncidentReportFacts): readonly Block[] {
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

/** Everything that was seen: value, time and source. */
export function evidenceBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const heads = ['field.time-utc', 'field.what', 'field.value', 'field.source'].map(code =>
		say(code),
	);
	const rows = incident.evidence.flatMap(seen => evidenceRows(language, seen));
	return [heading(say('report.evidence'), 3), tableOr(say('none.evidence'), heads, rows)];
}

/** The causes that were weighed, with what speaks for and against each. */
export function causeBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const heads = ['field.cause', 'field.verdict', 'field.for', 'field.against', 'field.source'];
	const rows = incident.causes.map(cause => [
		cause.title[language],
		say(`verdict.${cause.verdict}`),
		cause.for.map(one => one[language]).join('; '),
		cause.against.map(one => one[language]).join('; '),
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

/** Changes of the system that were seen. */
export function changeBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const rows = incident.changes.map(({atMs, happenedAtMs = atMs, change, text}) => [
		utcTime(happenedAtMs),
		say(`change.${change}`),
		text,
	]);
	const heads = [say('field.time-utc'), say('field.what'), say('field.value')];
	return [heading(say('report.changes'), 3), tableOr(say('none.changes'), heads, rows)];
}
