import {createHash} from 'node:crypto';
import {
	closeSync,
	openSync,
	readSync,
	watch as watchFolder,
	type Dirent,
	type Stats,
} from 'node:fs';
import {
	constants,
	lstat,
	open,
	opendir,
	readdir,
	readlink,
	stat,
	statfs,
	type FileHandle,
} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';

import type {FileEntry, Files} from './io.ts';
import {openProbe} from './probes.ts';

const maxTextBytes = 1024 * 1024;

function kindOf(entry: Stats | Dirent): FileEntry['kind'] {
	if (entry.isFile()) return 'file';
	if (entry.isDirectory()) return 'folder';
	return entry.isSymbolicLink() ? 'link' : 'other';
}

/** Turns Node's stat into the entry that the sources see. */
function entryOf(name: string, stats: Stats): FileEntry {
	return {
		name,
		kind: kindOf(stats),
		bytes: stats.size,
		allocatedBytes: stats.blocks * 512,
		modifiedAtMs: stats.mtimeMs,
		mode: stats.mode,
		ownerId: stats.uid,
		groupId: stats.gid,
		inode: stats.ino,
		device: stats.dev,
	};
}

/** Reads from an offset until `maxBytes` or the end. Files of /proc say size 0, so the end is only where a read gives nothing. */
async function readRange(path: string, offset: number, maxBytes: number): Promise<Buffer> {
	// O_NONBLOCK: opening a FIFO that has no writer must not hang a thread of the pool.
	const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		const {size} = await file.stat();
		const chunks: Buffer[] = [];
		let length = 0;
		while (length < maxBytes) {
			const room = Math.min(maxBytes - length, Math.max(size - offset - length + 1, 16_384));
			const chunk = Buffer.allocUnsafe(room);
			const {bytesRead} = await file.read(chunk, 0, room, offset + length);
			if (bytesRead === 0) {
				break;
			}

			chunks.push(chunk.subarray(0, bytesRead));
			length += bytesRead;
		}

		return Buffer.concat(chunks, length);
	} finally {
		await file.close();
	}
}

/**
 * Files that the kernel makes up in microseconds without waiting for anything. Read in place: each of the five steps of
 * an asynchronous read wakes another thread, which costs ten times what the read does, every tick.
 */
const isInstant = /^\/proc\/(stat|meminfo|loadavg|uptime|diskstats|net\/dev|self\/mountinfo)$/;

/** Reads such a file; their size is only known at the end. */
function readInstant(path: string, maxBytes: number): string {
	const file = openSync(path, 'r');
	try {
		const chunks: Buffer[] = [];
		let length = 0;
		while (length < maxBytes) {
			const chunk = Buffer.allocUnsafe(Math.min(maxBytes - length, 65_536));
			const count = readSync(file, chunk, 0, chunk.length, null);
			if (count === 0) break;
			chunks.push(chunk.subarray(0, count));
			length += count;
		}

		return Buffer.concat(chunks, length).toString('utf8');
	} finally {
		closeSync(file);
	}
}

/** Entries of one folder; an entry that vanishes meanwhile is left out. */
async function list(folder: string, limit: number): Promise<readonly FileEntry[]> {
	const entries: FileEntry[] = [];
	for await (const {name} of await opendir(folder)) {
		if (entries.length >= limit) {
			break;
		}

		const stats = await lstat(join(folder, name)).catch(() => undefined);
		if (stats) {
			entries.push(entryOf(name, stats));
		}
	}

	return entries;
}

/** The file as it is now; the handle is closed when the content was read, or given up. */
async function snapshot(path: string, signal: AbortSignal) {
	signal.throwIfAborted();
	const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	try {
		const stats = await file.stat();
		if (!stats.isFile()) throw new Error('not a regular file');
		return {entry: entryOf(basename(path), stats), content: contentOf(file, stats.size, signal)};
	} catch (error) {
		await file.close();
		throw error;
	}
}

async function* contentOf(file: FileHandle, size: number, signal: AbortSignal) {
	try {
		for (let at = 0; at < size;) {
			signal.throwIfAborted();
			const chunk = Buffer.allocUnsafe(Math.min(size - at, 1024 * 1024));
			const {bytesRead} = await file.read(chunk, 0, chunk.length, at);
			if (bytesRead === 0) throw new Error('it became shorter while it was read');
			at += bytesRead;
			yield new Uint8Array(chunk.subarray(0, bytesRead));
		}
	} finally {
		await file.close();
	}
}

/** Hashes in pieces of 1 MiB; the file may be larger than the memory. */
async function hash(path: string, signal: AbortSignal, onBytes?: (bytes: number) => void) {
	signal.throwIfAborted();
	const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	try {
		if (!(await file.stat()).isFile()) throw new Error('not a regular file');
		const sum = createHash('sha256');
		const chunk = Buffer.allocUnsafe(1024 * 1024);
		let bytes = 0;
		for (;;) {
			const {bytesRead} = await file.read(chunk, 0, chunk.length, bytes);
			if (bytesRead === 0) break;
			signal.throwIfAborted();
			sum.update(chunk.subarray(0, bytesRead));
			bytes += bytesRead;
			onBytes?.(bytes);
		}

		return {bytes, sha256: sum.digest('hex')};
	} finally {
		await file.close();
	}
}

/**
 * Watches the folder of a file, because the file itself may be replaced (log rotation). Where the kernel cannot
 * watch (no such folder yet, network file systems, no inotify handles left), the timer alone still calls back.
 */
function watch(path: string, everyMs: number, onChange: () => void, signal: AbortSignal): void {
	if (signal.aborted) {
		return;
	}

	const timer = setInterval(onChange, everyMs);
	signal.addEventListener('abort', () => clearInterval(timer), {once: true});
	try {
		const watcher = watchFolder(dirname(path), {persistent: false, signal}, () => onChange());
		watcher.on('error', () => watcher.close());
	} catch {
		// The timer goes on.
	}
}

/** Files of this machine, for reading only. */
export function createFiles(): Files {
	return {
		async readText(path, maxBytes = maxTextBytes) {
			if (isInstant.test(path)) return readInstant(path, maxBytes);
			return (await readRange(path, 0, maxBytes)).toString('utf8');
		},
		readBytes: readRange,
		list: (folder, limit = 10_000) => list(folder, limit),
		async names(folder, limit = 100_000) {
			// Much quicker than one entry after the other; a name costs a hundred bytes.
			const entries = await readdir(folder, {withFileTypes: true});
			return entries.slice(0, limit).map(entry => ({name: entry.name, kind: kindOf(entry)}));
		},
		async stat(path) {
			return entryOf(basename(path), await stat(path));
		},
		async lstat(path) {
			return entryOf(basename(path), await lstat(path));
		},
		readLink: path => readlink(path),
		snapshot,
		hash,
		async statfs(path) {
			const found = await statfs(path);
			return {
				blockBytes: found.bsize,
				blocks: found.blocks,
				blocksFree: found.bfree,
				blocksAvailable: found.bavail,
				files: found.files,
				filesFree: found.ffree,
			};
		},
		watch,
		probe: openProbe,
	};
}
