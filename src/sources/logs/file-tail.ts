import {createLineReader, type LineReader} from '../../domain/log-lines.ts';
import {readTime} from '../../domain/log-time.ts';
import type {FileEntry, Io} from '../../io/io.ts';
import type {LineSink} from './intake.ts';
import type {Pace} from './pace.ts';

const blockBytes = 256 * 1024;
const printBytes = 256;
const lookBackBytes = 256 * 1024;
const lookBackLines = 500;
const lookBackMs = 900_000;
/** Further behind than this, and short of time, blocks are only counted. */
const behindBytes = 8 * 1024 * 1024;
/** Writers go on writing to a renamed file until they open the new one. */
const oldFileMs = 60_000;
const maxOldFiles = 4;
const maxLooks = 10;
const compressed = /\.(?:gz|bz2|xz|zst|lz4|zip)$/;

/** How far one file, by its inode, was read. */
type Mark = {
	inode: number;
	offset: number;
	/** The bytes before the offset: they prove that the file is still the same. */
	print: Uint8Array;
	readonly lines: LineReader;
};

type OldFile = {readonly mark: Mark; readonly untilMs: number};

/** Follows one file by path through its rotations. */
export type FileTail = {
	readonly path: string;
	/** Reads what is new. Rejects with Node's error where the file cannot be read. */
	read(signal: AbortSignal): Promise<void>;
	/** Inodes that this tail reads, so that a renamed file is not taken for a new one. */
	inodes(): readonly number[];
	end(): void;
};

function folderOf(path: string): string {
	return path.slice(0, path.lastIndexOf('/')) || '/';
}

function nameOf(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1);
}

function newMark(inode: number, offset = 0): Mark {
	return {inode, offset, print: new Uint8Array(0), lines: createLineReader()};
}

function startsWith(bytes: Uint8Array, print: Uint8Array): boolean {
	return bytes.length >= print.length && print.every((byte, index) => bytes[index] === byte);
}

/** The last bytes before the new offset. */
function nextPrint(before: Uint8Array, block: Uint8Array): Uint8Array {
	if (block.length >= printBytes) return block.slice(-printBytes);
	const whole = new Uint8Array(before.length + block.length);
	whole.set(before);
	whole.set(block, before.length);
	return whole.slice(-printBytes);
}

/** Drops lines that are older than the look-back, and all but the last ones. */
function recentLines(lines: readonly string[], file: FileEntry, nowMs: number): readonly string[] {
	const arrival = {atMs: file.modifiedAtMs, isExact: false};
	const times = lines.map(line => readTime(line, arrival)?.atMs);
	const isTimed = times.some(time => time !== undefined);
	const first = times.findIndex(time => time !== undefined && time >= nowMs - lookBackMs);
	if (isTimed) return first < 0 ? [] : lines.slice(Math.max(first, lines.length - lookBackLines));
	return file.modifiedAtMs >= nowMs - lookBackMs ? lines.slice(-lookBackLines) : [];
}

function isSameList(one: readonly FileEntry[], other: readonly FileEntry[]): boolean {
	const keys = (entries: readonly FileEntry[]): string =>
		entries
			.map(({name, inode}) => `${inode} ${name}`)
			.sort()
			.join('\n');
	return keys(one) === keys(other);
}

