import type {Alert} from '../domain/alerts.ts';
import type {BackupChoices} from '../domain/backup-choice.ts';
import type {Job} from '../domain/job.ts';
import type {JsonValue, Plan} from '../domain/plan.ts';
import type {Problem} from '../domain/problem.ts';
import type {Reading} from '../domain/reading.ts';
import type {Settings} from '../domain/settings.ts';
import type {SourceId, SourceValues} from '../domain/source-values.ts';
import type {Targets} from '../domain/targets.ts';
import type {Press} from './confirm.ts';
import type {Answer} from '../runbooks/checklist.ts';
import type {Checklist} from '../runbooks/runbook.ts';
import type {Scope} from '../runbooks/scope.ts';
import type {WalkMove} from '../runbooks/walk.ts';
import type {IncidentFact} from './incident-keys.ts';
import type {IncidentEvent, Origin, Severity} from '../incidents/event.ts';
import type {RunbookEvent} from './runbook-events.ts';
import type {State, TailLine} from './state.ts';

/** A new reading of one source and target. */
export type ReadingChange = {
	readonly [Id in SourceId]: {
		readonly source: Id;
		readonly target: string;
		readonly reading: Reading<SourceValues[Id]>;
	};
}[SourceId];

/** A fact in the past tense; the only thing that changes the state. */
export type Event =
	| {
			readonly type: 'readings-arrived';
			readonly changes: readonly ReadingChange[];
			readonly alerts: readonly Alert[];
			/** New points for the sparklines. */
			readonly points: Readonly<Record<string, number>>;
			readonly nowMs: number;
	  }
	| {readonly type: 'targets-found'; readonly targets: Targets; readonly nowMs: number}
	| {readonly type: 'settings-loaded'; readonly settings: Settings}
	| ({readonly type: 'key-pressed'} & Press)
	| {readonly type: 'text-pasted'; readonly text: string}
	| {readonly type: 'resized'; readonly columns: number; readonly rows: number}
	| {readonly type: 'content-measured'; readonly contentRows: number; readonly pageRows: number}
	| {
			readonly type: 'tail-arrived';
			readonly key: string;
			readonly lines: readonly TailLine[];
			/** The log is read from its last lines anew (another run or container): what was shown is replaced. */
			readonly isStart?: boolean;
			readonly problem?: string;
	  }
	/** Which operations there are, by id, and why this user may start none of them. */
	| {
			readonly type: 'operations-found';
			readonly ids: readonly string[];
			readonly denied?: Problem;
	  }
	/** All operations that are remembered, as their journals say it now. */
	| {readonly type: 'jobs-arrived'; readonly jobs: readonly Job[]}
	| {readonly type: 'jobs-failed'; readonly problem: Problem}
	| {readonly type: 'job-plan-arrived'; readonly plan: Plan}
	/** What would be done; the number is that of the question. `atMs` is monotonic, as that of the keys. */
	| {
			readonly type: 'planned';
			readonly number: number;
			readonly plan: Plan;
			readonly atMs: number;
	  }
	| {readonly type: 'plan-refused'; readonly number: number; readonly problem: Problem}
	| {readonly type: 'job-started'; readonly id: string}
	/** A start, a cancel, a recovery or a terminal that could not be had. */
	| {readonly type: 'action-failed'; readonly problem: Problem}
	| {readonly type: 'backups-arrived'; readonly backups: BackupChoices}
	/** The time that was asked for by the effect `tick` is over. */
	| {readonly type: 'ticked'; readonly atMs: number}
	| RunbookEvent
	| IncidentFact;

/** A thing to do, as data; only the engine carries it out. */
export type Effect =
	| {readonly type: 'leave'}
	| {readonly type: 'redraw'}
	| {readonly type: 'suspend'}
	| {readonly type: 'refresh'}
	/** Look what an operation would do. */
	| {
			readonly type: 'plan';
			readonly number: number;
			readonly operation: string;
			readonly request: JsonValue;
	  }
	| {readonly type: 'stop-planning'; readonly number: number}
	/** Carry out a plan that was confirmed, with the text that was typed where one was. */
	| {readonly type: 'start'; readonly plan: Plan; readonly confirm?: string}
	| {readonly type: 'cancel-job'; readonly id: string}
	| {readonly type: 'recover-job'; readonly id: string}
	| {readonly type: 'read-job-plan'; readonly id: string}
	| {readonly type: 'read-backups'}
	/** Give the terminal to a program in a container. */
	| {
			readonly type: 'open-terminal';
			readonly program: 'shell' | 'attach';
			readonly containerId: string;
	  }
	| {readonly type: 'tick'; readonly afterMs: number}
	/** Look at everything and say what is wrong. */
	| {readonly type: 'diagnose'}
	| {readonly type: 'read-runbooks'}
	| {readonly type: 'open-walk'; readonly runbook: string; readonly scope: Scope}
	/** Take up a walk that is kept; `isForced`: also from somebody who has it open. */
	| {readonly type: 'resume-walk'; readonly id: string; readonly isForced?: true}
	| {readonly type: 'walk-move'; readonly move: WalkMove}
	/** Go on by itself after a failure. */
	| {readonly type: 'walk-go'}
	| {readonly type: 'walk-remark'; readonly text: string}
	| {readonly type: 'walk-hand-over'; readonly to: string}
	/** The walk is left: it is paused. */
	| {readonly type: 'close-walk'}
	| {
			readonly type: 'run-check';
			readonly checklist: Checklist;
			readonly scope: Scope;
			readonly answers: Readonly<Record<string, Answer>>;
	  }
	| {readonly type: 'answer-check'; readonly item: string; readonly value: Answer['value']}
	| {readonly type: 'sign-check'; readonly note: string}
	| {readonly type: 'read-incidents'}
	| {
			readonly type: 'open-incident';
			readonly title: string;
			readonly severity: Severity;
			readonly from: Origin;
			/** The Compose project that is in trouble, where the screen says which. */
			readonly project?: string;
	  }
	| {
			readonly type: 'incident-append';
			readonly id: string;
			readonly event: Exclude<IncidentEvent, {readonly kind: 'opened' | 'closed'}>;
	  }
	| {
			readonly type: 'close-incident';
			readonly id: string;
			readonly cause: string;
			readonly done: string;
	  }
	/** Write the report in both forms and the evidence pack. */
	| {readonly type: 'report-incident'; readonly id: string};

/** What an event does to the state, and what has to be done outside because of it. Pure. */
export type Update = {readonly state: State; readonly effects: readonly Effect[]};
