import {join} from 'node:path';
import process from 'node:process';
import {cardOf, cardText} from './domain/card.ts';
import {exitStatuses, exitStatusOfRun} from './domain/exit-status.ts';
import {type Job, wayBackOf} from './domain/job.ts';
import type {JsonValue, Plan} from './domain/plan.ts';
import {ProblemError, type Problem} from './domain/problem.ts';
import type {Language} from './domain/settings.ts';
import {print, printJson} from './print.ts';
import {printProblem, showJob, type Shown, wayBackTexts} from './show-jobs.ts';
import {tellRefused} from './tell-refused.ts';
import {refusalOf} from './work/access.ts';
import {appendAudit} from './work/audit.ts';
import {sha256} from './work/canonical.ts';
import type {ChangeCommand, CommandFlags} from './work/command-table.ts';
import {followJob} from './work/jobs.ts';
import {lookAround} from './work/look.ts';
import {makePlan} from './work/make-plan.ts';
import {problemOfError} from './work/perform.ts';
import {planText, targetOf} from './work/run-folder.ts';
import {startOperation} from './work/start.ts';
import type {JobFacts} from './work/start-job.ts';
import {whoAmI} from './work/who.ts';
import {changeWords} from './words/change-words.ts';
import {sayPhrase} from './words/phrases/phrase.ts';
import {sayProblem} from './words/say-problem.ts';

/** What the commands that change something have in their hands. */
export type ChangeFacts = Omit<JobFacts, 'operator'> & {
	readonly flags: CommandFlags;
	readonly signal: AbortSignal;
	/** The words of the command, where a schedule started it: then refusals are told to people. */
	readonly scheduled?: string;
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

	await tellRefused(facts, [problem]);
	return exitStatus;
}

/** Writes into the audit that a plan was looked at or refused. */
export async function auditPlan(
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

/** A plan as `--dry-run --json` prints it. */
export function planDocument(plan: Plan, language: Language): JsonValue {
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

	await auditPlan(facts, plan, 'plan').catch(() => undefined);
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

/** An ended job as the commands print it with `--json`. */
export function jobDocument(job: Job, language: Language) {
	const {id, operation, outcome = 'manual', problem, result, folder} = job;
	const wayBack = wayBackOf(job);
	return {
		id,
		operation,
		outcome,
		exitStatus: job.exitStatus ?? exitStatuses.manual,
		...(problem && {problem: {code: problem.code, ...sayProblem(language, problem)}}),
		...(result !== undefined && {result}),
		...(wayBack !== undefined && {wayBack: sayPhrase(language, wayBack)}),
		folder,
	};
}

async function tellEnd(job: Job, {language, isJson}: Shown): Promise<number> {
	const {id, outcome = 'manual', problem} = job;
	if (isJson) {
		await printJson(jobDocument(job, language));
	} else {
		if (problem) printProblem(problem, language);
		const words = job.state === 'unfinished' ? 'unfinished' : outcome;
		const lines = [
			`${id}: ${changeWords[words][language].replace('{id}', id)}`,
			...wayBackTexts(job, language),
		];
		await print(`${lines.join('\n')}\n`);
	}

	return job.exitStatus ?? exitStatuses.manual;
}

/** What a command line wants to be done. */
export type Wanted = ReturnType<ChangeCommand['parse']>;

/** Why something was not begun. */
export type Refused = {readonly refused: Problem; readonly exitStatus: number};

/** Reads a command line; where it is wrong that is told, and the exit status is given. */
export async function wantedOf(
	facts: ChangeFacts,
	command: ChangeCommand,
	positionals: readonly string[],
): Promise<Wanted | number> {
	try {
		return command.parse(positionals, facts.flags);
	} catch (error) {
		if (error instanceof ProblemError) {
			return tellRefusal(facts, error.problem, exitStatusOfRun('refused', error.problem));
		}

		const text = error instanceof Error ? error.message : String(error);
		process.stderr.write(`opsconsole: ${text}\nTry: opsconsole --help\n`);
		return exitStatuses.usage;
	}
}

/** Looks at the server and plans a change. */
export async function planWanted(
	facts: ChangeFacts,
	{operation, request}: Wanted,
): Promise<Plan | Refused> {
	const {io, settings, state, operations, signal} = facts;
	try {
		const look = await lookAround(io, settings, state, signal);
		return await makePlan({look, operations}, operation, request);
	} catch (error) {
		const refused = problemOfError(error, operation);
		return {refused, exitStatus: exitStatusOfRun('refused', refused)};
	}
}

/** Starts a plan that the command line confirms, and says so; resolves when its worker has begun or was refused. */
export async function startConfirmed(
	facts: ChangeFacts,
	plan: Plan,
): Promise<{readonly id: string} | Refused> {
	const {io, settings, state, flags} = facts;
	const wrong = confirmationProblem(plan, flags);
	if (wrong) {
		await auditPlan(facts, plan, 'refused', wrong.problem).catch(() => undefined);
		return {refused: wrong.problem, exitStatus: wrong.exitStatus};
	}

	const typed = typeof flags['confirm'] === 'string' ? flags['confirm'] : undefined;
	const started = await startOperation({
		plan,
		state,
		launch: facts.launch,
		confirmation: {
			operator: await whoAmI(),
			atMs: io.clock.now(),
			...(typed !== undefined && {typed}),
		},
	});
	if (!('refused' in started) && !shownAs(facts).isJson) {
		const line = changeWords.started[settings.language].replaceAll('{id}', started.id);
		process.stderr.write(`${line}\n`);
	}

	return started;
}

/** Plans, shows or carries out a change from the command line; resolves with the exit status. */
export async function runChange(
	facts: ChangeFacts,
	command: ChangeCommand,
	positionals: readonly string[],
): Promise<number> {
	const wanted = await wantedOf(facts, command, positionals);
	if (typeof wanted === 'number') return wanted;
	const isDryRun = facts.flags['dry-run'] === true;
	const denied = isDryRun ? undefined : await refusalOf(facts.settings);
	if (denied) return tellRefusal(facts, denied, exitStatuses.refused);
	const plan = await planWanted(facts, wanted);
	if ('refused' in plan) return tellRefusal(facts, plan.refused, plan.exitStatus);
	if (isDryRun) return showPlan(facts, plan);
	const started = await startConfirmed(facts, plan);
	if ('refused' in started) return tellRefusal(facts, started.refused, started.exitStatus);
	return follow(facts, started.id);
}
