import {expect, test} from 'vitest';
import {lastEnd} from '../../../src/looks/service/end-events.ts';

/** Events of one container in order: `die 137` at a time in seconds. */
function events(...list: readonly (readonly [seconds: number, what: string])[]) {
	return list.map(([seconds, what]) => {
		const [action = '', exitCode] = what.split(' ');
		const attributes = exitCode === undefined ? {} : {exitCode};
		return {id: 'a', action, detail: '', atMs: seconds * 1000, attributes};
	});
}

test('the last end is told by the events, with the lack of memory around it', () => {
	expect(lastEnd([])).toBeUndefined();
	const failed = events([1, 'start'], [2, 'oom'], [3, 'die 137'], [4, 'start'], [9, 'die 3']);
	expect(lastEnd(failed)).toEqual({atMs: 9000, exitCode: 3, isOom: false, startedAtMs: 4000});
	const late = events([1, 'start'], [3, 'die 137'], [4, 'oom']);
	expect(lastEnd(late)).toMatchObject({isOom: true});
});

test('a kill right after another one for lack of memory is one too', () => {
	const missed = events([1, 'start'], [2, 'oom'], [2, 'die 137'], [3, 'start'], [4, 'die 137']);
	expect(lastEnd(missed)).toMatchObject({isOom: true, startedAtMs: 3000});
	const longAgo = events([1, 'oom'], [1, 'die 137'], [2, 'start'], [900, 'die 137']);
	expect(lastEnd(longAgo)).toMatchObject({isOom: false});
});
