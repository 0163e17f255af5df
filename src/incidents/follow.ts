import {alertFactsOf, type AlertFacts} from '../domain/alert-facts.ts';
import type {Alert} from '../domain/alerts.ts';
import type {Job} from '../domain/job.ts';
import type {IncidentEvent, OperationFacts, Severity} from './event.ts';
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
	// Another console may still wait for the hold time of what this one has raised long ago.
	const standing = alerts.filter(({level}) => level !== 'ok');
	const cleared = known
		.filter(({alert}) => !standing.some(({id}) => id === alert.id))
		.map(({alert}) => ({kind: 'alert-cleared', alert}) as const);
	return [...raised, ...cleared];
}

/** Whether an incident has not heard yet of an operation that began since it was opened, or not of its end. */
function isNews(
	incident: Incident,
	{job, startedAtMs, outcome}: Pick<OperationFacts, 'job' | 'startedAtMs' | 'outcome'>,
): boolean {
	const known = incident.operations.find(operation => operation.job === job);
	if (known === undefined) return startedAtMs >= incident.opened.atMs;
	return outcome !== undefined && known.outcome !== outcome;
}

/** The jobs that an incident has not heard of yet, or not of their end: begun since it was opened. */
export function jobsToRecord(incident: Incident, jobs: readonly Job[]): readonly Job[] {
	return jobs.filter(({id, sinceMs, outcome}) =>
		isNews(incident, {job: id, startedAtMs: sinceMs, ...(outcome && {outcome})}),
	);
}

/** The same for operations whose facts were read. */
export function operationEventsOf(
	incident: Incident,
	operations: readonly OperationFacts[],
): readonly (IncidentEvent & {readonly kind: 'operation'})[] {
	return operations
		.filter(operation => isNews(incident, operation))
		.map(operation => ({kind: 'operation', operation}) as const);
}
