import {expect, test} from 'vitest';
import {untilEffect} from '../../../src/operations/postgres/effect.ts';

/** A clock on which every sleep passes at once. */
function look() {
	let nowMs = 0;
	const clock = {
		now: () => nowMs,
		monotonic: () => nowMs,
		sleep: async (ms: number) => {
			nowMs += ms;
			return Promise.resolve();
		},
	};
	return {io: {clock}, signal: new AbortController().signal};
}

test('a server that does not answer for a moment after its sessions were ended is asked again', async () => {
	const answers = [new Error('no answer'), 12, 4];
	const see = async () => {
		const answer = answers.shift();
		return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
	};
	expect(await untilEffect(look(), see, count => count === 4)).toBe(4);
});

test('one that never answers again is no effect', async () => {
	const see = async () => Promise.reject(new Error('no answer'));
	await expect(untilEffect(look(), see, () => true)).rejects.toThrow('no answer');
});
