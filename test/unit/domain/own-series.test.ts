import {expect, it} from 'vitest';
import {ownSeriesOf, ownSeriesTarget} from '../../../src/domain/own-series.ts';
import {samplesOf} from '../../../src/domain/samples.ts';
import {backupAt, verificationOf} from '../../support/manifests.ts';

const hourMs = 3_600_000;
const nowMs = Date.UTC(2026, 10, 20, 12);
const target = ownSeriesTarget('/backups', 'pg-shop', {});
const at = (hours: number, level: 1 | 2 | 3) => backupAt(nowMs - hours * hourMs, {level});
const judge = (backups: readonly ReturnType<typeof backupAt>[]) =>
	ownSeriesOf(target, {backups, isTruncated: false}, nowMs);

it('tells the newest, its proof and the last restore', () => {
	const value = judge([at(1, 2), at(25, 3), backupAt(nowMs, {series: 'pg-other'})]);
	expect(value).toMatchObject({
		count: 2,
		newest: {atMs: nowMs - hourMs},
		proof: {level: 2, atMs: nowMs - hourMs},
		restoredAtMs: nowMs - 25 * hourMs,
		isUnproven: false,
		isOverdue: false,
	});
});

it.each([
	['read only by its checksum', [at(1, 1)], true],
	['new, nothing restored yet', [at(1, 2)], false],
	['made for longer than a week, nothing restored', [at(1, 2), at(200, 2)], true],
	['restored, but longer ago than a week', [at(1, 2), at(200, 3)], true],
] as const)('a series is %s: unproven %#', (_, backups, isUnproven) => {
	expect(judge(backups).isUnproven).toBe(isUnproven);
});

it('is an alert where the newest was found bad', () => {
	const newest = at(1, 3);
	const bad = verificationOf(newest.id, 1, {isGood: false, at: new Date(nowMs).toISOString()});
	const value = judge([{...newest, verifications: [...newest.verifications, bad]}]);
	expect(value).toMatchObject({isUnproven: true});
	expect(value.proof).toBeUndefined();
	expect(samplesOf('backups.set', target.id, value)).toContainEqual({
		metric: 'backup.unproven',
		target: 'pg-shop',
		subject: 'pg-shop',
		value: 1,
	});
});

it('is overdue when the newest is older than a day and two hours', () => {
	expect(judge([at(25, 2)]).isOverdue).toBe(false);
	expect(judge([at(27, 2)]).isOverdue).toBe(true);
});

it('is overdue when a scheduled run was missed, long before it is too old', () => {
	const schedules = [
		{id: 'often', cron: '0 * * * *', run: 'backup database', title: 'often', provenance: 'a:1'},
		{id: 'all', cron: '0 4 * * 0', run: 'backup all', title: 'all', provenance: 'a:2'},
	] as const;
	const hourly = ownSeriesTarget('/backups', 'pg-shop', {schedules});
	expect(hourly.schedule).toBe('0 * * * *');
	const isOverdue = (hours: number) =>
		ownSeriesOf(hourly, {backups: [at(hours, 2)], isTruncated: false}, nowMs).isOverdue;
	expect(isOverdue(0.5)).toBe(false);
	expect(isOverdue(2.5)).toBe(true);
	const weekly = ownSeriesTarget('/backups', 'redis-cache', {schedules});
	expect([weekly.schedule, weekly.maxAgeMs]).toEqual(['0 4 * * 0', (7 * 24 + 2) * hourMs]);
});
