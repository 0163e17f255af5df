import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import {
	absent,
	fit,
	formatAge,
	formatByteRate,
	formatByteRateShort,
	formatBytes,
	formatBytesOf,
	formatBytesShort,
	formatClock,
	formatClockOn,
	formatCount,
	formatDateTime,
	formatDuration,
	formatDurationExact,
	formatDurationShort,
	formatLatency,
	formatMetric,
	formatMinuteRate,
	formatPercent,
	formatRate,
	formatRatio,
	truncate,
} from '../../../src/domain/format.ts';
import {metrics} from '../../../src/domain/metrics.ts';

const gibibyte = 1024 ** 3;

describe('bytes', () => {
	test.each([
		[0, '0 B', '0B'],
		[512, '512 B', '512B'],
		[999, '999 B', '999B'],
		[1000, '1.0 KiB', '1.0K'],
		[1024, '1.0 KiB', '1.0K'],
		[1.5 * gibibyte, '1.5 GiB', '1.5G'],
		[15.6 * gibibyte, '16 GiB', '16G'],
		[1023 * gibibyte, '1.0 TiB', '1.0T'],
		[9.96 * gibibyte, '10 GiB', '10G'],
		[2 ** 63, '8.0 EiB', '8.0E'],
	])('%d', (bytes, long, short) => {
		expect(formatBytes(bytes)).toBe(long);
		expect(formatBytesShort(bytes)).toBe(short);
		expect(formatByteRate(bytes)).toBe(`${long}/s`);
		expect(formatByteRateShort(bytes)).toBe(`${short}/s`);
	});

	test('the short form never takes more than four cells', () => {
		for (let exponent = 0; exponent < 63; exponent += 0.01) {
			expect(formatBytesShort(2 ** exponent).length).toBeLessThanOrEqual(4);
		}
	});

	test('of a limit', () => {
		expect(formatBytesOf(gibibyte, 4 * gibibyte)).toBe('1.0 GiB / 4.0 GiB');
		expect(formatBytesOf(gibibyte, undefined)).toBe('1.0 GiB');
	});
});

test.each([
	[0, '0%'],
	[0.01, '<0.1%'],
	[4.24, '4.2%'],
	[9.96, '10%'],
	[87.4, '87%'],
	[99.97, '99.9%'],
	[100, '100%'],
	[412.2, '412%'],
])('percent %d', (value, text) => {
	expect(formatPercent(value)).toBe(text);
});

test.each([
	[0, '0'],
	[42, '42'],
	[0.42, '0.4'],
	[999, '999'],
	[1000, '1.0k'],
	[12_345, '12.3k'],
	[123_456, '123k'],
	[999_600, '1.0M'],
	[4_512_345, '4.5M'],
])('count %d', (value, text) => {
	expect(formatCount(value)).toBe(text);
});

test.each([
	[0, '0 s', '0 秒', '0s'],
	[-5, '0 s', '0 秒', '0s'],
	[45.9, '45 s', '45 秒', '45s'],
	[125, '2 m 5 s', '2 分 5 秒', '2m5s'],
	[725, '12 m', '12 分', '12m'],
	[3600, '1 h', '1 小时', '1h'],
	[7500, '2 h 5 m', '2 小时 5 分', '2h5m'],
	[273_600, '3 d 4 h', '3 天 4 小时', '3d4h'],
	[8_650_000, '100 d', '100 天', '100d'],
])('duration %d', (seconds, en, zh, short) => {
	expect(formatDuration(seconds, 'en')).toBe(en);
	expect(formatDuration(seconds, 'zh')).toBe(zh);
	expect(formatDurationShort(seconds)).toBe(short);
});

test.each([
	[2000, '2 s ago', '2 秒前'],
	[200, 'now', '刚刚'],
	[-86_400_000, 'now', '刚刚'],
	[3 * 3600 * 1000, '3 h ago', '3 小时前'],
])('age %d', (ms, en, zh) => {
	expect(formatAge(ms, 'en')).toBe(en);
	expect(formatAge(ms, 'zh')).toBe(zh);
});

test.each([
	[0, '0 ms'],
	[0.42, '0.4 ms'],
	[12.3, '12 ms'],
	[999.7, '1.0 s'],
	[1234, '1.2 s'],
	[12_000, '12 s'],
])('latency %d', (ms, text) => {
	expect(formatLatency(ms, 'en')).toBe(text);
});

test('rates and ratios', () => {
	expect(formatRate(0)).toBe('0/s');
	expect(formatRate(12_345)).toBe('12.3k/s');
	expect(formatMinuteRate(3, 'en')).toBe('3/min');
	expect(formatMinuteRate(3, 'zh')).toBe('3/分');
	expect(formatRatio(1.418)).toBe('1.42');
});

test('clock and date', () => {
	const atMs = new Date(2026, 10, 21, 4, 3, 9).getTime();
	expect(formatClock(atMs)).toBe('04:03:09');
	expect(formatDateTime(atMs)).toBe('2026-11-21 04:03');
	const exact = [45, 60, 312, 600, 605].map(seconds => formatDurationExact(seconds, 'en'));
	expect(exact).toEqual(['45 s', '1 m', '5 m 12 s', '10 m', '10 m']);
	expect(formatClockOn(atMs, atMs + 60_000)).toBe('04:03:09');
	expect(formatClockOn(atMs, atMs + 86_400_000)).toBe('2026-11-21 04:03:09');
});

test('nothing known is a dash, in every unit and language', () => {
	for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
		for (const language of ['en', 'zh'] as const) {
			for (const unit of Object.values(metrics)) {
				expect(formatMetric(value, unit, language)).toBe(absent);
			}

			expect(formatDuration(value, language)).toBe(absent);
			expect(formatAge(value, language)).toBe(absent);
			expect(formatLatency(value, language)).toBe(absent);
		}

		for (const format of [
			formatBytes,
			formatBytesShort,
			formatByteRate,
			formatByteRateShort,
			formatPercent,
			formatCount,
			formatRate,
			formatRatio,
			formatDurationShort,
			formatClock,
			formatDateTime,
		]) {
			expect(format(value)).toBe(absent);
		}
	}

	expect(formatClock(1e20)).toBe(absent);
	expect(formatDateTime(1e20)).toBe(absent);
});

test('metrics show their unit', () => {
	expect(formatMetric(1, 'state', 'en')).toBe('yes');
	expect(formatMetric(0, 'state', 'zh')).toBe('否');
	expect(formatMetric(13.9, 'days', 'en')).toBe('13 d');
	expect(formatMetric(86_400, 'seconds', 'zh')).toBe('1 天');
	expect(formatMetric(1024, 'bytes', 'en')).toBe('1.0 KiB');
});

test('cells have exactly their width, also for wide characters', () => {
	expect(fit('web', 5)).toBe('web  ');
	expect(fit('4%', 5, 'right')).toBe('   4%');
	expect(fit('a-long-name', 5)).toBe('a-lo…');
	for (let cells = 0; cells < 12; cells++) {
		for (const text of ['', 'abc', '数据库服务器', 'ab数据cd', '👩‍👩‍👧‍👦 family']) {
			expect(stringWidth(fit(text, cells))).toBe(cells);
		}
	}

	expect(truncate('abc', 0)).toBe('');
});
