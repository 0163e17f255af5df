import {constants, type Stats} from 'node:fs';
import {link, lstat, mkdir, open, rename, unlink} from 'node:fs/promises';
import {dirname} from 'node:path';

import type {FileAttributes} from '../domain/plan.ts';
import type {FileActs} from './act.ts';
import {actProblem} from './act-problem.ts';
import {codeOf} from './docker-failure.ts';
import {namingFailure} from './file-problem.ts';
import {flushTree, removeTree} from './file-tree.ts';
import {createFileWriter} from './file-writer.ts';
import {checkedPath, inFolderOf, openFolder, type FolderHandle} from './folder-handle.ts';

/** Changes of files on this machine; what each promises stands at the type. */
export function createFileActs(): FileActs {
	return {
		makeFolder: (path, withParents = false, attributes) =>
			namingFailure(path, () => makeFolder(checkedPath(path), withParents, attributes)),
		create: (path, attributes) =>
			namingFailure(path, () => createFileWriter(checkedPath(path), attributes)),
		publish: (folder, to) => namingFailure(to, () => publish(checkedPath(folder), checkedPath(to))),
		move: (path, to) => namingFailure(to, () => move(checkedPath(path), checkedPath(to))),
		replace: (path, to) => namingFailure(to, () => replace(checkedPath(path), checkedPath(to))),
		remove: path => namingFailure(path, () => remove(checkedPath(path))),
	};
}

function ownUserId(): number | undefined {
	return process.getuid?.();
}

/** The entry itself, not where it leads; undefined where there is none. */
async function entryAt(place: string): Promise<Stats | undefined> {
	try {
		return await lstat(place);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return undefined;
		throw error;
	}
}

async function makeFolder(
	path: string,
	withParents: boolean,
	attributes: FileAttributes | undefined,
): Promise<void> {
	if (withParents) await (await openFolder(dirname(path), true)).handle.close();
	await inFolderOf(path, async (parent, name) => {
		try {
			await mkdir(parent.at(name), {mode: 0o700});
			if (attributes !== undefined) await dress(parent.at(name), attributes);
			await parent.handle.sync();
		} catch (error) {
			if (codeOf(error) !== 'EEXIST') throw error;
			checkOwnFolder(await lstat(parent.at(name)), path);
		}
	});
}

/** Gives a new folder its owner and mode, through one handle that follows no link. */
async function dress(place: string, {mode, userId, groupId}: FileAttributes): Promise<void> {
	const handle = await open(
		place,
		constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
	);
	try {
		await handle.chown(userId, groupId);
		await handle.chmod(mode & 0o777);
	} finally {
		await handle.close();
	}
}

/** An existing folder must be as private as a new one; its rights are not changed behind the operator's back. */
function checkOwnFolder(stats: Stats, path: string): void {
	if (stats.isSymbolicLink()) throw actProblem('act-file-link', {path});
	if (!stats.isDirectory()) throw actProblem('act-file-kind', {path, cause: 'not a folder'});
	const mode = stats.mode & 0o777;
	if (stats.uid !== ownUserId()) {
		throw actProblem('act-file-open-folder', {path, cause: `owned by user ${stats.uid}`});
	}

	if ((mode & 0o077) !== 0) {
		throw actProblem('act-file-open-folder', {path, cause: `mode ${mode.toString(8)}`});
	}
}

/** Both folders open, with the entry that is moved; the same one twice where it is the same. */
async function withBoth(
	path: string,
	to: string,
	work: (places: {
		readonly from: FolderHandle;
		readonly name: string;
		readonly into: FolderHandle;
		readonly newName: string;
		readonly stats: Stats;
	}) => Promise<void>,
): Promise<void> {
	await inFolderOf(path, (from, name) =>
		inFolderOf(to, async (into, newName) => {
			const stats = await namingFailure(path, () => lstat(from.at(name)));
			if (stats.isSymbolicLink()) throw actProblem('act-file-link', {path});
			await work({from, name, into, newName, stats});
			await into.handle.sync();
			await from.handle.sync();
		}),
	);
}

