import type {Operator} from './operator.ts';
import type {Outcome} from './plan.ts';
import type {Problem} from './problem.ts';

/** What is written down of every change, and of every try. */
export type AuditEntry = {
	/** plan: it was looked at with --dry-run; confirm: somebody said yes; start, end: of the worker; refused: it was not let; terminal, terminal-end: a shell in a container, or attached to it; incident, incident-end: opened and closed. */
	readonly kind:
		| 'plan'
		| 'confirm'
		| 'start'
		| 'end'
		| 'refused'
		| 'cancel'
		| 'terminal'
		| 'terminal-end'
		| 'incident'
		| 'incident-end';
	/** Id of the run or incident; of a terminal one that only joins its two entries. */
	readonly op: string;
	readonly operation: string;
	readonly operator: Operator;
	readonly hostname: string;
	/** What it was done to, cleaned: `prod/shop`. */
	readonly target: string;
	/** Absent for a terminal or an incident, which nobody plans. */
	readonly planSha256?: string;
	/** Id of the container that a terminal was opened in. */
	readonly container?: string;
	/** When a terminal that ended, or an incident that was closed, was opened; ISO 8601 in UTC. */
	readonly since?: string;
	/** What an incident was about; `cause` and `done` once it is closed. */
	readonly incident?: {readonly title: string; readonly cause?: string; readonly done?: string};
	/** SHA-256 of the last event of an incident, in hex: whoever cuts events off later is found out. */
	readonly eventsSha256?: string;
	readonly outcome?: Outcome;
	readonly exitStatus?: number;
	readonly problem?: Problem;
	readonly durationMs?: number;
	/** Folder of the run or incident, with its journal and output or its events. */
	readonly evidence?: string;
};

/** An entry with its place in the chain. */
export type AuditLine = AuditEntry & {
	readonly v: 1;
	/** Counts from 1 without a gap, over all files. */
	readonly seq: number;
	/** Wall time, ISO 8601 in UTC. */
	readonly t: string;
	/** SHA-256 of the line before, in hex; also from one file to the next. */
	readonly prev: string;
};
