import {describe, expect, it} from 'vitest';
import type {Catalogue, CatalogueBackup} from '../../../src/domain/catalogue.ts';
import {
	isSound,
	planRetention,
	safetyMs,
	type RetentionContext,
} from '../../../src/domain/retention.ts';
import type {RetentionPolicy} from '../../../src/domain/settings.ts';
import {backupAt, idAt, manifestOf, verificationOf} from '../../support/manifests.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 20, 12);

function catalogueOf(
	backups: readonly CatalogueBackup[],
	changes: Partial<Catalogue> = {},
): Catalogue {
	return {
		folder: '/backups',
		marker: {version: 1, id: idAt(0), createdAt: ''},
		isForeign: false,
		backups,
		damaged: [],
		unfinished: [],
		trash: [],
		foreignCount: 0,
		isTruncated: false,
		...changes,
	};
}

const daysAgo = (days: number, changes: Parameters<typeof backupAt>[1] = {level: 2}) =>
	backupAt(nowMs - days * dayMs - 3_600_000, changes);

function gone(
	catalogue: Catalogue,
	policy: RetentionPolicy,
	context: Partial<RetentionContext> = {},
): readonly number[] {
	return planRetention(catalogue, policy, {nowMs, ...context})
		.choices.filter(({keep}) => !keep)
		.map(({backup}) => Math.round((nowMs - backup.startedAtMs) / dayMs));
}

describe('retention', () => {
	const fifty = Array.from({length: 50}, (_, day) => daysAgo(day));

	it('keeps the last, and the newest of each day, week and month', () => {
		expect(gone(catalogueOf(fifty), {keepLast: 3})).toEqual(
			Array.from({length: 47}, (_, index) => index + 3),
		);
		const plan = planRetention(catalogueOf(fifty), {daily: 2, weekly: 3, monthly: 2}, {nowMs});
		const stays = plan.choices.filter(({keep}) => keep);
		expect(stays.map(({backup, reason}) => [backup.id.slice(0, 8), reason])).toEqual([
			['20261120', 'retention-newest'],
			['20261119', 'retention-minimum'],
			['20261115', 'retention-weekly'],
			['20261108', 'retention-weekly'],
			['20261031', 'retention-monthly'],
		]);
	});

	it('never goes below two verified ones, or one where the policy says so', () => {
		expect(gone(catalogueOf(fifty.slice(0, 4)), {daily: 1})).toEqual([2, 3]);
		expect(gone(catalogueOf(fifty.slice(0, 4)), {daily: 1, minVerified: 0})).toEqual([1, 2, 3]);
	});

	it('does not count what is unverified, failed or suspicious', () => {
		const failed = daysAgo(2);
		const result = verificationOf(failed.id, 1, {isGood: false, at: new Date(nowMs).toISOString()});
		const backups = [
			daysAgo(0),
			daysAgo(1, {}),
			{...failed, verifications: [...failed.verifications, result]},
			daysAgo(3, {level: 2, manifest: manifestOf({isSuspicious: true})}),
			daysAgo(4),
			daysAgo(5),
			daysAgo(6, {}),
		];
		// Days 1 to 3 prove nothing but are younger than what stays; 6 is older than all of it.
		expect(gone(catalogueOf(backups), {keepLast: 2})).toEqual([5, 6]);
	});

	it('keeps pinned ones, those in use, young safety backups and the last that was restored', () => {
		const inUse = daysAgo(20);
		const backups = [
			...fifty.slice(0, 5),
			daysAgo(10, {level: 3}),
			daysAgo(11, {level: 3}),
			daysAgo(12, {level: 2, manifest: manifestOf({isSafety: true})}),
			daysAgo(15, {level: 2, manifest: manifestOf({isSafety: true})}),
			daysAgo(19, {level: 2, isPinned: true}),
			inUse,
		];
		const context = {inUse: new Set([inUse.id])};
		expect(gone(catalogueOf(backups), {keepLast: 5}, context)).toEqual([11, 15]);
	});

	it('does not count another cluster or major version as redundancy', () => {
		const other = manifestOf();
		const database = other.database && {...other.database, versionNumber: 140_012};
		const old = (days: number) =>
			daysAgo(days, {level: 2, manifest: {...other, ...(database && {database})}});
		expect(gone(catalogueOf([daysAgo(0), old(1), old(2), old(3)]), {keepLast: 1})).toEqual([3]);
	});

	it.each<[string, Catalogue, RetentionPolicy, Partial<RetentionContext>]>([
		['an empty policy', catalogueOf(fifty), {}, {}],
		['a policy of zeros', catalogueOf(fifty), {keepLast: 0, daily: 0}, {}],
		['a policy with a minimum only', catalogueOf(fifty), {minVerified: 2}, {}],
		['no marker', {...catalogueOf(fifty), isForeign: true}, {keepLast: 1}, {}],
		['more than was read', catalogueOf(fifty, {isTruncated: true}), {keepLast: 1}, {}],
		['a clock before the newest', catalogueOf(fifty), {keepLast: 1}, {nowMs: nowMs - 2 * dayMs}],
		['a clock that jumped ahead', catalogueOf(fifty), {keepLast: 1}, {nowMs: nowMs + 3 * dayMs}],
		['a last run in the future', catalogueOf(fifty), {keepLast: 1}, {previousRunMs: nowMs + dayMs}],
		['an unverified newest', catalogueOf([daysAgo(0, {}), ...fifty.slice(1)]), {keepLast: 1}, {}],
		[
			'a suspicious newest',
			catalogueOf([
				daysAgo(0, {level: 2, manifest: manifestOf({isSuspicious: true})}),
				...fifty.slice(1),
			]),
			{keepLast: 1},
			{},
		],
		[
			'a damaged newest',
			catalogueOf(fifty.slice(1), {
				damaged: [{series: 'pg-shop', id: idAt(nowMs - 1000), cause: ''}],
			}),
			{keepLast: 1},
			{},
		],
	])('deletes nothing with %s', (_, catalogue, policy, context) => {
		expect(gone(catalogue, policy, context)).toEqual([]);
		expect(planRetention(catalogue, policy, {nowMs, ...context}).refused).toHaveLength(1);
	});

	it('tells how much is over the size, and deletes nothing for it', () => {
		const plan = planRetention(catalogueOf(fifty), {keepLast: 50, maxTotalBytes: 40_000}, {nowMs});
		expect(plan.overBytes).toBe(10_000);
		expect(plan.choices.every(({keep}) => keep)).toBe(true);
	});
});

