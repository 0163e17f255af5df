import {clean} from '../../domain/clean.ts';
import {rulesOf, type FileSet} from '../../domain/file-set.ts';
import {nameFault} from '../../domain/member-rules.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {FileEntry} from '../../io/io.ts';
import type {ProblemCode} from '../../words/index.ts';
import type {Look} from '../operation.ts';

const maxEntries = 100_000;
const maxDepth = 24;

/** An entry of a set as it is on the disk now. */
export type Found = {
	readonly entry: FileEntry;
	/** Absolute. */
	readonly origin: string;
	/** Below the folder of the set. */
	readonly path: string;
	readonly isSecret: boolean;
	readonly link?: string;
};

export type Collected = {
	readonly found: readonly Found[];
	/** Sockets, pipes, devices and names that no archive may hold. */
	readonly special: readonly string[];
	readonly large: readonly string[];
	readonly totalBytes: number;
};

/** A refusal or failure about files. */
export function filesTrouble(
	code: ProblemCode,
	params: Readonly<Record<string, string | number>>,
): ProblemError {
	return new ProblemError({code, params, retry: 'rarely'});
}

/** An unreadable file as a problem; a signal's reason stays what it is. */
export function unreadable(path: string, error: unknown): ProblemError {
	if (error instanceof ProblemError) return error;
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	const cause = code || (error instanceof Error ? error.message : String(error));
	return filesTrouble('files-unreadable', {path: clean(path, 300), cause: clean(cause, 200)});
}

/** Walks a set's folder without following links; what cannot be read is a problem, never left out in silence. */
export async function collect(look: Look, set: FileSet): Promise<Collected> {
	const rules = rulesOf(set);
	const found: Found[] = [];
	const special: string[] = [];
	const large: string[] = [];
	let seen = 0;

	async function take(entry: FileEntry, path: string): Promise<void> {
		const origin = `${set.folder}/${path}`;
		const shown = clean(path, 200);
		const isArchivable = nameFault(origin.slice(1)) === undefined;
		if (entry.kind === 'other' || !isArchivable) special.push(shown);
		else if (entry.kind === 'file' && entry.bytes > set.maxBytes) large.push(shown);
		else {
			const link = entry.kind === 'link' ? await look.io.files.readLink(origin) : undefined;
			const isSecret = rules.isSecret(path);
			found.push({entry, origin, path, isSecret, ...(link !== undefined && {link})});
		}
	}

	async function walk(below: string, depth: number): Promise<void> {
		look.signal.throwIfAborted();
		const folder = below === '' ? set.folder : `${set.folder}/${below}`;
		const entries = await look.io.files.list(folder, maxEntries).catch((error: unknown) => {
			throw unreadable(folder, error);
		});
		seen += entries.length;
		if (seen > maxEntries || depth > maxDepth) {
			throw filesTrouble('files-too-many', {folder: clean(set.folder, 300), most: maxEntries});
		}

		for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
			const path = below === '' ? entry.name : `${below}/${entry.name}`;
			if (rules.isLeftOut(path)) continue;
			if (entry.kind === 'folder') {
				if (rules.isTaken(path)) await take(entry, path);
				if (rules.mayHold(path) || rules.isTaken(path)) await walk(path, depth + 1);
			} else if (rules.isTaken(path)) {
				await take(entry, path);
			}
		}
	}

	await walk('', 0);
	const totalBytes = found.reduce(
		(sum, {entry}) => sum + (entry.kind === 'file' ? entry.bytes : 0),
		0,
	);
	return {found, special, large, totalBytes};
}
