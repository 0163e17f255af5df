import {linkSync} from 'node:fs';
import {mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';

import {ProblemError} from '../../src/domain/problem.ts';
import type {BackupTarget} from '../../src/domain/targets.ts';
import {backupsSet, maxBackupFiles} from '../../src/sources/backups.ts';
import type {FileEntry} from '../../src/io/io.ts';
import {createFiles} from '../../src/io/files.ts';
import {localIo} from '../support/io.ts';

const signal = new AbortController().signal;
const hourMs = 3_600_000;
let folder = '';

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'opsconsole-backups-'));
});
afterEach(() => rm(folder, {recursive: true}));

/** A set over the test's folder. */
function target(changes: Partial<BackupTarget> = {}): BackupTarget {
	return {
		id: 'database',
		kind: 'database',
		folder,
		pattern: 'db_*.sql.gz',
		maxAgeMs: 26 * hourMs,
		provenance: 'H1-01',
		...changes,
	};
}

/** A file of a size and an age. */
async function put(name: string, bytes: number, ageMs: number): Promise<void> {
	const path = join(folder, name);
	await writeFile(path, '');
	await truncate(path, bytes);
	const at = (Date.now() - ageMs) / 1000;
	await utimes(path, at, at);
}

/** The problem that a set gives instead of a value. */
async function problemOf(set: BackupTarget, io = localIo()): Promise<unknown> {
	const error: unknown = await backupsSet
		.open(io, set)
		.read(signal)
		.catch((reason: unknown) => reason);
	return error instanceof ProblemError ? error.problem.code : error;
}

test('a real folder: only files of the set, links and folders left out', async () => {
	await put('db_1.sql.gz', 1000, 50 * hourMs);
	await put('db_2.sql.gz', 1200, 26.5 * hourMs);
	await put('db_3.sql.gz', 400, 2 * hourMs);
	await put('other.txt', 5, 0);
	await symlink('db_3.sql.gz', join(folder, 'db_latest.sql.gz'));
	await mkdir(join(folder, 'db_folder.sql.gz'));
	const value = await backupsSet.open(localIo(), target()).read(signal);
	expect(value).toMatchObject({
		count: 3,
		newest: {name: 'db_3.sql.gz', bytes: 400},
		medianBytes: 1100,
		totalBytes: 2600,
		isOverdue: false,
		isSuspicious: true,
	});
	expect(value.ageSeconds).toBeGreaterThan(7190);
	expect(value).not.toHaveProperty('isTruncated');
});

test('a folder behind a link; an empty set is overdue', async () => {
	await put('db_1.sql.gz', 1000, hourMs);
	const link = join(folder, 'link');
	await symlink(folder, link);
	expect(await backupsSet.open(localIo(), target({folder: link})).read(signal)).toMatchObject({
		count: 1,
	});
	expect(await backupsSet.open(localIo(), target({pattern: 'x*'})).read(signal)).toMatchObject({
		count: 0,
		isOverdue: true,
	});
});

test('what is wrong with the folder is named', async () => {
	await put('file', 1, 0);
	expect(await problemOf(target({folder: join(folder, 'none')}))).toBe('backups-folder-missing');
	expect(await problemOf(target({folder: join(folder, 'file')}))).toBe('backups-not-a-folder');
	// Root may read everything, so the refusal is made at the boundary.
	const refuse = (code: string) =>
		localIo({
			files: {
				...createFiles(),
				list: () => Promise.reject(Object.assign(new Error('no'), {code})),
			},
		});
	expect(await problemOf(target(), refuse('EACCES'))).toBe('backups-no-permission');
	expect(await problemOf(target(), refuse('EIO'))).toBe('backups-unreadable');
});

test('a folder with more files than are read says so', async () => {
	const entry = (index: number): FileEntry => ({
		name: `db_${index}.sql.gz`,
		kind: 'file',
		bytes: 1,
		modifiedAtMs: 0,
		mode: 0o600,
		ownerId: 0,
		groupId: 0,
		inode: index,
		device: 1,
	});
	const io = localIo({
		files: {
			...createFiles(),
			list: (_, limit = 0) =>
				Promise.resolve(
					Array.from({length: Math.min(limit, 120_000)}, (_none, index) => entry(index)),
				),
		},
	});
	const value = await backupsSet.open(io, target()).read(signal);
	expect(value).toMatchObject({count: maxBackupFiles, isTruncated: true});
});

test('5,000 files in one folder are read', async () => {
	await put('db_0.sql.gz', 10, hourMs);
	// Links to one file are made faster than files, and cost as much to read.
	for (let index = 1; index < 5000; index++) {
		linkSync(join(folder, 'db_0.sql.gz'), join(folder, `db_${index}.sql.gz`));
	}

	let listings = 0;
	const files = createFiles();
	const list: typeof files.list = (path, limit) => {
		listings++;
		return files.list(path, limit);
	};
	const reader = backupsSet.open(localIo({files: {...files, list}}), target());
	const value = await reader.read(signal);
	expect(value).toMatchObject({count: 5000, totalBytes: 50_000, isSuspicious: false});
	// So large a folder is read again only after it changed.
	expect((await reader.read(signal)).count).toBe(5000);
	expect(listings).toBe(1);
	await rm(join(folder, 'db_1.sql.gz'));
	expect((await reader.read(signal)).count).toBe(4999);
	expect(listings).toBe(2);
});
