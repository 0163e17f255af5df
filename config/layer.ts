import type {Config} from './schema.ts';
import type {Place} from './error.ts';

/** A value with the place where it was written and its provenance (`from`, else file:line). */
export type Placed<T> = {readonly value: T; readonly at: Place};

/** One threshold of a layer. */
export type ThresholdEntry = {
	readonly subject?: string;
	readonly warn?: number | 'off';
	readonly crit?: number | 'off';
	readonly for?: number;
	readonly direction?: 'above' | 'below';
	readonly hysteresis?: number;
	readonly from?: string;
};

/** One source of settings: a profile, a file, the environment or the flags of the command. */
export type Layer = {
	/** The file, or `environment` and `command line`. */
	readonly name: string;
	readonly isFile: boolean;
	/** False where others can change the file: it may not redirect the passwords of the layers below. */
	readonly isSafe: boolean;
	readonly config: Config;
	/** Where a path of the configuration stands: the key and its value. */
	readonly at: (path: readonly (string | number)[]) => Place;
};