function publish(folder: string, to: string): Promise<void> {
	return withBoth(folder, to, async ({from, name, into, newName, stats}) => {
		if (!stats.isDirectory()) {
			throw actProblem('act-file-kind', {path: folder, cause: 'not a folder'});
		}

		await refuseExisting(into.at(newName), to);
		const visit = {path: folder, device: stats.dev, depth: 0};
		await namingFailure(folder, () => flushTree(from, name, visit));
		await renameFolder(from.at(name), into.at(newName), to);
	});
}

async function refuseExisting(place: string, path: string): Promise<void> {
	if (await entryAt(place)) throw actProblem('act-file-exists', {path, cause: 'EEXIST'});
}

/**
 * rename(2) replaces nothing here but an empty folder that was made after the look: it fails with ENOTEMPTY for any
 * other folder and with ENOTDIR for a file. Node has no renameat2.
 */
async function renameFolder(place: string, newPlace: string, path: string): Promise<void> {
	await refuseExisting(newPlace, path);
	await rename(place, newPlace);
}

function move(path: string, to: string): Promise<void> {
	return withBoth(path, to, async ({from, name, into, newName, stats}) => {
		if (stats.isDirectory()) {
			await renameFolder(from.at(name), into.at(newName), to);
		} else if (stats.isFile()) {
			await moveFile(from.at(name), into.at(newName), {stats, to});
		} else {
			throw actProblem('act-file-kind', {path, cause: 'neither file nor folder'});
		}
	});
}

/** By a second name and without the first: the kernel refuses an existing name, which renaming would replace. */
async function moveFile(
	place: string,
	newPlace: string,
	{stats, to}: {readonly stats: Stats; readonly to: string},
): Promise<void> {
	try {
		await link(place, newPlace);
	} catch (error) {
		const code = codeOf(error);
		if (['EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) {
			// A file system without second names, or another's file: look, then rename.
			await refuseExisting(newPlace, to);
			await rename(place, newPlace);
			return;
		}

		// Interrupted between the two steps, the file has both names; the first one is what is left to remove.
		const there = code === 'EEXIST' ? await entryAt(newPlace) : undefined;
		if (there?.ino !== stats.ino || there.dev !== stats.dev) throw error;
	}

	await unlink(place);
}

function replace(path: string, to: string): Promise<void> {
	return withBoth(path, to, async ({from, name, into, newName, stats}) => {
		const old = await lstat(into.at(newName));
		if (old.isSymbolicLink()) throw actProblem('act-file-link', {path: to});
		if (!stats.isFile()) throw actProblem('act-file-kind', {path, cause: 'not a file'});
		if (!old.isFile()) throw actProblem('act-file-kind', {path: to, cause: 'not a file'});
		await rename(from.at(name), into.at(newName));
	});
}

async function remove(path: string): Promise<void> {
	try {
		await inFolderOf(path, async (parent, name) => {
			const stats = await entryAt(parent.at(name));
			if (stats === undefined) return;
			if (stats.isDirectory()) {
				checkRemovable(stats, path);
				const {dev} = await parent.handle.stat();
				await removeTree(parent, name, {path, device: dev, depth: 0});
			} else {
				await unlink(parent.at(name));
			}

			await parent.handle.sync();
		});
	} catch (error) {
		// Without its folder it is gone as well.
		if (codeOf(error) !== 'ENOENT') throw error;
	}
}

function checkRemovable(stats: Stats, path: string): void {
	if (path.split('/').length <= 2) {
		throw actProblem('act-file-path', {path, cause: 'a folder of the root'});
	}

	if (stats.uid !== ownUserId()) {
		throw actProblem('act-file-open-folder', {path, cause: `owned by user ${stats.uid}`});
	}
}
