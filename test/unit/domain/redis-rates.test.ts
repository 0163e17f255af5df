import {expect, test} from 'vitest';
import {
	hitPercentOf,
	ratesOf,
	refusedBetween,
	sampleOf,
	type RedisSample,
} from '../../../src/domain/redis-rates.ts';
import {parseInfo} from '../../../src/domain/redis-info.ts';

function sample(more: Partial<RedisSample> = {}): RedisSample {
	return {...sampleOf(parseInfo('run_id:a'), 1000), ...more};
}

test('rates are per second of the monotonic clock', () => {
	const after = sample({atMs: 3000, evicted: 10, expired: 4});
	expect(ratesOf(sample(), after)).toEqual({evictionsPerSecond: 5, expiriesPerSecond: 2});
	expect(ratesOf(undefined, after)).toEqual({});
});

test.each([
	['another run', {runId: 'b', atMs: 3000, evicted: 100}],
	['counters that were reset', {atMs: 3000, evicted: 1}],
	['no time in between', {evicted: 100}],
])('%s gives no rate', (_, more) => {
	expect(ratesOf(sample({evicted: 50}), sample(more))).toEqual({});
});

test('the hit rate is of the interval, or since the start where nobody looked', () => {
	const before = sample({hits: 90, misses: 10});
	expect(hitPercentOf(before, sample({atMs: 2000, hits: 91, misses: 13}))).toBe(25);
	expect(hitPercentOf(before, sample({atMs: 2000, hits: 90, misses: 10}))).toBe(90);
	expect(hitPercentOf(before, sample({atMs: 2000, runId: 'b', hits: 1, misses: 0}))).toBe(100);
	expect(hitPercentOf(undefined, sample())).toBeUndefined();
});

test('new refusals are those that count on in the same run', () => {
	const before = sample({refusals: new Map([['OOM', 1]])});
	const refusals = new Map([
		['OOM', 1],
		['READONLY', 1],
	]);
	expect(refusedBetween(before, sample({refusals}))).toEqual(['READONLY']);
	expect(refusedBetween(before, sample({runId: 'b', refusals}))).toEqual([]);
});
