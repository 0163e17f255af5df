import type {Job} from '../domain/job.ts';
import {jobOf, openJobs, runningJobs, selectedJob} from './jobs.ts';
import {withDialog} from './open-dialog.ts';
import {currentScreen} from './select.ts';
import type {State} from './state.ts';

/** The operation on the screen that can be cancelled or recovered now; undefined where it cannot be. */
export function jobFor(state: State, what: 'cancel' | 'recover'): Job | undefined {
	if (state.settings.isReadOnly) return undefined;
	const screen = currentScreen(state);
	const job = screen.kind === 'job' ? jobOf(state, screen.id) : selectedJob(state);
	const wanted = what === 'cancel' ? runningJobs(state) : openJobs(state);
	if (job === undefined || !wanted.includes(job)) return undefined;
	const isPossible = what === 'cancel' ? !job.isCancelRequested : job.state === 'unfinished';
	return isPossible ? job : undefined;
}

/** Asks before an operation is cancelled or recovered; nothing where it cannot be. */
export function askJob(state: State, what: 'cancel' | 'recover'): State {
	const job = jobFor(state, what);
	return job ? withDialog(state, {kind: 'ask', what, id: job.id, focus: 'no'}) : state;
}
