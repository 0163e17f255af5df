import {constants} from 'node:fs';
import {lstat, open, readdir, rmdir, unlink} from 'node:fs/promises';
import {join} from 'node:path';

import {actProblem} from './act-problem.ts';
import {openFolderAt, type FolderHandle} from './folder-handle.ts';

/** Deepest tree that is gone into; every level holds an open folder. */
const maxDepth = 200;

type Visit = {
	readonly path: string;
	readonly device: number;
	readonly depth: number;
};

/** Names of an open folder. */
function namesOf(folder: FolderHandle): Promise<string[]> {
	return readdir(folder.at('.'));
}

async function inside(
	folder: FolderHandle,
	name: string,
	visit: Visit,
	work: (inner: FolderHandle) => Promise<void>,
): Promise<void> {
	if (visit.depth > maxDepth) throw actProblem('act-file-kind', {path: visit.path, cause: 'depth'});
	const inner = await openFolderAt(folder.at(name), visit.path);
	try {
		const {dev} = await inner.handle.stat();
		if (dev !== visit.device) {
			throw actProblem('act-file-kind', {path: visit.path, cause: 'another file system'});
		}

		await work(inner);
	} finally {
		await inner.handle.close();
	}
}

/** Flushes every file below an entry and the folders; refuses what is neither file nor folder. */
export async function flushTree(folder: FolderHandle, name: string, visit: Visit): Promise<void> {
	await inside(folder, name, visit, async inner => {
		for (const child of await namesOf(inner)) {
			const path = join(visit.path, child);
			const stats = await lstat(inner.at(child));
			if (stats.isDirectory()) {
				await flushTree(inner, child, {...visit, path, depth: visit.depth + 1});
			} else if (stats.isFile()) {
				await flushFile(inner.at(child));
			} else {
				throw actProblem('act-file-kind', {path, cause: 'neither file nor folder'});
			}
		}

		await inner.handle.sync();
	});
}

async function flushFile(place: string): Promise<void> {
	const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
	const file = await open(place, flags);
	try {
		await file.sync();
	} finally {
		await file.close();
	}
}

/**
 * Looks through a tree for what is mounted in it, before anything is removed; then removes it. A link is removed, not
 * followed, also where it takes the place of a folder meanwhile.
 */
export async function removeTree(folder: FolderHandle, name: string, visit: Visit): Promise<void> {
	await refuseMounts(folder, name, visit);
	await removeFolder(folder, name, visit);
}

async function refuseMounts(folder: FolderHandle, name: string, visit: Visit): Promise<void> {
	await inside(folder, name, visit, async inner => {
		for (const child of await readdir(inner.at('.'), {withFileTypes: true})) {
			const path = join(visit.path, child.name);
			if (!child.isDirectory()) continue;
			await refuseMounts(inner, child.name, {...visit, path, depth: visit.depth + 1});
		}
	});
}

async function removeFolder(folder: FolderHandle, name: string, visit: Visit): Promise<void> {
	await inside(folder, name, visit, async inner => {
		for (const child of await namesOf(inner)) {
			const path = join(visit.path, child);
			const stats = await lstat(inner.at(child));
			if (stats.isDirectory()) {
				await removeFolder(inner, child, {...visit, path, depth: visit.depth + 1});
			} else {
				await unlink(inner.at(child));
			}
		}
	});
	await rmdir(folder.at(name));
}
