import {join} from 'node:path';
import process from 'node:process';
import {cardOf, cardText} from './domain/card.ts';
import {exitStatuses, exitStatusOfRun} from './domain/exit-status.ts';
import type {Job} from './domain/job.ts';
import type {Plan} from './domain/plan.ts';
import {ProblemError, type Problem} from './domain/problem.ts';
import type {Settings} from './domain/settings.ts';
import {print, printJson} from './print.ts';
import {printProblem, showJob, type Shown} from './show-jobs.ts';
import type {Io} from './io/io.ts';
import type {Operation} from './operations/operation.ts';
import {refusalOf} from './work/access.ts';
import {appendAudit} from './work/audit.ts';
import {sha256} from './work/canonical.ts';
import type {ChangeCommand, CommandFlags} from './work/command-table.ts';
import {followJob} from './work/jobs.ts';
import {lookAround} from './work/look.ts';
import {makePlan} from './work/make-plan.ts';
import {problemOfError} from './work/perform.ts';
import {planText, targetOf} from './work/run-folder.ts';
import {startOperation, type Launch, type Started} from './work/start.ts';
import type {StateFolders} from './work/state-folders.ts';
import {whoAmI} from './work/who.ts';
import {changeWords} from './words/change-words.ts';
import {sayProblem} from './words/say-problem.ts';

/** What the commands that change something have in their hands. */
export type ChangeFacts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly state: StateFolders;
	readonly operations: Readonly<Record<string, Operation>>;
	readonly launch: Launch;
	readonly flags: CommandFlags;
	readonly signal: AbortSignal;
};

/** How a command is to be shown: language and form. */
export function shownAs({settings, flags}: ChangeFacts): Shown {
	return {language: settings.language, isJson: flags['json'] === true};
}

/** Tells why something was refused, as text or as the one JSON object; gives the exit status. */
export async function tellRefusal(
	facts: ChangeFacts,
	problem: Problem,
	exitStatus: number,
): Promise<number> {
	const {language, isJson} = shownAs(facts);
	if (isJson) {
		const outcome = exitStatus === exitStatuses.manual ? 'manual' : 'refused';
		await printJson({
			outcome,
			exitStatus,
			problem: {code: problem.code, ...sayProblem(language, problem)},
		});
	} else {
		printProblem(problem, language);
	}

	return exitStatus;
}

async function auditOf(
	{state, io}: ChangeFacts,
	plan: Plan,
	kind: 'plan' | 'refused',
	problem?: Problem,
): Promise<void> {
	await appendAudit(
		state.audit,
		{
			kind,
			op: plan.id,
			operation: plan.operation,
			operator: await whoAmI(),
			hostname: plan.identity.hostname,
			target: targetOf(plan),
			planSha256: sha256(planText(plan)),
			...(problem !== undefined && {problem}),
		},
		io.clock.now(),
	);
}

/** What a plan would do, for programs; `confirm` is the text that a destructive one wants. */
export function planDocument(plan: Plan, language: Settings['language']): object {
	const {operation, risk, confirm, identity, locks, space, outages, deletes, expectedMs} = plan;
	return {
		operation,
		risk,
		...(confirm !== undefined && {confirm}),
		identity,
		locks,
		space,
		outages,
		deletes,
		...(expectedMs !== undefined && {expectedMs}),
		card: cardOf(plan, language),
	};
}

/** Shows what would be done; as JSON with `confirm`, the text that a destructive operation wants. */
async function showPlan(facts: ChangeFacts, plan: Plan): Promise<number> {
	const {language, isJson} = shownAs(facts);
	if (isJson) {
		await printJson(planDocument(plan, language));
	} else {
		await print(`${cardText(cardOf(plan, language))}\n${changeWords['dry-run'][language]}\n`);
	}

	await auditOf(facts, plan, 'plan').catch(() => undefined);
	return exitStatuses.done;
}

