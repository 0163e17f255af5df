import {lineageOf, proofOf, type Catalogue, type CatalogueBackup} from './catalogue.ts';
import type {RetentionPolicy} from './settings.ts';
import type {PhraseCode} from '../words/phrases/index.ts';

/** Why a backup stays or goes; words in `words/phrases/backups.ts`. */
export type RetentionReason = Extract<PhraseCode, `retention-${string}`>;

/** What happens to one backup. */
export type RetentionChoice = {
	readonly backup: CatalogueBackup;
	readonly keep: boolean;
	readonly reason: RetentionReason;
};

/** Why nothing at all may be deleted. */
export type RetentionRefusal =
	| {readonly kind: 'empty-policy'}
	| {readonly kind: 'no-catalogue'}
	| {readonly kind: 'truncated'}
	/** The clock is before the newest backup or the last run, or far after both. */
	| {readonly kind: 'clock'; readonly referenceMs: number}
	/** The newest backup of a series is unverified, suspicious, failed a verification, or is damaged. */
	| {readonly kind: 'newest'; readonly series: string; readonly id: string};

/** What retention would do with a catalogue. */
export type RetentionPlan = {
	readonly choices: readonly RetentionChoice[];
	/** Series in which nothing is deleted now, and why. */
	readonly refused: readonly RetentionRefusal[];
	/** More than the policy's size stays; only told. */
	readonly overBytes?: number;
};

