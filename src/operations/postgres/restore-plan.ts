import {clean} from '../../domain/clean.ts';
import type {PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {Look} from '../operation.ts';
import {chooseDatabaseBackup} from './choose-backup.ts';
import {databaseIdentity} from './identity.ts';
import {parseKeptComment, sideNames, wayBackParams} from './side-names.ts';
import {applicationOf, chooseLoader} from './loader.ts';
import {judgeRestore, maxKept, programMajorOf} from './pre-checks.ts';
import {restoreWarnings} from './restore-card.ts';
import {requireSpace} from './require-space.ts';
import {restoreSteps, type RestoreParts} from './restore-plan-steps.ts';
import type {RestoreRequest} from './restore-request.ts';
import type {ServerFacts} from './server-facts.ts';
import {controlDatabase, findServer, readServer} from './server.ts';
import {writerContainers} from './writer-services.ts';

function refuseTooMany({databases}: ServerFacts, database: string): void {
	const kept = databases.filter(({comment}) => parseKeptComment(comment)?.of === database);
	if (kept.length >= maxKept) {
		throw new ProblemError({
			code: 'restore-too-many-kept',
			params: {count: kept.length, names: clean(kept.map(({name}) => name).join(', '), 300)},
			retry: 'rarely',
		});
	}
}

/** Looks at everything that a restore depends on and describes it; rejects where something speaks against it. */
export async function planRestore(
	look: Look,
	request: RestoreRequest,
	id: string,
): Promise<PlanDraft> {
	const target = findServer(look, request.target);
	const {backup, facts} = await chooseDatabaseBackup(look, request, target);
	const database = request.database ?? facts.database;
	const control = await controlDatabase(look, target, database);
	const server = await readServer(look, target, {control, database});
	const [problem] = judgeRestore(server, facts, {...request, database});
	if (problem !== undefined) {
		throw new ProblemError(problem);
	}
	refuseTooMany(server, database);
	const folder = `${look.folders.scratch}/${id}`;
	const names = sideNames(database, id);
	const base = {target, control, database, names, backup, facts, server, folder, id};
	const space = await requireSpace(look, target, {
		server,
		databaseBytes: facts.sizeBytes,
		copyBytes: backup.bytes,
	});
	const loaderFor = await chooseLoader(look, {
		target,
		serverPort: server.port,
		folder,
		// The program that reads the archive must be as new as the one that wrote it.
		dumpedVersion: Math.max(facts.versionNumber, programMajorOf(facts) * 10_000),
		application: applicationOf(id),
	});
	const loader = loaderFor({database: names.fresh, bytes: backup.bytes});
	const writers = writerContainers(look, target, request.quiesce);
	const parts: RestoreParts = {...base, loader, writers};
	const container = look.containers.find(one => one.id === target.container?.containerId);
	const touched = [...(container === undefined ? [] : [container]), ...writers];
	const projects = new Set(touched.flatMap(({project}) => project ?? []));
	return {
		title: {
			code: 'restore-title',
			params: {database: clean(database, 100), backup: backup.id},
		},
		identity: {
			...(container?.project !== undefined && {project: container.project}),
			containers: touched.map(({key, name, id: containerId, imageId}) => ({
				key,
				name,
				id: containerId,
				imageId,
			})),
			postgres: databaseIdentity(target, server, {database}),
			backup: {id: backup.id, manifestSha256: backup.manifestSha256},
		},
		risk: 'destructive',
		confirmName: database,
		steps: restoreSteps(parts, request),
		locks: [
			{resource: `pg:${server.systemIdentifier}:${database}`, mode: 'exclusive'},
			{resource: `catalogue:${look.folders.backups}`, mode: 'shared'},
			...[...projects].map(project => ({resource: `stack:${project}`, mode: 'exclusive'}) as const),
		],
		space,
		outages: [
			{
				what: clean(database, 100),
				expectedMs: writers.length > 0 ? 10_000 : 300,
				basis: {code: writers.length > 0 ? 'restore-outage-stopped' : 'restore-outage'},
			},
		],
		deletes: [],
		warnings: await restoreWarnings(look, parts, {hasSpaceSeen: space.length > 1}),
		undo:
			server.live === undefined
				? {code: 'restore-undo-none', params: {database: clean(database, 100)}}
				: {code: 'restore-undo', params: wayBackParams(names.kept, id)},
	};
}
