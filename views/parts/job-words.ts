import type {Look} from '../../hooks/use-look.ts';
import {
	formatByteRate,
	formatBytesOf,
	formatCount,
	formatDuration,
	formatRate,
} from '../../src/domain/format.ts';
import type {Job, JobStep} from '../../src/domain/job.ts';
import type {Outcome} from '../../src/domain/plan.ts';
import {jobPercent} from '../../src/store/jobs.ts';
import {bar, type Line, span, type Style} from './spans.ts';

const outcomeStyles: Readonly<Record<Outcome, {readonly sign: string; readonly style: Style}>> = {
	done: {sign: '+', style: {color: 'green'}},
	warnings: {sign: '!', style: {color: 'yellow', bold: true}},
	undone: {sign: 'x', style: {color: 'red'}},
	failed: {sign: 'x', style: {color: 'red', bold: true}},
	cancelled: {sign: '-', style: {}},
	manual: {sign: 'x', style: {color: 'red', bold: true}},
	refused: {sign: '-', style: {color: 'yellow'}},
};

/** The sign of a job's state or outcome, readable without colour. */
export function jobSign({state, outcome}: Job): string {
	if (state === 'unfinished') return '?';
	return outcome === undefined ? '>' : outcomeStyles[outcome].sign;
}

/** The style of a job's state or outcome. */
export function jobStyle({state, outcome}: Job): Style {
	if (state === 'unfinished') return {color: 'magenta', bold: true};
	return outcome === undefined ? {color: 'cyan'} : outcomeStyles[outcome].style;
}

/** The state of a job in words; once it is over, how it ended. */
export function jobState(look: Look, job: Job): string {
	if (job.state === 'ended') return look.say(`job.outcome.${job.outcome ?? 'failed'}`);
	if (job.isCancelRequested && job.state === 'running') return look.say('job.cancelling');
	return look.say(`job.state.${job.state}`);
}

const stepSigns: Readonly<Record<JobStep['state'], readonly [string, Style]>> = {
	waiting: [' ', {dim: true}],
	running: ['>', {color: 'cyan', bold: true}],
	done: ['+', {color: 'green'}],
	failed: ['x', {color: 'red', bold: true}],
	undoing: ['<', {color: 'yellow'}],
	undone: ['-', {}],
};

/** Sign and style of a step. */
export function stepSign(state: JobStep['state']): readonly [string, Style] {
	return stepSigns[state];
}

/** Who did it: the login behind sudo, and where from. */
export function operatorText({operator}: Job): string {
	const name = operator.login ?? operator.sudoUser ?? operator.user;
	return operator.ssh === undefined ? name : `${name}@${operator.ssh}`;
}

/** What was done of the running step, in its unit, with rate and estimate; most important first. */
export function progressGroups(look: Look, job: Job): readonly Line[] {
	const {progress, perSecond, remainingMs} = job;
	if (job.state !== 'running' || !progress) return [];
	const {done, total, unit} = progress;
	const amount =
		unit === 'bytes'
			? formatBytesOf(done, total)
			: `${formatCount(done)}${total === undefined ? '' : ` / ${formatCount(total)}`} ${look.say(`job.unit.${unit}`)}`;
	const rate = unit === 'bytes' ? formatByteRate(perSecond) : formatRate(perSecond);
	return [
		[span(amount)],
		...(remainingMs === undefined
			? []
			: [[span(look.say('job.left', {time: formatDuration(remainingMs / 1000, look.language)}))]]),
		...(perSecond === undefined ? [] : [[span(rate, {dim: true})]]),
	];
}

/** The bar of a job with its percentage: `████░░░░ 42%`. */
export function progressBar(look: Look, job: Job, width: number): Line {
	const percent = jobPercent(job);
	if (percent === undefined) return [];
	return [span(bar(look, percent, width), jobStyle(job)), span(` ${Math.floor(percent)}%`)];
}