/** What retention has to know beside the catalogue. */
export type RetentionContext = {
	readonly nowMs: number;
	/** When it last ran, by the trash or by what was kept; absent: never. */
	readonly previousRunMs?: number;
	/** Backups that an unfinished operation works with. */
	readonly inUse?: ReadonlySet<string>;
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A safety backup stays at least this long. */
export const safetyMs = 14 * dayMs;
/** A clock that is further from the newest backup or the last run is not believed (SAFETY 3.3). */
export const clockJumpMs = 36 * hourMs;
/** Clocks of a few minutes difference are usual. */
const toleranceMs = 5 * 60_000;
const defaultMinVerified = 2;

/** A backup that counts: proven at least by a full read, not suspicious, nothing failed since. */
export function isSound({verifications, manifest}: CatalogueBackup): boolean {
	const {level, failure} = proofOf(verifications);
	return level !== undefined && level >= 2 && !failure && manifest.isSuspicious !== true;
}

function isEmpty({keepLast, daily, weekly, monthly}: RetentionPolicy): boolean {
	return [keepLast, daily, weekly, monthly].every(count => (count ?? 0) <= 0);
}

function dayOf(atMs: number): string {
	return new Date(atMs).toISOString().slice(0, 10);
}

/** Days since Monday, 29 December 1969, in weeks. */
function weekOf(atMs: number): string {
	return String(Math.floor((Math.floor(atMs / dayMs) + 3) / 7));
}

function monthOf(atMs: number): string {
	return new Date(atMs).toISOString().slice(0, 7);
}

/** The newest backup of each of the newest `count` periods that have one. */
function byPeriod(
	sound: readonly CatalogueBackup[],
	count: number,
	periodOf: (atMs: number) => string,
): ReadonlySet<string> {
	const newest = new Map<string, string>();
	for (const {startedAtMs, id} of sound) {
		const period = periodOf(startedAtMs);
		if (!newest.has(period)) newest.set(period, id);
	}

	return new Set([...newest.values()].slice(0, Math.max(0, count)));
}

/** The reasons to keep a backup, the strongest first; undefined: none. */
function keeper(
	all: readonly CatalogueBackup[],
	policy: RetentionPolicy,
	{nowMs, inUse}: RetentionContext,
): (backup: CatalogueBackup) => RetentionReason | undefined {
	const sound = all.filter(isSound);
	const newestRestored = sound.find(({verifications}) => (proofOf(verifications).level ?? 0) >= 3);
	const minVerified = Math.max(1, Math.floor(policy.minVerified ?? defaultMinVerified));
	const ids = (some: readonly CatalogueBackup[]) => new Set(some.map(({id}) => id));
	const least = ids(sound.slice(0, minVerified));
	const last = ids(sound.slice(0, Math.max(0, policy.keepLast ?? 0)));
	const daily = byPeriod(sound, policy.daily ?? 0, dayOf);
	const weekly = byPeriod(sound, policy.weekly ?? 0, weekOf);
	const monthly = byPeriod(sound, policy.monthly ?? 0, monthOf);
	return backup => {
		const {id, isPinned, manifest, startedAtMs} = backup;
		const isYoung = nowMs - startedAtMs < safetyMs;
		const rules: readonly (readonly [boolean, RetentionReason])[] = [
			[isPinned, 'retention-pinned'],
			[inUse?.has(id) === true, 'retention-in-use'],
			[backup === all[0], 'retention-newest'],
			[backup === newestRestored, 'retention-proven'],
			[manifest.isSafety === true && isYoung, 'retention-safety'],
			[least.has(id), 'retention-minimum'],
			[last.has(id), 'retention-last'],
			[daily.has(id), 'retention-daily'],
			[weekly.has(id), 'retention-weekly'],
			[monthly.has(id), 'retention-monthly'],
		];
		return rules.find(([holds]) => holds)?.[1];
	};
}

/** What would be wrong with deleting anything anywhere. */
function refusalOfAll(
	{marker, isForeign, isTruncated, backups}: Catalogue,
	policy: RetentionPolicy,
	{nowMs, previousRunMs}: RetentionContext,
): RetentionRefusal | undefined {
	if (isEmpty(policy)) return {kind: 'empty-policy'};
	if (!marker || isForeign) return {kind: 'no-catalogue'};
	if (isTruncated) return {kind: 'truncated'};
	const times = [
		...backups.map(({startedAtMs}) => startedAtMs),
		...(previousRunMs === undefined ? [] : [previousRunMs]),
	];
	if (times.length === 0) return undefined;
	// Not spread into `Math.max`: a catalogue may have more backups than a call has room for arguments.
	const referenceMs = times.reduce((latest, time) => Math.max(latest, time));
	const isStrange = nowMs < referenceMs - toleranceMs || nowMs > referenceMs + clockJumpMs;
	return isStrange ? {kind: 'clock', referenceMs} : undefined;
}

/**
 * What would be wrong with deleting anything of one lineage of a series: its own newest backup, or a suspicious newest one
 * of the series, which may be of an empty server that stands under the old name.
 */
function refusalOfSeries(
	{damaged}: Catalogue,
	series: string,
	[newest, newestOfSeries]: readonly (CatalogueBackup | undefined)[],
): RetentionRefusal | undefined {
	if (newest && !isSound(newest)) return {kind: 'newest', series, id: newest.id};
	if (newestOfSeries?.manifest.isSuspicious === true) {
		return {kind: 'newest', series, id: newestOfSeries.id};
	}

	const later = damaged.find(item => item.series === series && item.id >= (newest?.id ?? ''));
	return later && {kind: 'newest', series, id: later.id};
}

function isSame(a: RetentionRefusal, b: RetentionRefusal): boolean {
	return a === b || (a.kind === 'newest' && b.kind === 'newest' && a.id === b.id);
}

/**
 * Which backups stay and which may go, each with its reason (SAFETY 3.3). Pure. Only sound backups count for the policy,
 * each lineage for itself; what is not sound goes only when it is older than the oldest sound one that stays. Where anything
 * is strange nothing goes.
 */
export function planRetention(
	catalogue: Catalogue,
	policy: RetentionPolicy,
	context: RetentionContext,
): RetentionPlan {
	const refusal = refusalOfAll(catalogue, policy, context);
	const lineages = new Map<string, CatalogueBackup[]>();
	const newestFirst = catalogue.backups.toSorted(
		(a, b) => b.startedAtMs - a.startedAtMs || (a.id < b.id ? 1 : -1),
	);
	for (const backup of newestFirst) {
		const lineage = lineageOf(backup);
		lineages.set(lineage, [...(lineages.get(lineage) ?? []), backup]);
	}

	const refused: RetentionRefusal[] = refusal ? [refusal] : [];
	const choices = [...lineages.values()].flatMap(all => {
		const series = all[0]?.series ?? '';
		const newest = newestFirst.find(backup => backup.series === series);
		const wrong = refusal ?? refusalOfSeries(catalogue, series, [all[0], newest]);
		if (wrong) {
			// One backup may stand in the way of several lineages.
			if (!refused.some(said => isSame(said, wrong))) refused.push(wrong);
			return all.map((backup): RetentionChoice => ({
				backup,
				keep: true,
				reason: 'retention-refused',
			}));
		}

		return chooseIn(all, policy, context);
	});
	const kept = choices.filter(({keep}) => keep).reduce((sum, {backup}) => sum + backup.bytes, 0);
	const limit = policy.maxTotalBytes;
	return {
		choices,
		refused,
		...(limit !== undefined && kept > limit && {overBytes: kept - limit}),
	};
}

function chooseIn(
	all: readonly CatalogueBackup[],
	policy: RetentionPolicy,
	context: RetentionContext,
): readonly RetentionChoice[] {
	const why = keeper(all, policy, context);
	const kept = all.filter(backup => isSound(backup) && why(backup) !== undefined);
	const oldestKeptMs = kept.at(-1)?.startedAtMs ?? Number.NEGATIVE_INFINITY;
	return all.map((backup): RetentionChoice => {
		const reason = why(backup);
		if (reason !== undefined) return {backup, keep: true, reason};
		if (isSound(backup)) return {backup, keep: false, reason: 'retention-expired'};
		// It proves nothing, but it is perhaps all there is of its time.
		return backup.startedAtMs < oldestKeptMs
			? {backup, keep: false, reason: 'retention-unproven-old'}
			: {backup, keep: true, reason: 'retention-unproven'};
	});
}
