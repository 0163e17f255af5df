import {jobsOf} from '../../domain/schedule.ts';
import {scheduleTargetOf} from '../../domain/schedule-runs.ts';
import {scheduleRuns} from '../../sources/schedule-runs.ts';
import {most, secondsSince} from '../figures.ts';
import type {LookReader} from '../reader.ts';

/** Whether the scheduled jobs of the configuration are installed, and whether they ran. */
export const readSchedules: LookReader<'schedules.state'> = async ({io, settings, signal}) => {
	const wanted = jobsOf(settings);
	const target = scheduleTargetOf(settings);
	if (target === undefined) {
		// Jobs that only look leave no trace: whether they are installed is not known then.
		const isNone = wanted.length === 0;
		return {
			values: {
				wanted: wanted.length,
				installed: isNone ? 0 : undefined,
				'not-installed': isNone ? 0 : undefined,
				'first-not-installed': undefined,
				missed: isNone ? 0 : undefined,
				'first-missed': undefined,
				'last-run-age': undefined,
			},
		};
	}

	const {jobs} = await scheduleRuns.open(io, target).read(signal);
	const installed = new Set(jobs.map(({id}) => id));
	const missing = target.jobs.filter(({id}) => !installed.has(id));
	const missed = jobs.filter(({isMissed}) => isMissed);
	const last = most(jobs, ({lastRunAtMs}) => lastRunAtMs);
	return {
		values: {
			wanted: target.jobs.length,
			installed: jobs.length,
			'not-installed': missing.length,
			'first-not-installed': missing[0]?.id,
			missed: missed.length,
			'first-missed': missed[0]?.id,
			'last-run-age': secondsSince(last?.lastRunAtMs, io.clock.now()),
		},
		lines: [
			...missed.map(({id, cron}) => `missed: ${id} (${cron})`),
			...missing.map(({id, cron}) => `not installed: ${id} (${cron})`),
		].slice(0, 20),
	};
};
