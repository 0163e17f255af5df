import type {Evidence} from '../runbooks/look.ts';
import type {Outcome as WalkOutcome} from '../runbooks/runbook.ts';
import type {Words} from '../words/words.ts';
import {datedOf, type Dated} from './dated.ts';
import type {
	AlertFacts,
	ChangeKind,
	IncidentEvent,
	IncidentLine,
	OperationFacts,
	Origin,
	Phase,
	RollbackStep,
	Severity,
} from './event.ts';
import {partWithWalks, sinceOf, type Since} from './since.ts';

/** An alert of an incident, from when it was raised until it cleared. */
export type IncidentAlert = {
	readonly alert: AlertFacts;
	/** When it began, as far as it was seen. */
	readonly raisedAtMs: number;
	readonly clearedAtMs?: number;
};

export type IncidentEvidence = Dated & {
	readonly evidence: Evidence;
	readonly walk?: string;
	readonly runbook?: string;
	readonly node?: string;
};

/** A cause as it was weighed the last time. */
export type ConsideredCause = Dated & {
	readonly runbook: string;
	readonly cause: string;
	readonly title: Words;
	readonly verdict: 'likely' | 'possible' | 'excluded';
	readonly for: readonly Words[];
	readonly against: readonly Words[];
};

/** The way that a walk took at a node, with the fields that decided it. */
export type IncidentTurn = Dated & {
	readonly walk: string;
	readonly runbook: string;
	readonly node: string;
	readonly says: Words;
	readonly isRefused?: true;
	readonly cause?: Words;
};

export type IncidentWalk = Dated & {
	readonly walk: string;
	readonly runbook: string;
	readonly title: Words;
	readonly endedAtMs?: number;
	readonly outcome?: WalkOutcome;
	readonly says?: Words;
};

/** Everything that is known of an incident, made from its events alone. */
export type Incident = {
	readonly title: string;
	readonly severity: Severity;
	readonly from: Origin;
	readonly environment: string;
	readonly hostname: string;
	readonly project?: string;
	readonly opened: Dated;
	/** Since when there is trouble: the opening, or earlier where a person, an alert or what was seen says so. */
	readonly sinceMs: number;
	/** It was so when it was first looked at: it began then at the latest. */
	readonly isSinceLatest?: true;
	readonly phase: Phase;
	readonly phases: readonly (Dated & {readonly phase: Phase})[];
	/** The severities in their order; the first is that of the opening. */
	readonly severities: readonly (Dated & {readonly severity: Severity; readonly why?: string})[];
	readonly acknowledged?: Dated;
	readonly alerts: readonly IncidentAlert[];
	readonly evidence: readonly IncidentEvidence[];
	readonly causes: readonly ConsideredCause[];
	readonly walks: readonly IncidentWalk[];
	readonly turns: readonly IncidentTurn[];
	readonly operations: readonly OperationFacts[];
	/** Operations that were written down too, but began before there was trouble: no part of it. */
	readonly earlierJobs?: readonly string[];
	readonly changes: readonly (Dated & {
		readonly change: ChangeKind;
		readonly text: string;
		readonly happenedAtMs?: number;
	})[];
	readonly notes: readonly (Dated & {readonly text: string})[];
	readonly rollback: readonly (Dated & {
		readonly step: RollbackStep;
		readonly state: 'started' | 'done';
	})[];
	readonly closed?: Dated & {
		readonly cause: string;
		readonly done: string;
		readonly followUps: readonly string[];
	};
};

/** Replaces the last item that fits, or appends. */
function put<T>(list: readonly T[], item: T, isSame: (other: T) => boolean): readonly T[] {
	const at = list.findLastIndex(isSame);
	return at === -1 ? [...list, item] : list.with(at, item);
}

function begin(event: IncidentEvent & {kind: 'opened'}, dated: Dated, since: Since): Incident {
	const {title, severity, from, project, environment, hostname} = event;
	const alertSinceMs =
		from.kind === 'alert' ? Math.min(from.alert.sinceMs, dated.atMs) : dated.atMs;
	const alerts = from.kind === 'alert' ? [{alert: from.alert, raisedAtMs: alertSinceMs}] : [];
	return {
		title,
		severity,
		from,
		environment,
		hostname,
		...(project !== undefined && {project}),
		opened: dated,
		...since,
		phase: 'identify',
		phases: [{...dated, phase: 'identify'}],
		severities: [{...dated, severity}],
		alerts,
		evidence: [],
		causes: [],
		walks: [],
		turns: [],
		operations: [],
		changes: [],
		notes: [],
		rollback: [],
	};
}

function raised(incident: Incident, alert: AlertFacts, atMs: number): Incident {
	const isOpen = (other: IncidentAlert) =>
		other.alert.id === alert.id && other.clearedAtMs === undefined;
	const before = incident.alerts.find(isOpen);
	const item = {alert, raisedAtMs: before?.raisedAtMs ?? atMs};
	return {...incident, alerts: put(incident.alerts, item, isOpen)};
}

