import {proofOf, type Catalogue, type CatalogueBackup} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import type {BackupKind} from '../../domain/manifest.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {Look} from '../operation.ts';

/**
 * The backup that is meant: by its id, or `latest` of these series that is not known to be bad. Refuses one that failed
 * a verification.
 */
export function chooseBackup(
	{backups, damaged, folder}: Catalogue,
	wanted: {readonly id: string; readonly kind: BackupKind; readonly series?: string},
): CatalogueBackup {
	const {id, kind, series} = wanted;
	const ofKind = backups.filter(backup => backup.manifest.kind === kind);
	const chosen =
		id === 'latest'
			? ofKind.find(
					backup =>
						(series === undefined || backup.series === series) &&
						backup.manifest.isSafety !== true &&
						backup.manifest.isSuspicious !== true &&
						proofOf(backup.verifications).failure === undefined,
				)
			: ofKind.find(backup => backup.id === id);
	const broken = damaged.find(backup => backup.id === id);
	if (broken !== undefined) throw damagedBackup(broken.id, broken.cause);
	if (chosen === undefined) {
		const params = {id: clean(id, 100), folder: clean(folder)};
		throw new ProblemError({code: 'backup-not-found', params, retry: 'rarely'});
	}

	const {failure} = proofOf(chosen.verifications);
	if (failure !== undefined) throw damagedBackup(chosen.id, failure.detail);
	return chosen;
}

/** A backup must not be used, and why. */
export function damagedBackup(id: string, cause: string): ProblemError {
	const params = {id: clean(id, 100), cause: clean(cause, 300)};
	return new ProblemError({code: 'backup-damaged', params, retry: 'rarely'});
}

/** Reads every artefact of a backup and compares size and SHA-256 with the manifest (L1). */
export async function checkArtefacts(
	{io, signal}: Pick<Look, 'io' | 'signal'>,
	{id, folder, manifest}: CatalogueBackup,
): Promise<void> {
	for (const artefact of manifest.artefacts) {
		const found = await io.files
			.hash(`${folder}/${artefact.name}`, signal)
			.catch((error: unknown) => {
				signal.throwIfAborted();
				throw damagedBackup(id, error instanceof Error ? error.message : String(error));
			});
		if (found.bytes !== artefact.bytes || found.sha256 !== artefact.sha256) {
			throw damagedBackup(id, `${artefact.name} does not fit its checksum`);
		}
	}
}
