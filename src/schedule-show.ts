import {clean} from './domain/clean.ts';
import {missedRun, nextRun} from './domain/cron.ts';
import {formatDateTime} from './domain/format.ts';
import {
	installedAs,
	installedIds,
	jobsOf,
	linesWithoutUser,
	operationOfRun,
	type ScheduledJob,
} from './domain/schedule.ts';
import type {Outcome} from './domain/plan.ts';
import type {Language, Settings} from './domain/settings.ts';
import type {Io} from './io/io.ts';
import {installedPlaces, type SchedulePlace} from './operations/schedule/place.ts';
import type {PlaceRequest} from './operations/schedule/request.ts';
import {print, printJson} from './print.ts';
import {readAudit} from './work/audit.ts';
import type {StateFolders} from './work/state-folders.ts';
import {scheduleWords} from './words/schedule-words.ts';
import {fill} from './words/words.ts';

/** One job of the configuration: how it is installed, and how its runs went. */
export type ScheduleRow = {
	readonly id: string;
	readonly cron: string;
	readonly run: ScheduledJob['run'];
	readonly provenance: string;
	readonly installed: 'same' | 'other' | 'none';
	/** From the audit; absent: it never ran, or a run leaves no record. */
	readonly lastRun?: {readonly atMs: number; readonly outcome: Outcome | 'unknown'};
	readonly nextRunAtMs?: number;
	readonly isMissed: boolean;
};

/** Everything that `schedule show` tells. */
export type ScheduleNow = {
	readonly places: readonly Pick<SchedulePlace, 'form' | 'folder'>[];
	readonly jobs: readonly ScheduleRow[];
	/** Installed jobs that the configuration does not have. */
	readonly strays: readonly string[];
	/** Lines in /etc/cron.d that cron cannot run for lack of a user. */
	readonly faults: readonly {readonly file: string; readonly line: number; readonly word: string}[];
};

/** What the schedule commands need. */
export type ScheduleFacts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly state: Pick<StateFolders, 'audit'>;
};

type LastRun = NonNullable<ScheduleRow['lastRun']>;

/** The newest end of every operation. */
async function lastRuns(folder: string): Promise<ReadonlyMap<string, LastRun>> {
	const {lines} = await readAudit(folder);
	const runs = new Map<string, LastRun>();
	for (const {kind, operation, t, outcome = 'unknown'} of lines) {
		if (kind === 'end') runs.set(operation, {atMs: Date.parse(t), outcome});
	}

	return runs;
}

async function cronFaults({files}: Io, folder: string): Promise<ScheduleNow['faults']> {
	try {
		const users = (await files.readText('/etc/passwd')).split('\n');
		const known = new Set(users.map(line => line.split(':', 1)[0] ?? ''));
		// cron itself leaves out every other name.
		const entries = await files.names(folder, 1000);
		const names = entries.filter(({name, kind}) => kind === 'file' && /^[\w-]+$/.test(name));
		const found = await Promise.all(
			names.map(async ({name}) => {
				const text = await files.readText(`${folder}/${name}`, 100_000);
				return linesWithoutUser(text, known).map(({line, word}) => ({
					file: `${folder}/${name}`,
					line,
					word: clean(word, 60),
				}));
			}),
		);
		return found.flat();
	} catch {
		return [];
	}
}

/** Since when an installation is there, in ms: before that no run can have been missed. */
async function installedSince({files}: Io, place: SchedulePlace): Promise<number> {
	const times = await Promise.all(
		place.files.map(({name}) =>
			files.lstat(`${place.folder}/${name}`).then(
				({modifiedAtMs}) => modifiedAtMs,
				() => 0,
			),
		),
	);
	return times.reduce((a, b) => Math.max(a, b), 0);
}

/** Looks how the schedule of the configuration is installed and how its runs went. */
export async function scheduleNow(
	{io, settings, state}: ScheduleFacts,
	request: PlaceRequest = {},
): Promise<ScheduleNow> {
	const places = await installedPlaces(io, request);
	const [place] = places;
	const runs = await lastRuns(state.audit);
	const sinceMs = place === undefined ? 0 : await installedSince(io, place);
	const nowMs = io.clock.now();
	const jobs = jobsOf(settings).map((job): ScheduleRow => {
		const {id, cron, run, provenance} = job;
		const installed = place === undefined ? 'none' : installedAs(job, place.form, place.files);
		const operation = operationOfRun[run];
		const lastRun = operation === undefined ? undefined : runs.get(operation);
		const newestMs = Math.max(sinceMs, lastRun?.atMs ?? 0);
		const next = nextRun(cron, nowMs);
		return {
			id,
			cron,
			run,
			provenance,
			installed,
			...(lastRun && {lastRun}),
			...(installed !== 'none' && next !== undefined && {nextRunAtMs: next}),
			isMissed: installed !== 'none' && operation !== undefined && missedRun(cron, newestMs, nowMs),
		};
	});
	const known = new Set(jobs.map(({id}) => id));
	return {
		places: places.map(({form, folder}) => ({form, folder})),
		jobs,
		strays: places
			.flatMap(({form, files}) => installedIds(form, files))
			.filter(id => !known.has(id)),
		faults: await cronFaults(io, request.form === 'cron' ? (request.folder ?? crond) : crond),
	};
}

const crond = '/etc/cron.d';

/** When a job ran last, in words. */
export function sayLast({run, lastRun}: ScheduleRow, language: Language): string {
	if (lastRun) return `${formatDateTime(lastRun.atMs)} ${lastRun.outcome}`;
	return scheduleWords[operationOfRun[run] === undefined ? 'unknown' : 'never'][language];
}

/** `schedule show`: what is installed, what would be, last and next runs, and what was missed. */
export async function showSchedule(
	facts: ScheduleFacts,
	request: PlaceRequest,
	isJson: boolean,
): Promise<number> {
	const now = await scheduleNow(facts, request);
	if (isJson) {
		const iso = (ms: number) => new Date(ms).toISOString();
		await printJson({
			version: '1.0',
			...now,
			jobs: now.jobs.map(({lastRun, nextRunAtMs, ...job}) => ({
				...job,
				...(lastRun && {lastRun: {at: iso(lastRun.atMs), outcome: lastRun.outcome}}),
				...(nextRunAtMs !== undefined && {nextRunAt: iso(nextRunAtMs)}),
			})),
		});
		return 0;
	}

	const {language} = facts.settings;
	const say = (
		code: keyof typeof scheduleWords,
		params: Readonly<Record<string, string | number>> = {},
	) => fill(scheduleWords[code][language], params);
	const lines = [
		...(now.places.length === 0 ? [say('place-none')] : now.places.map(at => say('place', at))),
		...(now.jobs.length === 0 ? [say('none')] : []),
		...now.jobs.map(job =>
			say('job', {
				id: job.id,
				cron: job.cron,
				run: job.run,
				state: say(job.installed === 'none' ? 'job-none' : job.installed),
				last: sayLast(job, language),
				next: formatDateTime(job.nextRunAtMs),
				missed: job.isMissed ? say('missed') : '',
			}),
		),
		...now.strays.map(id => say('stray', {id: clean(id, 60)})),
		...now.faults.map(fault => say('no-user', fault)),
	];
	await print(`${lines.join('\n')}\n`);
	return 0;
}
