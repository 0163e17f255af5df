import type {Phrase} from '../words/phrases/phrase.ts';
import type {JsonValue, Outcome} from './plan.ts';
import type {Problem} from './problem.ts';

/** Progress of a step, as it stands in the journal. */
export type ProgressFacts = {
	readonly done: number;
	readonly total?: number;
	readonly unit: 'bytes' | 'rows' | 'keys' | 'files' | 'containers' | 'tables';
};

/** How a run ended; the last thing that its journal says. */
export type End = {
	readonly outcome: Outcome;
	readonly exitStatus: number;
	readonly problem?: Problem;
};

/** One thing that happened in a run. `st` is what, `d` with which facts. */
export type JournalEntry =
	/** A worker took the operation up: to run it, or to recover it. */
	| {readonly st: 'begin'; readonly d: {readonly mode: 'run' | 'recover'; readonly pid: number}}
	| {readonly st: 'start' | 'done' | 'undo' | 'undone'; readonly step: string}
	/** Not done again, because its result already holds. */
	| {readonly st: 'skip'; readonly step: string}
	| {readonly st: 'fail'; readonly step: string; readonly d: Problem}
	| {
			readonly st: 'keep';
			readonly step: string;
			readonly d: {readonly name: string; readonly value: JsonValue};
	  }
	| {readonly st: 'progress'; readonly step: string; readonly d: ProgressFacts}
	| {readonly st: 'note' | 'warn'; readonly step: string; readonly d: Phrase}
	/** Somebody asked to cancel. */
	| {readonly st: 'cancel'}
	/** Which way the run goes from here on. */
	| {readonly st: 'back' | 'forward'}
	| {readonly st: 'end'; readonly d: End};

/** An entry with its place in the journal. */
export type JournalLine = JournalEntry & {
	readonly v: 1;
	/** Counts from 1 without a gap. */
	readonly seq: number;
	/** Id of the run. */
	readonly op: string;
	/** Wall time, ISO 8601 in UTC. */
	readonly t: string;
	/** Monotonic time in ms; comparable only where `boot` is the same. */
	readonly mono: number;
	/** First eight characters of the kernel's boot id; empty where there is none. */
	readonly boot: string;
	/** SHA-256 of the line before, in hex; of nothing for the first. */
	readonly prev: string;
};

/** What a journal says about its run. */
export type RunState = {
	/** Steps that were begun, in order. */
	readonly begun: readonly string[];
	/** Steps whose result holds: done or found to hold. */
	readonly done: readonly string[];
	readonly undone: readonly string[];
	readonly kept: Readonly<Record<string, JsonValue>>;
	readonly warnings: readonly Phrase[];
	readonly direction?: 'back' | 'forward';
	readonly isCancelRequested: boolean;
	/** The step that was last spoken of. */
	readonly current?: string;
	readonly end?: End;
};

/** Reads the journal of a run from its first line on. */
export function runState(lines: readonly JournalEntry[]): RunState {
	const begun: string[] = [];
	const done: string[] = [];
	const undone: string[] = [];
	const kept = new Map<string, JsonValue>();
	const warnings: Phrase[] = [];
	let rest: Pick<RunState, 'direction' | 'current' | 'end' | 'isCancelRequested'> = {
		isCancelRequested: false,
	};
	for (const line of lines) {
		if ('step' in line) rest = {...rest, current: line.step};
		switch (line.st) {
			case 'start':
				if (!begun.includes(line.step)) begun.push(line.step);
				break;
			case 'done':
			case 'skip':
				if (!done.includes(line.step)) done.push(line.step);
				break;
			case 'undone':
				undone.push(line.step);
				break;
			case 'keep':
				kept.set(line.d.name, line.d.value);
				break;
			case 'warn':
				warnings.push(line.d);
				break;
			case 'cancel':
				rest = {...rest, isCancelRequested: true};
				break;
			case 'back':
			case 'forward':
				rest = {...rest, direction: line.st};
				break;
			case 'begin': {
				// A later worker took it up again: what an earlier one called the end was none.
				const {end: _end, ...open} = rest;
				rest = open;
				break;
			}
			case 'end':
				rest = {...rest, end: line.d};
				break;
			case 'undo':
			case 'fail':
			case 'progress':
			case 'note':
		}
	}

	return {begun, done, undone, kept: Object.fromEntries(kept), warnings, ...rest};
}
