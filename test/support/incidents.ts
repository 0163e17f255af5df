import type {AlertFacts, IncidentEvent, IncidentLine} from '../../src/incidents/event.ts';
import {incidentOf, type Incident} from '../../src/incidents/incident.ts';
import {nowMs} from './state.ts';

/** A moment of an incident: minutes after its opening at noon. */
export function minute(minutes: number): number {
	return nowMs + minutes * 60_000;
}

/** How incidents of tests are opened, with any part replaced. */
export function opened(
	more: Partial<IncidentEvent & {readonly kind: 'opened'}> = {},
): IncidentEvent & {readonly kind: 'opened'} {
	return {
		kind: 'opened',
		title: 'the shop is down',
		severity: 'major',
		from: {kind: 'person'},
		environment: 'prod',
		hostname: 'web-1',
		...more,
	};
}

/** Events with the minutes at which they happened, as lines; the chain is not that of a file. */
export function linesOf(
	events: readonly (readonly [minutes: number, event: IncidentEvent])[],
): readonly IncidentLine[] {
	return events.map(([minutes, event], index) => ({
		v: 1,
		seq: index + 1,
		t: new Date(minute(minutes)).toISOString(),
		by: 'li@10.0.0.8',
		event,
		prev: '',
	}));
}

/** The incident of some events; one that was opened as a major one at noon where none opens it. */
export function incidentWith(
	...events: readonly (readonly [minutes: number, event: IncidentEvent])[]
): Incident {
	const first = events[0]?.[1].kind === 'opened' ? [] : [[0, opened()] as const];
	const incident = incidentOf(linesOf([...first, ...events]));
	if (incident === undefined) throw new Error('nothing opened it');
	return incident;
}

/** An alert as an incident remembers it, since noon. */
export function alertFacts(metric: string, more: Partial<AlertFacts> = {}): AlertFacts {
	return {
		id: `${metric}|app`,
		metric,
		target: 'app',
		subject: 'app',
		level: 'crit',
		value: 12,
		threshold: 5,
		sinceMs: nowMs,
		provenance: 'H4-06',
		...more,
	};
}
