import {constants} from 'node:fs';
import {
	mkdir,
	open,
	readdir,
	readFile,
	rename,
	rm,
	stat,
	writeFile,
	type FileHandle,
} from 'node:fs/promises';
import {join} from 'node:path';
import {figuresLine, parseFigures, type Figures} from '../domain/figures.ts';
import {withKernelLock} from './kernel-lock.ts';
import type {StateFolders} from './state-folders.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Never more than one line in this time. */
const everyMs = 10 * minuteMs;
/** How long lines are kept, in days. */
const keptDays = 400;
/** Months before the last two keep one line an hour. */
const fineMonths = 2;
/** The oldest months go where all together are larger than this. */
const maxBytes = 128 * 1024 * 1024;
/** Longest line that is written, in bytes. */
const maxLineBytes = 64 * 1024;

/** Folder of the record of readings. */
export function figuresFolder({root}: Pick<StateFolders, 'root'>): string {
	return join(root, 'figures');
}

async function monthFiles(folder: string): Promise<readonly string[]> {
	const names = await readdir(folder).catch(() => []);
	return names.filter(name => /^\d{4}-\d{2}\.jsonl$/.test(name)).toSorted();
}

/** The end of a file, which holds at least its last two lines. */
async function tailOf(file: FileHandle): Promise<{readonly bytes: Buffer; readonly size: number}> {
	const {size} = await file.stat();
	const length = Math.min(size, 2 * maxLineBytes);
	const {buffer, bytesRead} = await file.read(Buffer.alloc(length), 0, length, size - length);
	return {bytes: buffer.subarray(0, bytesRead), size};
}

/** The last whole line of a file. */
async function newestIn(path: string): Promise<Figures | undefined> {
	const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
	try {
		const {bytes} = await tailOf(file);
		const lines = bytes.toString('utf8').split('\n').slice(0, -1);
		return lines.map(line => parseFigures(line)).findLast(figures => figures !== undefined);
	} finally {
		await file.close();
	}
}

/** Leaves the first line of every hour; written beside and renamed, so that none is ever lost by half. */
async function thin(path: string): Promise<void> {
	const lines = (await readFile(path, 'utf8')).split('\n');
	const hours = new Set<string>();
	const kept = lines.filter(line => {
		const figures = parseFigures(line);
		if (figures === undefined) return false;
		const hour = new Date(figures.atMs).toISOString().slice(0, 13);
		if (hours.has(hour)) return false;
		hours.add(hour);
		return true;
	});
	if (kept.length === lines.length - 1) return;
	await writeFile(`${path}.new`, `${kept.join('\n')}\n`, {mode: 0o600});
	await rename(`${path}.new`, path);
}

/** Drops months that are too old or too many and thins the others. Only where a month begins. */
async function tidy(folder: string, nowMs: number): Promise<void> {
	const oldest = new Date(nowMs - keptDays * dayMs).toISOString().slice(0, 7);
	const files = await monthFiles(folder);
	const kept = files.filter(name => name >= `${oldest}.jsonl`);
	await Promise.all(
		files.filter(name => !kept.includes(name)).map(name => rm(join(folder, name), {force: true})),
	);
	for (const name of kept.slice(0, -fineMonths)) await thin(join(folder, name));
	let bytes = 0;
	for (const name of kept.toReversed()) {
		bytes += (await stat(join(folder, name))).size;
		if (bytes > maxBytes) await rm(join(folder, name), {force: true});
	}
}

async function appendLine(path: string, line: string): Promise<void> {
	const {O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW} = constants;
	const file = await open(path, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW, 0o600);
	try {
		const {bytes, size} = await tailOf(file);
		const torn = bytes.length - (bytes.lastIndexOf(10) + 1);
		// A line that a crash tore off was never promised to anybody.
		if (torn > 0) await file.truncate(size - torn);
		await file.write(`${line}\n`);
		await file.datasync();
	} finally {
		await file.close();
	}
}

/**
 * Remembers a reading: one line in the file of its month, never more than one in ten minutes over all processes, kept for
 * 400 days (one an hour from the third month on). Gives whether it was written. Rejects with Node's error; whoever only
 * looks must not fail for it.
 */
export async function appendFigures(
	place: Pick<StateFolders, 'root'>,
	figures: Figures,
): Promise<boolean> {
	const folder = figuresFolder(place);
	await mkdir(folder, {mode: 0o700, recursive: true});
	return withKernelLock(
		join(folder, 'append.lock'),
		async () => {
			const newest = (await monthFiles(folder)).at(-1);
			const last = newest === undefined ? undefined : await newestIn(join(folder, newest));
			// A clock that jumped back writes nothing until it has caught up, at most for an hour.
			const sinceMs = last === undefined ? Infinity : figures.atMs - last.atMs;
			if (sinceMs < everyMs && sinceMs > -60 * minuteMs) return false;
			const line = figuresLine(figures);
			if (Buffer.byteLength(line) >= maxLineBytes) return false;
			const name = `${new Date(figures.atMs).toISOString().slice(0, 7)}.jsonl`;
			await appendLine(join(folder, name), line);
			if (name !== newest) await tidy(folder, figures.atMs);
			return true;
		},
		2,
	);
}

/** Every reading that is remembered of this time, oldest first; lines that cannot be read are left out. */
export async function readFigures(
	place: Pick<StateFolders, 'root'>,
	{fromMs, untilMs}: {readonly fromMs: number; readonly untilMs: number},
): Promise<readonly Figures[]> {
	const folder = figuresFolder(place);
	const month = (atMs: number) => `${new Date(atMs).toISOString().slice(0, 7)}.jsonl`;
	const files = (await monthFiles(folder)).filter(
		name => name >= month(fromMs) && name <= month(untilMs),
	);
	const texts = await Promise.all(
		files.map(name => readFile(join(folder, name), 'utf8').catch(() => '')),
	);
	return texts
		.flatMap(text => text.split('\n'))
		.flatMap(line => parseFigures(line) ?? [])
		.filter(({atMs}) => atMs >= fromMs && atMs <= untilMs)
		.toSorted((a, b) => a.atMs - b.atMs);
}