/** What is wrong with the way a plan was confirmed on the command line; undefined: nothing. */
function confirmationProblem(
	plan: Plan,
	flags: CommandFlags,
): {readonly problem: Problem; readonly exitStatus: number} | undefined {
	const {confirm: typed} = flags;
	if (plan.risk === 'destructive') {
		if (typed === plan.confirm) return undefined;
		const params = {text: plan.confirm ?? ''};
		return {
			problem: {code: 'confirm-wrong', params, retry: 'rarely'},
			exitStatus: typed === undefined ? exitStatuses.usage : exitStatuses.refused,
		};
	}

	if (flags['yes'] === true) return undefined;
	return {
		problem: {code: 'confirm-needed', params: {}, retry: 'rarely'},
		exitStatus: exitStatuses.usage,
	};
}

/** Follows a job to its end and tells how it ended; gives its exit status. */
export async function follow(facts: ChangeFacts, id: string): Promise<number> {
	const shown = shownAs(facts);
	const show = showJob(shown);
	const job = await followJob(join(facts.state.runs, id), show, facts.signal);
	return tellEnd(job, shown);
}

async function tellEnd(job: Job, {language, isJson}: Shown): Promise<number> {
	const exitStatus = job.exitStatus ?? exitStatuses.manual;
	const {id, operation, outcome = 'manual', problem, result, folder} = job;
	if (isJson) {
		await printJson({
			id,
			operation,
			outcome,
			exitStatus,
			...(problem && {problem: {code: problem.code, ...sayProblem(language, problem)}}),
			...(result !== undefined && {result}),
			folder,
		});
	} else {
		if (problem) printProblem(problem, language);
		const words = job.state === 'unfinished' ? 'unfinished' : outcome;
		await print(`${id}: ${changeWords[words][language].replace('{id}', id)}\n`);
	}

	return exitStatus;
}

/** Plans, shows or carries out a change from the command line; resolves with the exit status. */
export async function runChange(
	facts: ChangeFacts,
	command: ChangeCommand,
	positionals: readonly string[],
): Promise<number> {
	const {io, settings, state, operations, flags} = facts;
	let wanted: ReturnType<ChangeCommand['parse']>;
	try {
		wanted = command.parse(positionals, flags);
	} catch (error) {
		if (error instanceof ProblemError) {
			return tellRefusal(facts, error.problem, exitStatusOfRun('refused', error.problem));
		}

		const text = error instanceof Error ? error.message : String(error);
		process.stderr.write(`opsconsole: ${text}\nTry: opsconsole --help\n`);
		return exitStatuses.usage;
	}

	const isDryRun = flags['dry-run'] === true;
	const denied = isDryRun ? undefined : await refusalOf(settings);
	if (denied) return tellRefusal(facts, denied, exitStatuses.refused);
	let plan: Plan;
	try {
		const look = await lookAround(io, settings, state, facts.signal);
		plan = await makePlan({look, operations}, wanted.operation, wanted.request);
	} catch (error) {
		const problem = problemOfError(error, command.name);
		return tellRefusal(facts, problem, exitStatusOfRun('refused', problem));
	}

	if (isDryRun) return showPlan(facts, plan);
	const wrong = confirmationProblem(plan, flags);
	if (wrong) {
		await auditOf(facts, plan, 'refused', wrong.problem).catch(() => undefined);
		return tellRefusal(facts, wrong.problem, wrong.exitStatus);
	}

	const started = await begin(facts, plan);
	if ('refused' in started) return tellRefusal(facts, started.refused, started.exitStatus);
	return follow(facts, started.id);
}

/** Starts what was confirmed on the command line, and says how to come back to it. */
export async function begin(facts: ChangeFacts, plan: Plan): Promise<Started> {
	const {io, state, flags, launch} = facts;
	const typed = typeof flags['confirm'] === 'string' ? flags['confirm'] : undefined;
	const started = await startOperation({
		plan,
		state,
		launch,
		confirmation: {
			operator: await whoAmI(),
			atMs: io.clock.now(),
			...(typed !== undefined && {typed}),
		},
	});
	const {language, isJson} = shownAs(facts);
	if (!('refused' in started) && !isJson) {
		process.stderr.write(`${changeWords.started[language].replaceAll('{id}', started.id)}\n`);
	}

	return started;
}
