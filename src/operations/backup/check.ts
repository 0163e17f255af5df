import {headerBytes, readArchiveHeader, type ArchiveHeader} from '../../domain/archive-header.ts';
import {clean} from '../../domain/clean.ts';
import type {Artefact, DatabaseFacts, Manifest} from '../../domain/manifest.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {Plan} from '../../domain/plan.ts';
import {commonFacts} from '../catalogue/facts.ts';
import type {Publishing} from '../catalogue/publish.ts';
import type {StepCode, Tools} from '../operation.ts';
import {contentOf} from './content.ts';
import {canLoad, majorOf, programMajorOf} from '../postgres/pre-checks.ts';
import {programOf, runProgram} from '../postgres/programs.ts';
import {artefacts} from './commands.ts';
import {doubtsOf} from './doubts.ts';
import {databaseFacts, dumpedBy, dumpPath} from './dump.ts';
import {causeOf, programFailure} from './program-failure.ts';
import {chooseDatabase, type BackupRequest} from './request.ts';
import {readCatalogue} from '../../sources/catalogue.ts';

type CheckTools = Tools<BackupRequest>;

/** What the check found, in memory as what the dump found. */
type Checked = {readonly header: ArchiveHeader; readonly artefacts: readonly Artefact[]};

const checked = new WeakMap<Plan, Checked>();

function notReadable(tools: CheckTools, cause: string): ProblemError {
	const params = {cause: clean(cause, 300), folder: clean(tools.look.folders.backups)};
	return new ProblemError({code: 'dump-not-readable', params, retry: 'soon'});
}

async function checkDump(tools: CheckTools): Promise<void> {
	const path = dumpPath(tools);
	const {io, signal} = tools.look;
	const globals = path.replace(artefacts.dump, artefacts.globals);
	let header: ArchiveHeader;
	try {
		header = readArchiveHeader(await io.files.readBytes(path, 0, headerBytes));
	} catch (error) {
		throw notReadable(tools, error instanceof Error ? error.message : String(error));
	}

	const {database} = chooseDatabase(tools.look, tools.request);
	if (header.database !== database) {
		throw notReadable(tools, `it is a dump of ${header.database}, not of ${database}`);
	}

	const command = programOf(tools.step.commands, 'pg_restore');
	const {bytes: total} = await io.files.lstat(path);
	const [end, dumpSum, globalsSum] = await Promise.all([
		runProgram(tools, command, {
			...(command.kind === 'exec' && {input: contentOf(tools.look, path)}),
		}),
		io.files.hash(path, signal, done => tools.progress({done, total, unit: 'bytes'})),
		io.files.hash(globals, signal),
	]);
	const folder = clean(tools.look.folders.backups);
	const failure = programFailure('pg_restore', end, {folder});
	if (failure) {
		throw failure.problem.code === 'dump-failed' ? notReadable(tools, causeOf(end)) : failure;
	}

	checked.set(tools.plan, {
		header,
		artefacts: [
			{name: artefacts.dump, ...dumpSum, format: 'pg-custom'},
			{name: artefacts.globals, ...globalsSum, format: 'sql'},
		],
	});
}

/** Reads the whole dump back with the program that would restore it, and hashes both files (level 2 of SAFETY 3.2). */
export const checkCode: StepCode<BackupRequest> = {run: checkDump};

/** A backup that its own server could not load is still one, but whoever relies on it must know. */
function warnWhereItCannotGoBack(tools: CheckTools, database: DatabaseFacts): void {
	const server = majorOf(database.versionNumber);
	const program = programMajorOf(database);
	if (!canLoad(program, server)) {
		tools.warn({code: 'warn-backup-newer-program', params: {program, server}});
	}
}

async function manifestOf(tools: CheckTools): Promise<Manifest> {
	const {look, plan, request} = tools;
	const found = checked.get(plan);
	if (!found) throw new Error('the dump was not checked here');
	const kept = dumpedBy(plan);
	const isHashed = kept.tables.every(({hash}) => hash !== undefined);
	const image = plan.identity.containers?.[0]?.imageId;
	const manifest: Manifest = {
		...(await commonFacts(tools, kept.startedAtMs)),
		kind: 'database',
		artefacts: found.artefacts,
		database: {
			...databaseFacts(kept, found.header, isHashed),
			...(image !== undefined && {image}),
		},
		...(request.isSafety === true && {isSafety: true}),
		...(request.note !== undefined && {note: request.note}),
	};
	const {database} = manifest;
	if (database !== undefined) warnWhereItCannotGoBack(tools, database);
	const {backups} = await readCatalogue(look.io, look.folders.backups, look.signal);
	const doubts = doubtsOf(manifest, backups);
	for (const doubt of doubts) tools.warn(doubt);
	return doubts.length === 0 ? manifest : {...manifest, isSuspicious: true};
}

/** How a database backup is published. */
export const databasePublishing: Publishing<BackupRequest> = {
	manifest: manifestOf,
	detail: (_tools, {database}) =>
		`${database?.archiveEntries ?? 0} objects read, ${database?.tables.length ?? 0} tables in the snapshot`,
};
