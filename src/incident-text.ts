import {formatDuration} from './domain/format.ts';
import type {Language} from './domain/settings.ts';
import {clocksOf} from './incidents/clocks.ts';
import {datedOf, inOrder} from './incidents/dated.ts';
import {sayClock} from './incidents/report-done.ts';
import {sayEvent, sayIncident, sayOrigin, utcTime} from './incidents/say.ts';
import {partOf} from './incidents/since.ts';
import type {IncidentRecord} from './work/incidents.ts';

function iso(atMs: number | undefined): string | null {
	return atMs === undefined ? null : new Date(atMs).toISOString();
}

/** An incident for programs; `isWhole` adds every event. */
export function incidentDocument(
	{id, folder, incident, lines, damage}: IncidentRecord,
	nowMs: number,
	isWhole = false,
) {
	const {title, severity, phase, environment, project, hostname} = incident;
	const {opened, sinceMs, acknowledged, closed} = incident;
	return {
		...{id, folder, title, severity, phase, environment, project: project ?? null, hostname},
		state: closed === undefined ? 'open' : 'closed',
		from: incident.from.kind,
		sinceAt: iso(sinceMs),
		openedAt: iso(opened.atMs),
		openedBy: opened.by,
		acknowledgedAt: iso(acknowledged?.atMs),
		acknowledgedBy: acknowledged?.by ?? null,
		closedAt: iso(closed?.atMs),
		cause: closed?.cause ?? null,
		done: closed?.done ?? null,
		followUps: closed?.followUps ?? [],
		clocks: clocksOf(incident, nowMs).map(clock => ({
			...clock.about,
			...{state: clock.state, source: clock.source},
			startedAt: iso(clock.startedAtMs),
			dueAt: iso(clock.dueAtMs),
			endedAt: iso(clock.endedAtMs),
			limitSeconds: clock.limitMs / 1000,
			tookSeconds: clock.tookMs / 1000,
		})),
		isRecordWhole: damage === undefined,
		...(damage && {damage}),
		...(isWhole && {events: lines}),
	};
}

/** An incident in one line of the list. */
export function incidentLine(
	{id, incident}: IncidentRecord,
	language: Language,
	nowMs: number,
): string {
	const say = (code: string) => sayIncident(language, code);
	const {title, severity, sinceMs, closed, acknowledged} = incident;
	const until = closed?.atMs ?? nowMs;
	return [
		id,
		say(closed === undefined ? 'state.open' : 'state.closed'),
		say(`severity.${severity}`),
		`${utcTime(sinceMs)} UTC`,
		formatDuration(Math.max(0, until - sinceMs) / 1000, language),
		acknowledged?.by ?? say(closed === undefined ? 'nobody' : 'nobody-closed'),
		title,
	].join('  ');
}

/** An incident with its clocks and everything that is a part of it, for a terminal. */
export function incidentText(record: IncidentRecord, language: Language, nowMs: number): string {
	const {incident, lines, damage} = record;
	const span = (ms: number) => formatDuration(ms / 1000, language);
	const clocks = clocksOf(incident, nowMs).map(clock => {
		const state = sayIncident(language, `clock.${clock.state}`);
		return `  ${state}  ${sayClock(language, clock)}: ${span(clock.tookMs)} / ${span(clock.limitMs)} [${clock.source}]`;
	});
	const events = inOrder(partOf(lines, incident)).map(line => {
		const {atMs, by} = datedOf(line);
		return `${utcTime(atMs)}  ${by}  ${sayEvent(language, line.event)}`;
	});
	return [
		incidentLine(record, language, nowMs),
		...(damage === undefined ? [] : [sayIncident(language, 'report.damage', damage)]),
		`  ${sayIncident(language, `phase.${incident.phase}`)}, ${sayOrigin(language, incident.from)}`,
		...clocks,
		'',
		...events,
		'',
	].join('\n');
}
