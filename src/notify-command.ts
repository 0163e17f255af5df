import {clean} from './domain/clean.ts';
import {exitStatuses} from './domain/exit-status.ts';
import {formatMetric} from './domain/format.ts';
import {metrics} from './domain/metrics.ts';
import type {Notice} from './domain/notice.ts';
import {readOnce} from './headless.ts';
import type {Act} from './io/act.ts';
import {print, printJson} from './print.ts';
import {judgedNow} from './report/judged.ts';
import {raisedAlerts} from './store/select-alerts.ts';
import {sayLast, scheduleNow, type ScheduleFacts} from './schedule-show.ts';
import {printProblem} from './show-jobs.ts';
import {subjectHere} from './tell-refused.ts';
import {tell, type Sent} from './work/notify.ts';
import {metricWords} from './words/metrics.ts';
import {sayProblem} from './words/say-problem.ts';
import {scheduleWords} from './words/schedule-words.ts';
import {fill} from './words/words.ts';

type Facts = ScheduleFacts & {
	readonly act: Pick<Act, 'post' | 'program'>;
	readonly isJson: boolean;
};

/** Backups that are overdue or suspicious, and scheduled runs that were missed, one line each. */
async function overdueLines(facts: Facts): Promise<readonly string[]> {
	const {io, settings} = facts;
	const {language} = settings;
	const [state, {jobs}] = await Promise.all([readOnce(io, settings), scheduleNow(facts)]);
	const alerts = raisedAlerts(judgedNow(state).data).filter(
		({metric, level}) => metric.startsWith('backup.') && (level === 'warn' || level === 'crit'),
	);
	return [
		...alerts.map(({metric, subject, value}) => {
			const said = metricWords[metric]?.[language] ?? metric;
			const figure =
				metrics[metric] === 'state' ? '' : formatMetric(value, metrics[metric], language);
			return `${subject}: ${said} ${figure}`.trim();
		}),
		...jobs
			.filter(({isMissed}) => isMissed)
			.map(job => {
				const {id, run, cron} = job;
				const last = sayLast(job, language);
				return fill(scheduleWords['overdue-run'][language], {id, run, cron, last});
			}),
	];
}

/** Tells how telling went; failed where somebody should have been told and was not. */
async function report(
	{settings: {language}, isJson}: Facts,
	sent: readonly Sent[],
	more: {readonly overdue?: readonly string[]} = {},
): Promise<number> {
	const isFailed = sent.some(({problem}) => problem !== undefined);
	const exitStatus = isFailed ? exitStatuses.failed : exitStatuses.done;
	if (isJson) {
		await printJson({
			...more,
			exitStatus,
			sent: sent.map(({id, problem}) => ({
				id,
				...(problem && {problem: {code: problem.code, ...sayProblem(language, problem)}}),
			})),
		});
		return exitStatus;
	}

	const {overdue = []} = more;
	const none = sent.length === 0 ? [scheduleWords['told-nobody'][language]] : [];
	const told = sent.flatMap(({id, problem}) =>
		problem ? [] : [fill(scheduleWords.told[language], {id})],
	);
	await print(`${[...overdue, ...none, ...told].join('\n')}\n`);
	for (const {problem} of sent) if (problem) printProblem(problem, language);
	return exitStatus;
}

/** `notify test [ID]`: a message by every way, or by one, whatever events it wants. */
export async function notifyTest(facts: Facts, id: string | undefined): Promise<number> {
	const {settings, isJson} = facts;
	const {language, notifications: all = []} = settings;
	const notifications = all.filter(way => id === undefined || way.id === id);
	if (notifications.length === 0) {
		const params = {id: id === undefined ? '' : ` (${clean(id, 60)})`};
		const problem = {code: 'notice-none', params, retry: 'rarely'} as const;
		if (isJson) {
			const said = sayProblem(language, problem);
			await printJson({exitStatus: exitStatuses.refused, problem: {code: problem.code, ...said}});
		} else {
			printProblem(problem, language);
		}

		return exitStatuses.refused;
	}

	const subject = subjectHere(facts, scheduleWords['notice-test'][language]);
	const notice: Notice = {event: 'test', subject, lines: []};
	return report(facts, await tell({notifications}, notice, facts.act));
}

/** `notify overdue`: tells of backups that are overdue and of runs that were missed; nothing where all is well. */
export async function notifyOverdue(facts: Facts): Promise<number> {
	const {settings, act, isJson} = facts;
	const lines = await overdueLines(facts);
	if (lines.length === 0) {
		if (isJson) await printJson({overdue: [], exitStatus: exitStatuses.done, sent: []});
		else await print(`${scheduleWords['overdue-nothing'][settings.language]}\n`);
		return exitStatuses.done;
	}

	const subject = subjectHere(
		facts,
		`${scheduleWords['notice-overdue'][settings.language]}: ${lines.length}`,
	);
	const sent = await tell(settings, {event: 'overdue', subject, lines}, act);
	return report(facts, sent, {overdue: lines});
}
