import {existsSync, watch} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {clean} from '../domain/clean.ts';
import type {AuditEntry} from '../domain/audit.ts';
import {exitStatusOfRun} from '../domain/exit-status.ts';
import type {End} from '../domain/journal.ts';
import type {Plan} from '../domain/plan.ts';
import {ProblemError, type Problem} from '../domain/problem.ts';
import type {Settings} from '../domain/settings.ts';
import type {Act} from '../io/act.ts';
import type {Io} from '../io/io.ts';
import type {Look, Operation} from '../operations/operation.ts';
import {refusalOf} from './access.ts';
import {holdInServer} from './advisory.ts';
import {tellSyslog} from './audit-syslog.ts';
import {appendAudit} from './audit.ts';
import {differenceOf} from './compare-plans.ts';
import type {Journal} from './journal-memory.ts';
import {openJournal, readJournalFile} from './journal-file.ts';
import {sayHolder} from './locks.ts';
import {lookAround} from './look.ts';
import {raiseMaintenance} from './maintenance.ts';
import {makePlan, operationOf} from './make-plan.ts';
import {startNotifier} from './notifier.ts';
import {perform, problemOfError} from './perform.ts';
import {bootId} from './process-facts.ts';
import {holdInRedis} from './redis-hold.ts';
import {pruneIncidents} from './prune-incidents.ts';
import {pruneRuns} from './prune-runs.ts';
import {
	readConfirmation,
	readPlan,
	runFiles,
	targetOf,
	type StoredConfirmation,
} from './run-folder.ts';
import type {Launch} from './start.ts';
import {createStartJob} from './start-job.ts';
import type {StateFolders} from './state-folders.ts';
import {nameOfOperator} from './who.ts';
import {createFaults} from './worker-faults.ts';

/** A confirmation is good for this long. */
const confirmedForMs = 15 * 60_000;
/** How often it is looked for the wish to cancel where the kernel does not tell. */
const cancelEveryMs = 500;

/** What a worker needs. */
export type WorkerFacts = {
	readonly folder: string;
	readonly mode: 'run' | 'recover';
	readonly io: Io;
	readonly settings: Settings;
	readonly state: StateFolders;
	readonly operations: Readonly<Record<string, Operation>>;
	readonly act: Act;
	/** Runs `logger`, which must hold none of the locks; absent: syslog is told nothing. */
	readonly logger?: Act['program'];
	/** How this program is started once more, to tell people and for jobs of a run. Absent: neither is possible. */
	readonly launch?: Launch;
};

function refused(code: Problem['code'], params: Problem['params'] = {}): ProblemError {
	return new ProblemError({code, params, retry: 'rarely'});
}

/** Everything that can be told from the files alone: the right plan, confirmed just now, for the first time. */
async function checkFiles(
	{folder, io, settings, state, mode}: WorkerFacts,
	plan: Plan,
	planSha256: string,
): Promise<StoredConfirmation> {
	const confirmation = await readConfirmation(folder);
	const isOwnPlace = folder === join(state.runs, plan.id);
	if (!isOwnPlace || planSha256 !== confirmation.planSha256) {
		throw refused('plan-edited');
	}

	if (mode === 'recover') return confirmation;
	const problem = await refusalOf(settings);
	if (problem) throw new ProblemError(problem);
	if (plan.risk === 'destructive' && confirmation.typed !== plan.confirm) {
		throw refused('confirm-wrong', {text: plan.confirm ?? ''});
	}

	const ageMs = io.clock.now() - confirmation.atMs;
	if (Math.abs(ageMs) > confirmedForMs) {
		throw refused('plan-too-old', {minutes: Math.round(ageMs / 60_000)});
	}

	const {goodBytes, damagedLine} = await readJournalFile(join(folder, runFiles.journal));
	if (goodBytes > 0 || damagedLine !== undefined) throw refused('plan-used');
	return confirmation;
}

/** Looks anew and refuses where the server is not the one that the plan was made for. */
async function lookAgain(facts: WorkerFacts, plan: Plan): Promise<Look> {
	const {io, settings, state, operations} = facts;
	const look = await lookAround(io, settings, state);
	if (facts.mode === 'recover') return look;
	const again = await makePlan({look, operations, id: plan.id}, plan.operation, plan.request);
	const what = differenceOf(plan, again);
	if (what !== undefined) throw refused('plan-changed', {what});
	return look;
}

/** Signals that must not end a worker, and the two ways to ask it to cancel: SIGTERM and the file `cancel`. */
function watchCancel(folder: string, journal: () => Journal | undefined): AbortController {
	const cancel = new AbortController();
	const ask = (who: string): void => {
		if (cancel.signal.aborted) return;
		cancel.abort(new Error(who));
		void journal()
			?.append({st: 'cancel'})
			.catch(() => undefined);
	};
	for (const signal of ['SIGHUP', 'SIGINT', 'SIGPIPE'] as const)
		process.on(signal, () => undefined);
	process.on('SIGTERM', () => ask('SIGTERM'));
	const path = join(folder, runFiles.cancel);
	const check = (): void => {
		if (!existsSync(path)) return;
		void readFile(path, 'utf8').then(
			text => ask(clean(text.trim(), 100)),
			() => ask('?'),
		);
	};
	setInterval(check, cancelEveryMs).unref();
	try {
		const watcher = watch(folder, {persistent: false}, check);
		watcher.on('error', () => watcher.close());
	} catch {
		// The timer goes on.
	}

	check();
	return cancel;
}