/** Numbers that are the same in every run (mulberry32). */
function numbers(seed: number): (below: number) => number {
	let state = seed;
	return below => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
	};
}

function randomCatalogue(next: (below: number) => number): Catalogue {
	const series = ['pg-shop', 'redis-cache', 'files-config'].slice(0, 1 + next(3));
	const backups = Array.from({length: next(25)}, (_, index) => {
		const startedAtMs = nowMs - next(120) * dayMs - next(24) * 3_600_000;
		const id = idAt(startedAtMs, index.toString(16).padStart(8, '0'));
		const name = series[next(series.length)] ?? 'pg-shop';
		const base = manifestOf({
			id,
			series: name,
			isSuspicious: next(10) === 0,
			isSafety: next(8) === 0,
		});
		const database = base.database && {
			...base.database,
			systemIdentifier: String(1 + next(2)),
		};
		const verifications = Array.from({length: next(4)}, () =>
			verificationOf(id, ([0, 1, 2, 3, 4] as const)[next(5)] ?? 0, {
				isGood: next(6) > 0,
				at: new Date(startedAtMs + next(1000) * 1000).toISOString(),
			}),
		);
		return backupAt(startedAtMs, {
			id,
			series: name,
			manifest: {...base, ...(database && {database})},
			isPinned: next(12) === 0,
			verifications,
		});
	});
	return catalogueOf(backups, {
		isTruncated: next(50) === 0,
		isForeign: next(50) === 0,
		damaged:
			next(10) === 0 ? [{series: 'pg-shop', id: idAt(nowMs - next(100) * dayMs), cause: ''}] : [],
	});
}

it('never deletes what must stay, in 10,000 random catalogues', () => {
	const next = numbers(20_261_120);
	let deleted = 0;
	for (let round = 0; round < 10_000; round++) {
		const catalogue = randomCatalogue(next);
		const policy: RetentionPolicy = {
			keepLast: next(4),
			daily: next(8),
			weekly: next(4),
			monthly: next(4),
			...(next(2) === 0 && {minVerified: next(4) - 1}),
		};
		const inUse = new Set(catalogue.backups.filter(() => next(20) === 0).map(({id}) => id));
		const newestMs = catalogue.backups.reduce((ms, one) => Math.max(ms, one.startedAtMs), 0);
		const time = newestMs + (next(10) === 0 ? (next(7) - 3) * dayMs : next(30) * 3_600_000);
		const {choices, refused} = planRetention(catalogue, policy, {nowMs: time, inUse});
		const out = choices.filter(({keep}) => !keep).map(({backup}) => backup);
		const stays = choices.filter(({keep}) => keep).map(({backup}) => backup);
		deleted += out.length;
		// Every backup has one choice, and none comes from elsewhere.
		expect(new Set(choices.map(({backup}) => backup))).toEqual(new Set(catalogue.backups));
		expect(choices).toHaveLength(catalogue.backups.length);
		if (refused.some(({kind}) => kind !== 'newest')) expect(out).toEqual([]);
		for (const backup of out) {
			expect(backup.isPinned || inUse.has(backup.id)).toBe(false);
			const isYoungSafety =
				backup.manifest.isSafety === true && time - backup.startedAtMs < safetyMs;
			expect(isYoungSafety).toBe(false);
			const sameLineage = (other: CatalogueBackup) =>
				other.series === backup.series &&
				other.manifest.database?.systemIdentifier === backup.manifest.database?.systemIdentifier;
			const left = stays.filter(sameLineage);
			const minimum = Math.max(1, policy.minVerified ?? 2);
			// The newest of a lineage stays and is sound, and enough sound ones stay beside it.
			expect(left.some(other => other.startedAtMs >= backup.startedAtMs)).toBe(true);
			const all = catalogue.backups.filter(sameLineage);
			expect(left.filter(isSound).length).toBeGreaterThanOrEqual(
				Math.min(minimum, all.filter(isSound).length),
			);
			const restored = (other: CatalogueBackup) =>
				isSound(other) && other.verifications.some(({level, isGood}) => isGood && level >= 3);
			if (restored(backup)) expect(left.some(restored)).toBe(true);
		}
	}

	expect(deleted).toBeGreaterThan(10_000);
});
