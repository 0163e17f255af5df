import {join} from 'node:path';
import process from 'node:process';
import {planDocument, shownAs, startConfirmed, tellRefusal, type ChangeFacts} from './changes.ts';
import {cardOf, cardText} from './domain/card.ts';
import {exitStatuses, exitStatusOfRun, worstExitStatus} from './domain/exit-status.ts';
import {clean} from './domain/clean.ts';
import type {JsonValue, Outcome, Plan} from './domain/plan.ts';
import type {Problem} from './domain/problem.ts';
import {backupEverything} from './operations/backup-everything.ts';
import {partsOfEverything, type Part} from './operations/everything.ts';
import type {Look} from './operations/operation.ts';
import {print, printJson} from './print.ts';
import {printProblem, showJob} from './show-jobs.ts';
import {tellRefused} from './tell-refused.ts';
import {refusalOf} from './work/access.ts';
import {followJob} from './work/jobs.ts';
import {lookAround} from './work/look.ts';
import {appendAudit} from './work/audit.ts';
import {makePlan, newId} from './work/make-plan.ts';
import {whoAmI} from './work/who.ts';
import {problemOfError} from './work/perform.ts';
import {changeWords} from './words/change-words.ts';
import {sayProblem} from './words/say-problem.ts';

/** How one of the backups ended. */
type Ended = {
	readonly part: Part;
	readonly exitStatus: number;
	readonly outcome: string;
	readonly id?: string;
	readonly problem?: Problem;
	readonly result?: unknown;
};

function refused(part: Part, problem: Problem, exitStatus?: number): Ended {
	const status = exitStatus ?? exitStatusOfRun('refused', problem);
	return {part, outcome: 'refused', exitStatus: status, problem};
}

/** Plans with a fresh look; what an earlier backup took a while for may have changed. */
async function planOf(facts: ChangeFacts, look: Look, part: Part): Promise<Plan | Problem> {
	try {
		const {operations} = facts;
		return await makePlan({look, operations}, part.operation, part.request);
	} catch (error) {
		return problemOfError(error, part.operation);
	}
}

async function backUp(facts: ChangeFacts, part: Part): Promise<Ended> {
	const {io, settings, state, signal} = facts;
	const look = await lookAround(io, settings, state, signal);
	const plan = await planOf(facts, look, part);
	if ('code' in plan) return refused(part, plan);
	const started = await startConfirmed(facts, plan);
	if ('refused' in started) return refused(part, started.refused, started.exitStatus);
	const show = showJob(shownAs(facts));
	const job = await followJob(join(state.runs, started.id), show, signal);
	const {id, outcome = 'manual', exitStatus = exitStatuses.manual, problem, result} = job;
	return {part, id, outcome, exitStatus, ...(problem && {problem}), result};
}

/** One line or one JSON object with every backup and how it ended; gives the worst exit status. */
async function tellAll(facts: ChangeFacts, all: readonly Ended[]): Promise<number> {
	const {language, isJson} = shownAs(facts);
	const exitStatus = worstExitStatus(all.map(one => one.exitStatus));
	// A worker tells of its own end; what never began has nobody else to tell.
	const refusals = all.flatMap(({id, problem}) => (id === undefined && problem ? problem : []));
	await tellRefused(facts, refusals);
	if (isJson) {
		const backups = all.map(({part, problem, result, ...ended}) => ({
			operation: part.operation,
			request: part.request,
			...ended,
			...(problem && {problem: {code: problem.code, ...sayProblem(language, problem)}}),
			...(result !== undefined && {result}),
		}));
		await printJson({operation: 'backup-all', exitStatus, backups});
		return exitStatus;
	}

	for (const {part, id, outcome, problem} of all) {
		const words = Object.entries(changeWords).find(([code]) => code === outcome)?.[1];
		if (problem) printProblem(problem, language);
		await print(
			`${part.name}: ${words?.[language] ?? outcome}${id === undefined ? '' : ` ${id}`}\n`,
		);
	}

	return exitStatus;
}

/** Writes down that all of it ran: each part has its own entries, and by this one a missed run is known. */
async function auditAll({io, settings, state}: ChangeFacts, exitStatus: number): Promise<void> {
	const outcomes = new Map<number, Outcome>([
		[exitStatuses.done, 'done'],
		[exitStatuses.warnings, 'warnings'],
		[exitStatuses.manual, 'manual'],
	]);
	const {kind, name} = settings.environment;
	const hostname = clean(io.host.hostname(), 64);
	await appendAudit(
		state.audit,
		{
			kind: 'end',
			op: newId(io.clock.now()),
			operation: backupEverything.id,
			operator: await whoAmI(),
			hostname,
			target: clean(`${name === '' ? kind : name}/${hostname}`, 200),
			planSha256: '',
			outcome: outcomes.get(exitStatus) ?? 'failed',
			exitStatus,
		},
		io.clock.now(),
	);
}

/** Shows every card; what is refused is told in its place. */
async function showAll(facts: ChangeFacts, look: Look, parts: readonly Part[]): Promise<number> {
	const {language, isJson} = shownAs(facts);
	const statuses: number[] = [];
	const documents: JsonValue[] = [];
	for (const part of parts) {
		const plan = await planOf(facts, look, part);
		if ('code' in plan) {
			statuses.push(exitStatusOfRun('refused', plan));
			const problem = {code: plan.code, ...sayProblem(language, plan)};
			documents.push({operation: part.operation, request: part.request, problem});
			if (!isJson) await print(`${part.name}: ${problem.summary}\n  ${problem.hint}\n\n`);
		} else {
			documents.push(planDocument(plan, language));
			if (!isJson) await print(`${cardText(cardOf(plan, language))}\n\n`);
		}
	}

	if (isJson) await printJson({operation: 'backup-all', backups: documents});
	else await print(`${changeWords['dry-run'][language]}\n`);
	return worstExitStatus(statuses);
}

/**
 * `backup all`: every backup that can be made here, one after another. Each is an operation of its own, with its own
 * plan, locks, journal and audit; one that fails does not keep the others from being made.
 */
export async function backupAll(facts: ChangeFacts, rest: readonly string[]): Promise<number> {
	const [extra] = rest;
	if (extra !== undefined) {
		process.stderr.write(`opsconsole: unexpected argument ${extra}\nTry: opsconsole --help\n`);
		return exitStatuses.usage;
	}

	const {io, settings, state, flags, signal} = facts;
	const isDryRun = flags['dry-run'] === true;
	const denied = isDryRun ? undefined : await refusalOf(settings);
	if (denied) return tellRefusal(facts, denied, exitStatuses.refused);
	if (!isDryRun && flags['yes'] !== true) {
		const problem: Problem = {code: 'confirm-needed', params: {}, retry: 'rarely'};
		return tellRefusal(facts, problem, exitStatuses.usage);
	}

	let look: Look;
	let parts: readonly Part[];
	try {
		look = await lookAround(io, settings, state, signal);
		parts = await partsOfEverything(look);
	} catch (error) {
		const problem = problemOfError(error, 'backup all');
		return tellRefusal(facts, problem, exitStatusOfRun('refused', problem));
	}

	if (parts.length === 0) {
		const problem: Problem = {code: 'backup-all-nothing', params: {}, retry: 'rarely'};
		return tellRefusal(facts, problem, exitStatuses.refused);
	}

	if (isDryRun) return showAll(facts, look, parts);
	const ended: Ended[] = [];
	for (const part of parts) ended.push(await backUp(facts, part));
	const exitStatus = await tellAll(facts, ended);
	await auditAll(facts, exitStatus).catch(() => undefined);
	return exitStatus;
}
