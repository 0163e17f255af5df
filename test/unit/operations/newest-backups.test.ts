import {expect, test} from 'vitest';
import type {Catalogue} from '../../../src/domain/catalogue.ts';
import {exitStatuses, worstExitStatus} from '../../../src/domain/exit-status.ts';
import {damagedNewest, newestOfEach} from '../../../src/operations/catalogue/choose.ts';
import {backupAt, idAt} from '../../support/manifests.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 20, 12);

test('a damaged folder counts where the newest backup of its series should be', () => {
	const shop = backupAt(nowMs - dayMs);
	const damagedAt = (series: string, atMs: number) => ({series, id: idAt(atMs), cause: 'broken'});
	const catalogue: Catalogue = {
		folder: '/backups',
		isForeign: false,
		backups: [shop, backupAt(nowMs - 2 * dayMs)],
		damaged: [
			damagedAt('pg-shop', nowMs - 3 * dayMs),
			damagedAt('pg-shop', nowMs),
			damagedAt('redis-cache', nowMs - 9 * dayMs),
		],
		unfinished: [],
		trash: [],
		foreignCount: 0,
		isTruncated: false,
	};
	expect(newestOfEach(catalogue)).toEqual([shop]);
	expect(damagedNewest(catalogue).map(({series, id}) => [series, id])).toEqual([
		['pg-shop', idAt(nowMs)],
		['redis-cache', idAt(nowMs - 9 * dayMs)],
	]);
});

test('the worst status is that of several', () => {
	const {done, failed, verificationFailed, manual, busy, warnings} = exitStatuses;
	expect(worstExitStatus([])).toBe(done);
	expect(worstExitStatus([done, warnings, busy])).toBe(busy);
	expect(worstExitStatus([failed, verificationFailed, done])).toBe(verificationFailed);
	expect(worstExitStatus([verificationFailed, manual])).toBe(manual);
	expect(worstExitStatus([99, done])).toBe(99);
});
