import {expect, test} from 'vitest';
import {backupListOf} from '../../../src/domain/backup-list.ts';
import type {Catalogue} from '../../../src/domain/catalogue.ts';
import {widthOf} from '../../../src/domain/format.ts';
import {parseRestoreTime, throwIfNoTime} from '../../../src/domain/restore-time.ts';
import {backupTable} from '../../../src/report/backup-table.ts';
import {backupAt, idAt, verificationOf} from '../../support/manifests.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 20, 12);

function catalogueOf(backups: Catalogue['backups'], more: Partial<Catalogue> = {}): Catalogue {
	return {
		folder: '/backups',
		isForeign: false,
		backups,
		damaged: [],
		unfinished: [],
		trash: [],
		foreignCount: 0,
		isTruncated: false,
		...more,
	};
}

const refuted = idAt(nowMs - 3 * dayMs);
const catalogue = catalogueOf(
	[
		backupAt(nowMs - dayMs, {bytes: 400, level: 3, isPinned: true}),
		backupAt(nowMs - dayMs, {series: 'files-conf', id: idAt(nowMs - dayMs, '00000001'), bytes: 0}),
		backupAt(nowMs - 2 * dayMs, {bytes: 1000}),
		backupAt(nowMs - 3 * dayMs, {
			bytes: 1000,
			verifications: [verificationOf(refuted, 1, {isGood: false, detail: 'other checksum'})],
		}),
	],
	{damaged: [{series: 'pg-shop', id: idAt(nowMs), cause: 'manifest is no file'}]},
);

test('series by name, newest first, each judged by the ones before it', () => {
	const {backups} = backupListOf(catalogue, nowMs);
	expect(backups.map(({series, sizeRatio}) => [series, sizeRatio])).toEqual([
		['files-conf', null],
		['pg-shop', 0.4],
		['pg-shop', 1],
		['pg-shop', null],
	]);
	expect(backups.map(({isSuspicious}) => isSuspicious)).toEqual([true, true, false, false]);
	expect(backups[1]).toMatchObject({
		ageSeconds: 86_400,
		medianBytes: 1000,
		proofLevel: 3,
		provenAt: '2026-11-19T12:00:00.000Z',
		failure: null,
		isPinned: true,
	});
	expect(backups[3]).toMatchObject({
		proofLevel: null,
		failure: {level: 1, detail: 'other checksum'},
	});
});

test('a database that grows does not make its older backups suspicious', () => {
	const sizes = [1000, 300, 100];
	const grown = sizes.map((bytes, index) => backupAt(nowMs - index * dayMs, {bytes}));
	const {backups} = backupListOf(catalogueOf(grown), nowMs);
	expect(backups.map(({isSuspicious}) => isSuspicious)).toEqual([false, false, false]);
});

test('a backup from the future is not of a negative age', () => {
	const {backups} = backupListOf(catalogueOf([backupAt(nowMs + dayMs)]), nowMs);
	expect(backups[0]?.ageSeconds).toBe(0);
});

test.each(['en', 'zh'] as const)('the table says it all and its columns stand (%s)', language => {
	const text = backupTable(backupListOf(catalogue, nowMs), language, nowMs);
	const lines = text.split('\n');
	const words = {
		en: ['L3, 1 d ago', 'pinned, SUSPICIOUS', 'BAD (L1, 2 h ago)', 'DAMAGED pg-shop/'],
		zh: ['L3，1 天前', '已固定, 可疑', '损坏（L1，2 小时前）', '已损坏 pg-shop/'],
	};
	for (const word of words[language]) expect(text).toContain(word);
	const rows = lines.filter(line => /^ {2}\d{8}T/.test(line));
	const place = (line: string) => widthOf(line.slice(0, line.search(/ [0-9.]+ k?B/)));
	expect(rows).toHaveLength(4);
	expect(new Set(rows.map(row => widthOf(row.slice(0, 26)))).size).toBe(1);
	expect(rows.every(row => place(row) > 0)).toBe(true);
});

test('an empty catalogue is said, not drawn', () => {
	expect(backupTable(backupListOf(catalogueOf([]), nowMs), 'en', nowMs)).toBe(
		'There is no backup in /backups yet.\n',
	);
});

test('a moment to restore to has its zone and is not to come', () => {
	const atMs = Date.UTC(2026, 10, 20, 6, 3);
	for (const text of [
		'2026-11-20 14:03:00+08',
		'2026-11-20T06:03Z',
		'2026-11-20 00:33:00.000-0530',
		'2026-11-20 14:03 +08:00',
	]) {
		expect(parseRestoreTime(text), text).toBe(atMs);
		expect(() => throwIfNoTime(text, nowMs)).not.toThrow();
	}

	for (const text of ['2026-11-20 14:03:00', 'yesterday', '2026-13-40 10:00Z', '2027-01-01 00:00Z'])
		expect(() => throwIfNoTime(text, nowMs), text).toThrow('restore-time');
});
