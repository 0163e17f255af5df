import process from 'node:process';
import {formatBytes, formatCount, formatDateTime, formatLatency} from './domain/format.ts';
import {type Job, wayBackOf} from './domain/job.ts';
import type {Problem} from './domain/problem.ts';
import type {Language} from './domain/settings.ts';
import {printJson} from './print.ts';
import {changeWords} from './words/change-words.ts';
import {jobWords} from './words/job-words.ts';
import {sayPhrase} from './words/phrases/phrase.ts';
import {sayProblem} from './words/say-problem.ts';
import {fill} from './words/words.ts';
import {nameOfOperator} from './work/who.ts';

/** In which language and form something is printed. */
export type Shown = {readonly language: Language; readonly isJson: boolean};

/** Cause and next step on standard error. */
export function printProblem(problem: Problem, language: Language): void {
	const {summary, hint} = sayProblem(language, problem);
	process.stderr.write(`opsconsole: ${summary}\n  ${hint}\n`);
}

/** Why a command gave nothing, as text or as the one JSON object; gives the exit status back. */
export async function tellProblem(
	problem: Problem,
	exitStatus: number,
	{language, isJson}: Shown,
): Promise<number> {
	if (isJson) {
		const said = {code: problem.code, ...sayProblem(language, problem)};
		await printJson({version: '1.0', exitStatus, problem: said});
	} else {
		printProblem(problem, language);
	}

	return exitStatus;
}

/** Bytes, speed and what is left of the running step; empty where there is no progress. */
export function paceText(
	{progress, perSecond, remainingMs}: Pick<Job, 'progress' | 'perSecond' | 'remainingMs'>,
	language: Language,
): string {
	if (progress === undefined) return '';
	const {done, total, unit} = progress;
	const isBytes = unit === 'bytes';
	const figure = (value: number) => (isBytes ? formatBytes(value) : formatCount(value));
	return fill(changeWords.pace[language], {
		done: figure(done),
		total: total === undefined ? '' : ` / ${figure(total)}`,
		unit: unit === 'bytes' ? '' : ` ${jobWords[`job.unit.${unit}`][language]}`,
		rate:
			perSecond === undefined ? '' : fill(changeWords.rate[language], {rate: figure(perSecond)}),
		left:
			remainingMs === undefined
				? ''
				: fill(changeWords.left[language], {time: formatLatency(remainingMs, language)}),
	});
}

/** Prints on standard error what is new of a job: each step as it begins, its log, and its pace on a terminal. */
export function showJob({language, isJson}: Shown): (job: Job) => void {
	const said = new Set<string>();
	const say = (key: string, text: string): void => {
		if (said.has(key) || isJson) return;
		said.add(key);
		process.stderr.write(`${text}\n`);
	};
	return job => {
		for (const [index, {id, title, state}] of job.steps.entries()) {
			if (state === 'waiting') continue;
			const words = sayPhrase(language, title);
			const facts = {step: index + 1, count: job.stepCount, title: words};
			say(`step ${id}`, fill(changeWords.step[language], facts));
			const isBack = state === 'undoing' || state === 'undone';
			if (isBack) say(`undo ${id}`, fill(changeWords.undoing[language], {title: words}));
		}

		for (const {atMs, kind, phrase} of job.notes) {
			const mark = kind === 'warn' ? '!' : ' ';
			say(`note ${atMs} ${phrase.code}`, `  ${mark} ${sayPhrase(language, phrase)}`);
		}

		const pace = paceText(job, language);
		if (pace !== '') say(`pace ${pace}`, `    ${pace}`);
	};
}

/** After a change that is done: how to get back, and that a wish to cancel came too late. */
export function wayBackTexts(job: Job, language: Language): readonly string[] {
	const wayBack = wayBackOf(job);
	if (wayBack === undefined) return [];
	const how = sayPhrase(language, wayBack);
	return [
		...(job.isCancelRequested ? [changeWords['cancel-late'][language]] : []),
		fill(changeWords['way-back'][language], {how}),
	];
}

/** One line about a job for `opsconsole jobs`. */
export function jobLine(job: Job, language: Language): string {
	const {id, state, outcome = 'refused', target, title, operator, sinceMs} = job;
	const words = fill(changeWords[state === 'ended' ? outcome : state][language], {id});
	const step =
		state === 'running' ? ` ${job.step}/${job.stepCount} ${paceText(job, language)}` : '';
	return [
		id,
		formatDateTime(sinceMs),
		nameOfOperator(operator),
		sayPhrase(language, title),
		target,
		`${words}${step}`.trimEnd(),
	].join('  ');
}
