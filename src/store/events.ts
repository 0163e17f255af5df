import type {Alert} from '../domain/alerts.ts';
import type {Reading} from '../domain/reading.ts';
import type {Settings} from '../domain/settings.ts';
import type {SourceId, SourceValues} from '../domain/source-values.ts';
import type {Targets} from '../domain/targets.ts';
import type {TailLine} from './state.ts';

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
	| {readonly type: 'key-pressed'; readonly key: string; readonly text: string}
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
	  };

/** A thing to do, as data; only the engine carries it out. */
export type Effect =
	| {readonly type: 'leave'}
	| {readonly type: 'redraw'}
	| {readonly type: 'suspend'}
	| {readonly type: 'refresh'};
