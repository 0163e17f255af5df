import type {Job} from '../domain/job.ts';
import {exitStatuses} from '../domain/exit-status.ts';
import type {Problem} from '../domain/problem.ts';
import {followJob, listJobs} from './jobs.ts';
import {readPlan} from './run-folder.ts';
import {launchWorker, type Launch} from './start.ts';
import type {StateFolders} from './state-folders.ts';

/** Runs that nobody works on and that have not ended; with `withManual` also those that ended needing a person. */
export async function unfinishedJobs(runs: string, withManual: boolean): Promise<readonly Job[]> {
	const jobs = await listJobs(runs);
	return jobs.filter(
		({state, outcome}) =>
			state === 'unfinished' || (withManual && state === 'ended' && outcome === 'manual'),
	);
}

/** How the recovery of one run went. `busy`: somebody lives that holds its locks, so it is left alone. */
export type Recovered = {
	readonly id: string;
	readonly job?: Job;
	readonly refused?: Problem;
	readonly exitStatus: number;
};

/**
 * Takes up one run again: its worker looks at the world and goes forward or back. Resolves when it is over; a run whose
 * locks are held is refused with status 75, a damaged journal with 4.
 */
export async function recoverJob(
	folder: string,
	facts: {
		readonly state: StateFolders;
		readonly launch: Launch;
		readonly emit?: (job: Job) => void;
		readonly signal: AbortSignal;
	},
): Promise<Recovered> {
	const {state, launch, emit = () => undefined, signal} = facts;
	const {plan} = await readPlan(folder);
	const started = await launchWorker(plan, {folder, mode: 'recover', launch, state});
	if ('refused' in started) {
		return {id: plan.id, refused: started.refused, exitStatus: started.exitStatus};
	}

	const job = await followJob(folder, emit, signal);
	return {id: plan.id, job, exitStatus: recoveredStatus(job)};
}

/** A recovery has done its work where everything is entirely old or entirely new, whatever the run itself wanted. */
function recoveredStatus({outcome}: Job): number {
	return outcome === undefined || outcome === 'manual' ? exitStatuses.manual : exitStatuses.done;
}
