import {cleanLine} from '../../domain/clean.ts';
import {maskText} from '../../domain/mask.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {ProgramEnd} from '../postgres/programs.ts';
import type {Queue} from './queue.ts';

/** The line that tells the cause: the first error, without the program's own name. */
export function causeOf({stderr, stdout, exitCode}: ProgramEnd): string {
	const lines = `${stderr}\n${stdout}`.split('\n').filter(line => line.trim() !== '');
	const said = lines.find(line => /error|fatal|could not/i.test(line)) ?? lines.at(-1);
	const line = (said ?? `exit status ${exitCode}`).replace(/^\w+: (?:error: )?/, '');
	return maskText(cleanLine(line, 300));
}

/** What made a program fail, as a problem; undefined where it did not. */
export function programFailure(
	program: string,
	end: ProgramEnd,
	place: {readonly folder: string; readonly blocker?: Queue['blocker']},
): ProblemError | undefined {
	const {exitCode, stderr, wasOutOfMemory} = end;
	if (exitCode === 0 && !wasOutOfMemory) return undefined;
	const {folder, blocker} = place;
	if (wasOutOfMemory) {
		return new ProblemError({code: 'dump-out-of-memory', params: {program}, retry: 'soon'});
	}

	if (/no space left|disk quota exceeded/i.test(stderr)) {
		return new ProblemError({code: 'dump-disk-full', params: {folder}, retry: 'soon'});
	}

	if (blocker && /lock timeout|canceling statement due to lock/i.test(stderr)) {
		return new ProblemError({code: 'dump-locked', params: {...blocker}, retry: 'soon'});
	}

	const params = {program, cause: causeOf(end)};
	return new ProblemError({code: 'dump-failed', params, retry: 'soon'});
}
