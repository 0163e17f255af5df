import type {ProblemCode} from '../words/index.ts';

/** What failed and with which figures; the words (cause and next step) are in `src/words`, by code and language. */
export type Problem = {
	readonly code: ProblemCode;
	/** Values for the `{name}` places of the text; already cleaned, never a secret. */
	readonly params: Readonly<Record<string, string | number>>;
	/** `soon`: back off from 1 s to 5 s. `rarely`: once a minute, where trying again does harm (wrong password). */
	readonly retry: 'soon' | 'rarely';
};

/** An operating error on its way from `io` to the engine, which turns it into a failed or stale reading. */
export class ProblemError extends Error {
	readonly problem: Problem;

	constructor(problem: Problem, options?: ErrorOptions) {
		super(problem.code, options);
		this.name = 'ProblemError';
		this.problem = problem;
	}
}