/** Makes a tail. `isNew`: the file appeared while its folder was watched, so it is read from its first line. */
export function createFileTail(
	file: {readonly path: string; readonly isNew: boolean},
	io: Pick<Io, 'files' | 'clock'>,
	sink: LineSink,
	pace: Pace,
): FileTail {
	const {path} = file;
	const {files, clock} = io;
	let current: Mark | undefined;
	let oldFiles: OldFile[] = [];
	let knownInodes = new Set<number>();

	function push(lines: readonly string[]): void {
		const arrival = {atMs: clock.now(), isExact: true};
		for (const line of lines) sink.push(line, arrival);
	}

	/** Rotated files of the same log, the oldest first. */
	async function siblings(): Promise<readonly FileEntry[]> {
		return (await look()).entries;
	}

	/** Looks until two looks are the same: while files are renamed, a list misses some of them. */
	async function look(): Promise<{
		readonly entries: readonly FileEntry[];
		readonly isSettled: boolean;
	}> {
		let before = await list();
		for (let round = 0; round < maxLooks; round++) {
			const entries = await list();
			if (isSameList(before, entries)) return {entries, isSettled: true};
			before = entries;
		}

		return {entries: before, isSettled: false};
	}

	async function list(): Promise<readonly FileEntry[]> {
		const name = nameOf(path);
		const stem = name.replace(/\.[^.]*$/, '');
		const entries = await files.list(folderOf(path));
		return entries
			.filter(
				entry =>
					entry.kind === 'file' &&
					entry.name !== name &&
					entry.name.startsWith(stem) &&
					!compressed.test(entry.name) &&
					(entry.name.startsWith(`${name}.`) || /\d/.test(entry.name.slice(stem.length))),
			)
			.sort((a, b) => a.modifiedAtMs - b.modifiedAtMs);
	}

	/** Reads from the mark to the end. False where the bytes before the mark are not the ones that were read. */
	async function readOn(
		from: string,
		mark: Mark,
		{bytes, inode}: FileEntry,
		signal: AbortSignal,
	): Promise<boolean> {
		while (mark.offset < bytes) {
			signal.throwIfAborted();
			const start = mark.offset - mark.print.length;
			const got = await files.readBytes(from, start, mark.print.length + blockBytes);
			// The path may have got another file since its size was read.
			if (!startsWith(got, mark.print)) return false;
			const block = got.subarray(mark.print.length);
			if (block.length === 0) return true;
			if ((await files.stat(from)).inode !== inode) return false;
			const isSkipping = pace.isStrained() && bytes - mark.offset > behindBytes;
			mark.print = nextPrint(mark.print, block);
			mark.offset += block.length;
			await pace.work(() => {
				if (isSkipping) sink.skip(mark.lines.count(block));
				else push(mark.lines.read(block));
			});
		}

		return true;
	}

	/** Reads the rest of a file that has another name now. */
	async function readOld(old: OldFile, signal: AbortSignal): Promise<void> {
		const {mark} = old;
		// The name may change again between the list and the read.
		for (let round = 0; round < 20; round++) {
			const entry = (await siblings()).find(one => one.inode === mark.inode);
			if (entry === undefined) return;
			const name = `${folderOf(path)}/${entry.name}`;
			if (await readOn(name, mark, entry, signal).catch(ifGone)) return;
		}
	}

	/** A file that was renamed meanwhile is looked for again. */
	function ifGone(error: unknown): boolean {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
		throw error;
	}

	/** Reads whole files that came and were renamed or copied between two looks. */
	async function readMissed(since: number, inode: number, signal: AbortSignal): Promise<void> {
		for (const entry of await siblings()) {
			const isOurs = entry.inode === inode || knownInodes.has(entry.inode);
			if (isOurs || entry.modifiedAtMs < since) continue;
			await readWhole(entry, signal);
		}
	}

	async function readWhole({inode}: FileEntry, signal: AbortSignal): Promise<void> {
		knownInodes.add(inode);
		const old = {mark: newMark(inode), untilMs: clock.monotonic() + oldFileMs};
		await readOld(old, signal);
		oldFiles.push(old);
	}

	/**
	 * Reads the first block of a file. It may have been copied and emptied before its first line was read, which
	 * nothing in the file itself tells: whatever copy does not begin with this block is older and comes first.
	 */
	async function readFirst(mark: Mark, signal: AbortSignal): Promise<void> {
		const block = await files.readBytes(path, 0, blockBytes);
		if ((await files.stat(path)).inode !== mark.inode) return;
		const read = {...mark, offset: block.length, print: nextPrint(mark.print, block)};
		for (const entry of await siblings()) {
			if (entry.inode === mark.inode || knownInodes.has(entry.inode)) continue;
			const name = `${folderOf(path)}/${entry.name}`;
			if (block.length > 0 && (await isCopy(name, read))) continue;
			await readWhole(entry, signal);
		}

		mark.offset = read.offset;
		mark.print = read.print;
		await pace.work(() => push(mark.lines.read(block)));
	}

	async function rememberSiblings(): Promise<void> {
		knownInodes = new Set((await siblings()).map(entry => entry.inode));
	}

	/** The number of a file that is gone may be given to a new one. */
	async function forgetGone(): Promise<void> {
		const {entries, isSettled} = await look();
		if (!isSettled) return;
		const there = new Set(entries.map(entry => entry.inode));
		knownInodes = new Set([...knownInodes].filter(inode => there.has(inode)));
	}

	/** The file got another name and a new one took its place. */
	async function moveOn(mark: Mark, inode: number, signal: AbortSignal): Promise<void> {
		const old = {mark, untilMs: clock.monotonic() + oldFileMs};
		await forgetGone();
		knownInodes.add(mark.inode);
		await readOld(old, signal);
		const renamed = (await siblings()).find(entry => entry.inode === mark.inode);
		oldFiles.push(old);
		// Without the renamed file (deleted, compressed) nobody knows which of the others were read.
		if (renamed !== undefined) await readMissed(renamed.modifiedAtMs, inode, signal);
		current = newMark(inode);
	}

	/** The file was copied and emptied: what was not read yet is in the copy. */
	async function startOver(mark: Mark, signal: AbortSignal): Promise<void> {
		await forgetGone();
		for (const entry of await siblings()) {
			if (knownInodes.has(entry.inode) || entry.bytes < mark.offset) continue;
			const name = `${folderOf(path)}/${entry.name}`;
			if (!(await isCopy(name, mark)) || !(await readOn(name, mark, entry, signal))) continue;
			knownInodes.add(entry.inode);
			await readMissed(entry.modifiedAtMs, mark.inode, signal);
			break;
		}

		endLine(mark);
		current = newMark(mark.inode);
	}

	async function isCopy(name: string, mark: Mark): Promise<boolean> {
		const start = mark.offset - mark.print.length;
		return startsWith(await files.readBytes(name, start, mark.print.length), mark.print);
	}

	function endLine(mark: Mark): void {
		const rest = mark.lines.end();
		if (rest !== undefined) push([rest]);
	}

	async function open(signal: AbortSignal): Promise<void> {
		const entry = await files.stat(path);
		await rememberSiblings().catch(() => undefined);
		const offset = file.isNew ? 0 : Math.max(0, entry.bytes - lookBackBytes);
		const mark = newMark(entry.inode, offset);
		current = mark;
		if (file.isNew || entry.bytes === 0) return;
		const block = await files.readBytes(path, offset, entry.bytes - offset);
		mark.offset += block.length;
		mark.print = block.slice(-printBytes);
		const lines = mark.lines.read(block).slice(offset > 0 ? 1 : 0);
		signal.throwIfAborted();
		const arrival = {atMs: entry.modifiedAtMs, isExact: false};
		for (const line of recentLines(lines, entry, clock.now())) sink.push(line, arrival);
	}

	async function readOldFiles(signal: AbortSignal): Promise<void> {
		for (const old of oldFiles) await readOld(old, signal);
		const ended = oldFiles.filter(old => old.untilMs < clock.monotonic());
		for (const old of [...ended, ...oldFiles.slice(0, -maxOldFiles)]) endLine(old.mark);
		oldFiles = oldFiles.filter(old => !ended.includes(old)).slice(-maxOldFiles);
	}

	return {
		path,
		async read(signal) {
			if (oldFiles.length > 0) await readOldFiles(signal);
			if (current === undefined) await open(signal);
			for (let round = 0; round < 10 && current !== undefined; round++) {
				const mark: Mark = current;
				if (mark.offset === 0) await readFirst(mark, signal);
				const entry = await files.stat(path);
				if (entry.inode !== mark.inode) await moveOn(mark, entry.inode, signal);
				else if (entry.bytes < mark.offset) await startOver(mark, signal);
				else if (await readOn(path, mark, entry, signal)) return;
				else if ((await files.stat(path)).inode === mark.inode) await startOver(mark, signal);
			}
		},
		inodes: () => [current, ...oldFiles.map(old => old.mark)].flatMap(mark => mark?.inode ?? []),
		end() {
			for (const mark of [current, ...oldFiles.map(old => old.mark)]) {
				if (mark !== undefined) endLine(mark);
			}

			sink.end();
		},
	};
}

/** Whether a file of this name is one that rotation left behind. */
export function looksRotated(name: string): boolean {
	return compressed.test(name) || /\.\d+$|[-.]\d{8}(?:-?\d+)?(?:\.\w+)?$/.test(name);
}
