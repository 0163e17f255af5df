import {clean} from '../../domain/clean.ts';
import type {DatabaseFacts, TableFacts} from '../../domain/manifest.ts';
import type {Plan} from '../../domain/plan.ts';
import {listOf, numberOf, objectOf, textOf, textsOf, type Json} from '../../domain/unknown.ts';
import {parseProof} from '../../domain/table-proof.ts';
import type {StepCode, Tools} from '../operation.ts';
import {placeOf} from '../catalogue/place.ts';
import {writeWhole} from '../catalogue/publish.ts';
import {passwordFileText} from '../postgres/loader.ts';
import {runInto} from '../postgres/programs.ts';
import {plannedDump} from './commands.ts';
import {programFailure} from './program-failure.ts';
import {lookAtQueue, watchQueue, type Queue} from './queue.ts';
import {chooseDatabase, type BackupRequest} from './request.ts';

type Planned = ReturnType<typeof plannedDump>;
type DumpTools = Tools<BackupRequest>;

// In memory and not in the journal: thousands of tables are too much for it, and a run that dies before it has published
// is undone and never goes on.
const dumped = new WeakMap<Plan, DumpKept>();

/** What the dump step of this run found; throws where it did not run in this process. */
export function dumpedBy(plan: Plan): DumpKept {
	const kept = dumped.get(plan);
	if (!kept) throw new Error('the dump did not run here');
	return kept;
}

/** What the dump step knows besides the files, for the manifest. */
export type DumpKept = {
	readonly startedAtMs: number;
	readonly facts: Json;
	readonly tables: readonly TableFacts[];
	readonly sequences: DatabaseFacts['sequences'];
	readonly snapshot: string;
};

/** An end that is known to everybody who takes part: the first failure ends the others. */
type Course = {
	readonly over: AbortController;
	/** Whom the dump waited for last. */
	blocker: Queue['blocker'];
};

async function dumpAll(
	tools: DumpTools,
	planned: Planned,
	snapshot: string,
	course: Course,
): Promise<void> {
	const folder = clean(tools.look.folders.backups);
	const [dump, globals] = await Promise.all([
		runInto(tools, planned.dump, planned.dumpFile, {snapshot}),
		runInto(tools, planned.globals, planned.globalsFile),
	]);
	const place = {folder, blocker: course.blocker};
	const failure =
		programFailure('pg_dump', dump, place) ?? programFailure('pg_dumpall', globals, place);
	if (failure) throw failure;
}

/** The tables of the snapshot, each counted and, where planned, hashed; one after the other. */
async function proveTables(
	tools: DumpTools,
	planned: Planned,
	course: Course,
): Promise<readonly TableFacts[]> {
	const rows = await tools.sql(planned.tables);
	const proven: TableFacts[] = [];
	for (const row of rows) {
		course.over.signal.throwIfAborted();
		const [answer] = await tools.sql(planned.proof, {oid: Number(row['oid'])});
		proven.push({
			schema: textOf(row['schema']),
			name: textOf(row['name']),
			bytes: Number(row['bytes']),
			...parseProof(answer?.['proof']),
		});
	}

	return proven;
}

/** Bytes of the growing file against those of the last backup. */
async function showProgress(tools: DumpTools, {dumpFile}: Planned): Promise<void> {
	const [space] = tools.plan.space;
	const entry = await tools.look.io.files.lstat(dumpFile.path).catch(() => undefined);
	if (!entry) return;
	const total =
		numberOf(tools.kept['expectedBytes']) ??
		(space && space.neededBytes - (space.reserveBytes ?? 0));
	tools.progress({
		done: entry.bytes,
		unit: 'bytes',
		...(total !== undefined && total > entry.bytes && {total}),
	});
}

/**
 * Runs all at once; when one fails, the others are ended: what waits in the server by ending its sessions. Rejects with
 * the first failure.
 */
async function together(
	tools: DumpTools,
	planned: Planned,
	course: Course,
	parts: readonly (() => Promise<unknown>)[],
): Promise<void> {
	let first: {readonly error: unknown} | undefined;
	const guarded = parts.map(async part => {
		try {
			await part();
		} catch (error) {
			if (first) return;
			first = {error};
			course.over.abort();
			await tools.sql(planned.stop).catch(() => undefined);
		}
	});
	const watching = watchQueue(tools, planned.queue, course.over.signal, async queue => {
		course.blocker = queue.blocker;
		await showProgress(tools, planned);
	}).catch(async (error: unknown) => {
		if (first) return;
		first = {error};
		course.over.abort();
		await tools.sql(planned.stop).catch(() => undefined);
	});
	await Promise.all(guarded);
	course.over.abort();
	await watching;
	if (first) throw first.error;
}

