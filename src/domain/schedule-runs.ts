import {missedRun} from './cron.ts';
import {
	installedAs,
	jobsOf,
	operationOfRun,
	type ScheduledJob,
	type ScheduleFile,
} from './schedule.ts';
import type {Settings} from './settings.ts';
import {isObject, textOf} from './unknown.ts';

/** The jobs of the configuration whose runs are watched, and where it is written that they ran. */
export type ScheduleTarget = {
	readonly id: string;
	readonly jobs: readonly ScheduledJob[];
	/** Folder of the audit. */
	readonly auditFolder: string;
};

/** What is watched of these settings; undefined where no job leaves a trace, or it is not known where. */
export function scheduleTargetOf(
	settings: Pick<Settings, 'schedules' | 'backups' | 'audit'>,
): ScheduleTarget | undefined {
	const jobs = jobsOf(settings).filter(({run}) => operationOfRun[run] !== undefined);
	const {folder} = settings.audit ?? {};
	if (jobs.length === 0 || folder === undefined) return undefined;
	return {id: 'schedule', jobs, auditFolder: folder};
}

/** Whether the runs of the installed jobs took place; a job that is not installed here is left out. */
export type ScheduleRunsValue = {
	readonly jobs: readonly {
		readonly id: string;
		readonly run: ScheduledJob['run'];
		readonly cron: string;
		/** When its operation ended last, in ms; absent: never, as far as the audit goes back. */
		readonly lastRunAtMs?: number;
		readonly isMissed: boolean;
	}[];
};

/** One installation: its form, its files, and since when they are there, in ms. */
export type Installed = {
	readonly form: 'systemd' | 'cron';
	readonly files: readonly ScheduleFile[];
	readonly sinceMs: number;
};

function parsed(raw: string): unknown {
	try {
		return JSON.parse(raw);
	} catch {
		return undefined;
	}
}

/** The newest end of each operation in the lines of an audit file; a line that is cut or no entry is left out. */
export function lastEnds(text: string): ReadonlyMap<string, number> {
	const ends = new Map<string, number>();
	for (const raw of text.split('\n')) {
		const line = parsed(raw);
		if (!isObject(line) || line['kind'] !== 'end') continue;
		const atMs = Date.parse(textOf(line['t']));
		if (!Number.isNaN(atMs)) ends.set(textOf(line['operation']), atMs);
	}

	return ends;
}

/** Judges the runs of the jobs. A run before the installation cannot have been missed. */
export function scheduleRunsOf(
	jobs: readonly ScheduledJob[],
	facts: {
		readonly places: readonly Installed[];
		readonly ends: ReadonlyMap<string, number>;
		readonly nowMs: number;
	},
): ScheduleRunsValue {
	const {places, ends, nowMs} = facts;
	return {
		jobs: jobs.flatMap(job => {
			const {id, run, cron} = job;
			const operation = operationOfRun[run];
			const place = places.find(({form, files}) => installedAs(job, form, files) !== 'none');
			if (operation === undefined || place === undefined) return [];
			const lastRunAtMs = ends.get(operation);
			const newestMs = Math.max(place.sinceMs, lastRunAtMs ?? 0);
			return [
				{
					id,
					run,
					cron,
					...(lastRunAtMs !== undefined && {lastRunAtMs}),
					isMissed: missedRun(cron, newestMs, nowMs),
				},
			];
		}),
	};
}
