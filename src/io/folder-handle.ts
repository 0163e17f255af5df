import {constants, existsSync} from 'node:fs';
import {lstat, mkdir, open, readlink, type FileHandle} from 'node:fs/promises';
import {basename, dirname, join, normalize, resolve} from 'node:path';

import {actProblem} from './act-problem.ts';

/** An open folder; `at` names an entry of it, also where the folder is moved or replaced meanwhile. */
export type FolderHandle = {
	readonly handle: FileHandle;
	at(name: string): string;
};

const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const maxLinks = 8;
// Entries are reached through the open folder where the system can do that (Linux).
const hasHandlePaths = existsSync('/proc/self/fd');
// O_PATH, which Node does not name: a folder on the way need not be readable for us (fcntl.h of Linux).
const passFlags = hasHandlePaths ? folderFlags | 0o10_000_000 : folderFlags;

/** Absolute, without `.`, `..` or NUL; the same text means the same place whoever reads it. */
export function checkedPath(path: string): string {
	const refuse = (cause: string) => actProblem('act-file-path', {path, cause});
	if (path.includes('\0')) throw refuse('a NUL character');
	if (!path.startsWith('/')) throw refuse('not absolute');
	if (path === '/' || normalize(path).replace(/\/$/, '') !== path) throw refuse('not normalised');
	return path;
}

function folderAt(handle: FileHandle, path: string): FolderHandle {
	const base = hasHandlePaths ? `/proc/self/fd/${handle.fd}` : path;
	return {handle, at: name => `${base}/${name}`};
}

/** Opens a folder without following a link in its last part. */
export async function openFolderAt(
	place: string,
	path: string,
	flags = folderFlags,
): Promise<FolderHandle> {
	return folderAt(await open(place, flags), path);
}

/**
 * Opens a folder part by part. A link on the way is refused, except one that only root can have put at
 * the first two levels (`/home`, `/var/run`): that is how a machine is laid out.
 * `make`: parts that are missing are made, private.
 */
export async function openFolder(path: string, make = false, links = 0): Promise<FolderHandle> {
	if (links > maxLinks) throw actProblem('act-file-link', {path});
	const parts = path.split('/').filter(part => part !== '');
	let current = folderAt(await open('/', parts.length === 0 ? folderFlags : passFlags), '');
	let known = '';
	try {
		for (const [index, part] of parts.entries()) {
			const next = join(known || '/', part);
			const place = current.at(part);
			const target = await linkTarget(current, place, next);
			if (target !== undefined) {
				const rest = parts.slice(index + 1);
				await current.handle.close();
				return await openFolder(resolve(known || '/', target, ...rest), make, links + 1);
			}

			if (make) await makeMissing(current, place);
			const isLast = index === parts.length - 1;
			const opened = await openFolderAt(place, next, isLast ? folderFlags : passFlags);
			await current.handle.close();
			current = opened;
			known = next;
		}

		return current;
	} catch (error) {
		await current.handle.close().catch(() => undefined);
		throw error;
	}
}

async function makeMissing(parent: FolderHandle, place: string): Promise<void> {
	try {
		await mkdir(place, {mode: 0o700});
		const readable = await open(parent.at('.'), constants.O_RDONLY);
		await readable.sync().finally(() => readable.close());
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
	}
}

/** Where a link leads that root put near the top, into a folder that nobody else can write to; others are refused. */
async function linkTarget(
	parent: FolderHandle,
	place: string,
	path: string,
): Promise<string | undefined> {
	const stats = await lstat(place).catch(() => undefined);
	if (stats?.isSymbolicLink() !== true) return undefined;
	const folder = await parent.handle.stat();
	const isNearTop = path.split('/').length <= 3;
	if (!isNearTop || stats.uid !== 0 || folder.uid !== 0 || (folder.mode & 0o022) !== 0) {
		throw actProblem('act-file-link', {path});
	}

	return await readlink(place);
}

/** Runs something in the folder of a path, which is open meanwhile. */
export async function inFolderOf<T>(
	path: string,
	work: (folder: FolderHandle, name: string) => Promise<T>,
): Promise<T> {
	const folder = await openFolder(dirname(path));
	try {
		return await work(folder, basename(path));
	} finally {
		await folder.handle.close();
	}
}
