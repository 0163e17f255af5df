import {formatBytes} from '../../domain/format.ts';
import type {Catalogue} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import {ProblemError, type Problem} from '../../domain/problem.ts';
import type {Io} from '../../io/io.ts';
import {readCatalogue} from '../../sources/catalogue.ts';
import type {Look} from '../operation.ts';

/** The catalogue cannot be used, and why. */
function folderProblem(folder: string, cause: string): ProblemError {
	const params = {folder: clean(folder), cause: clean(cause, 300)};
	return new ProblemError({code: 'catalogue-folder', params, retry: 'rarely'});
}

/** The folder's path and everything above it, from the root on: `/var`, `/var/lib`. */
function pathsTo(folder: string): readonly string[] {
	const parts = folder.split('/').filter(part => part !== '');
	return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
}

/**
 * Refuses a folder that others could change or redirect: a link in its path, another owner than us, rights for others.
 * A folder that does not exist yet is right (it is made with mode 0700); rejects with a ProblemError.
 */
export async function checkFolder(io: Io, folder: string): Promise<void> {
	for (const path of pathsTo(folder)) {
		const entry = await io.files.lstat(path).catch((error: unknown) => {
			const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
			if (code === 'ENOENT') return undefined;
			throw folderProblem(folder, code);
		});
		if (entry === undefined) return;
		if (entry.kind === 'link') throw folderProblem(folder, `${path} is a symbolic link`);
		if (entry.kind !== 'folder') throw folderProblem(folder, `${path} is not a folder`);
		if (path !== folder) continue;
		if (entry.ownerId !== io.host.userId()) {
			throw folderProblem(folder, `it belongs to user ${entry.ownerId}`);
		}

		const mode = entry.mode & 0o777;
		if ((mode & 0o077) !== 0) throw folderProblem(folder, `its mode is 0${mode.toString(8)}`);
	}
}

/** The catalogue that operations work with, checked for its folder; rejects with a ProblemError. */
export async function openCatalogue(look: Look): Promise<Catalogue> {
	const {io, signal, folders} = look;
	await checkFolder(io, folders.backups);
	const catalogue = await readCatalogue(io, folders.backups, signal).catch((error: unknown) => {
		signal.throwIfAborted();
		throw folderProblem(folders.backups, error instanceof Error ? error.message : String(error));
	});
	if (catalogue.isForeign) {
		const problem: Problem = {
			code: 'catalogue-foreign',
			params: {folder: clean(folders.backups)},
			retry: 'rarely',
		};
		throw new ProblemError(problem);
	}

	return catalogue;
}

/** Refuses where a folder has no room for `neededBytes`; gives what is free. Rejects with a ProblemError. */
export async function checkSpace(
	io: Io,
	folder: string,
	neededBytes: number,
): Promise<{readonly folder: string; readonly neededBytes: number; readonly freeBytes: number}> {
	const {blockBytes, blocksAvailable, files, filesFree} = await io.files.statfs(folder);
	const freeBytes = blockBytes * blocksAvailable;
	const fewInodes = files > 0 && filesFree < 100;
	if (freeBytes < neededBytes || fewInodes) {
		throw new ProblemError({
			code: 'catalogue-space',
			params: {
				folder: clean(folder),
				needed: formatBytes(neededBytes),
				free: fewInodes ? `${filesFree} inodes` : formatBytes(freeBytes),
			},
			retry: 'rarely',
		});
	}

	return {folder, neededBytes, freeBytes};
}

/** What must stay free on the disk of the backups: 1 GiB or a twentieth of it, whichever is more (SAFETY 3.1). */
export async function reserveBytes(io: Io, folder: string): Promise<number> {
	const {blockBytes, blocks} = await io.files.statfs(folder);
	return Math.max(1024 ** 3, (blockBytes * blocks) / 20);
}
