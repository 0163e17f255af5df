import {expect, test} from 'vitest';
import {createLiveList} from '../../../src/engine/live-list.ts';

test('tells every change to those whose signal goes on', () => {
	const list = createLiveList<number>();
	const seen: string[] = [];
	const first = new AbortController();
	const second = new AbortController();
	list.onChange(() => seen.push(`first ${list.current().join()}`), first.signal);
	list.onChange(() => seen.push(`second ${list.current().join()}`), second.signal);
	list.onChange(() => seen.push('never'), AbortSignal.abort());
	expect(list.current()).toEqual([]);
	list.set([1, 2]);
	first.abort();
	list.set([3]);
	expect(seen).toEqual(['first 1,2', 'second 1,2', 'second 3']);
});
