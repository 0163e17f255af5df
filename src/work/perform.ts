import {clean} from '../domain/clean.ts';
import {exitStatusOfRun} from '../domain/exit-status.ts';
import {runState, type End, type JournalEntry} from '../domain/journal.ts';
import type {JsonValue, Outcome, Plan, Step} from '../domain/plan.ts';
import {ProblemError, type Problem} from '../domain/problem.ts';
import type {Act} from '../io/act.ts';
import type {Look, Operation, StepCode} from '../operations/operation.ts';
import {type Failpoint, noFailpoint, type Place} from './failpoint.ts';
import {clearLeftovers} from './leftovers.ts';
import type {Journal} from './journal-memory.ts';
import {createSessions, type Sessions} from './sessions.ts';
import {createTools, type StartJob} from './tools.ts';
import {withinDeadline} from './deadline.ts';

/** What a run needs. */
export type PerformFacts = {
	readonly plan: Plan;
	readonly operation: Operation;
	readonly journal: Journal;
	readonly act: Act;
	readonly look: Omit<Look, 'signal'>;
	/** Aborts when somebody asks to cancel; the reason's message says who. */
	readonly cancel?: AbortSignal;
	readonly failpoint?: Failpoint;
	/** `recover`: the journal is of a run whose worker died; the world is looked at first. */
	readonly mode?: 'run' | 'recover';
	readonly pid?: number;
	readonly startJob?: StartJob;
	/** Called before the end is written down, so that whoever sees the end sees what this left as well. */
	beforeEnd?(end: End): Promise<void>;
};

/** Taking a step back may take this long even where the step itself is quick, in ms. */
const shortestUndoMs = 60_000;

/** Failures after the commit point whose step has put everything back by itself before it failed. */
const takenBack: ReadonlySet<Problem['code']> = new Set(['restore-swapped-back']);

/** Everything that the parts of one run share. */
type Run = {
	readonly facts: PerformFacts;
	readonly plan: Plan;
	readonly sessions: Sessions;
	readonly kept: Record<string, JsonValue>;
	readonly cancel: AbortSignal;
	/** From here on failures no longer lead back, and the journal need not be writable. */
	isCommitted: boolean;
	/** Undoing: what cannot be written down is done all the same. */
	isUndoing: boolean;
	/** Set by a failpoint: the process counts as dead, nothing may be done any more. */
	crash: {readonly error: unknown} | undefined;
	journalProblem: Problem | undefined;
};

/** Any failure as a problem in an operator's words. */
export function problemOfError(error: unknown, what: string): Problem {
	if (error instanceof ProblemError) return error.problem;
	const cause = clean(error instanceof Error ? error.message : String(error), 300);
	return {code: 'unexpected', params: {what, cause}, retry: 'soon'};
}

/** Writes an entry down; a journal that fails stops a run only as long as everything can still be taken back. */
async function record(run: Run, entry: JournalEntry): Promise<void> {
	if (run.crash) throw run.crash.error;
	try {
		await run.facts.journal.append(entry);
	} catch (error) {
		run.journalProblem ??= problemOfError(error, 'the journal');
		if (!run.isCommitted && !run.isUndoing) throw error;
	}
}

async function reach(run: Run, step: string, place: Place, count = 1): Promise<void> {
	if (run.crash) throw run.crash.error;
	try {
		await (run.facts.failpoint ?? noFailpoint)(step, place, count);
	} catch (error) {
		run.crash = {error};
		throw error;
	}
}

function codeOf({facts}: Run, step: Step): StepCode {
	const {steps} = facts.operation;
	const code = Object.hasOwn(steps, step.id) ? steps[step.id] : undefined;
	if (code === undefined) throw new Error(`step ${step.id} has no code`);
	return code;
}

function toolsOf(run: Run, step: Step, doing: 'run' | 'undo' | 'look', signal: AbortSignal) {
	const {facts, plan, sessions, kept} = run;
	return createTools({
		plan,
		step,
		doing,
		look: {...facts.look, signal},
		act: facts.act,
		sessions,
		kept,
		startJob: facts.startJob,
		record: entry => record(run, entry),
		reached: (place, count) =>
			reach(run, doing === 'undo' ? `undo/${step.id}` : step.id, place, count),
	});
}

function cancelled({reason}: AbortSignal): ProblemError {
	const who = clean(reason instanceof Error ? reason.message : '', 100);
	return new ProblemError({code: 'road-cancelled', params: {who}, retry: 'rarely'});
}

