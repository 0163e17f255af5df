import type {Job} from '../domain/job.ts';
import type {Found} from './dialog.ts';
import {remember} from './remember.ts';
import type {State} from './state.ts';
import type {Thing} from './things.ts';

/** Whether a job is not over. */
export function isOpen(job: Job): boolean {
	return job.state !== 'ended';
}

/** All operations: those that are not over first, then the newest. */
export const jobRows: (state: State) => readonly Job[] = remember(
	state => [state.jobs],
	state =>
		(state.jobs ?? []).toSorted(
			(a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.sinceMs - a.sinceMs,
		),
);

/** The operations that are not over. */
export const openJobs: (state: State) => readonly Job[] = remember(
	state => [state.jobs],
	state => jobRows(state).filter(isOpen),
);

/** What the dialog of the start lists: what was found then, however it stands now, and what is not over. */
export function foundJobs(state: State, {ids}: Found): readonly Job[] {
	return jobRows(state).filter(job => isOpen(job) || ids.includes(job.id));
}

/** The operations that a worker carries out now. */
export function runningJobs(state: State): readonly Job[] {
	return openJobs(state).filter(({state: now}) => now === 'running' || now === 'starting');
}

/** One operation by its id. */
export function jobOf(state: State, id: string): Job | undefined {
	return state.jobs?.find(job => job.id === id);
}

/** The selected operation of the list. */
export function selectedJob(state: State): Job | undefined {
	const rows = jobRows(state);
	return rows.find(({id}) => id === state.ui.selectedJob) ?? rows[0];
}

/** The operations that run and may be about a thing, as far as their target's name tells. */
export function jobsOn(state: State, thing: Thing): readonly Job[] {
	const names = namesOf(state, thing);
	return runningJobs(state).filter(({target}) =>
		names.includes(target.slice(target.indexOf('/') + 1)),
	);
}

/** What a job's target may call a thing. */
function namesOf({data}: State, thing: Thing): readonly string[] {
	switch (thing.kind) {
		case 'container':
			return [thing.name, ...(thing.service === undefined ? [] : [thing.service])];
		case 'postgres': {
			const target = data.targets.postgres.find(({id}) => id === thing.id);
			return [thing.id, ...(target ? [target.database] : [])];
		}

		case 'redis':
			return [thing.id];
		case 'stack':
			return [thing.project];
		case 'backups':
		case 'host':
			return [];
	}
}

/** How far a job is, in percent: the steps that are done, and the known share of the running one. */
export function jobPercent(job: Job): number | undefined {
	const {progress, stepCount, steps} = job;
	if (stepCount === 0) return undefined;
	const done = steps.filter(({state}) => state === 'done').length;
	const share =
		progress?.total === undefined || progress.total === 0 ? 0 : progress.done / progress.total;
	return Math.min(100, ((done + Math.min(1, share)) / stepCount) * 100);
}
