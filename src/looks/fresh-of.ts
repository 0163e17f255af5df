import {ProblemError} from '../domain/problem.ts';
import type {Reading} from '../domain/reading.ts';

/**
 * The value of a reading that was taken now. An old value is no evidence: a stale or failed reading rejects with its own
 * problem, one that has not come yet with `look-no-reading`.
 */
export function freshOf<T>(source: string, reading: Reading<T>): T {
	switch (reading.kind) {
		case 'fresh':
			return reading.value;
		case 'waiting':
			throw new ProblemError({code: 'look-no-reading', params: {name: source}, retry: 'soon'});
		case 'stale':
		case 'failed':
			throw new ProblemError(reading.problem);
	}
}
