import {expect, test} from 'vitest';
import {endOfRun} from '../../../src/domain/unproved.ts';

const unhealthy = {code: 'service-unhealthy', params: {}, retry: 'rarely'} as const;

test('a restart whose proof did not pass was carried out', () => {
	expect(endOfRun({outcome: 'manual', problem: unhealthy})).toBe('unproved');
	expect(endOfRun({outcome: 'failed', problem: unhealthy})).toBe('unproved');
	expect(endOfRun({outcome: 'done'})).toBe('done');
});

test('what was refused, taken back or is gone was not', () => {
	expect(endOfRun({outcome: 'refused', problem: unhealthy})).toBe('failed');
	expect(endOfRun({outcome: 'undone', problem: unhealthy})).toBe('failed');
	expect(
		endOfRun({outcome: 'failed', problem: {code: 'service-gone', params: {}, retry: 'rarely'}}),
	).toBe('failed');
});
