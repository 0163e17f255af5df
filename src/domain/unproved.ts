import type {Job} from './job.ts';
import type {Outcome} from './plan.ts';
import type {ProblemCode} from '../words/index.ts';
import type {Problem} from './problem.ts';

/** What the proof of a carried-out change says where its service runs and is only not well yet. */
const notYet: ReadonlySet<ProblemCode> = new Set([
	'service-unhealthy',
	'service-never-healthy',
	'service-never-answered',
]);

/**
 * Whether a run changed what it was to change and only its proof did not pass: a service may be well seconds later, so
 * that it has to be looked at again.
 */
export function isUnproved({
	outcome,
	problem,
}: {
	readonly outcome?: Outcome | undefined;
	readonly problem?: Problem | undefined;
}): boolean {
	return (
		(outcome === 'failed' || outcome === 'manual') &&
		problem !== undefined &&
		notYet.has(problem.code)
	);
}

/** How an ended run counts for the walk that began it. */
export function endOfRun(run: Pick<Job, 'outcome' | 'problem'>): 'done' | 'unproved' | 'failed' {
	if (run.outcome === 'done' || run.outcome === 'warnings') return 'done';
	return isUnproved(run) ? 'unproved' : 'failed';
}
