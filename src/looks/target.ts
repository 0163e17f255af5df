import {ProblemError} from '../domain/problem.ts';

/** The target that the scope names. Rejects with `look-nothing-here` where there is none. */
export function targetNamed<T extends {readonly id: string}>(
	targets: readonly T[],
	id: string | undefined,
	subject: string,
): T {
	const target = targets.find(each => each.id === id);
	if (target === undefined) {
		throw new ProblemError({code: 'look-nothing-here', params: {subject}, retry: 'rarely'});
	}

	return target;
}
