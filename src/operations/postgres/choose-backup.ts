import {clean} from '../../domain/clean.ts';
import type {CatalogueBackup} from '../../domain/catalogue.ts';
import type {DatabaseFacts} from '../../domain/manifest.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {readCatalogue} from '../../sources/catalogue.ts';
import type {Look} from '../operation.ts';
import {controlDatabase, readServer} from './server.ts';

/** A backup of a database, with what its manifest says of the database. */
export type DatabaseBackup = {readonly backup: CatalogueBackup; readonly facts: DatabaseFacts};

function withFacts(backup: CatalogueBackup): readonly DatabaseBackup[] {
	const {database} = backup.manifest;
	return backup.manifest.kind === 'database' && database !== undefined
		? [{backup, facts: database}]
		: [];
}

/**
 * The backup that a request means. `latest` is the newest whole one of this database on this very server; one from
 * another server is only ever taken by its id.
 */
export async function chooseBackup(
	look: Look,
	{backup: wanted, database}: {readonly backup: string; readonly database?: string},
	target: PostgresTarget,
): Promise<DatabaseBackup> {
	const {backups, damaged} = await readCatalogue(look.io, look.folders.backups, look.signal);
	const known = backups.flatMap(withFacts);
	if (wanted !== 'latest') {
		const found = known.find(({backup}) => backup.id === wanted);
		if (found !== undefined) {
			return found;
		}
		const broken = damaged.find(({id}) => id === wanted);
		throw new ProblemError(
			broken === undefined
				? {code: 'restore-no-backup', params: {backup: clean(wanted, 80)}, retry: 'rarely'}
				: {
						code: 'restore-damaged-backup',
						params: {backup: broken.id, cause: broken.cause},
						retry: 'rarely',
					},
		);
	}
	const name = database ?? target.database;
	const control = await controlDatabase(look, target, name);
	const {systemIdentifier} = await readServer(look, target, {control, database: name});
	const found = known.find(
		({facts}) => facts.database === name && facts.systemIdentifier === systemIdentifier,
	);
	if (found === undefined) {
		throw new ProblemError({
			code: 'restore-no-latest',
			params: {database: clean(name, 80)},
			retry: 'rarely',
		});
	}
	return found;
}
