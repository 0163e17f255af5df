import type {Metafile} from 'esbuild';

/**
 * Joins the files that each of the entries (sources, in the order in which they are loaded) needs and no one before it.
 * `outputs` are those of esbuild's metafile, written into `folder`. Resolves with the names of the files it added;
 * rejects where an entry is not loaded as a part of its own.
 */
export function mergeChunks(facts: {
	readonly outputs: Metafile['outputs'];
	readonly folder: string;
	readonly entries: readonly string[];
}): Promise<string[]>;
