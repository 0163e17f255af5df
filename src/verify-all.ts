import {join} from 'node:path';
import {
	auditPlan,
	jobDocument,
	planDocument,
	planWanted,
	shownAs,
	startConfirmed,
	tellRefusal,
	wantedOf,
	type ChangeFacts,
	type Refused,
} from './changes.ts';
import {cardOf, cardText} from './domain/card.ts';
import {exitStatuses, worstExitStatus} from './domain/exit-status.ts';
import type {Job} from './domain/job.ts';
import type {Plan} from './domain/plan.ts';
import {ProblemError, type Problem} from './domain/problem.ts';
import {isObject} from './domain/unknown.ts';
import {damagedNewest, newestOfEach} from './operations/catalogue/choose.ts';
import {readOwnCatalogue} from './own-catalogue.ts';
import {print, printJson} from './print.ts';
import {printProblem, showJob} from './show-jobs.ts';
import {tellRefused} from './tell-refused.ts';
import {refusalOf} from './work/access.ts';
import type {ChangeCommand} from './work/command-table.ts';
import {followJob} from './work/jobs.ts';
import {changeWords} from './words/change-words.ts';
import {listWords} from './words/list-words.ts';
import {sayProblem} from './words/say-problem.ts';
import {fill} from './words/words.ts';

/** One backup that is to be verified; `problem` where it is known to be bad before anything is run. */
type Candidate = {readonly series: string; readonly id: string; readonly problem?: Problem};

/** How its verification ended. */
type Verified = {readonly exitStatus: number; readonly job?: Job; readonly problem?: Problem};

async function candidatesOf({io, state}: ChangeFacts): Promise<readonly Candidate[]> {
	const catalogue = await readOwnCatalogue(io, state.backups);
	const damaged = damagedNewest(catalogue).map(({series, id, cause}) => ({
		series,
		id,
		problem: {code: 'backup-damaged', params: {id, cause}, retry: 'rarely'} satisfies Problem,
	}));
	const newest = newestOfEach(catalogue).map(({series, id}) => ({series, id}));
	const all = [...damaged, ...newest].toSorted((a, b) => (a.series < b.series ? -1 : 1));
	if (all.length > 0) return all;
	const params = {id: 'all', folder: catalogue.folder};
	throw new ProblemError({code: 'backup-not-found', params, retry: 'rarely'});
}

/** Verifies one backup to its end. */
async function verify(facts: ChangeFacts, plan: Plan | Refused): Promise<Verified> {
	const started = 'refused' in plan ? plan : await startConfirmed(facts, plan);
	if ('refused' in started) return {problem: started.refused, exitStatus: started.exitStatus};
	const folder = join(facts.state.runs, started.id);
	const job = await followJob(folder, showJob(shownAs(facts)), facts.signal);
	const {problem, exitStatus = exitStatuses.manual} = job;
	return {job, exitStatus, ...(problem && {problem})};
}

/** Plans for all of them, shown and not carried out. */
async function showAll(
	facts: ChangeFacts,
	candidates: readonly Candidate[],
	plan: (candidate: Candidate) => Promise<Plan | Refused>,
): Promise<number> {
	const {language, isJson} = shownAs(facts);
	const plans = [];
	for (const candidate of candidates) {
		if (candidate.problem) return tellRefusal(facts, candidate.problem, exitStatuses.refused);
		const made = await plan(candidate);
		if ('refused' in made) return tellRefusal(facts, made.refused, made.exitStatus);
		await auditPlan(facts, made, 'plan').catch(() => undefined);
		plans.push(made);
	}

	const cards = plans.map(made => cardText(cardOf(made, language)));
	if (isJson) {
		await printJson({
			operation: 'verify-all',
			plans: plans.map(made => planDocument(made, language)),
		});
	} else {
		await print(`${[...cards, changeWords['dry-run'][language]].join('\n')}\n`);
	}

	return exitStatuses.done;
}

function documentOf({series, id}: Candidate, verified: Verified, facts: ChangeFacts) {
	const {language} = shownAs(facts);
	const {job, problem, exitStatus} = verified;
	return {
		backup: id,
		series,
		...(job
			? jobDocument(job, language)
			: {
					outcome: 'refused',
					exitStatus,
					...(problem && {problem: {code: problem.code, ...sayProblem(language, problem)}}),
				}),
	};
}

/** Says how one ended, as soon as it has. */
async function tell(
	facts: ChangeFacts,
	{series, id}: Candidate,
	{job, problem}: Verified,
): Promise<void> {
	const {language, isJson} = shownAs(facts);
	if (isJson) return;
	if (problem) printProblem(problem, language);
	const isUnfinished = job?.state === 'unfinished';
	const words = isUnfinished ? 'unfinished' : job ? (job.outcome ?? 'manual') : 'refused';
	const result = fill(changeWords[words][language], {id: job?.id ?? id});
	await print(`${fill(listWords['verify-line'][language], {series, id, result})}\n`);
}

/**
 * `verify all`: verifies the newest backup of every series, one after another, each as an operation of its own. Goes on
 * after one that is bad; resolves with the worst exit status (11 where one is bad, 10 where there is none at all).
 */
export async function runVerifyAll(
	facts: ChangeFacts,
	command: ChangeCommand,
	positionals: readonly string[],
): Promise<number> {
	const {settings, flags} = facts;
	const wanted = await wantedOf(facts, command, positionals);
	if (typeof wanted === 'number') return wanted;
	const {operation, request} = wanted;
	const isDryRun = flags['dry-run'] === true;
	const denied = isDryRun ? undefined : await refusalOf(settings);
	if (denied) return tellRefusal(facts, denied, exitStatuses.refused);
	let candidates: readonly Candidate[];
	try {
		candidates = await candidatesOf(facts);
	} catch (error) {
		if (!(error instanceof ProblemError)) throw error;
		const isMissing = error.problem.code === 'backup-not-found';
		const exitStatus = isMissing ? exitStatuses.backupMissing : exitStatuses.refused;
		return tellRefusal(facts, error.problem, exitStatus);
	}

	const plan = ({id}: Candidate) => {
		const base = isObject(request) ? request : {};
		return planWanted(facts, {operation, request: {...base, backup: id}});
	};
	if (isDryRun) return showAll(facts, candidates, plan);
	const results = [];
	const refusals: Problem[] = [];
	for (const candidate of candidates) {
		const verified: Verified = candidate.problem
			? {problem: candidate.problem, exitStatus: exitStatuses.verificationFailed}
			: await verify(facts, await plan(candidate));
		const {exitStatus, problem} = verified;
		// Not confirmed: none of the others would be either.
		if (exitStatus === exitStatuses.usage && problem)
			return tellRefusal(facts, problem, exitStatus);
		if (verified.job === undefined && problem) refusals.push(problem);
		await tell(facts, candidate, verified);
		results.push(documentOf(candidate, verified, facts));
	}

	await tellRefused(facts, refusals);
	const exitStatus = worstExitStatus(results.map(result => result.exitStatus));
	if (shownAs(facts).isJson) await printJson({operation: 'verify-all', exitStatus, results});
	return exitStatus;
}
