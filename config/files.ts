import {constants} from 'node:fs';
import {open, realpath, stat} from 'node:fs/promises';
import {userInfo} from 'node:os';
import {dirname, isAbsolute, join, resolve} from 'node:path';

/** What was read together with who could change it. */
export type ReadFile = {
	readonly text: string;
	/** Permission bits, for example 0o600. */
	readonly mode: number;
	readonly ownerId: number;
	/** The path without links. */
	readonly realPath: string;
};

/** The file access that the configuration needs; tests replace parts of it for owners that they cannot make. */
export type FileAccess = {
	/** Text, mode and owner of a regular file, all of the same open file. Rejects with Node's error, or one with code `EFBIG` or `ENOTREG`. */
	read(path: string, maxBytes: number): Promise<ReadFile>;
	/** Mode (with the sticky bit) and owner of a folder. */
	folder(path: string): Promise<{readonly mode: number; readonly ownerId: number}>;
	userId(): number;
	homeFolder(): string;
	currentFolder(): string;
	resolve(folder: string, path: string): string;
	/** A short code for display: `ENOENT`. */
	causeOf(error: unknown): string;
};

function codeError(code: string): Error {
	return Object.assign(new Error(code), {code});
}

/** The real files of this machine. */
export const nodeFiles: FileAccess = {
	async read(path, maxBytes) {
		// O_NONBLOCK: opening a named pipe must not wait for a writer.
		const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const facts = await handle.stat();
			if (!facts.isFile()) throw codeError('ENOTREG');
			const buffer = Buffer.alloc(maxBytes + 1);
			let length = 0;
			while (length <= maxBytes) {
				const {bytesRead} = await handle.read(buffer, length, maxBytes + 1 - length);
				if (bytesRead === 0) break;
				length += bytesRead;
			}

			if (length > maxBytes) throw codeError('EFBIG');
			return {
				text: buffer.toString('utf8', 0, length).replace(/^\uFEFF/, ''),
				mode: facts.mode & 0o7777,
				ownerId: facts.uid,
				realPath: await realpath(path),
			};
		} finally {
			await handle.close();
		}
	},
	async folder(path) {
		const facts = await stat(path);
		return {mode: facts.mode & 0o7777, ownerId: facts.uid};
	},
	userId: () => process.getuid?.() ?? 0,
	homeFolder() {
		if (process.env['HOME'] !== undefined && process.env['HOME'] !== '') return process.env['HOME'];
		try {
			return userInfo().homedir;
		} catch {
			return '/';
		}
	},
	currentFolder: () => process.cwd(),
	resolve: (folder, path) => (isAbsolute(path) ? path : resolve(folder, path)),
	causeOf: error =>
		typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
			? error.code
			: 'unreadable',
};

/** Who else can change a file: nobody, somebody by its mode, or another owner. */
export type Trust = {
	readonly isSafe: boolean;
	readonly isForeign: boolean;
	/** The file or folder that is open to others, and the command that closes it. */
	readonly culprit?: string;
	readonly command?: string;
};

/**
 * Checks a file like ssh and sudo do: it and every folder above it belong to root or to this user and cannot be
 * written by group or others. A sticky folder such as /tmp is safe around an own file, as nobody else can replace it.
 */
export async function checkTrust(file: ReadFile, files: FileAccess): Promise<Trust> {
	const isOwn = (ownerId: number) => ownerId === 0 || ownerId === files.userId();
	if (!isOwn(file.ownerId)) {
		const command = `chown ${files.userId()} ${file.realPath}`;
		return {isSafe: false, isForeign: true, culprit: file.realPath, command};
	}

	if ((file.mode & 0o022) !== 0) {
		const command = `chmod go-w ${file.realPath}`;
		return {isSafe: false, isForeign: false, culprit: file.realPath, command};
	}

	for (let path = dirname(file.realPath); ; path = dirname(path)) {
		const {mode, ownerId} = await files.folder(path);
		const isSticky = (mode & 0o1000) !== 0;
		if (!isOwn(ownerId) || ((mode & 0o022) !== 0 && !isSticky)) {
			const command = isOwn(ownerId) ? `chmod go-w ${path}` : `chown root ${path}`;
			return {isSafe: false, isForeign: false, culprit: path, command};
		}

		if (path === dirname(path)) return {isSafe: true, isForeign: false};
	}
}

/** The folder of a file and a name in it. */
export function besideFile(file: string, name: string): string {
	return join(dirname(file), name);
}