function cleared(incident: Incident, alert: AlertFacts, atMs: number): Incident {
	const alerts = incident.alerts.map(other =>
		other.alert.id === alert.id && other.clearedAtMs === undefined
			? {...other, clearedAtMs: atMs}
			: other,
	);
	return {...incident, alerts};
}

function walked(
	incident: Incident,
	event: IncidentEvent & {kind: 'walk-started' | 'walk-ended'},
	dated: Dated,
): Incident {
	const {walk, runbook} = event;
	if (event.kind === 'walk-started') {
		const item: IncidentWalk = {...dated, walk, runbook, title: event.title};
		return {...incident, walks: put(incident.walks, item, other => other.walk === walk)};
	}

	const {outcome, says} = event;
	const walks = incident.walks.map(other =>
		other.walk === walk
			? {...other, endedAtMs: dated.atMs, outcome, ...(says !== undefined && {says})}
			: other,
	);
	return {...incident, walks};
}

function decided(
	incident: Incident,
	event: IncidentEvent & {kind: 'walk-decided'},
	dated: Dated,
): Incident {
	const {runbook, cause, title, verdict} = event;
	const item = {
		...dated,
		...{runbook, cause, title, verdict},
		for: event.for,
		against: event.against,
	};
	const isSame = (other: ConsideredCause) => other.runbook === runbook && other.cause === cause;
	return {...incident, causes: put(incident.causes, item, isSame)};
}

/** What one event makes of an incident. */
function next(incident: Incident, event: IncidentEvent, dated: Dated): Incident {
	switch (event.kind) {
		case 'opened':
			// An incident is opened once; a second opening says nothing new.
			return incident;
		case 'alert-raised':
			return raised(incident, event.alert, dated.atMs);
		case 'alert-cleared':
			return cleared(incident, event.alert, dated.atMs);
		case 'evidence': {
			const {kind: _kind, ...seen} = event;
			return {...incident, evidence: [...incident.evidence, {...dated, ...seen}]};
		}

		case 'walk-started':
		case 'walk-ended':
			return walked(incident, event, dated);
		case 'walk-decided':
			return decided(incident, event, dated);
		case 'walk-turned': {
			const {walk, runbook, node, says, isRefused, cause} = event;
			const more = {...(isRefused && {isRefused}), ...(cause && {cause})};
			const turn = {...dated, walk, runbook, node, says, ...more};
			return {...incident, turns: [...incident.turns, turn]};
		}

		case 'operation': {
			const {operation} = event;
			const isSame = (other: OperationFacts) => other.job === operation.job;
			return {...incident, operations: put(incident.operations, operation, isSame)};
		}

		case 'change': {
			const {kind: _kind, ...change} = event;
			return {...incident, changes: [...incident.changes, {...dated, ...change}]};
		}

		case 'note':
			return {...incident, notes: [...incident.notes, {...dated, text: event.text}]};
		case 'acknowledged':
			// The first who took it on counts for the clocks.
			return {...incident, acknowledged: incident.acknowledged ?? dated};
		case 'severity-changed': {
			const {severity, why} = event;
			const item = {...dated, severity, ...(why !== undefined && {why})};
			return {...incident, severity, severities: [...incident.severities, item]};
		}

		case 'phase-entered': {
			const {phase} = event;
			return {...incident, phase, phases: [...incident.phases, {...dated, phase}]};
		}

		case 'rollback': {
			const {step, state} = event;
			return {...incident, rollback: [...incident.rollback, {...dated, step, state}]};
		}

		case 'closed': {
			const {cause, done, followUps} = event;
			return {...incident, closed: {...dated, cause, done, followUps}};
		}
	}
}

/**
 * An incident from its events, oldest first; undefined where none of them opens it. What happened before there was trouble is
 * no part of it.
 */
export function incidentOf(lines: readonly IncidentLine[]): Incident | undefined {
	const at = lines.findIndex(({event}) => event.kind === 'opened');
	const first = lines[at];
	if (first?.event.kind !== 'opened') return undefined;
	const rest = lines.slice(at + 1);
	const opened = datedOf(first);
	const since = sinceOf(first.event, opened.atMs, rest);
	const part = partWithWalks(rest, since);
	let incident = begin(first.event, opened, since);
	for (const line of part) incident = next(incident, line.event, datedOf(line));
	const jobsOf = (list: readonly IncidentLine[]) =>
		list.flatMap(({event}) => (event.kind === 'operation' ? [event.operation.job] : []));
	const own = new Set(jobsOf(part));
	const earlierJobs = [...new Set(jobsOf(rest))].filter(job => !own.has(job));
	return earlierJobs.length === 0 ? incident : {...incident, earlierJobs};
}

/** Whether somebody still has to do something about it. */
export function isOpen(incident: Incident): boolean {
	return incident.closed === undefined;
}

/** Whether the last guided walk of an incident ended well: what is left is to close it. */
export function isSolved({walks}: Incident): boolean {
	const outcome = walks.at(-1)?.outcome;
	return outcome === 'solved' || outcome === 'healthy';
}

/** What was taken as the cause last, by a person in a walk; undefined where none was. */
export function causeOf({turns}: Incident): Words | undefined {
	return turns.findLast(({cause}) => cause !== undefined)?.cause;
}
