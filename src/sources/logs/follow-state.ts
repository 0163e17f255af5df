import {ProblemError, type Problem} from '../../domain/problem.ts';
import {clean} from '../../domain/clean.ts';

/** Whether one log is followed now, and if not, why. */
export type FollowState = {readonly isFollowing: boolean; readonly cause?: Problem};

/** The problem behind anything that was thrown. */
export function problemOf(error: unknown, what: string): Problem {
	if (error instanceof ProblemError) return error.problem;
	const cause = error instanceof Error ? error.message : String(error);
	return {code: 'unexpected', params: {what, cause: clean(cause, 200)}, retry: 'soon'};
}
