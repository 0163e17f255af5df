import type {CatalogueBackup} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import type {DatabaseFacts} from '../../domain/manifest.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {chooseBackup, damagedBackup, type WantedBackup} from '../catalogue/choose.ts';
import {openCatalogue} from '../catalogue/folder.ts';
import type {Look} from '../operation.ts';
import {controlDatabase, readServer} from './server.ts';

/** A backup of a database, with what its manifest says of the database. */
export type DatabaseBackup = {readonly backup: CatalogueBackup; readonly facts: DatabaseFacts};

/** The newest of this database on this very server; one from another server is only ever taken by its id. */
async function latest(
	look: Look,
	name: string,
	target: PostgresTarget,
): Promise<Pick<WantedBackup, 'isMeant'>> {
	const control = await controlDatabase(look, target, name);
	const {systemIdentifier} = await readServer(look, target, {control, database: name});
	return {
		isMeant: ({manifest}) =>
			manifest.database?.database === name &&
			manifest.database.systemIdentifier === systemIdentifier,
	};
}

function withFacts(backup: CatalogueBackup): DatabaseBackup {
	const {database} = backup.manifest;
	if (database === undefined) throw damagedBackup(backup.id, 'it is not of a database');
	return {backup, facts: database};
}

/** The backup that a restore means, as `chooseBackup` finds it. */
export async function chooseDatabaseBackup(
	look: Look,
	{backup: id, database}: {readonly backup: string; readonly database?: string},
	target: PostgresTarget,
): Promise<DatabaseBackup> {
	const catalogue = await openCatalogue(look);
	const name = database ?? target.database;
	const more = id === 'latest' ? await latest(look, name, target) : {};
	try {
		const wanted = {id, kind: 'database', isForRestore: true, ...more} as const;
		return withFacts(chooseBackup(catalogue, wanted));
	} catch (error) {
		const code = error instanceof ProblemError ? error.problem.code : undefined;
		if (id !== 'latest' || code !== 'backup-not-found') throw error;
		const params = {database: clean(name, 80)};
		throw new ProblemError({code: 'restore-no-latest', params, retry: 'rarely'});
	}
}

/** The backup of a plan that was confirmed, whatever was found out about it since: it must not stop a recovery. */
export async function databaseBackupOf(look: Look, id: string): Promise<DatabaseBackup> {
	return withFacts(chooseBackup(await openCatalogue(look), {id, kind: 'database'}));
}
