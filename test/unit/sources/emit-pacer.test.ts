import {expect, test} from 'vitest';
import type {Clock} from '../../../src/io/io.ts';
import {createEmitPacer} from '../../../src/sources/emit-pacer.ts';

/** A clock whose timers fire when they are told to, at a time that the test sets. */
function heldClock() {
	let nowMs = 1000;
	const sleepers: (() => void)[] = [];
	const clock: Clock = {
		now: () => nowMs,
		monotonic: () => nowMs,
		sleep: async () => {
			await new Promise<void>(done => sleepers.push(done));
		},
	};
	const fireAt = async (ms: number) => {
		nowMs = ms;
		for (const done of sleepers.splice(0)) done();
		await Promise.resolve();
		await Promise.resolve();
		await Promise.resolve();
	};
	return {clock, fireAt};
}

test('a change is handed on also where its timer fires two milliseconds early', async () => {
	const {clock, fireAt} = heldClock();
	let emitted = 0;
	const pacer = createEmitPacer(clock, () => emitted++, new AbortController().signal);
	pacer.request(0);
	expect(emitted).toBe(1);
	pacer.request(0);
	expect(emitted).toBe(1);
	await fireAt(1038);
	expect([emitted, pacer.isPending]).toEqual([2, false]);
});

test('a burst is handed on four times a second', async () => {
	const {clock, fireAt} = heldClock();
	let emitted = 0;
	const pacer = createEmitPacer(clock, () => emitted++, new AbortController().signal);
	for (let index = 0; index < 10; index++) {
		await fireAt(1000 + index * 41);
		pacer.request(0);
	}

	expect(emitted).toBe(10);
	await fireAt(1450);
	pacer.request(0);
	expect(emitted).toBe(10);
	await fireAt(1000 + 9 * 41 + 250);
	expect(emitted).toBe(11);
});
