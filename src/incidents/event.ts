import type {AlertFacts} from '../domain/alert-facts.ts';
import type {Outcome as RunOutcome} from '../domain/plan.ts';
import type {Basis} from '../runbooks/basis.ts';
import type {Evidence} from '../runbooks/look.ts';
import type {Outcome as WalkOutcome} from '../runbooks/runbook.ts';
import type {Phrase} from '../words/phrases/phrase.ts';
import type {Words} from '../words/words.ts';

export type {AlertFacts};

/** How bad an incident is: the three levels of escalation (handbook row H2-21), from the mildest on. */
export const severities = ['minor', 'major', 'critical'] as const;

export type Severity = (typeof severities)[number];

/** The four phases of an incident (handbook row H5-15). */
export const phases = ['identify', 'locate', 'resolve', 'summarise'] as const;

export type Phase = (typeof phases)[number];

/** The steps of a rollback that have a time budget (handbook row H4-13). */
export const rollbackSteps = [
	'decide',
	'code',
	'database',
	'config',
	'redeploy',
	'verify',
] as const;

export type RollbackStep = (typeof rollbackSteps)[number];

/** What an incident was opened for. */
export type Origin =
	| {readonly kind: 'alert'; readonly alert: AlertFacts}
	/** A symptom of a runbook that somebody chose, in their words or in those of the runbook. */
	| {readonly kind: 'symptom'; readonly text: string; readonly runbook?: string}
	| {readonly kind: 'person'};

/** What changed on the system, as far as somebody or something saw it. */
export const changeKinds = ['deploy', 'image', 'file', 'commit', 'configuration', 'other'] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** A command of an operation, as it could be typed, with what became of its step. */
export type OperationCommand = {
	readonly text: string;
	readonly step: string;
	readonly state: 'running' | 'done' | 'failed' | 'undoing' | 'undone';
};

/** An operation as an incident remembers it; a later event of the same job replaces an earlier one. */
export type OperationFacts = {
	/** Id of its run. */
	readonly job: string;
	readonly operation: string;
	readonly title: Phrase;
	/** What it was done to: `prod/shop`. */
	readonly target: string;
	readonly operator: string;
	readonly startedAtMs: number;
	readonly endedAtMs?: number;
	/** Absent while it runs. */
	readonly outcome?: RunOutcome;
	readonly exitStatus?: number;
	/** Code of what went wrong. */
	readonly problem?: string;
	/** Commands of the steps that were begun, in order; absent where only the operation is known. */
	readonly commands?: readonly OperationCommand[];
	/** How many commands were left out of a long list. */
	readonly moreCommands?: number;
};

/** One fact of an incident. Everything that is said about an incident comes from these. */
export type IncidentEvent =
	| {
			readonly kind: 'opened';
			readonly title: string;
			readonly severity: Severity;
			readonly from: Origin;
			/** Compose project that it is about. */
			readonly project?: string;
			readonly environment: string;
			readonly hostname: string;
			/** Since when there is trouble, where that is known to be before the opening. */
			readonly sinceMs?: number;
	  }
	| {readonly kind: 'alert-raised' | 'alert-cleared'; readonly alert: AlertFacts}
	| {
			readonly kind: 'evidence';
			readonly evidence: Evidence;
			/** Id of the walk that looked, where one did. */
			readonly walk?: string;
			readonly runbook?: string;
			readonly node?: string;
	  }
	| {
			readonly kind: 'walk-started';
			readonly walk: string;
			readonly runbook: string;
			readonly title: Words;
			/** When it happened, and who walks: the line tells when and by whom it was written down. */
			readonly atMs?: number;
			readonly by?: string;
	  }
	| {
			/** A cause was weighed. */
			readonly kind: 'walk-decided';
			readonly walk?: string;
			readonly runbook: string;
			readonly node?: string;
			readonly cause: string;
			readonly title: Words;
			readonly verdict: 'likely' | 'possible' | 'excluded';
			/** What speaks for it and against it, filled with what was seen. */
			readonly for: readonly Words[];
			readonly against: readonly Words[];
			/** The fields that this was weighed by. */
			readonly basis?: readonly Basis[];
			readonly atMs?: number;
	  }
	| {
			/** The way that a walk took, by what was seen or by what a person answered. */
			readonly kind: 'walk-turned';
			readonly walk: string;
			readonly runbook: string;
			readonly node: string;
			readonly says: Words;
			readonly basis: readonly Basis[];
			readonly atMs: number;
			/** The person who chose it; absent where what was seen decided. */
			readonly by?: string;
			/** Title of the cause that a person took for the right one. */
			readonly cause?: Words;
			/** An operation was refused; `says` has the reason. */
			readonly isRefused?: true;
	  }
	| {
			readonly kind: 'walk-ended';
			readonly walk: string;
			readonly runbook: string;
			readonly outcome: WalkOutcome;
			readonly says?: Words;
			readonly atMs?: number;
			readonly by?: string;
	  }
	| {readonly kind: 'operation'; readonly operation: OperationFacts}
	| {
			readonly kind: 'change';
			readonly change: ChangeKind;
			readonly text: string;
			/** When it happened, where that is known. */
			readonly happenedAtMs?: number;
	  }
	| {
			readonly kind: 'note';
			readonly text: string;
			/** Id of the walk in which it was written, where it was, when and by whom. */
			readonly walk?: string;
			readonly atMs?: number;
			readonly by?: string;
	  }
	| {readonly kind: 'acknowledged'}
	| {readonly kind: 'severity-changed'; readonly severity: Severity; readonly why?: string}
	| {readonly kind: 'phase-entered'; readonly phase: Phase}
	| {readonly kind: 'rollback'; readonly step: RollbackStep; readonly state: 'started' | 'done'}
	| {
			readonly kind: 'closed';
			readonly cause: string;
			readonly done: string;
			readonly followUps: readonly string[];
	  };

/** An event with its place in the chain of its incident. */
export type IncidentLine = {
	readonly v: 1;
	/** Counts from 1 without a gap. */
	readonly seq: number;
	/** Wall time, ISO 8601 in UTC. */
	readonly t: string;
	/** Who wrote it: a person, or `opsconsole` for what was only seen. */
	readonly by: string;
	readonly event: IncidentEvent;
	/** SHA-256 of the line before, in hex; of nothing for the first. */
	readonly prev: string;
};
