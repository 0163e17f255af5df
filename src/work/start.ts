import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {open, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {clean} from '../domain/clean.ts';
import {exitStatuses} from '../domain/exit-status.ts';
import type {Plan} from '../domain/plan.ts';
import type {Problem} from '../domain/problem.ts';
import {isObject} from '../domain/unknown.ts';
import {createFiles} from '../io/files.ts';
import {appendAudit} from './audit.ts';
import {readJob} from './jobs.ts';
import {readJournalFile} from './journal-file.ts';
import {busyStatus, lockedArgv, whoHolds} from './locks.ts';
import {
	planText,
	readPlan,
	runFiles,
	targetOf,
	writeRunFolder,
	type Confirmation,
} from './run-folder.ts';
import {sha256} from './canonical.ts';
import {stateSpaceProblem} from './state-space.ts';
import type {StateFolders} from './state-folders.ts';
import {nameOfOperator} from './who.ts';

/** How often it is looked whether the worker has begun, in ms. */
const lookEveryMs = 20;

/** How this very program is started once more: Node, its options, the file, and the options of the configuration. */
export type Launch = {
	readonly program: readonly [string, ...string[]];
	readonly options: readonly string[];
};

/** A worker that runs, or why none does. */
export type Started =
	| {readonly id: string; readonly folder: string}
	| {readonly refused: Problem; readonly exitStatus: number};

/** Spares a quiet screen the last stage of compilation; a worker that reads gigabytes needs it. */
const forScreens: readonly string[] = ['--no-opt', '--v8-pool-size=1'];

/** This program as it was started itself. */
export function ownLaunch(options: readonly string[]): Launch {
	return {
		// A cap on memory, which a worker has no reason to reach (SAFETY 4.2).
		program: [
			process.execPath,
			...process.execArgv.filter(option => !forScreens.includes(option)),
			'--max-old-space-size=256',
			process.argv[1] ?? '',
		],
		options,
	};
}

/**
 * The command in a scope of its own where systemd would else end it together with the login (SAFETY 4.2); as it is
 * everywhere else. A scope keeps environment and files, so that no secret has to be handed over.
 */
export function scopedArgv(
	argv: readonly string[],
	facts: {readonly id: string; readonly userId: number; readonly hasSystemd: boolean},
): readonly string[] {
	const {id, userId, hasSystemd} = facts;
	if (userId !== 0 || !hasSystemd) return argv;
	return [
		...['systemd-run', '--scope', '--quiet', '--collect', '--slice=system.slice'],
		...[`--unit=opsconsole-${id}`, '--', ...argv],
	];
}

/** The worker's whole command line: own scope, its own lock, the locks of the plan, the program. */
export function workerArgv(
	plan: Plan,
	facts: {
		readonly folder: string;
		readonly mode: 'run' | 'recover';
		readonly launch: Launch;
		readonly locks: string;
	},
): readonly [string, ...string[]] {
	const {folder, mode, launch, locks} = facts;
	const worker = [...launch.program, mode === 'run' ? '_worker' : '_recover', folder];
	const [program = 'flock', ...rest] = scopedArgv(
		[
			// Waits for those who only look whether it is taken (`isLocked`); a real holder has it for longer.
			...['flock', '-w', '2', '-E', String(busyStatus), join(folder, runFiles.alive)],
			...lockedArgv(plan.locks, locks, [...worker, ...launch.options]),
		],
		{
			id: plan.id,
			userId: process.getuid?.() ?? -1,
			hasSystemd: existsSync('/run/systemd/system'),
		},
	);
	return [program, ...rest];
}

async function begins(folder: string): Promise<number> {
	const {lines} = await readJournalFile(join(folder, runFiles.journal));
	return lines.filter(({st}) => st === 'begin').length;
}

/** What the worker printed about its refusal. */
async function saidRefusal(folder: string): Promise<Problem | undefined> {
	const text = await readFile(join(folder, runFiles.stdout), 'utf8').catch(() => '');
	try {
		const value: unknown = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
		const problem = isObject(value) ? value['refused'] : undefined;
		// The worker is this program: what it prints there is a Problem.
		return isObject(problem) ? (problem as Problem) : undefined;
	} catch {
		return undefined;
	}
}

/** Who has the locks, in words. */
async function busyProblem(plan: Plan, state: StateFolders): Promise<Problem> {
	const holder = await whoHolds(plan.locks, state.locks);
	const job =
		holder === undefined
			? undefined
			: await readJob(join(state.runs, holder.id)).catch(() => undefined);
	const host =
		job === undefined
			? undefined
			: await readPlan(job.folder).then(
					({plan: {identity}}) => identity.hostname,
					() => undefined,
				);
	const {done, total} = job?.progress ?? {};
	const percent =
		done === undefined || total === undefined || total === 0
			? ''
			: `, ${Math.floor((done / total) * 100)}%`;
	return {
		code: 'road-busy',
		params: {
			who: job === undefined ? '?' : nameOfOperator(job.operator),
			host: clean(host ?? '?', 64),
			operation: job?.operation ?? '?',
			since: job === undefined ? '?' : new Date(job.sinceMs).toISOString(),
			progress: job === undefined ? '?' : `${job.step}/${job.stepCount}${percent}`,
			id: holder?.id ?? '?',
		},
		retry: 'soon',
	};
}

/** Starts the worker of a folder in a session of its own and waits until it has begun or was refused. */
export async function launchWorker(
	plan: Plan,
	facts: {
		readonly folder: string;
		readonly mode: 'run' | 'recover';
		readonly launch: Launch;
		readonly state: StateFolders;
	},
): Promise<Started> {
	const {folder, state} = facts;
	const before = await begins(folder);
	const [program, ...args] = workerArgv(plan, {...facts, locks: state.locks});
	const stdout = await open(join(folder, runFiles.stdout), 'a', 0o600);
	const stderr = await open(join(folder, runFiles.stderr), 'a', 0o600);
	const exit: {status?: number; cause?: string} = {};
	const child = spawn(program, args, {detached: true, stdio: ['ignore', stdout.fd, stderr.fd]});
	child.on('exit', (code, signal) => {
		exit.status = code ?? exitStatuses.failed;
		if (signal !== null) exit.cause = signal;
	});
	child.on('error', error => {
		exit.cause = clean(error.message, 200);
		exit.status = exitStatuses.failed;
	});
	await Promise.all([stdout.close(), stderr.close()]);
	for (;;) {
		const status = exit.status;
		if ((await begins(folder)) > before) {
			child.unref();
			return {id: plan.id, folder};
		}

		if (status === busyStatus) {
			const refused = (await saidRefusal(folder)) ?? (await busyProblem(plan, state));
			return {refused, exitStatus: exitStatuses.busy};
		}

		if (status !== undefined) {
			const cause = exit.cause ?? `exit status ${status}`;
			const params = {folder: clean(folder), cause};
			const refused = (await saidRefusal(folder)) ?? {
				code: 'road-not-started',
				params,
				retry: 'rarely',
			};
			return {refused, exitStatus: status};
		}

		await pause(lookEveryMs);
	}
}

/**
 * Starts what an operator confirmed: writes plan and confirmation down, starts the worker, and resolves when it has begun
 * or was refused. From then on it needs nobody.
 */
export async function startOperation(facts: {
	readonly plan: Plan;
	readonly confirmation: Confirmation;
	readonly state: StateFolders;
	readonly launch: Launch;
}): Promise<Started> {
	const {plan, confirmation, state, launch} = facts;
	const refuse = (problem: Problem, exitStatus: number): Started => ({
		refused: problem,
		exitStatus,
	});
	const audit = (kind: 'confirm' | 'refused', problem?: Problem) =>
		appendAudit(
			state.audit,
			{
				kind,
				op: plan.id,
				operation: plan.operation,
				operator: confirmation.operator,
				hostname: plan.identity.hostname,
				target: targetOf(plan),
				planSha256: sha256(planText(plan)),
				...(problem !== undefined && {problem}),
			},
			confirmation.atMs,
		);
	if (plan.risk === 'destructive' && confirmation.typed !== plan.confirm) {
		const problem: Problem = {
			code: 'confirm-wrong',
			params: {text: plan.confirm ?? ''},
			retry: 'rarely',
		};
		await audit('refused', problem);
		return refuse(problem, exitStatuses.refused);
	}

	const full = await stateSpaceProblem({files: createFiles()}, state.root);
	if (full) {
		await audit('refused', full).catch(() => undefined);
		return refuse(full, exitStatuses.refused);
	}

	let folder: string;
	try {
		folder = await writeRunFolder(state.runs, plan, confirmation);
		await audit('confirm');
	} catch (error) {
		const isUsed = error instanceof Error && 'code' in error && error.code === 'EEXIST';
		const cause = clean(error instanceof Error ? error.message : String(error), 200);
		const params = {folder: clean(state.runs), cause};
		return refuse(
			isUsed
				? {code: 'plan-used', params: {}, retry: 'rarely'}
				: {code: 'road-not-started', params, retry: 'soon'},
			exitStatuses.refused,
		);
	}

	const started = await launchWorker(plan, {folder, mode: 'run', launch, state});
	if ('refused' in started && started.exitStatus === exitStatuses.busy) {
		await audit('refused', started.refused);
		// Nothing was begun: what was confirmed is void, and the list of jobs stays free of it.
		await rm(folder, {recursive: true, force: true});
	}

	return started;
}
