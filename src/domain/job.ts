import type {Phrase} from '../words/phrases/phrase.ts';
import type {ProgressFacts} from './journal.ts';
import type {Operator} from './operator.ts';
import type {JsonValue, Outcome, Risk} from './plan.ts';
import type {Problem} from './problem.ts';

/**
 * What a run does now. starting: confirmed, its worker has not yet begun; running: a worker has its lock; unfinished:
 * begun and not ended, and no worker lives (`opsconsole recover`); ended: see `outcome`.
 */
export type JobState = 'starting' | 'running' | 'unfinished' | 'ended';

/** A line of a job's log. */
export type JobNote = {
	readonly atMs: number;
	readonly kind: 'note' | 'warn';
	readonly phrase: Phrase;
};

/** How far one step of a job is. */
export type JobStep = {
	readonly id: string;
	readonly title: Phrase;
	readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'undoing' | 'undone';
};

/** One run of an operation as the screen and `opsconsole jobs` show it, made from its folder alone. */
export type Job = {
	readonly id: string;
	/** Id of the operation: `restore-database`. */
	readonly operation: string;
	readonly title: Phrase;
	/** What it is done to, cleaned: `prod/shop`. */
	readonly target: string;
	readonly risk: Risk;
	readonly state: JobState;
	readonly steps: readonly JobStep[];
	/** Number of the running or last step, from 1; 0 before the first. */
	readonly step: number;
	readonly stepCount: number;
	/** Of the running step. */
	readonly progress?: ProgressFacts;
	/** Of the running step, in the progress' unit. */
	readonly perSecond?: number;
	/** Estimate for the running step, in ms. */
	readonly remainingMs?: number;
	readonly sinceMs: number;
	readonly endedAtMs?: number;
	readonly operator: Operator;
	readonly isCancelRequested: boolean;
	/** What cancelling would do now: take everything back, or finish and offer the way back. */
	readonly cancelMeans: 'undo' | 'finish';
	readonly outcome?: Outcome;
	readonly exitStatus?: number;
	readonly problem?: Problem;
	/** How it is undone once it is done. */
	readonly undo: Phrase;
	/** What the run found or made, where its operation kept a `result`. */
	readonly result?: JsonValue;
	/** The newest lines of its log, oldest first, at most 50. */
	readonly notes: readonly JobNote[];
	/** Its folder, with plan.json, journal.jsonl and the worker's output. */
	readonly folder: string;
};

/**
 * How an operator gets back from what a job has done, where that is worth telling: after a change that is done, or will be
 * although it was asked to cancel, because it is past its commit point.
 */
export function wayBackOf(job: Job): Phrase | undefined {
	const {risk, state, outcome, isCancelRequested, cancelMeans, undo} = job;
	const isDone = outcome === 'done' || outcome === 'warnings';
	const willBe = state === 'running' && isCancelRequested && cancelMeans === 'finish';
	return risk !== 'safe' && (isDone || willBe) ? undo : undefined;
}
