import {alertFactsOf, type AlertFacts} from '../domain/alert-facts.ts';
import type {Alert} from '../domain/alerts.ts';
import type {Job} from '../domain/job.ts';
import type {IncidentEvent, Severity} from './event.ts';
import type {Incident} from './incident.ts';

type AlertEvent = IncidentEvent & {readonly kind: 'alert-raised' | 'alert-cleared'};

/** The severity that an incident is proposed with where an alert opens it. */
export function severityOfAlert({level}: Pick<AlertFacts, 'level'>): Severity {
	if (level === 'crit') return 'critical';
	return level === 'ok' ? 'minor' : 'major';
}

/**
 * What an incident has not heard yet of the alerts that are raised now: new ones, other levels, and those that cleared.
 * `isComplete` only where everything was read at least once, because an alert that was not judged yet has not cleared.
 */
export function alertEventsOf(
	incident: Incident,
	alerts: readonly Alert[],
	isComplete: boolean,
): readonly AlertEvent[] {
	const now = alerts.filter(({isPending, level}) => !isPending && level !== 'ok');
	const known = incident.alerts.filter(({clearedAtMs}) => clearedAtMs === undefined);
	const raised = now
		.filter(
			alert =>
				!known.some(other => other.alert.id === alert.id && other.alert.level === alert.level),
		)
		.map(alert => ({kind: 'alert-raised', alert: alertFactsOf(alert)}) as const);
	if (!isComplete) return raised;
	const cleared = known
		.filter(({alert}) => !now.some(({id}) => id === alert.id))
		.map(({alert}) => ({kind: 'alert-cleared', alert}) as const);
	return [...raised, ...cleared];
}

/** The jobs that an incident has not heard of yet, or not of their end: begun since it was opened. */
export function jobsToRecord(incident: Incident, jobs: readonly Job[]): readonly Job[] {
	return jobs.filter(job => {
		const known = incident.operations.find(operation => operation.job === job.id);
		if (known === undefined) return job.sinceMs >= incident.opened.atMs;
		return job.outcome !== undefined && known.outcome !== job.outcome;
	});
}