/** One step: records, code, failpoints. A step that only fails later is not its concern. */
async function runStep(run: Run, step: Step): Promise<void> {
	await reach(run, step.id, 'before');
	await record(run, {st: 'start', step: step.id});
	await reach(run, step.id, 'begun');
	// The step that commits is not interrupted: it is short, and half of it must be probed anyway.
	const isStoppable = !run.isCommitted && step.isCommitPoint !== true;
	await withinDeadline(
		{
			step: step.id,
			timeoutMs: step.deadlineMs,
			...(isStoppable && {cancel: run.cancel}),
		},
		signal => codeOf(run, step).run(toolsOf(run, step, 'run', signal)),
	);
	await reach(run, step.id, 'effect');
	await record(run, {st: 'done', step: step.id});
	if (step.isCommitPoint === true) run.isCommitted = true;
	await reach(run, step.id, 'after');
}

/** Whether the commit step took effect, by looking at the world where the operation can. */
async function wasCommitted(run: Run, step: Step): Promise<boolean> {
	const {operation} = run.facts;
	if (operation.isCommitted === undefined) return false;
	return withinDeadline({step: step.id, timeoutMs: shortestUndoMs}, async signal =>
		operation.isCommitted ? operation.isCommitted(toolsOf(run, step, 'look', signal)) : false,
	);
}

async function clear(run: Run): Promise<void> {
	await run.sessions.close();
	const {act, look} = run.facts;
	await clearLeftovers(run.plan, act, look);
}

/** Takes back every begun step, the last one first. Gives what could not be taken back. */
async function goBack(run: Run): Promise<Problem | undefined> {
	run.isUndoing = true;
	await record(run, {st: 'back'});
	let failed: Problem | undefined;
	const fail = (step: string, error: unknown): void => {
		if (run.crash) throw run.crash.error;
		const {code, params} = problemOfError(error, step);
		const cause = typeof params['cause'] === 'string' ? params['cause'] : code;
		failed ??= {
			code: 'road-undo-failed',
			params: {step, cause, id: run.plan.id},
			retry: 'rarely',
		};
	};
	await clear(run).catch((error: unknown) => fail('clean-up', error));
	const {begun} = runState(run.facts.journal.lines());
	// A journal that outlived a power cut may lack its last lines; taking back what was never begun does nothing.
	const isSure = run.facts.mode !== 'recover';
	const steps = run.plan.steps.filter(({id}) => !isSure || begun.includes(id)).toReversed();
	for (const step of steps) {
		try {
			await undoStep(run, step);
		} catch (error) {
			fail(step.id, error);
		}
	}

	return failed;
}

async function undoStep(run: Run, step: Step): Promise<void> {
	const code = codeOf(run, step);
	if (code.undo === undefined) return;
	const place = `undo/${step.id}`;
	await reach(run, place, 'before');
	await record(run, {st: 'undo', step: step.id});
	await reach(run, place, 'begun');
	await withinDeadline(
		{step: step.id, timeoutMs: Math.max(step.deadlineMs, shortestUndoMs)},
		async signal => code.undo?.(toolsOf(run, step, 'undo', signal)),
	);
	await reach(run, place, 'effect');
	await record(run, {st: 'undone', step: step.id});
	await reach(run, place, 'after');
}

/** Goes on after the commit point: every step is tried, the first failure is told. */
async function goForward(run: Run, steps: readonly Step[]): Promise<Problem | undefined> {
	let failed: Problem | undefined;
	const {done} = runState(run.facts.journal.lines());
	for (const step of steps) {
		if (done.includes(step.id)) continue;
		try {
			if (await holds(run, step)) await record(run, {st: 'skip', step: step.id});
			else await runStep(run, step);
		} catch (error) {
			if (run.crash) throw run.crash.error;
			const problem = problemOfError(error, step.id);
			await record(run, {st: 'fail', step: step.id, d: problem});
			failed ??= problem;
		}
	}

	return failed;
}

async function holds(run: Run, step: Step): Promise<boolean> {
	const code = codeOf(run, step);
	if (run.facts.mode !== 'recover' || code.holds === undefined) return false;
	return withinDeadline({step: step.id, timeoutMs: shortestUndoMs}, async signal =>
		code.holds ? code.holds(toolsOf(run, step, 'look', signal)) : false,
	);
}

async function finish(run: Run, outcome: Outcome, problem?: Problem): Promise<End> {
	const {warnings} = runState(run.facts.journal.lines());
	const final = outcome === 'done' && warnings.length > 0 ? 'warnings' : outcome;
	const end: End = {
		outcome: final,
		exitStatus: exitStatusOfRun(final, problem),
		...(problem !== undefined && {problem}),
	};
	run.isUndoing = true;
	await clear(run).catch(() => undefined);
	await run.facts.beforeEnd?.(end).catch(() => undefined);
	await record(run, {st: 'end', d: end});
	return end;
}

/** After the commit point there are only two ends: done, or a person must look. */
async function finishForward(run: Run, steps: readonly Step[]): Promise<End> {
	run.isCommitted = true;
	await record(run, {st: 'forward'});
	const problem = await goForward(run, steps);
	if (problem === undefined) return finish(run, 'done');
	return finish(run, takenBack.has(problem.code) ? 'undone' : 'manual', problem);
}

