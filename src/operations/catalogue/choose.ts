import {
	lineageOf,
	type Catalogue,
	type CatalogueBackup,
	type DamagedBackup,
} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import type {BackupKind} from '../../domain/manifest.ts';
import {ProblemError} from '../../domain/problem.ts';

/**
 * The backup that an operator names: an id, its beginning where that is clear, or `latest`. Rejects with a ProblemError:
 * `backup-not-found`, `backup-ambiguous`, or `backup-damaged` with the cause.
 */
export function chooseBackup(
	{backups, damaged, folder}: Catalogue,
	name: string,
	kind?: BackupKind,
): CatalogueBackup {
	const ofKind = backups.filter(({manifest}) => kind === undefined || manifest.kind === kind);
	const [first] = ofKind;
	if (name === 'latest' && first) return first;
	const broken = damaged.find(({id}) => id === name);
	if (broken) {
		const params = {id: broken.id, cause: broken.cause};
		throw new ProblemError({code: 'backup-damaged', params, retry: 'rarely'});
	}

	const [found, ...others] = name.length >= 4 ? ofKind.filter(({id}) => id.startsWith(name)) : [];
	if (!found || others.length > 0) {
		const params = {id: clean(name, 60), folder: clean(folder)};
		const code = found ? 'backup-ambiguous' : 'backup-not-found';
		throw new ProblemError({code, params, retry: 'rarely'});
	}

	return found;
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
