import {median} from './backup-set.ts';
import {clean} from './clean.ts';
import {proofOf, type Catalogue, type CatalogueBackup} from './catalogue.ts';
import type {BackupKind, ProofLevel} from './manifest.ts';

/** One backup as `opsconsole backups` lists it. Times are ISO 8601 in UTC; what is not known is null, never 0. */
export type ListedBackup = {
	readonly series: string;
	readonly id: string;
	readonly kind: BackupKind;
	readonly startedAt: string;
	/** Never negative. */
	readonly ageSeconds: number;
	readonly sizeBytes: number;
	/** Of the backups of the series before this one. */
	readonly medianBytes: number | null;
	/** Size against that median, 1 is equal. */
	readonly sizeRatio: number | null;
	readonly proofLevel: ProofLevel | null;
	readonly provenAt: string | null;
	/** A verification that failed and stands. */
	readonly failure: {
		readonly level: ProofLevel;
		readonly at: string;
		readonly detail: string;
	} | null;
	readonly isPinned: boolean;
	/** Empty, smaller than half the median, or said so by its manifest. */
	readonly isSuspicious: boolean;
	/** Made before a change, not by plan. */
	readonly isSafety: boolean;
};

/** Everything of a catalogue as `opsconsole backups --json` prints it: series by name, newest first in each. */
export type BackupList = {
	readonly version: '1.0';
	readonly folder: string;
	readonly backups: readonly ListedBackup[];
	readonly damaged: Catalogue['damaged'];
	readonly unfinished: Catalogue['unfinished'];
	readonly trashCount: number;
	/** There was more than is read. */
	readonly isTruncated: boolean;
};

function listed(
	backup: CatalogueBackup,
	before: readonly CatalogueBackup[],
	nowMs: number,
): ListedBackup {
	const {series, id, manifest, bytes, startedAtMs, isPinned, verifications} = backup;
	const {level, atMs, failure} = proofOf(verifications);
	const medianBytes = median(before.map(other => other.bytes));
	const sizeRatio = medianBytes ? bytes / medianBytes : undefined;
	return {
		series,
		id,
		kind: manifest.kind,
		startedAt: new Date(startedAtMs).toISOString(),
		ageSeconds: Math.max(0, nowMs - startedAtMs) / 1000,
		sizeBytes: bytes,
		medianBytes: medianBytes ?? null,
		sizeRatio: sizeRatio ?? null,
		proofLevel: level ?? null,
		provenAt: atMs === undefined ? null : new Date(atMs).toISOString(),
		failure: failure ? {level: failure.level, at: failure.at, detail: failure.detail} : null,
		isPinned,
		isSuspicious:
			manifest.isSuspicious === true || bytes === 0 || (sizeRatio !== undefined && sizeRatio < 0.5),
		isSafety: manifest.isSafety === true,
	};
}

/** Lists a catalogue; `nowMs` is the wall time that ages are counted from. */
export function backupListOf(catalogue: Catalogue, nowMs: number): BackupList {
	const {folder, backups, damaged, unfinished, trash, isTruncated} = catalogue;
	const bySeries = Map.groupBy(backups, ({series}) => series);
	return {
		version: '1.0',
		folder: clean(folder),
		backups: [...bySeries]
			.toSorted(([a], [b]) => (a < b ? -1 : 1))
			.flatMap(([, own]) =>
				own.map((backup, index) => listed(backup, own.slice(index + 1), nowMs)),
			),
		damaged,
		unfinished,
		trashCount: trash.length,
		isTruncated,
	};
}
