import {describe, expect, test} from 'vitest';
import {backupSetOf, median} from '../../../src/domain/backup-set.ts';
import type {BackupTarget} from '../../../src/domain/targets.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = new Date(2026, 10, 21, 12).getTime();
const target: BackupTarget = {
	id: 'database',
	kind: 'database',
	folder: '/backups',
	pattern: '*.gz',
	maxAgeMs: 26 * hour,
	provenance: 'H1-01',
};

function file(ageMs: number, bytes = 1000) {
	return {name: `${ageMs}.gz`, atMs: now - ageMs, bytes};
}

test('median', () => {
	expect(median([])).toBeUndefined();
	expect(median([3])).toBe(3);
	expect(median([9, 1, 5])).toBe(5);
	expect(median([4, 1, 2, 3])).toBe(2.5);
});

test('none: overdue, nothing else known', () => {
	const value = backupSetOf(target, [], now);
	expect(value).toMatchObject({count: 0, totalBytes: 0, isOverdue: true, isSuspicious: false});
	expect(value).not.toHaveProperty('newest');
	expect(value).not.toHaveProperty('ageSeconds');
	expect(value).not.toHaveProperty('oldestAtMs');
});

test('age, median without the newest, ratio', () => {
	const value = backupSetOf(
		target,
		[file(3 * day, 800), file(hour, 500), file(2 * day, 1200)],
		now,
	);
	expect(value).toMatchObject({
		count: 3,
		newest: {atMs: now - hour, bytes: 500},
		ageSeconds: 3600,
		medianBytes: 1000,
		sizeRatio: 0.5,
		totalBytes: 2500,
		oldestAtMs: now - 3 * day,
		isOverdue: false,
		isSuspicious: false,
	});
});

describe('suspicious', () => {
	test.each([
		['empty', [file(hour, 0)], true],
		['less than half', [file(hour, 499), file(day, 1000)], true],
		['half', [file(hour, 500), file(day, 1000)], false],
		['still being written', [file(60_000, 10), file(day, 1000)], false],
		['others empty', [file(hour, 10), file(day, 0)], false],
	])('%s', (_, files, isSuspicious) => {
		expect(backupSetOf(target, files, now).isSuspicious).toBe(isSuspicious);
	});
});

describe('overdue', () => {
	test('by age', () => {
		expect(backupSetOf(target, [file(25 * hour)], now).isOverdue).toBe(false);
		expect(backupSetOf(target, [file(27 * hour)], now).isOverdue).toBe(true);
	});

	// Every night at 02:00; now it is noon.
	test.each([
		['of this night', 10 * hour - 60_000, now, false],
		['of the night before', 33 * hour, now, true],
		['within the grace time of the run', 23 * hour, now - 10 * hour + hour / 2, false],
	])('by schedule: %s', (_, ageMs, atMs, isOverdue) => {
		const nightly = {...target, maxAgeMs: 10 * day, schedule: '0 2 * * *'};
		const files = [{name: 'a.gz', atMs: atMs - ageMs, bytes: 1}];
		expect(backupSetOf(nightly, files, atMs).isOverdue).toBe(isOverdue);
	});

	test('a job every ten minutes has a grace time of five', () => {
		const frequent = {...target, schedule: '*/10 * * * *'};
		const atMs = now + 4 * 60_000;
		expect(
			backupSetOf(frequent, [{name: 'a', atMs: now - 600_000, bytes: 1}], atMs).isOverdue,
		).toBe(false);
		expect(
			backupSetOf(frequent, [{name: 'a', atMs: now - 600_000, bytes: 1}], now + 8 * 60_000)
				.isOverdue,
		).toBe(true);
	});

	test('an expression that is not understood leaves the age alone', () => {
		expect(backupSetOf({...target, schedule: '@reboot'}, [file(hour)], now).isOverdue).toBe(false);
	});
});

describe('A18: clocks', () => {
	test('files from the future are not the newest and never give a negative age', () => {
		const value = backupSetOf(target, [file(-2 * day), file(30 * hour)], now);
		expect(value.newest?.atMs).toBe(now - 30 * hour);
		expect(value).toMatchObject({isOverdue: true, futureCount: 1});
		expect(backupSetOf(target, [file(-2 * day)], now).ageSeconds).toBe(0);
		expect(backupSetOf(target, [file(-60_000)], now)).toMatchObject({ageSeconds: 0});
	});

	test('a clock that jumps back a day makes nothing overdue', () => {
		const nightly = {...target, schedule: '0 2 * * *'};
		const files = [file(10 * hour - 60_000), file(34 * hour - 60_000)];
		expect(backupSetOf(nightly, files, now).isOverdue).toBe(false);
		expect(backupSetOf(nightly, files, now - day).isOverdue).toBe(false);
	});
});

test('a folder that was cut says so', () => {
	expect(backupSetOf(target, [file(hour)], now, true).isTruncated).toBe(true);
});
