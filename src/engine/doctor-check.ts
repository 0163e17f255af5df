import {clean} from '../domain/clean.ts';
import {ProblemError} from '../domain/problem.ts';
import {doctorWords, type DoctorWord} from '../words/doctor-words.ts';
import {problems} from '../words/index.ts';
import {fill, type Words} from '../words/words.ts';

/** One right or reachability that opsconsole needs, and whether it is there. */
export type DoctorCheck = {
	/** Stable, for the JSON: `docker`, `postgres:<target>`, `log:<target>`. */
	readonly id: string;
	readonly title: Words;
	readonly outcome: 'ok' | 'missing' | 'skipped';
	/** What was found, in one line. */
	readonly found: Words;
	/** What to do where no single command does it. */
	readonly hint?: Words;
	/** The exact command that grants what is missing. */
	readonly command?: string;
};

type Values = Readonly<Record<string, string | number>>;

/** A text of the doctor in both languages, with values in its places. */
export function words(word: DoctorWord, values: Values = {}): Words {
	const text: Words = doctorWords[word];
	return {en: fill(text.en, values), zh: fill(text.zh, values)};
}

/** Cause and next step of an error in both languages; an error without words is shown as it is. */
export function problemWords(
	error: unknown,
	what: string,
): {readonly code: string; readonly found: Words; readonly hint: Words} {
	const isTimeout = error instanceof Error && error.name === 'TimeoutError';
	const problem =
		error instanceof ProblemError
			? error.problem
			: isTimeout
				? {code: 'timed-out' as const, params: {what, seconds: checkTimeoutMs / 1000}}
				: {code: 'unexpected' as const, params: {what, cause: causeOf(error)}};
	const {en, zh} = problems[problem.code];
	return {
		code: problem.code,
		found: {en: fill(en.summary, problem.params), zh: fill(zh.summary, problem.params)},
		hint: {en: fill(en.hint, problem.params), zh: fill(zh.hint, problem.params)},
	};
}

/** Longest time for one check, in milliseconds. */
export const checkTimeoutMs = 5000;

/** The message of an error, cleaned. */
function causeOf(error: unknown): string {
	return clean(error instanceof Error ? error.message : 'unknown', 200);
}

/** Node's code of a file error (`EACCES`), else its message. */
export function fileErrorCode(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : causeOf(error);
}