/** Takes everything back and says how that went, and why it was needed. */
async function finishBack(run: Run, why: Problem): Promise<End> {
	const failed = await goBack(run);
	if (failed) return finish(run, 'manual', failed);
	if (why.code === 'road-cancelled') return finish(run, 'cancelled', why);
	const {undone} = runState(run.facts.journal.lines());
	return finish(run, undone.length > 0 ? 'undone' : 'failed', why);
}

/** A step failed before the commit point was known to be passed: probe where it was the one that commits. */
async function afterFailure(run: Run, step: Step, error: unknown): Promise<End> {
	const why = run.journalProblem ?? problemOfError(error, step.id);
	const rest = run.plan.steps.slice(run.plan.steps.indexOf(step) + 1);
	if (run.isCommitted) return finishForward(run, rest);
	await record(run, {st: 'fail', step: step.id, d: why}).catch(() => undefined);
	if (step.isCommitPoint !== true) return finishBack(run, why);
	try {
		if (!(await wasCommitted(run, step))) return await finishBack(run, why);
	} catch (probeError) {
		if (run.crash) throw run.crash.error;
		return finish(run, 'manual', notProbed(run, step.id, probeError));
	}

	run.isCommitted = true;
	await record(run, {st: 'skip', step: step.id});
	return finishForward(run, rest);
}

function notProbed({plan}: Run, step: string, error: unknown): Problem {
	const {code, params} = problemOfError(error, step);
	const cause = typeof params['cause'] === 'string' ? params['cause'] : code;
	return {code: 'road-not-probed', params: {step, cause, id: plan.id}, retry: 'rarely'};
}

async function runFromStart(run: Run): Promise<End> {
	for (const step of run.plan.steps) {
		try {
			if (run.cancel.aborted && !run.isCommitted) throw cancelled(run.cancel);
			await runStep(run, step);
		} catch (error) {
			if (run.crash) throw run.crash.error;
			const isCancel = run.cancel.aborted && !run.isCommitted && step.isCommitPoint !== true;
			return afterFailure(run, step, isCancel ? cancelled(run.cancel) : error);
		}

		if (run.isCommitted) {
			return finishForward(run, run.plan.steps.slice(run.plan.steps.indexOf(step) + 1));
		}
	}

	return finish(run, 'done');
}

/** Takes up a run whose worker died: the world decides whether it goes forward or back. */
async function recover(run: Run): Promise<End> {
	const {plan, facts} = run;
	const {done, current = plan.steps[0]?.id ?? ''} = runState(facts.journal.lines());
	run.isUndoing = true;
	try {
		await clear(run);
	} catch (error) {
		return finish(run, 'manual', notProbed(run, current, error));
	}

	const commit = plan.steps.find(({isCommitPoint}) => isCommitPoint === true);
	if (plan.steps.every(({id}) => done.includes(id))) return finish(run, 'done');
	if (commit) {
		let isCommitted: boolean;
		try {
			isCommitted = facts.operation.isCommitted
				? await wasCommitted(run, commit)
				: done.includes(commit.id);
		} catch (error) {
			if (run.crash) throw run.crash.error;
			return finish(run, 'manual', notProbed(run, commit.id, error));
		}

		if (isCommitted) {
			if (!done.includes(commit.id)) await record(run, {st: 'skip', step: commit.id});
			const rest = plan.steps.slice(plan.steps.indexOf(commit) + 1);
			return finishForward(run, rest);
		}
	}

	const params = {step: current};
	return finishBack(run, {code: 'road-interrupted', params, retry: 'rarely'});
}

/**
 * Carries out a plan step by step, or takes up one whose worker died: everything is written down before and after, a
 * failure before the commit point takes back every begun step, one after it goes on to the end. Rejects only with what a
 * failpoint threw.
 */
export async function perform(facts: PerformFacts): Promise<End> {
	const {plan, act, look, journal, mode = 'run', pid = 0} = facts;
	const run: Run = {
		facts,
		plan,
		sessions: createSessions({act, plan, look}),
		kept: {...runState(journal.lines()).kept},
		cancel: facts.cancel ?? new AbortController().signal,
		isCommitted: false,
		isUndoing: false,
		crash: undefined,
		journalProblem: undefined,
	};
	try {
		try {
			await record(run, {st: 'begin', d: {mode, pid}});
		} catch (error) {
			const problem = problemOfError(error, 'the journal');
			return {outcome: 'failed', exitStatus: exitStatusOfRun('failed', problem), problem};
		}

		return mode === 'recover' ? await recover(run) : await runFromStart(run);
	} catch (error) {
		if (run.crash === undefined) throw error;
		await run.sessions.close(true);
		throw run.crash.error;
	}
}
