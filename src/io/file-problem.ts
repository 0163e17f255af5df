import type {Problem} from '../domain/problem.ts';
import {ProblemError} from '../domain/problem.ts';
import {actProblem} from './act-problem.ts';
import {codeOf} from './docker-failure.ts';

const codes: Readonly<Record<string, Problem['code']>> = {
	ENOSPC: 'act-file-no-space',
	EDQUOT: 'act-file-no-space',
	EFBIG: 'act-file-no-space',
	EROFS: 'act-file-read-only',
	EACCES: 'act-file-denied',
	EPERM: 'act-file-denied',
	EIO: 'act-file-disk',
	EEXIST: 'act-file-exists',
	ENOTEMPTY: 'act-file-exists',
	ENOENT: 'act-file-missing',
	ELOOP: 'act-file-link',
	EXDEV: 'act-file-other-disk',
	ENOTDIR: 'act-file-kind',
	EISDIR: 'act-file-kind',
};

/** The problem of a failed change of a file; `path` is the one that was asked for. */
export function fileProblem(error: unknown, path: string): ProblemError {
	if (error instanceof ProblemError) return error;
	const cause = codeOf(error) || (error instanceof Error ? error.message : 'unknown');
	return actProblem(codes[cause] ?? 'act-file-failed', {path, cause}, {cause: error});
}

/** Runs a change and names its failure. */
export async function namingFailure<T>(path: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		throw fileProblem(error, path);
	}
}
