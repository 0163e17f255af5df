import {clean} from '../../domain/clean.ts';
import type {PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look} from '../operation.ts';
import {chooseDatabaseBackup} from './choose-backup.ts';
import {databaseIdentity} from './identity.ts';
import {applicationOf, chooseLoader} from './loader.ts';
import {judgeTable, programMajorOf} from './pre-checks.ts';
import {requireSpace} from './require-space.ts';
import {controlDatabase, findServer, readServer} from './server.ts';
import {sideNames, sideSchema} from './side-names.ts';
import {tableLoaders, tableSteps} from './table-plan-steps.ts';
import {chooseTables, type RestoreTableRequest} from './table-request.ts';

/** Looks at everything that a restore beside the live tables depends on; rejects where something speaks against it. */
export async function planTable(
	look: Look,
	request: RestoreTableRequest,
	id: string,
): Promise<PlanDraft> {
	const target = findServer(look, request.target);
	const {backup, facts} = await chooseDatabaseBackup(look, request, target);
	const database = request.database ?? facts.database;
	const chosen = chooseTables(facts.tables, request);
	const control = await controlDatabase(look, target, database);
	const server = await readServer(look, target, {control, database});
	if (server.live === undefined) {
		const params = {database: clean(database, 80)};
		throw new ProblemError({code: 'restore-table-no-database', params, retry: 'rarely'});
	}
	const [problem] = judgeTable(server, facts, {...request, properties: 'live', database});
	if (problem !== undefined) {
		throw new ProblemError(problem);
	}
	const {fresh} = sideNames(database, id);
	const schema = sideSchema(id);
	const folder = `${look.folders.scratch}/${id}`;
	const usedBytes = chosen.reduce((sum, {from}) => sum + from.bytes, 0);
	const space = await requireSpace(look, target, {
		server,
		databaseBytes: usedBytes * 2,
		copyBytes: backup.bytes * 2,
	});
	const loaderFor = await chooseLoader(look, {
		target,
		serverPort: server.port,
		folder,
		dumpedVersion: Math.max(
			facts.versionNumber,
			server.versionNumber,
			programMajorOf(facts) * 10_000,
		),
		application: applicationOf(id),
	});
	const what = clean(request.table ?? request.schema ?? '', 130);
	const title: Phrase = {
		code: 'restore-table-title',
		params: {what, backup: backup.id, schema, database: clean(database, 100)},
	};
	const names = {database, fresh, schema, chosen};
	const steps = tableSteps({
		...names,
		...{id, target, control, folder, facts, title},
		live: server.live,
		versionNumber: server.versionNumber,
		loaders: tableLoaders(loaderFor, names),
	});
	return {
		title,
		identity: {
			postgres: databaseIdentity(target, server, {database}),
			backup: {id: backup.id, manifestSha256: backup.manifestSha256},
		},
		risk: 'disruptive',
		steps,
		locks: [
			{
				resource: `pg:${server.systemIdentifier}:${database}`,
				mode: 'exclusive',
			},
			{resource: `catalogue:${look.folders.backups}`, mode: 'shared'},
		],
		space,
		outages: [],
		deletes: [],
		warnings: [{code: 'restore-table-plain'}],
		undo: {code: 'restore-table-undo', params: {schema}},
	};
}
