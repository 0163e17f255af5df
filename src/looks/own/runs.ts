import {ProblemError} from '../../domain/problem.ts';
import {isRunId} from '../../domain/run-id.ts';
import {summariseRun, type RunSummary} from '../../domain/run-summary.ts';
import {clean} from '../../domain/clean.ts';
import {maybe, within} from '../maybe.ts';
import type {LookFacts} from '../reader.ts';

/** A run with what the lock of its worker says. */
export type SeenRun = RunSummary & {readonly isAlive: boolean};

/** The newest runs that are looked at; older ones have ended, or `opsconsole recover` has told of them before. */
const mostRuns = 200;
const batchSize = 16;
const maxPlanBytes = 4 * 1024 * 1024;
const tailBytes = 64 * 1024;
const lockMs = 1000;
/** What `flock` answers where somebody else has the lock. */
const busyStatus = 75;

/** Whether the worker of a run lives: it keeps the lock of this file, and the kernel frees it when it ends. */
async function isAlive({io, signal}: LookFacts, folder: string): Promise<boolean> {
	const file = `${folder}/alive.lock`;
	const isThere = await io.files.stat(file).then(
		() => true,
		() => false,
	);
	if (!isThere) return false;
	const argv = ['flock', '-s', '-n', '-E', String(busyStatus), file, 'true'] as const;
	const result = await maybe(io.processes.run(argv, within(lockMs, signal)), signal);
	return result?.exitCode === busyStatus;
}

async function tailOf({io}: LookFacts, path: string): Promise<string> {
	try {
		const {bytes} = await io.files.stat(path);
		const from = Math.max(0, bytes - tailBytes);
		return new TextDecoder().decode(await io.files.readBytes(path, from, tailBytes));
	} catch {
		return '';
	}
}

async function readRun(facts: LookFacts, id: string): Promise<SeenRun | undefined> {
	const folder = `${facts.folders.runs}/${id}`;
	const plan = await facts.io.files.readText(`${folder}/plan.json`, maxPlanBytes).catch(() => '');
	const summary = summariseRun(id, plan, await tailOf(facts, `${folder}/journal.jsonl`));
	if (summary === undefined) return undefined;
	if (summary.outcome !== undefined) return {...summary, isAlive: false};
	if (await isAlive(facts, folder)) return {...summary, isAlive: true};
	// It may have ended between the two looks.
	const again = summariseRun(id, plan, await tailOf(facts, `${folder}/journal.jsonl`));
	return {...(again ?? summary), isAlive: false};
}

/** The newest runs of the state folder, newest first; none where it does not exist. Rejects where it cannot be read. */
export async function readRuns(facts: LookFacts): Promise<readonly SeenRun[]> {
	const {files} = facts.io;
	const path = facts.folders.runs;
	const entries = await files.names(path).catch((error: unknown) => {
		const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
		if (code === 'ENOENT') return [];
		const params = {path: clean(path, 200), cause: code};
		throw new ProblemError({code: 'look-unreadable', params, retry: 'soon'}, {cause: error});
	});
	const ids = entries
		.map(({name}) => name)
		.filter(isRunId)
		.toSorted()
		.toReversed()
		.slice(0, mostRuns);
	const runs: SeenRun[] = [];
	for (let start = 0; start < ids.length; start += batchSize) {
		facts.signal.throwIfAborted();
		const batch = await Promise.all(
			ids.slice(start, start + batchSize).map(id => readRun(facts, id)),
		);
		runs.push(...batch.filter(run => run !== undefined));
	}

	return runs;
}
