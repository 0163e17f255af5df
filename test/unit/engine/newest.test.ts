import {expect, test} from 'vitest';
import {createNewest} from '../../../src/engine/newest.ts';

/** Works until its signal fires, and fails then as everything that is aborted does. */
function untilAborted(signal: AbortSignal): Promise<void> {
	return new Promise((_resolve, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason as Error), {once: true});
	});
}

test('a newer work replaces the one before without a word', async () => {
	const newest = createNewest(new AbortController().signal);
	const done: string[] = [];
	const first = newest.run(async signal => {
		await untilAborted(signal);
		done.push('first');
	});
	await newest.run(async () => {
		await Promise.resolve();
		done.push('second');
	});
	await expect(first).resolves.toBeUndefined();
	expect(done).toEqual(['second']);
});

test('a failure of the newest one and the end of the owner are told', async () => {
	const end = new AbortController();
	const newest = createNewest(end.signal);
	await expect(newest.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
	const last = newest.run(untilAborted);
	end.abort(new Error('over'));
	await expect(last).rejects.toThrow('over');
});
