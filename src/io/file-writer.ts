import {createHash} from 'node:crypto';
import {constants, type Stats} from 'node:fs';
import {lstat, open, unlink} from 'node:fs/promises';
import {basename, dirname} from 'node:path';

import type {FileWriter} from './act.ts';
import type {FileAttributes} from '../domain/plan.ts';
import type {ProblemError} from '../domain/problem.ts';
import {fileProblem, namingFailure} from './file-problem.ts';
import {openFolder, type FolderHandle} from './folder-handle.ts';

const newFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Makes a new private file (0600) and hashes what is written to it. Rejects where there is something already. */
export async function createFileWriter(
	path: string,
	attributes?: FileAttributes,
): Promise<FileWriter> {
	const folder = await openFolder(dirname(path));
	const place = folder.at(basename(path));
	const file = await open(place, newFile, 0o600).catch(async (error: unknown) => {
		await folder.handle.close();
		throw error;
	});
	const own = await file.stat();
	const hash = createHash('sha256');
	let bytes = 0;
	let isOpen = true;
	/** Finished or discarded: the name is no longer ours to remove. */
	let isSettled = false;
	let failure: ProblemError | undefined;
	let tail: Promise<unknown> = Promise.resolve();

	const writeAll = async (chunk: Uint8Array) => {
		if (failure !== undefined) throw failure;
		if (!isOpen) throw new Error('the file is closed');
		try {
			for (let at = 0; at < chunk.length;) {
				at += (await file.write(chunk, at)).bytesWritten;
			}
		} catch (error) {
			failure = fileProblem(error, path);
			throw failure;
		}

		hash.update(chunk);
		bytes += chunk.length;
	};

	const close = async () => {
		if (!isOpen) return;
		isOpen = false;
		await file.close();
	};

	return {
		write(chunk) {
			const written = tail.then(() => writeAll(chunk));
			tail = written.catch(() => undefined);
			return written;
		},
		finish: () =>
			namingFailure(path, async () => {
				await tail;
				if (failure !== undefined) throw failure;
				if (!isOpen) throw new Error('the file is closed');
				if (attributes !== undefined) {
					await file.chown(attributes.userId, attributes.groupId);
					await file.chmod(attributes.mode & 0o777);
				}

				await file.sync();
				await folder.handle.sync();
				await close();
				isSettled = true;
				await folder.handle.close();
				return {bytes, sha256: hash.digest('hex')};
			}),
		discard: () =>
			namingFailure(path, async () => {
				await tail;
				if (isSettled) return;
				isSettled = true;
				await close().catch(() => undefined);
				await discardFrom(folder, basename(path), own);
			}),
	};
}

/** Removes the file by its name, where the name still is this file. */
async function discardFrom(folder: FolderHandle, name: string, own: Stats): Promise<void> {
	try {
		const now = await lstat(folder.at(name)).catch(() => undefined);
		if (now?.ino !== own.ino || now.dev !== own.dev) return;
		await unlink(folder.at(name));
		await folder.handle.sync();
	} finally {
		await folder.handle.close();
	}
}
