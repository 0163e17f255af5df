import {clean} from '../../domain/clean.ts';
import type {Problem} from '../../domain/problem.ts';
import type {LogTarget} from '../../domain/targets.ts';
import type {FollowTools} from './follow-container.ts';
import {createFileTail, looksRotated, type FileTail} from './file-tail.ts';
import {problemOf} from './follow-state.ts';
import type {LineSink} from './intake.ts';

const everyMs = 1000;
const scanMs = 5000;
const restMs = 30;
const failedMs = 2000;
const maxFiles = 100;

/** A log file, or all files whose name matches a pattern with `*` and `?`. */
export type FileLog = {
	readonly target: LogTarget;
	readonly path: string;
	readonly open: () => LineSink;
};

function patternOf(path: string): RegExp | undefined {
	const name = path.slice(path.lastIndexOf('/') + 1);
	if (!/[*?]/.test(name)) return undefined;
	const source = name
		.replace(/[.+^${}()|[\]\\]/g, '\\$&')
		.replaceAll('*', '.*')
		.replaceAll('?', '.');
	return new RegExp(`^${source}$`);
}

/** The problem of a file that cannot be read. */
function fileProblem(error: unknown, path: string): Problem {
	const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
	if (code === undefined) return problemOf(error, clean(path, 200));
	const params = {path: clean(path, 200), cause: code};
	return code === 'ENOENT' || code === 'ENOTDIR'
		? {code: 'logs-file-missing', params, retry: 'soon'}
		: {code: 'logs-file-unreadable', params, retry: 'soon'};
}

/** Finds the files of the pattern that no tail reads yet. */
async function newPaths(
	log: FileLog,
	pattern: RegExp,
	tails: ReadonlyMap<string, FileTail>,
	tools: FollowTools,
): Promise<readonly string[]> {
	const folder = log.path.slice(0, log.path.lastIndexOf('/')) || '/';
	const entries = await tools.io.files.list(folder);
	const read = new Set([...tails.values()].flatMap(tail => tail.inodes()));
	return entries
		.filter(
			entry =>
				(entry.kind === 'file' || entry.kind === 'link') &&
				pattern.test(entry.name) &&
				!read.has(entry.inode) &&
				(!looksRotated(entry.name) || looksRotated(log.path)),
		)
		.map(entry => `${folder}/${entry.name}`)
		.filter(path => !tails.has(path));
}

/**
 * Follows one file or all files of a pattern through renaming and copying rotation, until the signal ends it. The
 * last 500 lines of the last 15 minutes come first.
 */
export async function followFiles(log: FileLog, tools: FollowTools): Promise<void> {
	const {io, wake, signal} = tools;
	const pattern = patternOf(log.path);
	const tails = new Map<string, FileTail>();
	let isFirst = true;
	let scannedAtMs = -Infinity;
	let wasMissing = false;

	function add(path: string): void {
		if (tails.has(path) || tails.size >= maxFiles) return;
		tails.set(
			path,
			createFileTail({path, isNew: !isFirst || wasMissing}, io, log.open(), tools.pace),
		);
	}

	async function readAll(): Promise<void> {
		if (pattern === undefined) add(log.path);
		else if (io.clock.monotonic() - scannedAtMs >= scanMs) {
			scannedAtMs = io.clock.monotonic();
			for (const path of await newPaths(log, pattern, tails, tools)) add(path);
		}

		for (const tail of tails.values()) await readOne(tail);
	}

	async function readOne(tail: FileTail): Promise<void> {
		try {
			await tail.read(signal);
		} catch (error) {
			signal.throwIfAborted();
			const isGone = fileProblem(error, tail.path).code === 'logs-file-missing';
			// One file of many that went away is no failure of the log.
			if (pattern === undefined || !isGone) throw error;
			if (tail.inodes().length === 0) tails.delete(tail.path);
		}
	}

	/** Says what failed; a file that was never there is read from its first line when it comes. */
	function fail(error: unknown): void {
		signal.throwIfAborted();
		const cause = fileProblem(error, log.path);
		tools.onState({isFollowing: false, cause});
		if (!isFirst || cause.code !== 'logs-file-missing') return;
		wasMissing = true;
		dropAll(tails);
	}

	async function readOnce(): Promise<number> {
		try {
			await readAll();
			tools.onState({isFollowing: true});
			isFirst = false;
			return everyMs;
		} catch (error) {
			fail(error);
			return failedMs;
		}
	}

	io.files.watch(log.path, everyMs, () => wake.wake(), signal);
	try {
		while (!signal.aborted) {
			const waitMs = await readOnce();
			// A busy folder must not make this loop spin.
			await io.clock.sleep(restMs, signal);
			await wake.wait(waitMs);
		}
	} finally {
		dropAll(tails);
	}
}

function dropAll(tails: Map<string, FileTail>): void {
	for (const tail of tails.values()) tail.end();
	tails.clear();
}
