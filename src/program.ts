import process from 'node:process';
import {backupAll} from './backup-all.ts';
import {runChange, type ChangeFacts} from './changes.ts';
import {exitStatuses} from './domain/exit-status.ts';
import {ProblemError} from './domain/problem.ts';
import type {Settings} from './domain/settings.ts';
import {createAct} from './io/create-act.ts';
import type {Io} from './io/io.ts';
import {runJobCommand, type JobCommand} from './job-commands.ts';
import {notifyOverdue, notifyTest} from './notify-command.ts';
import {operations} from './operations/index.ts';
import type {Operation} from './operations/operation.ts';
import {parsePlace} from './operations/schedule/request.ts';
import {openState} from './own-state.ts';
import {showSchedule} from './schedule-show.ts';
import {printProblem} from './show-jobs.ts';
import {tellRefused} from './tell-refused.ts';
import type {ChangeCommand, CommandFlags} from './work/command-table.ts';
import {inheritedLocks} from './work/lock-files.ts';
import {runNotifier} from './work/notifier.ts';
import {schedulePlace} from './work/schedule-command.ts';
import {ownLaunch} from './work/start.ts';
import type {StateFolders} from './work/state-folders.ts';
import {runVerifyAll} from './verify-all.ts';
import {runWorker, type WorkerFacts} from './work/worker.ts';

export {foldersOf, openState} from './own-state.ts';

/** What the command line asked for that concerns changes to the server. */
export type ChangeInvocation =
	| {
			readonly kind: 'change';
			readonly command: ChangeCommand;
			readonly positionals: readonly string[];
	  }
	| {readonly kind: 'job'; readonly command: JobCommand; readonly positionals: readonly string[]}
	| {
			readonly kind: 'tell';
			readonly command: 'schedule' | 'notify-test' | 'notify-overdue';
			/** Of one way to notify. */
			readonly id?: string;
	  }
	| {readonly kind: 'worker'; readonly mode: 'run' | 'recover'; readonly folder: string}
	/** Tells how the run of this folder ended. */
	| {readonly kind: 'notifier'; readonly folder: string};

/** What such a command is given. */
export type Surroundings = {
	readonly io: Io;
	readonly settings: Settings;
	readonly flags: CommandFlags;
	/** Operations beside those of the program, for tests. */
	readonly more?: Readonly<Record<string, Operation>>;
};

/** The options of the configuration, for the worker's own command line. None of them holds a secret. */
export function workerOptions(flags: CommandFlags): readonly string[] {
	const names = ['config', 'system', 'environment', 'project', 'host', 'lang'] as const;
	return names.flatMap(name =>
		[flags[name] ?? []].flat().map(value => `--${name}=${String(value)}`),
	);
}

/** The words of a command that a schedule has started; nothing for one of a person. */
function scheduledOf(
	invocation: ChangeInvocation,
	flags: CommandFlags,
): {readonly scheduled?: string} {
	if (flags['scheduled'] !== true || invocation.kind !== 'change') return {};
	return {scheduled: [invocation.command.name, ...invocation.positionals].join(' ')};
}

/** Carries out a command that concerns changes; resolves with the exit status. */
export async function runProgram(
	invocation: ChangeInvocation,
	{io, settings, flags, more}: Surroundings,
): Promise<number> {
	let state: StateFolders;
	try {
		state = await openState(io, settings);
	} catch (error) {
		if (!(error instanceof ProblemError)) throw error;
		printProblem(error.problem, settings.language);
		await tellRefused({io, settings, ...scheduledOf(invocation, flags)}, [error.problem]);
		return exitStatuses.refused;
	}

	const all = {...operations, ...more};
	if (invocation.kind === 'worker') {
		const {folder, mode} = invocation;
		const {host, context} = settings.docker;
		const act = createAct({
			...(host !== undefined && {host}),
			...(context !== undefined && {context}),
			keepOpen: await inheritedLocks(folder, state.locks),
		});
		const launch = ownLaunch(workerOptions(flags));
		const {audit: {isInSyslog = false} = {}} = settings;
		const own = createAct();
		const logger: Pick<WorkerFacts, 'logger'> = isInSyslog
			? {logger: (command, options) => own.program(command, options)}
			: {};
		return runWorker({folder, mode, io, settings, state, operations: all, act, launch, ...logger});
	}

	if (invocation.kind === 'notifier') {
		const {folder} = invocation;
		const {runs} = state;
		await runNotifier({folder, runs, settings, act: createAct(), now: () => io.clock.now()});
		return exitStatuses.done;
	}

	if (invocation.kind === 'tell') return tellNow(invocation, {io, settings, flags, state});

	const facts: ChangeFacts = {
		io,
		settings,
		state,
		operations: all,
		launch: ownLaunch(workerOptions(flags)),
		flags,
		signal: new AbortController().signal,
		...scheduledOf(invocation, flags),
	};
	process.exitCode = exitStatuses.failed;
	if (invocation.kind === 'job') {
		return runJobCommand(facts, invocation.command, invocation.positionals);
	}

	const {command, positionals} = invocation;
	if (positionals[0] === 'all' && command.name === 'verify') {
		return runVerifyAll(facts, command, positionals);
	}

	const isAll = positionals[0] === 'all' && command.name === 'backup';
	return isAll ? backupAll(facts, positionals.slice(1)) : runChange(facts, command, positionals);
}

/** Carries out a command that only looks and tells. */
async function tellNow(
	{command, id}: ChangeInvocation & {kind: 'tell'},
	{flags, ...known}: Omit<Surroundings, 'more'> & {readonly state: StateFolders},
): Promise<number> {
	const isJson = flags['json'] === true;
	if (command === 'schedule') {
		try {
			return await showSchedule(known, parsePlace(schedulePlace(flags)), isJson);
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			printProblem(error.problem, known.settings.language);
			return exitStatuses.refused;
		}
	}

	const facts = {...known, isJson, act: createAct()};
	return command === 'notify-test' ? notifyTest(facts, id) : notifyOverdue(facts);
}
