import {open, readdir, readFile, rename, rm, truncate, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {AuditEntry, AuditLine} from '../domain/audit.ts';
import {ProblemError} from '../domain/problem.ts';
import {isObject, numberOf, textOf} from '../domain/unknown.ts';
import {sha256} from './canonical.ts';
import {withFileLock} from './file-lock.ts';

/** How long entries are kept, in days (H4-18). */
const keptDays = 180;
const dayMs = 24 * 60 * 60 * 1000;

/** The ends of the chain: what stood before the first line that is kept, and the last line. */
type Ends = {
	readonly first: {readonly seq: number; readonly prev: string};
	readonly last: {readonly seq: number; readonly sha256: string};
};

const start: Ends = {first: {seq: 1, prev: sha256('')}, last: {seq: 0, sha256: sha256('')}};

const endsFile = 'ends.json';

/** Names of the monthly files, oldest first. */
async function monthFiles(folder: string): Promise<readonly string[]> {
	const names = await readdir(folder).catch(() => []);
	return names.filter(name => /^audit-\d{4}-\d{2}\.jsonl$/.test(name)).toSorted();
}

async function readEnds(folder: string): Promise<Ends | undefined> {
	try {
		const value: unknown = JSON.parse(await readFile(join(folder, endsFile), 'utf8'));
		if (!isObject(value) || !isObject(value['first']) || !isObject(value['last'])) return undefined;
		const {first, last} = value;
		return {
			first: {seq: numberOf(first['seq']) ?? 1, prev: textOf(first['prev'])},
			last: {seq: numberOf(last['seq']) ?? 0, sha256: textOf(last['sha256'])},
		};
	} catch {
		return undefined;
	}
}

async function writeEnds(folder: string, ends: Ends): Promise<void> {
	const path = join(folder, endsFile);
	await writeFile(`${path}.new`, JSON.stringify(ends), {mode: 0o600});
	await rename(`${path}.new`, path);
}

/** Where the chain ends; the files count more than the note about them, which may be one entry behind after a crash. */
async function endOfChain(folder: string, files: readonly string[]): Promise<Ends> {
	const ends = (await readEnds(folder)) ?? start;
	const newest = files.at(-1);
	if (newest === undefined) return ends;
	const path = join(folder, newest);
	const bytes = await readFile(path);
	const whole = bytes.lastIndexOf(10) + 1;
	// A line that a crash tore off was never promised to anybody.
	if (whole < bytes.length) await truncate(path, whole);
	const raw = bytes.subarray(0, whole).toString('utf8').trimEnd().split('\n').at(-1) ?? '';
	const line = parse(raw);
	if (line === undefined || line.seq < ends.last.seq) return ends;
	return {...ends, last: {seq: line.seq, sha256: sha256(raw)}};
}

function parse(raw: string): AuditLine | undefined {
	try {
		const value: unknown = JSON.parse(raw);
		const isLine = isObject(value) && value['v'] === 1 && typeof value['seq'] === 'number';
		return isLine ? (value as AuditLine) : undefined;
	} catch {
		return undefined;
	}
}

/** Drops whole months of which everything is older than it must be kept; the chain then starts at the first that is left. */
async function dropOld(folder: string, nowMs: number, ends: Ends): Promise<Ends> {
	const files = await monthFiles(folder);
	const oldest = files[0];
	if (oldest === undefined || files.length < 2) return ends;
	const lines = (await readFile(join(folder, oldest), 'utf8')).trimEnd().split('\n');
	const raw = lines.at(-1) ?? '';
	const last = parse(raw);
	if (last === undefined || nowMs - Date.parse(last.t) < keptDays * dayMs) return ends;
	const next = {...ends, first: {seq: last.seq + 1, prev: sha256(raw)}};
	await writeEnds(folder, next);
	await rm(join(folder, oldest));
	return dropOld(folder, nowMs, next);
}

/** Appends an entry; it is on the disk when this resolves. Rejects with Node's error where it cannot be written. */
export async function appendAudit(
	folder: string,
	entry: AuditEntry,
	nowMs: number,
): Promise<AuditLine> {
	return withFileLock(join(folder, 'append.lock'), async () => {
		const files = await monthFiles(folder);
		const ends = await endOfChain(folder, files);
		const t = new Date(nowMs).toISOString();
		const newest = files.at(-1);
		const current = `audit-${t.slice(0, 7)}.jsonl`;
		// A clock that jumped back does not reorder the chain.
		const name = newest !== undefined && newest > current ? newest : current;
		const {seq, sha256: prev} = ends.last;
		const line: AuditLine = {v: 1, seq: seq + 1, t, ...entry, prev};
		const raw = JSON.stringify(line);
		const file = await open(join(folder, name), 'a', 0o600);
		try {
			await file.write(`${raw}\n`);
			await file.datasync();
		} finally {
			await file.close();
		}

		const next = {...ends, last: {seq: line.seq, sha256: sha256(raw)}};
		await writeEnds(folder, next);
		if (name !== newest) await dropOld(folder, nowMs, next);
		return line;
	});
}

/** Every entry that is kept, oldest first, and the first place where the chain is not as it was written. */
export type AuditCheck = {
	readonly lines: readonly AuditLine[];
	readonly damage?: {readonly file: string; readonly line: number; readonly cause: string};
};

/** Reads the whole audit and checks its chain: a changed, missing, moved or cut off line is found and named. */
export async function readAudit(folder: string): Promise<AuditCheck> {
	const files = await monthFiles(folder);
	const ends = await readEnds(folder);
	const lines: AuditLine[] = [];
	let {seq, prev} = (ends ?? start).first;
	// Where the next line of the newest file would stand.
	let place = 1;
	for (const file of files) {
		const text = await readFile(join(folder, file), 'utf8');
		const raws = text.split('\n');
		const rest = raws.pop() ?? '';
		place = raws.length + 1;
		for (const [index, raw] of raws.entries()) {
			const line = parse(raw);
			const damage = (cause: string) => ({lines, damage: {file, line: index + 1, cause}});
			if (line === undefined) return damage('it is no entry');
			if (line.seq !== seq) return damage(`number ${line.seq} stands where ${seq} should`);
			if (line.prev !== prev) return damage('it does not follow the line before');
			lines.push(line);
			seq++;
			prev = sha256(raw);
		}

		if (rest !== '') return {lines, damage: {file, line: raws.length + 1, cause: 'it is cut off'}};
	}

	const file = files.at(-1) ?? endsFile;
	if (ends === undefined) {
		if (lines.length === 0) return {lines};
		return {lines, damage: {file: endsFile, line: 1, cause: 'it is missing'}};
	}

	const {last} = ends;
	if (last.seq > seq - 1) return {lines, damage: {file, line: place, cause: 'entries are missing'}};
	if (last.seq === seq - 1 && last.sha256 !== prev) {
		return {lines, damage: {file, line: place - 1, cause: 'it was changed'}};
	}

	return {lines};
}

/** Rejects with `audit-damaged` where the audit is not as it was written. */
export function throwIfDamaged({damage}: AuditCheck): void {
	if (damage === undefined) return;
	throw new ProblemError({code: 'audit-damaged', params: damage, retry: 'rarely'});
}
