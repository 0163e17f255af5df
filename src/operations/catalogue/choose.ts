import {
	lineageOf,
	proofOf,
	type Catalogue,
	type CatalogueBackup,
	type DamagedBackup,
} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import type {BackupKind} from '../../domain/manifest.ts';
import {ProblemError} from '../../domain/problem.ts';

/** Which backup an operator means. */
export type WantedBackup = {
	/** An id, its beginning (four characters or more) where that is clear, or `latest`. */
	readonly id: string;
	readonly kind?: BackupKind;
	/** Which backups `latest` may be: of a series, or of the server that is restored. */
	readonly isMeant?: (backup: CatalogueBackup) => boolean;
	/** It is going to be restored: a suspicious one is never `latest`, and one known to be bad is refused. */
	readonly isForRestore?: boolean;
};

/**
 * The backup that an operator names. `latest` is never a safety backup, which an operation made of what it was about to
 * change. Rejects with a ProblemError: `backup-not-found`, `backup-ambiguous`, or `backup-damaged` with the cause.
 */
export function chooseBackup(catalogue: Catalogue, wanted: WantedBackup): CatalogueBackup {
	const {id, kind, isForRestore = false} = wanted;
	const ofKind = catalogue.backups.filter(one => kind === undefined || one.manifest.kind === kind);
	const found = id === 'latest' ? latestOf(ofKind, wanted) : byId(catalogue, ofKind, id);
	if (found === undefined) throw trouble('backup-not-found', catalogue, id);
	const {failure} = proofOf(found.verifications);
	if (isForRestore && failure !== undefined) throw damagedBackup(found.id, failure.detail);
	return found;
}

function latestOf(
	backups: readonly CatalogueBackup[],
	{isMeant = () => true, isForRestore = false}: WantedBackup,
): CatalogueBackup | undefined {
	return backups.find(backup => {
		const {manifest, verifications} = backup;
		if (manifest.isSafety === true || !isMeant(backup)) return false;
		const isDoubtful =
			manifest.isSuspicious === true || proofOf(verifications).failure !== undefined;
		return !(isForRestore && isDoubtful);
	});
}

function byId(
	catalogue: Catalogue,
	backups: readonly CatalogueBackup[],
	id: string,
): CatalogueBackup | undefined {
	const isNamed = (one: {readonly id: string}) =>
		one.id === id || (id.length >= 4 && one.id.startsWith(id));
	const [found, ...others] = backups.filter(isNamed);
	const [broken, ...more] = catalogue.damaged.filter(isNamed);
	const isExact = found?.id === id || broken?.id === id;
	const count = [found, broken, ...others, ...more].filter(one => one !== undefined).length;
	if (count > 1 && !isExact) throw trouble('backup-ambiguous', catalogue, id);
	if (broken !== undefined && found?.id !== id) throw damagedBackup(broken.id, broken.cause);
	return found;
}

function trouble(
	code: 'backup-not-found' | 'backup-ambiguous',
	{folder}: Catalogue,
	id: string,
): ProblemError {
	return new ProblemError({
		code,
		params: {id: clean(id, 100), folder: clean(folder)},
		retry: 'rarely',
	});
}

/** A backup must not be used, and why. */
export function damagedBackup(id: string, cause: string): ProblemError {
	const params = {id: clean(id, 100), cause: clean(cause, 300)};
	return new ProblemError({code: 'backup-damaged', params, retry: 'rarely'});
}

/** The newest backup of every lineage. */
export function newestOfEach({backups}: Catalogue): readonly CatalogueBackup[] {
	const newest = new Map<string, CatalogueBackup>();
	for (const backup of backups) {
		const lineage = lineageOf(backup);
		if (!newest.has(lineage)) newest.set(lineage, backup);
	}

	return [...newest.values()];
}

/** What stands where the newest backup of a series should, and is none: folders that are newer than every whole one. */
export function damagedNewest({backups, damaged}: Catalogue): readonly DamagedBackup[] {
	return damaged.filter(
		({series, id}) => !backups.some(backup => backup.series === series && backup.id > id),
	);
}
