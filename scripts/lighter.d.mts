import type {Plugin} from 'esbuild';

/** The plugins for esbuild; `root` is the package's folder. */
export function lighterPlugins(root: string): Plugin[];

/** Replaces what must be there; throws where it is not. */
export function replaceIn(source: string, what: string | RegExp, by: string): string;
