import {expect, test} from 'vitest';
import {createLogSizes} from '../../../src/domain/log-cut.ts';
import {rotatedLog} from '../../../src/domain/rotated-log.ts';

const second = 1000;

test('the newest whole seconds that fit stay', () => {
	const sizes = createLogSizes();
	for (const [at, bytes] of [
		[10, 100],
		[11, 40],
		[12, 50],
		[12.5, 10],
	] as const) {
		sizes.add(at * second, bytes);
	}

	expect(sizes.totalBytes()).toBe(200);
	expect(sizes.cutFor(1000)).toBe(10 * second);
	expect(sizes.cutFor(199)).toBe(11 * second);
	expect(sizes.cutFor(100)).toBe(11 * second);
	expect(sizes.cutFor(99)).toBe(12 * second);
	expect(sizes.cutFor(59)).toBe(13 * second);
});

test.each([
	['app.log', true],
	['app.log.1', true],
	['app.log.2.gz', true],
	['app-20261121.log.gz', true],
	['app.txt', false],
	['app.log.md', false],
])('%s is a log: %s', (name, isLog) => {
	expect(rotatedLog.test(name)).toBe(isLog);
});
