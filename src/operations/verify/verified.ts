import type {CatalogueBackup} from '../../domain/catalogue.ts';
import {readCatalogue} from '../../sources/catalogue.ts';
import {ProblemError} from '../../domain/problem.ts';
import {clean} from '../../domain/clean.ts';
import type {Tools} from '../operation.ts';
import type {VerifyRequest} from './verifier.ts';

/** The backup of a verification's plan as it is now: the very one, by the checksum of its manifest. */
export async function verifiedBackup({look, plan}: Tools<VerifyRequest>): Promise<CatalogueBackup> {
	const wanted = plan.identity.backup;
	const {backups, folder} = await readCatalogue(look.io, look.folders.backups, look.signal);
	const found = backups.find(
		({id, manifestSha256}) => id === wanted?.id && manifestSha256 === wanted.manifestSha256,
	);
	if (found) return found;
	const params = {id: wanted?.id ?? '', folder: clean(folder)};
	throw new ProblemError({code: 'backup-not-found', params, retry: 'rarely'});
}