async function runDump(tools: DumpTools): Promise<void> {
	const planned = plannedDump(tools.step);
	const password = passwordFileText(chooseDatabase(tools.look, tools.request));
	if (planned.passfile && password !== undefined) {
		await writeWhole(tools, planned.passfile, password);
	}

	const startedAtMs = tools.look.io.clock.now();
	// Opened now, so that it is there when something has to be ended and all connections are taken.
	await lookAtQueue(tools, planned.queue);
	await tools.sql(planned.begin);
	await tools.sql(planned.settings);
	const snapshot = textOf((await tools.sql(planned.snapshot))[0]?.['id']);
	const facts = (await tools.sql(planned.facts))[0]?.['facts'];
	const sequences = await tools.sql(planned.sequences);
	const course: Course = {over: new AbortController(), blocker: undefined};
	let tables: readonly TableFacts[] = [];
	await together(tools, planned, course, [
		() => dumpAll(tools, planned, snapshot, course),
		async () => {
			tables = await proveTables(tools, planned, course);
		},
	]);
	await tools.sql(planned.commit);
	await tools.file(planned.dropPassfile);
	const kept: DumpKept = {
		startedAtMs,
		facts: objectOf(facts),
		tables,
		sequences: sequences.map(row => ({
			schema: textOf(row['schema']),
			name: textOf(row['name']),
			lastValue: textOf(row['lastValue']),
			...(row['isDescending'] === true && {isDescending: true}),
		})),
		snapshot,
	};
	dumped.set(tools.plan, kept);
}

/** Dumps in one snapshot while the tables are counted in the same one; gives way to whoever waits for it too long. */
export const dumpCode: StepCode<BackupRequest> = {
	run: runDump,
	async undo(tools) {
		for (const command of tools.step.undo ?? []) {
			if (command.kind === 'file') await tools.file(command);
		}
	},
};

/** The facts of a manifest from what the dump step kept. */
export function databaseFacts(
	kept: DumpKept,
	archive: {readonly entries: number; readonly dumpVersion: string},
	isHashed: boolean,
): DatabaseFacts {
	const {facts} = kept;
	const pairs = (name: string) => listOf(facts[name]).map(objectOf);
	const comment = facts['comment'];
	return {
		systemIdentifier: textOf(facts['systemIdentifier']),
		database: textOf(facts['database']),
		oid: numberOf(facts['oid']) ?? 0,
		versionNumber: numberOf(facts['versionNumber']) ?? 0,
		dumpVersion: clean(archive.dumpVersion, 100),
		encoding: textOf(facts['encoding']),
		collate: textOf(facts['collate']),
		ctype: textOf(facts['ctype']),
		owner: textOf(facts['owner']),
		acl: textsOf(facts['acl']),
		connectionLimit: numberOf(facts['connectionLimit']) ?? -1,
		...(typeof comment === 'string' && {comment}),
		settings: pairs('settings').map(item => ({
			role: textOf(item['role']),
			setting: textOf(item['setting']),
		})),
		extensions: pairs('extensions').map(item => ({
			name: textOf(item['name']),
			version: textOf(item['version']),
		})),
		roles: textsOf(facts['roles']),
		sizeBytes: numberOf(facts['sizeBytes']) ?? 0,
		tables: kept.tables,
		sequences: kept.sequences,
		snapshot: kept.snapshot,
		proof: isHashed ? 'column-hashes' : 'counts',
		archiveEntries: archive.entries,
		largeObjects: numberOf(facts['largeObjects']) ?? 0,
		unvalidatedConstraints: numberOf(facts['unvalidatedConstraints']) ?? 0,
	};
}

/** Place of the backup and its dump file. */
export function dumpPath(tools: Pick<DumpTools, 'plan'>): string {
	const {folder, series, id} = placeOf(tools.plan);
	return `${folder}/${series}/${id}.part/dump.pgc`;
}
