import {formatDuration, formatDurationExact} from '../domain/format.ts';
import {heading, listOr, tableOr, type Block, type ReportDocument} from './document.ts';
import {
	clockBlocks,
	nearbyBlocks,
	operationsBlocks,
	proofBlocks,
	walkBlocks,
} from './report-done.ts';
import type {IncidentReportFacts} from './report-facts.ts';
import {alertBlocks, causeBlocks, changeBlocks, evidenceBlocks, sayLatest} from './report-seen.ts';
import {timelineBlocks} from './report-timeline.ts';
import {localTime, sayer, sayIncident, sayOrigin, utcTime} from './say.ts';

function durationOf({incident, nowMs, language}: IncidentReportFacts): string {
	const {sinceMs, closed} = incident;
	const time = formatDurationExact(Math.max(0, (closed?.atMs ?? nowMs) - sinceMs) / 1000, language);
	return closed === undefined ? sayIncident(language, 'so-far', {time}) : time;
}

function summary(facts: IncidentReportFacts): readonly Block[] {
	const {id, incident, language} = facts;
	const say = sayer(language);
	const {title, severity, environment, hostname, project, opened, acknowledged, closed} = incident;
	const dated = ({atMs, by}: {readonly atMs: number; readonly by: string}) =>
		say('by-whom', {time: `${utcTime(atMs)} UTC (${localTime(atMs)})`, who: by});
	const where = [environment, project, hostname].filter(part => (part ?? '') !== '').join(' / ');
	const since = `${utcTime(incident.sinceMs)} UTC (${localTime(incident.sinceMs)})`;
	const rows: readonly (readonly [string, string])[] = [
		['field.title', title],
		['field.id', id],
		['field.state', say(closed === undefined ? 'state.open' : 'state.closed')],
		['field.severity', say(`severity.${severity}`)],
		['field.where', where],
		['field.from', sayOrigin(language, incident.from)],
		['field.since', sayLatest(language, since, incident.isSinceLatest)],
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
			...timelineBlocks(facts),
			...evidenceBlocks(facts),
			...causeBlocks(facts),
			...changeBlocks(facts),
			heading(say('report.phase-3')),
			...walkBlocks(facts),
			...operationsBlocks(facts),
			...proofBlocks(facts),
			...nearbyBlocks(facts),
			...clockBlocks(facts),
			heading(say('report.phase-4')),
			heading(say('report.follow-ups'), 3),
			listOr(say('none.follow-ups'), followUps),
			...contactBlocks(facts),
		],
	};
}
