import {backupListOf} from './domain/backup-list.ts';
import {clean} from './domain/clean.ts';
import {exitStatuses} from './domain/exit-status.ts';
import {htmlOf, markdownOf} from './incidents/document.ts';
import {sayIncident} from './incidents/say.ts';
import {readOwnCatalogue} from './own-catalogue.ts';
import {print, printJson} from './print.ts';
import {openState} from './own-state.ts';
import {tellRecordProblem, type RecordSurroundings} from './record-problem.ts';
import type {RecordInvocation} from './record-words.ts';
import type {PeriodFacts} from './report/period/facts.ts';
import {periodReport} from './report/period/index.ts';
import {readAudit} from './work/audit.ts';
import {checksBetween} from './work/checks.ts';
import {readFigures} from './work/figures.ts';
import {listIncidents} from './work/incidents.ts';
import {listJobs} from './work/jobs.ts';
import type {StateFolders} from './work/state-folders.ts';
import {writeReport} from './write-report.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** How many of the newest runs are looked at. */
const jobCount = 1000;

/** Everything that was recorded in the period; records that cannot be read give nothing. */
async function factsOf(
	{io, settings}: RecordSurroundings,
	state: StateFolders,
	days: number,
): Promise<PeriodFacts> {
	const untilMs = io.clock.now();
	const fromMs = untilMs - days * dayMs;
	const span = {fromMs, untilMs};
	const isIn = (atMs: number) => atMs >= fromMs && atMs <= untilMs;
	const [figures, jobs, incidents, audit, checks, catalogue] = await Promise.all([
		readFigures(state, span),
		listJobs(state.runs, jobCount),
		listIncidents(state),
		readAudit(state.audit),
		checksBetween(state.root, span),
		readOwnCatalogue(io, state.backups).catch(() => undefined),
	]);
	const {language, objectives, environment} = settings;
	const backups = catalogue === undefined ? [] : backupListOf(catalogue, untilMs).backups;
	const name = environment.name === '' ? environment.kind : environment.name;
	return {
		...span,
		language,
		where: `${name} / ${clean(io.host.hostname(), 64)}`,
		figures,
		jobs: jobs.filter(({sinceMs}) => isIn(sinceMs)).toSorted((a, b) => a.sinceMs - b.sinceMs),
		incidents: incidents
			.filter(({incident}) => isIn(incident.opened.atMs))
			.toSorted((a, b) => a.incident.opened.atMs - b.incident.opened.atMs),
		backups: backups.filter(({startedAt}) => isIn(Date.parse(startedAt))),
		audit: audit.lines.filter(({t}) => isIn(Date.parse(t))),
		isAuditWhole: audit.damage === undefined,
		checks,
		...(objectives && {objectives}),
	};
}

/** Carries out `opsconsole report …`; resolves with the exit status: 3 where it could not. */
export async function runReport(
	{report, days}: Extract<RecordInvocation, {readonly kind: 'report'}>,
	surroundings: RecordSurroundings,
): Promise<number> {
	const {io, settings, flags} = surroundings;
	try {
		const state = await openState(io, settings);
		const {document, data} = periodReport(report, await factsOf(surroundings, state, days));
		const {output} = flags;
		const json = `${JSON.stringify(data, undefined, '\t')}\n`;
		const isHtml = flags['html'] === true;
		const text = isHtml ? htmlOf(document) : flags['json'] === true ? json : markdownOf(document);
		if (typeof output !== 'string' || output === '') {
			await print(text);
			return exitStatuses.done;
		}

		const path = await writeReport(output, text, flags['force'] === true);
		if (flags['json'] === true) await printJson({version: '1.0', path});
		else await print(`${sayIncident(settings.language, 'cli.file', {path: clean(path)})}\n`);
		return exitStatuses.done;
	} catch (error) {
		return tellRecordProblem(error, surroundings);
	}
}
