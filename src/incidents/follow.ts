import {alertFactsOf, type AlertFacts} from '../domain/alert-facts.ts';
import type {Alert} from '../domain/alerts.ts';
import {everySubject} from '../domain/metrics.ts';
import type {Job} from '../domain/job.ts';
import type {IncidentEvent, OperationFacts, Severity} from './event.ts';
import type {Incident} from './incident.ts';

type AlertEvent = IncidentEvent & {readonly kind: 'alert-raised' | 'alert-cleared'};

/** The severity that an incident is proposed with where an alert opens it. */
export function severityOfAlert({level}: Pick<AlertFacts, 'level'>): Severity {
	if (level === 'crit') return 'critical';
	return level === 'ok' ? 'minor' : 'major';
}

/** Whether the whole source of an alert has no value. */
function isSilence({alert}: {readonly alert: Pick<Alert, 'level' | 'subject'>}): boolean {
	return alert.level === 'unknown' && alert.subject === everySubject;
}

/** Whether backups cannot be looked at (their folder is missing): no part of any trouble but that of backups. */
function isUnseenBackup({metric, level}: Pick<Alert, 'metric' | 'level'>): boolean {
	return metric.startsWith('backup.') && level === 'unknown';
}

/** Whether an incident is about backups. */
function isAboutBackups({from, walks}: Incident): boolean {
	const isOfAlert = from.kind === 'alert' && from.alert.metric.startsWith('backup.');
	return isOfAlert || walks.some(({runbook}) => runbook === 'backups-missing');
}

/**
 * What an incident has not heard yet of the alerts that are raised now: new ones, other levels, and those that cleared.
 * `isComplete` only where everything was read at least once, because an alert that was not judged yet has not cleared.
 * `isOwn` says which alerts may belong to it. Of a source that is silent only one alert is told.
 */
export function alertEventsOf(
	incident: Incident,
	alerts: readonly Alert[],
	isComplete: boolean,
	isOwn: (alert: Alert) => boolean = () => true,
): readonly AlertEvent[] {
	const now = alerts.filter(({isPending, level}) => !isPending && level !== 'ok');
	const known = incident.alerts.filter(({clearedAtMs}) => clearedAtMs === undefined);
	const silent = new Set(known.filter(isSilence).map(({alert}) => alert.target));
	const raised = now
		.filter(alert => isOwn(alert) && (!isUnseenBackup(alert) || isAboutBackups(incident)))
		.filter(alert => {
			if (!isSilence({alert})) return true;
			const isFirst = !silent.has(alert.target);
			silent.add(alert.target);
			return isFirst;
		})
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
	ownJobs: ReadonlySet<string> = new Set(),
): boolean {
	if (incident.earlierJobs?.includes(job) === true) return false;
	const known = incident.operations.find(operation => operation.job === job);
	if (known === undefined) return startedAtMs >= incident.opened.atMs || ownJobs.has(job);
	return outcome !== undefined && known.outcome !== outcome;
}

/**
 * The jobs that an incident has not heard of yet, or not of their end: begun since it was opened, or by a walk that is a
 * part of it. One that is only about to begin has no time yet that will stay.
 */
export function jobsToRecord(
	incident: Incident,
	jobs: readonly Job[],
	ownJobs: ReadonlySet<string> = new Set(),
): readonly Job[] {
	return jobs.filter(
		({id, state, sinceMs, outcome}) =>
			state !== 'starting' &&
			isNews(incident, {job: id, startedAtMs: sinceMs, ...(outcome && {outcome})}, ownJobs),
	);
}

/** The same for operations whose facts were read. */
export function operationEventsOf(
	incident: Incident,
	operations: readonly OperationFacts[],
	ownJobs: ReadonlySet<string> = new Set(),
): readonly (IncidentEvent & {readonly kind: 'operation'})[] {
	return operations
		.filter(operation => isNews(incident, operation, ownJobs))
		.map(operation => ({kind: 'operation', operation}) as const);
}