/** Keeps the kernel from choosing this process when memory is short; only root may ask for that. */
async function protect(): Promise<void> {
	if (process.getuid?.() !== 0) return;
	await writeFile('/proc/self/oom_score_adj', '-500').catch(() => undefined);
}

/** Does the whole of a worker's life except the audit. Rejects with a ProblemError where it is refused before the start. */
async function work(
	facts: WorkerFacts,
	plan: Plan,
	on: {readonly start: () => Promise<void>; readonly end: (end: End) => Promise<void>},
): Promise<End> {
	const {folder, io, state, operations, act, mode} = facts;
	const opened: {journal?: Journal} = {};
	const cancel = watchCancel(folder, () => opened.journal);
	const operation = operationOf(operations, plan.operation);
	const look = await lookAgain(facts, plan);
	const {operator} = await readConfirmation(folder);
	const owner = nameOfOperator(operator);
	const {launch} = facts;
	const letGoDatabase = await holdInServer(plan, act, look, owner);
	const letGoRedis = await holdInRedis(plan, act, look, owner).catch(async (error: unknown) => {
		await letGoDatabase().catch(() => undefined);
		throw error;
	});
	const faults = createFaults(plan, process.env['OPSCONSOLE_FAILPOINT']);
	const journal = await openJournal({
		path: join(folder, runFiles.journal),
		op: plan.id,
		now: () => io.clock.now(),
		monotonic: () => io.clock.monotonic(),
		boot: await bootId(),
		fault: faults.journalFault,
	});
	opened.journal = journal;
	const lower = await raiseMaintenance(state, plan, io.clock.now());
	try {
		await on.start();
		return await perform({
			plan,
			operation,
			journal,
			act,
			look,
			cancel: cancel.signal,
			failpoint: faults.failpoint,
			mode,
			pid: process.pid,
			...(launch && {startJob: createStartJob({...facts, launch, operator})}),
			beforeEnd: async end => {
				await on.end(end);
				const {settings} = facts;
				if (launch) startNotifier(folder, end, {id: plan.id, settings, launch});
			},
		});
	} finally {
		await lower();
		await journal.close();
		await letGoRedis().catch(() => undefined);
		await letGoDatabase().catch(() => undefined);
	}
}

/**
 * The worker's life: it has its locks already. Checks the plan against its confirmation and against the server, carries it
 * out or takes it up again, and writes the audit. Prints a refusal as one line of JSON. Resolves with the exit status.
 */
export async function runWorker(facts: WorkerFacts): Promise<number> {
	const {folder, io, state} = facts;
	await protect();
	let plan: Plan | undefined;
	let entry: Omit<AuditEntry, 'kind'> | undefined;
	const begun = io.clock.monotonic();
	const audit = async (kind: AuditEntry['kind'], more: Partial<AuditEntry> = {}) => {
		if (!entry) return;
		const line = await appendAudit(state.audit, {...entry, ...more, kind}, io.clock.now());
		const untold = facts.logger && (await tellSyslog(line, facts.logger));
		// In the run's own output, beside its journal.
		if (untold !== undefined) process.stderr.write(`${untold}\n`);
	};
	try {
		const read = await readPlan(folder);
		({plan} = read);
		const release = await sayHolder(plan.locks, state.locks, plan.id);
		entry = {
			op: plan.id,
			operation: clean(plan.operation, 60),
			operator: (await readConfirmation(folder)).operator,
			hostname: clean(io.host.hostname(), 64),
			target: targetOf(plan),
			planSha256: read.planSha256,
			evidence: folder,
		};
		await checkFiles(facts, plan, read.planSha256);
		const end = await work(facts, plan, {
			start: () => audit('start'),
			end: done => audit('end', {...done, durationMs: Math.round(io.clock.monotonic() - begun)}),
		});
		await release();
		// The run is over and said so: whether old ones can be cleared away changes nothing about it.
		await pruneRuns(state, io.clock.now()).catch(() => undefined);
		const keepMs = facts.settings.incidents?.keepMs;
		await pruneIncidents(state, {nowMs: io.clock.now(), keepMs}).catch(() => undefined);
		return end.exitStatus;
	} catch (error) {
		const problem = problemOfError(error, 'the worker');
		const outcome = problem.code === 'journal-damaged' ? 'manual' : 'refused';
		const exitStatus = exitStatusOfRun(outcome, problem);
		await audit('refused', {outcome, exitStatus, problem}).catch(() => undefined);
		process.stdout.write(`${JSON.stringify({refused: problem, outcome, exitStatus})}\n`);
		return exitStatus;
	}
}
