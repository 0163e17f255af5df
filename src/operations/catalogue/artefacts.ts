import type {CatalogueBackup} from '../../domain/catalogue.ts';
import type {Look} from '../operation.ts';
import {damagedBackup} from './choose.ts';

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
