import type {FileFacts} from '../../domain/manifest.ts';
import {globMatcher} from '../../domain/glob.ts';
import {clean} from '../../domain/clean.ts';
import type {FileEntry, Io} from '../../io/io.ts';
import type {Look} from '../operation.ts';
import {filesTrouble, unreadable} from './collect.ts';

/** A file of a backup against the one that is there now. */
export type Compared = {
	readonly facts: FileFacts;
	readonly status: 'same' | 'changed' | 'attributes' | 'added';
	/** What is there now. */
	readonly entry?: FileEntry;
};

/** The folder of a path. */
export function folderOf(path: string): string {
	return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** lstat, or undefined where there is nothing. */
export async function entryAt(io: Io, path: string): Promise<FileEntry | undefined> {
	try {
		return await io.files.lstat(path);
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : '';
		if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
		throw unreadable(path, error);
	}
}

/** Whether an entry has the owner and the permission bits of the facts. */
export function hasAttributes(entry: FileEntry, facts: FileFacts): boolean {
	return (
		(entry.mode & 0o7777) === facts.mode &&
		entry.ownerId === facts.userId &&
		entry.groupId === facts.groupId
	);
}

/** How the file of a path compares with these facts. Refuses links and everything else that is no file. */
export async function compareFile(
	{io, signal}: Pick<Look, 'io' | 'signal'>,
	facts: FileFacts,
): Promise<Compared> {
	const {origin} = facts;
	const entry = await entryAt(io, origin);
	if (entry === undefined) return {facts, status: 'added'};
	const path = clean(origin, 300);
	if (entry.kind === 'link') throw filesTrouble('files-link-in-way', {path});
	if (entry.kind !== 'file') throw filesTrouble('files-not-a-file', {path});
	const isSameSize = entry.bytes === facts.bytes;
	const found = isSameSize
		? await io.files.hash(origin, signal).catch((error: unknown) => {
				signal.throwIfAborted();
				throw unreadable(origin, error);
			})
		: undefined;
	if (found?.sha256 !== facts.sha256) return {facts, status: 'changed', entry};
	return {facts, status: hasAttributes(entry, facts) ? 'same' : 'attributes', entry};
}

/** Refuses a path with a link on the way, except those of the system near the root (`/var/run`). */
export async function refuseLinksAbove(io: Io, origin: string): Promise<void> {
	for (let folder = folderOf(origin); folder !== '/'; folder = folderOf(folder)) {
		const entry = await entryAt(io, folder);
		const isSystem = entry?.ownerId === 0 && folder.split('/').length <= 3;
		if (entry?.kind === 'link' && !isSystem) {
			throw filesTrouble('files-link-in-way', {path: clean(folder, 300)});
		}
	}
}

/** Compiles `--only`: a glob over the whole path, or over its end from any folder on. */
export function onlyMatcher(only: string | undefined): (origin: string) => boolean {
	if (only === undefined) return () => true;
	const matches = globMatcher(only);
	return origin => {
		const parts = origin.split('/');
		return matches(origin) || parts.some((_, at) => matches(parts.slice(at).join('/')));
	};
}
