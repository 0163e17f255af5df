import {clean} from './domain/clean.ts';
import type {Problem} from './domain/problem.ts';
import type {Settings} from './domain/settings.ts';
import type {Act} from './io/act.ts';
import {createAct} from './io/create-act.ts';
import type {Io} from './io/io.ts';
import {printProblem} from './show-jobs.ts';
import {tell} from './work/notify.ts';
import {scheduleWords} from './words/schedule-words.ts';
import {sayProblem} from './words/say-problem.ts';
import {fill} from './words/words.ts';

/** Where something happened, for the subject of a notice: `[prod web-1] …`. */
export function subjectHere({io, settings}: {io: Io; settings: Settings}, text: string): string {
	const {kind, name} = settings.environment;
	const where = `${name === '' ? kind : name} ${clean(io.host.hostname(), 64)}`;
	return `[${where}] ${text}`;
}

/**
 * Tells people that a scheduled command was refused before anything began, since nobody looks at what it printed. Does
 * nothing for a command that a person started (`scheduled` absent). What cannot be told is printed; never rejects.
 */
export async function tellRefused(
	facts: {
		readonly io: Io;
		readonly settings: Settings;
		/** The words of the command, where a schedule started it. */
		readonly scheduled?: string;
	},
	problems: readonly Problem[],
	act: Pick<Act, 'post' | 'program'> = createAct(),
): Promise<void> {
	const {settings, scheduled} = facts;
	if (scheduled === undefined || problems.length === 0) return;
	const {language} = settings;
	const run = clean(scheduled, 200);
	const subject = subjectHere(facts, fill(scheduleWords['notice-refused'][language], {run}));
	const lines = problems.flatMap(problem => {
		const {summary, hint} = sayProblem(language, problem);
		return [summary, hint];
	});
	const sent = await tell(settings, {event: 'failed', subject, lines}, act);
	for (const {problem} of sent) if (problem) printProblem(problem, language);
}
