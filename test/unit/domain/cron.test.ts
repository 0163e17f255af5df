import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {nextRun, parseCron, previousRun} from '../../../src/domain/cron.ts';

/** Local time as a person writes it. */
function at(text: string): number {
	return new Date(`${text.replace(' ', 'T')}:00`).getTime();
}

const zone = process.env['TZ'];
beforeAll(() => {
	process.env['TZ'] = 'Europe/Berlin';
});
afterAll(() => {
	if (zone === undefined) delete process.env['TZ'];
	else process.env['TZ'] = zone;
});

// 2026-11-21 is a Saturday.
test.each([
	['0 2 * * *', '2026-11-21 12:00', '2026-11-21 02:00', '2026-11-22 02:00'],
	['0 2 * * *', '2026-11-21 01:59', '2026-11-20 02:00', '2026-11-21 02:00'],
	['0 2 * * *', '2026-11-21 02:00', '2026-11-21 02:00', '2026-11-22 02:00'],
	['*/15 * * * *', '2026-11-21 12:07', '2026-11-21 12:00', '2026-11-21 12:15'],
	['5/20 * * * *', '2026-11-21 12:07', '2026-11-21 12:05', '2026-11-21 12:25'],
	['30 3 * * 0', '2026-11-21 12:00', '2026-11-15 03:30', '2026-11-22 03:30'],
	['30 3 * * 7', '2026-11-21 12:00', '2026-11-15 03:30', '2026-11-22 03:30'],
	['30 3 * * SUN', '2026-11-21 12:00', '2026-11-15 03:30', '2026-11-22 03:30'],
	['0 14 1 * *', '2026-11-21 12:00', '2026-11-01 14:00', '2026-12-01 14:00'],
	['0 0 1 jan,jul *', '2026-11-21 12:00', '2026-07-01 00:00', '2027-01-01 00:00'],
	['0 9-17/4 * * 1-5', '2026-11-21 12:00', '2026-11-20 17:00', '2026-11-23 09:00'],
	['0,30 8 * * *', '2026-11-21 08:10', '2026-11-21 08:00', '2026-11-21 08:30'],
	['0 4 13 * 5', '2026-11-21 12:00', '2026-11-20 04:00', '2026-11-27 04:00'],
	['0 4 */2 * 5', '2026-11-21 12:00', '2026-11-13 04:00', '2026-11-27 04:00'],
	['0 0 29 2 *', '2026-11-21 12:00', '2024-02-29 00:00', '2028-02-29 00:00'],
	['@daily', '2026-11-21 12:00', '2026-11-21 00:00', '2026-11-22 00:00'],
	['@Monthly', '2026-11-21 12:00', '2026-11-01 00:00', '2026-12-01 00:00'],
	['  0   2 * *  * ', '2026-11-21 12:00', '2026-11-21 02:00', '2026-11-22 02:00'],
])('%s at %s', (cron, now, previous, next) => {
	expect(previousRun(cron, at(now))).toBe(at(previous));
	expect(nextRun(cron, at(now))).toBe(at(next));
});

describe('summer time', () => {
	test('an hour that is skipped has no run', () => {
		expect(previousRun('30 2 * * *', at('2026-03-29 12:00'))).toBe(at('2026-03-28 02:30'));
		expect(nextRun('30 2 * * *', at('2026-03-28 12:00'))).toBe(at('2026-03-30 02:30'));
	});

	test('an hour that is repeated runs once', () => {
		const first = at('2026-10-25 02:30');
		expect(previousRun('30 2 * * *', at('2026-10-25 12:00'))).toBe(first);
		expect(nextRun('30 2 * * *', first)).toBe(at('2026-10-26 02:30'));
	});
});

test.each([
	'',
	'* * * *',
	'* * * * * *',
	'60 * * * *',
	'* 24 * * *',
	'* * 0 * *',
	'* * * 13 *',
	'* * * * 8',
	'5-1 * * * *',
	'*/0 * * * *',
	'1-2-3 * * * *',
	'1/2/3 * * * *',
	'x * * * *',
	'-1 * * * *',
	', * * * *',
	'@reboot',
	'0 0 L * *',
])('not understood: %s', cron => {
	expect(parseCron(cron)).toBeUndefined();
	expect(previousRun(cron, 0)).toBeUndefined();
});

test('a day that never comes has no run', () => {
	expect(previousRun('0 0 30 2 *', at('2026-11-21 12:00'))).toBeUndefined();
	expect(nextRun('0 0 30 2 *', at('2026-11-21 12:00'))).toBeUndefined();
	expect(nextRun('* * * * *', Number.NaN)).toBeUndefined();
});
