import {describe, expect, it} from 'vitest';
import {postgresRates, type PostgresCounters} from '../../../src/domain/postgres-rates.ts';

const start: PostgresCounters = {
	atMs: 1000,
	commits: 100,
	rollbacks: 10,
	hits: 900,
	reads: 100,
	deadlocks: 1,
};

describe('postgresRates', () => {
	it('has no rates at the first sample, and the hit share since the reset', () => {
		expect(postgresRates(undefined, start)).toEqual({cacheHitPercent: 90, newDeadlocks: 0});
	});

	it('gives rates per second and the hit share of the interval', () => {
		const now = {atMs: 3000, commits: 140, rollbacks: 12, hits: 950, reads: 150, deadlocks: 3};
		expect(postgresRates(start, now)).toEqual({
			commitsPerSecond: 20,
			rollbacksPerSecond: 1,
			cacheHitPercent: 50,
			newDeadlocks: 2,
		});
	});

	it('falls back to the share since the reset in a quiet interval', () => {
		expect(postgresRates(start, {...start, atMs: 3000})).toEqual({
			commitsPerSecond: 0,
			rollbacksPerSecond: 0,
			cacheHitPercent: 90,
			newDeadlocks: 0,
		});
	});

	it('has no rates for the interval of a reset, never negative ones', () => {
		const now = {atMs: 3000, commits: 2, rollbacks: 0, hits: 0, reads: 0, deadlocks: 0};
		expect(postgresRates(start, now)).toEqual({newDeadlocks: 0});
	});

	it('has no rates where no time passed', () => {
		expect(postgresRates(start, {...start, commits: 101})).toEqual({
			cacheHitPercent: 90,
			newDeadlocks: 0,
		});
	});
});
