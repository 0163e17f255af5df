import {readdir, readFile, rename, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import type {Job, JobNote, JobStep} from '../domain/job.ts';
import {runState, type JournalLine, type RunState} from '../domain/journal.ts';
import type {Plan} from '../domain/plan.ts';
import {readJournalFile} from './journal-file.ts';
import {isLocked} from './locks.ts';
import {readNotices} from './notices.ts';
import {isRunId} from '../domain/run-id.ts';
import {readConfirmation, readPlan, runFiles, targetOf} from './run-folder.ts';

const maxNotes = 50;
const usualCount = 200;
/** How often a followed journal is looked at, in ms. */
const followEveryMs = 200;
/** A worker has little to do after its last line, but a busy machine may keep it, in ms. */
const goneWithinMs = 10_000;
const goneEveryMs = 20;
/** A worker that was confirmed this short ago may still be on its way, in ms. */
const startMs = 5000;
/** The newest progress is compared with one that is at least this old, in ms. */
const rateOverMs = 3000;

/** How far the steps are. */
function stepsOf(plan: Plan, lines: readonly JournalLine[], state: RunState): readonly JobStep[] {
	const last = new Map<string, JobStep['state']>();
	for (const line of lines) {
		if (line.st === 'start') last.set(line.step, 'running');
		if (line.st === 'done' || line.st === 'skip') last.set(line.step, 'done');
		if (line.st === 'fail') last.set(line.step, 'failed');
		if (line.st === 'undo') last.set(line.step, 'undoing');
		if (line.st === 'undone') last.set(line.step, 'undone');
	}

	return plan.steps.map(({id, title}) => {
		const found = last.get(id) ?? 'waiting';
		return {id, title, state: state.end && found === 'running' ? 'failed' : found};
	});
}

/** Progress of the step that runs now, with its speed and what is left. */
function paceOf(
	lines: readonly JournalLine[],
	current: string | undefined,
): Pick<Job, 'progress' | 'perSecond' | 'remainingMs'> {
	const own = lines.flatMap(line =>
		line.st === 'progress' && line.step === current ? [line] : [],
	);
	const newest = own.at(-1);
	if (newest === undefined) return {};
	const before =
		own.findLast(line => line.boot === newest.boot && newest.mono - line.mono >= rateOverMs) ??
		own[0];
	const elapsedMs = before === undefined ? 0 : newest.mono - before.mono;
	const gained = before === undefined ? 0 : newest.d.done - before.d.done;
	if (elapsedMs <= 0 || gained <= 0) return {progress: newest.d};
	const perSecond = (gained * 1000) / elapsedMs;
	const {total} = newest.d;
	return {
		progress: newest.d,
		perSecond,
		...(total !== undefined && {
			remainingMs: (Math.max(0, total - newest.d.done) * 1000) / perSecond,
		}),
	};
}

function notesOf(lines: readonly JournalLine[]): readonly JobNote[] {
	return lines.flatMap((line): readonly JobNote[] =>
		line.st === 'note' || line.st === 'warn'
			? [{atMs: Date.parse(line.t), kind: line.st, phrase: line.d}]
			: [],
	);
}

/** Whether cancelling now would still take everything back. */
function cancelMeans(plan: Plan, {begun, direction}: RunState): Job['cancelMeans'] {
	const commit = plan.steps.find(({isCommitPoint}) => isCommitPoint === true);
	if (direction !== undefined) return direction === 'back' ? 'undo' : 'finish';
	return commit !== undefined && begun.includes(commit.id) ? 'finish' : 'undo';
}

async function stateOf(
	folder: string,
	{sinceMs, hasBegun}: {readonly sinceMs: number; readonly hasBegun: boolean},
	run: RunState,
): Promise<Job['state']> {
	if (run.end) return 'ended';
	if (await isLocked(join(folder, runFiles.alive))) return hasBegun ? 'running' : 'starting';
	if (hasBegun) return 'unfinished';
	return Date.now() - sinceMs < startMs ? 'starting' : 'ended';
}

/** Everything about one run, from its folder. Rejects with `plan-unreadable` where it is none. */
export async function readJob(folder: string): Promise<Job> {
	const {plan} = await readPlan(folder);
	const {operator, atMs} = await readConfirmation(folder);
	const {lines, damagedLine} = await readJournalFile(join(folder, runFiles.journal));
	const run = runState(lines);
	const state = await stateOf(folder, {sinceMs: atMs, hasBegun: lines.length > 0}, run);
	// The worker may have written its end between the two looks.
	if (state !== 'ended' && state !== 'starting' && !run.end) {
		const again = await readJournalFile(join(folder, runFiles.journal));
		if (runState(again.lines).end) return readJob(folder);
	}

	const steps = stepsOf(plan, lines, run);
	const step = plan.steps.findIndex(({id}) => id === run.current) + 1;
	const endLine = lines.findLast(line => line.st === 'end');
	const neverBegan = state === 'ended' && !run.end;
	return {
		id: plan.id,
		operation: plan.operation,
		title: plan.title,
		target: targetOf(plan),
		risk: plan.risk,
		state,
		steps,
		step,
		stepCount: plan.steps.length,
		...(state === 'running' && paceOf(lines, run.current)),
		sinceMs: Date.parse(lines[0]?.t ?? '') || atMs,
		...(endLine !== undefined && {endedAtMs: Date.parse(endLine.t)}),
		operator,
		isCancelRequested: run.isCancelRequested,
		cancelMeans: cancelMeans(plan, run),
		...(run.end && {...run.end}),
		...(neverBegan && {outcome: 'refused' as const, exitStatus: 3}),
		...(damagedLine !== undefined && {
			outcome: 'manual' as const,
			exitStatus: 4,
			problem: {
				code: 'journal-damaged' as const,
				params: {id: plan.id, line: damagedLine, folder},
				retry: 'rarely' as const,
			},
		}),
		undo: plan.undo,
		...('result' in run.kept && {result: run.kept['result']}),
		notes: [...notesOf(lines), ...(run.end ? await readNotices(folder) : [])].slice(-maxNotes),
		folder,
	};
}

/** Whether the end of a journal file says that its run ended. */
async function hasEnded(folder: string): Promise<boolean> {
	const text = await readFile(join(folder, runFiles.journal), 'utf8').catch(() => '');
	return text === '' || /"st":"end"/.test(text.trimEnd().split('\n').at(-1) ?? '');
}

/** The runs of a state folder: the newest, and before them all that have not ended. Newest first; unreadable ones are left out. */
export async function listJobs(runs: string, count: number = usualCount): Promise<readonly Job[]> {
	const names = (await readdir(runs).catch(() => [])).filter(isRunId).toSorted().toReversed();
	const older = names.slice(count);
	const open = await Promise.all(older.map(async name => !(await hasEnded(join(runs, name)))));
	const wanted = [...names.slice(0, count), ...older.filter((_, index) => open[index])];
	const jobs = await Promise.all(
		wanted.map(name => readJob(join(runs, name)).catch(() => undefined)),
	);
	const rank = ({state}: Job) => (state === 'ended' ? 1 : 0);
	return jobs.filter(job => job !== undefined).toSorted((a, b) => rank(a) - rank(b));
}

/** Waits until the worker of an ended run has let go of its locks, so that whoever comes next is not refused. */
async function waitUntilGone(folder: string, signal: AbortSignal): Promise<void> {
	const end = performance.now() + goneWithinMs;
	while (performance.now() < end && (await isLocked(join(folder, runFiles.alive)))) {
		await pause(goneEveryMs, undefined, {signal});
	}
}

/**
 * Follows a run until it has ended and its worker is gone, and emits it whenever it changed; the first time at once.
 * Resolves with the last state; rejects with the signal's reason.
 */
export async function followJob(
	folder: string,
	emit: (job: Job) => void,
	signal: AbortSignal,
): Promise<Job> {
	let seen = '';
	for (;;) {
		signal.throwIfAborted();
		const facts = await stat(join(folder, runFiles.journal)).catch(() => undefined);
		const job = await readJob(folder);
		const now = `${facts?.size ?? 0} ${job.state}`;
		if (now !== seen) emit(job);
		seen = now;
		if (job.state === 'unfinished') return job;
		if (job.state === 'ended') {
			await waitUntilGone(folder, signal);
			return job;
		}

		await pause(followEveryMs, undefined, {signal});
	}
}

/** Asks the worker of a run to cancel; what that means now is in the job's `cancelMeans`. */
export async function requestCancel(folder: string, who: string): Promise<void> {
	// In one piece: the worker looks as soon as the file is there.
	const file = join(folder, runFiles.cancel);
	const own = `${file}.${process.pid}`;
	await writeFile(own, `${who}\n`, {mode: 0o600});
	await rename(own, file);
}
