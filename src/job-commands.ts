import {join} from 'node:path';
import {follow, shownAs, tellRefusal, type ChangeFacts} from './changes.ts';
import {exitStatuses} from './domain/exit-status.ts';
import {ProblemError} from './domain/problem.ts';
import {print, printJson} from './print.ts';
import {maintenanceLog, terminalResult} from './report/maintenance-log.ts';
import {jobLine, showJob, wayBackTexts} from './show-jobs.ts';
import {readAudit, throwIfDamaged} from './work/audit.ts';
import {listJobs, readJob, requestCancel} from './work/jobs.ts';
import {recoverJob, unfinishedJobs} from './work/recover.ts';
import {isRunId} from './domain/run-id.ts';
import {nameOfOperator, whoAmI} from './work/who.ts';
import {changeWords} from './words/change-words.ts';
import {fill} from './words/words.ts';

/** The folder of a job that was named on the command line; rejects with `job-missing`. */
async function folderOf({state}: ChangeFacts, id: string): Promise<string> {
	const folder = join(state.runs, id);
	const isThere = isRunId(id) && (await readJob(folder).catch(() => undefined)) !== undefined;
	if (isThere) return folder;
	throw new ProblemError({code: 'job-missing', params: {id}, retry: 'rarely'});
}

async function jobs(facts: ChangeFacts): Promise<number> {
	const {language, isJson} = shownAs(facts);
	const all = await listJobs(facts.state.runs);
	if (isJson) {
		await printJson({version: '1.0', jobs: all});
	} else {
		const lines = all.map(job => jobLine(job, language));
		await print(`${(all.length === 0 ? [changeWords['no-jobs'][language]] : lines).join('\n')}\n`);
	}

	return exitStatuses.done;
}

async function cancel(facts: ChangeFacts, id: string): Promise<number> {
	const {language} = shownAs(facts);
	const folder = await folderOf(facts, id);
	const job = await readJob(folder);
	await requestCancel(folder, nameOfOperator(await whoAmI()));
	await print(`${fill(changeWords[`cancel-${job.cancelMeans}`][language], {id})}\n`);
	return exitStatuses.done;
}

async function recover(facts: ChangeFacts): Promise<number> {
	const {language, isJson} = shownAs(facts);
	const {state, launch, signal, flags} = facts;
	const wanted =
		typeof flags['op'] === 'string'
			? [await readJob(await folderOf(facts, flags['op']))]
			: await unfinishedJobs(state.runs, flags['auto'] !== true);
	const all = [];
	for (const {folder} of wanted) {
		const emit = showJob({language, isJson});
		const recovered = await recoverJob(folder, {state, launch, signal, emit});
		all.push(recovered);
		if (isJson) continue;
		const {id, job, refused, exitStatus} = recovered;
		if (refused) await tellRefusal(facts, refused, exitStatus);
		else if (job?.problem && exitStatus !== 0) await tellRefusal(facts, job.problem, exitStatus);
		else {
			const isForward = job?.outcome === 'done' || job?.outcome === 'warnings';
			const words = changeWords[isForward ? 'recovered-forward' : 'recovered-back'];
			const wayBack = job ? wayBackTexts(job, language) : [];
			await print(`${[fill(words[language], {id}), ...wayBack].join('\n')}\n`);
		}
	}

	const worst = all.map(({exitStatus}) => exitStatus).find(status => status !== 0);
	if (isJson) await printJson({exitStatus: worst ?? 0, recovered: all});
	else if (all.length === 0) await print(`${changeWords['nothing-unfinished'][language]}\n`);
	return worst ?? exitStatuses.done;
}

async function audit(facts: ChangeFacts, what: string | undefined): Promise<number> {
	const {language, isJson} = shownAs(facts);
	const check = await readAudit(facts.state.audit);
	const {lines, damage} = check;
	if (what === 'log') {
		await print(maintenanceLog(lines, {language, operations: facts.operations}));
	} else if (isJson) {
		await printJson({
			count: lines.length,
			isWhole: damage === undefined,
			...(damage && {damage}),
			...(what === undefined && {entries: lines}),
		});
	} else if (what === undefined) {
		const said = lines.map(line => {
			const {t, kind, op, operation, target, outcome, operator} = line;
			const result = outcome ?? terminalResult(line, language) ?? '';
			return [t, kind, op, nameOfOperator(operator), operation, target, result]
				.join('  ')
				.trimEnd();
		});
		await print(
			`${(said.length === 0 ? [changeWords['audit-empty'][language]] : said).join('\n')}\n`,
		);
	} else if (damage === undefined) {
		const first = lines[0]?.t ?? '—';
		const last = lines.at(-1)?.t ?? '—';
		const said = {count: lines.length, first, last};
		await print(`${fill(changeWords['audit-good'][language], said)}\n`);
	}

	if (!isJson) throwIfDamaged(check);
	return damage === undefined ? exitStatuses.done : exitStatuses.failed;
}

/** The commands around operations. */
export type JobCommand = 'jobs' | 'attach' | 'cancel' | 'recover' | 'audit';

/** Carries out a command around operations; resolves with the exit status. */
export async function runJobCommand(
	facts: ChangeFacts,
	command: JobCommand,
	[word]: readonly string[],
): Promise<number> {
	try {
		switch (command) {
			case 'jobs':
				return await jobs(facts);
			case 'attach':
				await folderOf(facts, word ?? '');
				return await follow(facts, word ?? '');
			case 'cancel':
				return await cancel(facts, word ?? '');
			case 'recover':
				return await recover(facts);
			case 'audit':
				return await audit(facts, word);
		}
	} catch (error) {
		if (!(error instanceof ProblemError)) throw error;
		const {code} = error.problem;
		const isWrong = code === 'audit-damaged';
		return tellRefusal(facts, error.problem, isWrong ? exitStatuses.failed : exitStatuses.refused);
	}
}
