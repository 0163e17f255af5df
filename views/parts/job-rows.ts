import type {Look} from '../../hooks/use-look.ts';
import {formatDateTime, formatDuration} from '../../src/domain/format.ts';
import {type Job, wayBackOf} from '../../src/domain/job.ts';
import {isOpen, jobPercent} from '../../src/store/jobs.ts';
import {sayPhrase} from '../../src/words/phrases/phrase.ts';
import {
	jobSign,
	jobState,
	jobStyle,
	operatorText,
	progressBar,
	progressGroups,
} from './job-words.ts';
import {problemLines, wrapped} from './reading-lines.ts';
import {cell, fitting, joined, type Line, lineWidth, selectedLine, span} from './spans.ts';

/** Width from which on the longest outcome is not cut. */
const middleColumns = 80;

/** Width from which on a row tells who did it. */
const wideColumns = 100;

/** One operation in one row: when, how it stands, what, to what; step and share while it runs. */
export function jobRow(
	look: Look,
	job: Job,
	facts: {readonly nowMs: number; readonly width: number; readonly isSelected: boolean},
): Line {
	const {width, isSelected} = facts;
	const style = jobStyle(job);
	const percent = jobPercent(job);
	const share = percent === undefined || !isOpen(job) ? '' : ` ${Math.floor(percent)}%`;
	const step = isOpen(job) && job.stepCount > 0 ? `${job.step}/${job.stepCount}${share}` : '';
	const stateWidth = width < middleColumns ? 14 : 23;
	const right: Line = [
		...(width >= wideColumns ? [span(` ${operatorText(job)}`, {dim: true})] : []),
		span(step === '' ? '' : ` ${step}`, style),
	];
	const left: Line = [
		span(isSelected ? ` ${look.glyphs.select} ` : '   '),
		span(`${formatDateTime(job.sinceMs).slice(5)} `, {dim: true}),
		cell(`${jobSign(job)} ${jobState(look, job)}`, stateWidth, style),
		span(' '),
	];
	const room = Math.max(4, width - lineWidth(left) - lineWidth(right));
	const title = `${sayPhrase(look.language, job.title)} ${job.target}`;
	const line = [...left, cell(title, room), ...right];
	return isSelected ? selectedLine(line) : line;
}

/** What is worth knowing of one operation in few rows: the bar while it runs, then how it ended and what to do. */
export function jobSummary(
	look: Look,
	job: Job,
	facts: {readonly nowMs: number; readonly width: number; readonly height: number},
): readonly Line[] {
	const {nowMs, width, height} = facts;
	const since = look.say('job.since', {
		time: formatDateTime(job.sinceMs),
		age: formatDuration(Math.max(0, (job.endedAtMs ?? nowMs) - job.sinceMs) / 1000, look.language),
	});
	const step = look.say('job.step', {step: job.step, count: job.stepCount});
	const stepTitle = job.steps[job.step - 1]?.title;
	const who: Line = fitting(
		[
			[span(` ${jobSign(job)} ${jobState(look, job)}`, jobStyle(job))],
			job.stepCount === 0 ? [] : [span(step)],
			[span(since, {dim: true})],
			[span(look.say('job.by', {who: operatorText(job)}), {dim: true})],
			[span(look.say('job.target', {target: job.target}), {dim: true})],
		],
		width,
	);
	const barWidth = Math.max(10, Math.min(40, Math.floor(width / 3)));
	const bar: readonly Line[] = isOpen(job)
		? [
				fitting(
					[
						[span(' '), ...progressBar(look, job, barWidth)],
						stepTitle ? [span(sayPhrase(look.language, stepTitle))] : [],
						...progressGroups(look, job),
					],
					width,
				),
			]
		: [];
	const problem = job.problem
		? problemLines(look, job.problem, width - 1, Math.max(2, height - 2)).map(line =>
				joined([[span(' ')], line], ''),
			)
		: [];
	const hint: readonly Line[] =
		job.state === 'unfinished'
			? [[span(` ${look.say('job.recover-hint')}`, {color: 'magenta', bold: true})]]
			: [];
	return [who, ...bar, ...hint, ...problem, ...wayBackLines(look, job, width)].slice(0, height);
}

/** After a change that is done: how to get back, and that a wish to cancel came too late. */
function wayBackLines(look: Look, job: Job, width: number): readonly Line[] {
	const wayBack = wayBackOf(job);
	if (wayBack === undefined) return [];
	const how = sayPhrase(look.language, wayBack);
	return [
		...(job.isCancelRequested
			? wrapped(look.say('job.cancel-late'), width - 2, 2).map((row): Line => [
					span(` ${row}`, {color: 'yellow', bold: true}),
				])
			: []),
		...wrapped(look.say('job.way-back', {how}), width - 2, 5).map((row): Line => [span(` ${row}`)]),
	];
}
