import type {ProblemCode} from '../words/index.ts';
import type {Outcome} from './plan.ts';
import type {Problem} from './problem.ts';

/** Exit statuses of the commands that change something; the same for all of them (SAFETY 3.0.7). */
export const exitStatuses = {
	/** Done and verified. */
	done: 0,
	/** Failed; rolled back or nothing changed. */
	failed: 1,
	usage: 64,
	/** Refused before anything was changed. */
	refused: 3,
	/** Failed, and a person must act. */
	manual: 4,
	warnings: 5,
	backupMissing: 10,
	verificationFailed: 11,
	/** Somebody else holds the lock. */
	busy: 75,
	cancelled: 130,
} as const;

/** From the best to the worst: what a person must look at first comes last. */
const fromBestToWorst: readonly number[] = [
	exitStatuses.done,
	exitStatuses.warnings,
	exitStatuses.busy,
	exitStatuses.refused,
	exitStatuses.backupMissing,
	exitStatuses.cancelled,
	exitStatuses.failed,
	exitStatuses.verificationFailed,
	exitStatuses.manual,
];

/** The exit status of several runs: that of the worst; 0 where there is none. An unknown one counts as failed. */
export function worstExitStatus(statuses: readonly number[]): number {
	const rank = (status: number) => {
		const at = fromBestToWorst.indexOf(status);
		return at === -1 ? fromBestToWorst.indexOf(exitStatuses.failed) : at;
	};
	return statuses.toSorted((a, b) => rank(a) - rank(b)).at(-1) ?? exitStatuses.done;
}

/** Problems with an exit status of their own, whatever the outcome; an area adds its codes here. */
const byProblem: Readonly<Partial<Record<ProblemCode, number>>> = {
	'road-busy': exitStatuses.busy,
	'backup-not-found': exitStatuses.backupMissing,
	'restore-no-latest': exitStatuses.backupMissing,
	'verify-failed': exitStatuses.verificationFailed,
};

const byOutcome: Readonly<Record<Outcome, number>> = {
	done: exitStatuses.done,
	warnings: exitStatuses.warnings,
	undone: exitStatuses.failed,
	failed: exitStatuses.failed,
	cancelled: exitStatuses.cancelled,
	manual: exitStatuses.manual,
	refused: exitStatuses.refused,
};

/** The exit status of a run that ended so. A run that needs a person says so, whatever else went wrong. */
export function exitStatusOfRun(outcome: Outcome, problem?: Problem): number {
	if (outcome === 'manual' || problem === undefined) return byOutcome[outcome];
	return byProblem[problem.code] ?? byOutcome[outcome];
}
