import type {Language} from './language.ts';
import {problems, type ProblemCode} from './index.ts';
import {fill} from './words.ts';

/** Cause and next step of a problem in a language. */
export function sayProblem(
	language: Language,
	problem: {
		readonly code: ProblemCode;
		readonly params: Readonly<Record<string, string | number>>;
	},
): {readonly summary: string; readonly hint: string} {
	const words = problems[problem.code][language];
	return {
		summary: fill(words.summary, problem.params),
		hint: fill(words.hint, problem.params),
	};
}
