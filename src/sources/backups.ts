import {backupSetOf, type BackupFile} from '../domain/backup-set.ts';
import {clean} from '../domain/clean.ts';
import {ownSeriesOf} from '../domain/own-series.ts';
import {globMatcher} from '../domain/glob.ts';
import {ProblemError} from '../domain/problem.ts';
import type {BackupTarget} from '../domain/targets.ts';
import type {Io} from '../io/io.ts';
import type {ProblemCode} from '../words/index.ts';
import {readCatalogue} from './catalogue.ts';
import type {PolledSource} from './source.ts';

/** Most files of one backup folder that are looked at; beyond, the value says that it is cut. */
export const maxBackupFiles = 60_000;

/** A folder with more files than this is not read every time. */
const largeFolderFiles = 2000;

/** How long the listing of a large folder may be used, and how old its newest file must be for that. */
const rereadMs = 10 * 60_000;

/** Which problem an error of the folder is, by Node's error code. */
const problemOf: Readonly<Record<string, ProblemCode>> = {
	ENOENT: 'backups-folder-missing',
	EACCES: 'backups-no-permission',
	EPERM: 'backups-no-permission',
	ENOTDIR: 'backups-not-a-folder',
};

/** Turns an error of the file system into a problem of the set. */
function folderProblem(target: BackupTarget, error: unknown): ProblemError {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return new ProblemError(
		{
			code: problemOf[code] ?? 'backups-unreadable',
			params: {
				folder: clean(target.folder),
				cause: clean(code || (error instanceof Error ? error.message : 'unknown')),
			},
			retry: 'soon',
		},
		{cause: error},
	);
}

/** The files of a set as they were when the folder was read. */
type Listing = {
	readonly files: readonly BackupFile[];
	readonly isTruncated: boolean;
	readonly isLarge: boolean;
	readonly folderChangedAtMs: number;
	readonly readAtMs: number;
};

/** Reads the folder and the time of each of its entries. */
async function readFolder(io: Io, target: BackupTarget): Promise<Listing> {
	const matches = globMatcher(target.pattern);
	const {modifiedAtMs} = await io.files.stat(target.folder);
	const readAtMs = io.clock.monotonic();
	const entries = await io.files.list(target.folder, maxBackupFiles);
	return {
		// Links such as `latest.sql.gz` would count the same backup twice.
		files: entries
			.filter(entry => entry.kind === 'file' && matches(entry.name))
			.map(entry => ({
				name: clean(entry.name),
				atMs: entry.modifiedAtMs,
				bytes: entry.bytes,
			})),
		isTruncated: entries.length >= maxBackupFiles,
		isLarge: entries.length > largeFolderFiles,
		folderChangedAtMs: modifiedAtMs,
		readAtMs,
	};
}

/** Whether a listing of a large folder is still good: no file came or went, and none was being written. */
async function isCurrent(io: Io, target: BackupTarget, listing: Listing): Promise<boolean> {
	if (!listing.isLarge || io.clock.monotonic() - listing.readAtMs > rereadMs) return false;
	const latestMs = listing.files.reduce((latest, file) => Math.max(latest, file.atMs), 0);
	if (io.clock.now() - latestMs < rereadMs) return false;
	const {modifiedAtMs} = await io.files.stat(target.folder);
	return modifiedAtMs === listing.folderChangedAtMs;
}

/**
 * One set of backups, every minute, from the listing of its folder; no file is opened and none is changed. A folder
 * with thousands of files is read again when it changed, and every ten minutes: 50,000 files take seconds.
 */
export const backupsSet: PolledSource<'backups.set', BackupTarget> = {
	id: 'backups.set',
	kind: 'polled',
	everyMs: 60_000,
	timeoutMs: 30_000,
	open(io, target) {
		let listing: Listing | undefined;
		return {
			async read(signal) {
				try {
					if (target.isOwn === true) {
						const catalogue = await readCatalogue(io, target.folder, signal);
						return ownSeriesOf(target, catalogue, io.clock.now());
					}

					if (listing === undefined || !(await isCurrent(io, target, listing))) {
						listing = await readFolder(io, target);
					}
				} catch (error) {
					signal.throwIfAborted();
					listing = undefined;
					throw folderProblem(target, error);
				}

				signal.throwIfAborted();
				return backupSetOf(target, listing.files, io.clock.now(), listing.isTruncated);
			},
		};
	},
};
