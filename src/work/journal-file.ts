import {constants} from 'node:fs';
import {open, readFile, rm, truncate, type FileHandle} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {clean} from '../domain/clean.ts';
import type {JournalEntry, JournalLine} from '../domain/journal.ts';
import {ProblemError} from '../domain/problem.ts';
import {isObject} from '../domain/unknown.ts';
import {sha256} from './canonical.ts';
import type {Journal} from './journal-memory.ts';

/** Longest line, in bytes. */
const maxLineBytes = 64 * 1024;
/** Progress is written at most this often, in ms. */
const progressEveryMs = 500;
const ballastBytes = 1024 * 1024;

const states = [
	...['begin', 'start', 'done', 'undo', 'undone', 'skip', 'fail', 'keep', 'progress'],
	...['note', 'warn', 'cancel', 'back', 'forward', 'end'],
];

/** What a journal file holds. */
export type ReadJournal = {
	readonly lines: readonly JournalLine[];
	/** Where the last whole line ends; what comes after it was torn off by a crash. */
	readonly goodBytes: number;
	/** Number of the first line that is not as it was written, from 1. */
	readonly damagedLine?: number;
	/** Hash that the next line refers to. */
	readonly last: string;
};

function parseLine(text: string, expected: {seq: number; prev: string}): JournalLine | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}

	const isRight =
		isObject(value) &&
		value['v'] === 1 &&
		value['seq'] === expected.seq &&
		value['prev'] === expected.prev &&
		typeof value['op'] === 'string' &&
		states.includes(String(value['st']));
	// The chain of hashes says that this program wrote it.
	return isRight ? (value as JournalLine) : undefined;
}

/** Checks a journal line by line. A torn last line is no damage; anything else that does not fit is. */
export function readJournal(bytes: Uint8Array): ReadJournal {
	const text = Buffer.from(bytes);
	const lines: JournalLine[] = [];
	let start = 0;
	let last = sha256('');
	for (;;) {
		const end = text.indexOf(10, start);
		if (end < 0) return {lines, goodBytes: start, last};
		const raw = text.subarray(start, end);
		const line = parseLine(raw.toString('utf8'), {seq: lines.length + 1, prev: last});
		if (line === undefined || (lines[0] !== undefined && lines[0].op !== line.op)) {
			return {lines, goodBytes: start, damagedLine: lines.length + 1, last};
		}

		lines.push(line);
		last = sha256(raw);
		start = end + 1;
	}
}

/** Reads a journal file; an absent one is empty. */
export async function readJournalFile(path: string): Promise<ReadJournal> {
	const bytes = await readFile(path).catch((error: unknown) => {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
			return Buffer.alloc(0);
		throw error;
	});
	return readJournal(bytes);
}

/** What a journal file is opened with. */
export type JournalFacts = {
	readonly path: string;
	/** Id of the run. */
	readonly op: string;
	readonly now: () => number;
	readonly monotonic: () => number;
	readonly boot: string;
	/** Asked before every write, for tests: an error code makes it fail. */
	readonly fault?: () => string | undefined;
};

function unwritable(path: string, error: unknown): ProblemError {
	const cause =
		error instanceof Error && 'code' in error ? String(error.code) : clean(String(error), 100);
	const params = {cause, folder: clean(dirname(path))};
	return new ProblemError(
		{code: 'journal-unwritable', params, retry: 'rarely'},
		{cause: error instanceof Error ? error : undefined},
	);
}

function codeOf(error: unknown): unknown {
	return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** A megabyte that is given back when the disk is full, so that the end of a run can still be written down. */
async function layBallast(path: string): Promise<void> {
	const file = await open(path, 'w', 0o600);
	try {
		await file.writeFile(Buffer.alloc(ballastBytes, 1));
		await file.datasync();
	} finally {
		await file.close();
	}
}

/**
 * Opens the journal of a run: every line is one write and is on the disk before `append` resolves (progress is not waited
 * for and comes at most twice a second). Rejects with `journal-damaged` where the file is not whole.
 */
export async function openJournal(facts: JournalFacts): Promise<Journal> {
	const {path, op, now, monotonic, boot, fault} = facts;
	const before = await readJournalFile(path);
	if (before.damagedLine !== undefined) {
		throw new ProblemError({
			code: 'journal-damaged',
			params: {id: op, line: before.damagedLine, folder: clean(dirname(path))},
			retry: 'rarely',
		});
	}

	const lines: JournalLine[] = [...before.lines];
	const ballast = join(dirname(path), 'ballast');
	let file: FileHandle;
	try {
		const {O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW} = constants;
		file = await open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
		await file.truncate(before.goodBytes);
		await layBallast(ballast);
	} catch (error) {
		throw unwritable(path, error);
	}

	let {goodBytes: size, last} = before;
	let progressAtMs = -Infinity;
	let queue: Promise<unknown> = Promise.resolve();

	async function write(bytes: Buffer, isFlushed: boolean): Promise<void> {
		const code = fault?.();
		if (code !== undefined) throw Object.assign(new Error(code), {code});
		const {bytesWritten} = await file.write(bytes);
		if (bytesWritten < bytes.length) throw Object.assign(new Error('ENOSPC'), {code: 'ENOSPC'});
		if (isFlushed) await file.datasync();
	}

	async function append(entry: JournalEntry): Promise<void> {
		const line: JournalLine = {
			v: 1,
			seq: lines.length + 1,
			op,
			t: new Date(now()).toISOString(),
			mono: Math.round(monotonic()),
			boot,
			...entry,
			prev: last,
		};
		const raw = Buffer.from(JSON.stringify(line));
		if (raw.length >= maxLineBytes) throw unwritable(path, new Error('a line is too long'));
		const bytes = Buffer.concat([raw, Buffer.from('\n')]);
		try {
			try {
				await write(bytes, entry.st !== 'progress');
			} catch (error) {
				await truncate(path, size);
				if (codeOf(error) !== 'ENOSPC') throw error;
				await rm(ballast, {force: true});
				await write(bytes, entry.st !== 'progress');
			}
		} catch (error) {
			await truncate(path, size).catch(() => undefined);
			throw unwritable(path, error);
		}

		size += bytes.length;
		last = sha256(raw);
		lines.push(line);
	}

	return {
		lines: () => lines,
		append(entry) {
			if (entry.st === 'progress') {
				if (monotonic() - progressAtMs < progressEveryMs) return Promise.resolve();
				progressAtMs = monotonic();
			}

			const done = queue.then(() => append(entry));
			queue = done.catch(() => undefined);
			return done;
		},
		async close() {
			await queue;
			await file.close();
			await rm(ballast, {force: true});
		},
	};
}
