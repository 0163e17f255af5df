import {clean} from '../../domain/clean.ts';
import type {CatalogueBackup} from '../../domain/catalogue.ts';
import type {DatabaseFacts} from '../../domain/manifest.ts';
import type {Command, PlanDraft, Step} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import type {Look} from '../operation.ts';
import {parseAcl} from './acl.ts';
import {chooseBackup} from './choose-backup.ts';
import {inside, onControl, type SqlCommand} from './commands.ts';
import {proofOfTable, proofSettings} from './compare-tables.ts';
import {dataPlaces, freeAt} from './free-space.ts';
import {parseKeptComment, keptComment, sideNames, type SideNames} from './side-names.ts';
import {applicationOf, chooseLoader, type Loader} from './loader.ts';
import {judgeRestore, maxKept} from './pre-checks.ts';
import {restoreWarnings} from './restore-card.ts';
import type {RestoreRequest} from './restore-request.ts';
import {
	allowConnections,
	clearSessions,
	closeToPublic,
	commentOn,
	copyProperties,
	createDatabase,
	dropDatabase,
	endOwnPrograms,
	swapNames,
} from './restore-sql.ts';
import type {Properties, ServerFacts} from './server-facts.ts';
import {controlDatabase, findServer, readServer} from './server.ts';
import {neededBytes} from './space.ts';
import {startContainer, stopContainer, writerContainers} from './writer-services.ts';
import type {Container} from '../../domain/containers.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Everything that the steps of a restore are made of. */
export type RestoreParts = {
	readonly target: PostgresTarget;
	readonly control: string;
	readonly database: string;
	readonly names: SideNames;
	readonly backup: CatalogueBackup;
	readonly facts: DatabaseFacts;
	readonly server: ServerFacts;
	/** Private folder that the dump is copied to. */
	readonly folder: string;
	readonly loader: Loader;
	readonly writers: readonly Container[];
	readonly id: string;
};

function propertiesOf({server, facts}: RestoreParts, request: RestoreRequest): Properties {
	if (request.properties === 'live' && server.live !== undefined) {
		return server.live;
	}
	return {
		owner: facts.owner,
		// No rights in the catalogue means those that a new database has.
		...(facts.acl.length > 0 && {grants: parseAcl(facts.acl)}),
		connectionLimit: facts.connectionLimit,
		...(facts.comment !== undefined && {comment: facts.comment}),
		settings: facts.settings,
	};
}

function fetchStep({folder, target, backup}: RestoreParts): Step {
	return {
		id: 'fetch',
		title: {code: 'restore-step-fetch'},
		commands: [
			{kind: 'file', action: 'make', path: folder},
			{kind: 'file', action: 'write', path: `${folder}/dump.pgc`},
			...(target.password === undefined
				? []
				: [{kind: 'file', action: 'write', path: `${folder}/pgpass`} as const]),
		],
		undo: [{kind: 'file', action: 'remove', path: folder}],
		deadlineMs: 10 * minute + backup.bytes / 10_000,
	};
}

function createStep(parts: RestoreParts): Step {
	const {control, names, facts, server, id} = parts;
	const fresh = server.live ?? facts;
	return {
		id: 'create',
		title: {code: 'restore-step-create', params: {name: clean(names.fresh, 100)}},
		commands: [
			onControl(control, createDatabase(names.fresh, {...fresh, encoding: facts.encoding})),
			onControl(control, closeToPublic(names.fresh)),
		],
		undo: [
			onControl(control, endOwnPrograms(applicationOf(id))),
			onControl(control, dropDatabase(names.fresh, server.versionNumber)),
		],
		deadlineMs: 5 * minute,
	};
}

function loadStep({control, loader, target, server, id}: RestoreParts): Step {
	const container = target.container;
	const df: Command[] =
		container === undefined || server.dataFolder === ''
			? []
			: [
					{
						kind: 'exec',
						containerId: container.containerId,
						containerName: container.containerName,
						argv: ['df', '-Pk', server.dataFolder],
					},
				];
	return {
		id: 'load',
		title: {code: 'restore-step-load'},
		commands: [...df, loader.command, onControl(control, endOwnPrograms(applicationOf(id)))],
		undo: [onControl(control, endOwnPrograms(applicationOf(id)))],
		deadlineMs: 24 * hour,
	};
}

function compareSteps({control, names, facts}: RestoreParts): readonly Step[] {
	const proofs: readonly SqlCommand[] = facts.tables.map(table =>
		inside(names.fresh, proofOfTable(table)),
	);
	return [
		{
			id: 'compare',
			title: {code: 'restore-step-compare', params: {count: facts.tables.length}},
			commands: [inside(names.fresh, proofSettings), ...proofs],
			deadlineMs: 12 * hour,
		},
		{
			id: 'analyze',
			title: {code: 'restore-step-analyze'},
			commands: [
				inside(names.fresh, 'ANALYZE'),
				onControl(control, clearSessions([names.fresh])),
			],
			deadlineMs: 2 * hour,
		},
	];
}

function quiesceStep(writers: readonly Container[]): Step {
	return {
		id: 'quiesce',
		title: {
			code: 'restore-step-quiesce',
			params: {services: clean(writers.map(({name}) => name).join(', '), 300)},
		},
		commands: writers.map(stopContainer),
		undo: writers.map(startContainer),
		deadlineMs: minute * (1 + writers.length),
	};
}

function gateSteps({control, database, names}: RestoreParts): readonly Step[] {
	return [
		{
			id: 'gate',
			title: {code: 'restore-step-gate', params: {database: clean(database, 100)}},
			commands: [onControl(control, allowConnections(database, false))],
			undo: [onControl(control, allowConnections(database, true))],
			deadlineMs: minute / 2,
		},
		{
			id: 'clear',
			title: {code: 'restore-step-clear'},
			commands: [onControl(control, clearSessions([database, names.fresh]))],
			deadlineMs: minute / 2,
		},
	];
}

function swapStep(parts: RestoreParts): Step {
	const {control, database, names, server, id} = parts;
	const {live} = server;
	const note = {of: database, id, ...(live?.comment !== undefined && {comment: live.comment})};
	const swap =
		live === undefined
			? swapNames([{from: names.fresh, to: database}])
			: swapNames(
					[
						{from: database, to: names.kept},
						{from: names.fresh, to: database},
					],
					[commentOn(names.kept, keptComment(note, 0))],
				);
	return {
		id: 'swap',
		title: {code: 'restore-step-swap', params: {database: clean(database, 100)}},
		commands: [
			onControl(control, swap),
			onControl(control, 'ROLLBACK'),
			onControl(control, clearSessions([database, names.fresh])),
		],
		isCommitPoint: true,
		deadlineMs: minute,
	};
}

/** The statements of the way back after the swap: gate, clear, names back, open; the new database is removed. */
function swapBackCommands(parts: RestoreParts): readonly SqlCommand[] {
	const {control, database, names, server} = parts;
	const on = (text: string) => onControl(control, text);
	if (server.live === undefined) {
		return [];
	}
	return [
		on(allowConnections(database, false)),
		on(clearSessions([database, names.kept])),
		on(
			swapNames(
				[
					{from: database, to: names.fresh},
					{from: names.kept, to: database},
				],
				[commentOn(database, server.live.comment)],
			),
		),
		on('ROLLBACK'),
		on(allowConnections(database, true)),
		on(dropDatabase(names.fresh, server.versionNumber)),
	];
}

function afterSteps(parts: RestoreParts, isHealthChecked: boolean): readonly Step[] {
	const {control, database, writers, folder} = parts;
	return [
		{
			id: 'open',
			title: {code: 'restore-step-open', params: {database: clean(database, 100)}},
			commands: [onControl(control, allowConnections(database, true)), ...writers.map(startContainer)],
			deadlineMs: minute * (1 + writers.length),
		},
		...(isHealthChecked && parts.server.live !== undefined
			? [
					{
						id: 'health',
						title: {code: 'restore-step-health'} as const,
						commands: swapBackCommands(parts),
						deadlineMs: 5 * minute,
					},
				]
			: []),
		{
			id: 'tidy',
			title: {code: 'restore-step-tidy'},
			commands: [{kind: 'file', action: 'remove', path: folder}],
			deadlineMs: minute,
		},
	];
}

function stepsOf(parts: RestoreParts, request: RestoreRequest): readonly Step[] {
	const {control, names, server, writers} = parts;
	const properties = copyProperties(names.fresh, propertiesOf(parts, request));
	return [
		fetchStep(parts),
		createStep(parts),
		loadStep(parts),
		...compareSteps(parts),
		{
			id: 'properties',
			title: {code: 'restore-step-properties'},
			commands: properties.map(text => onControl(control, text)),
			deadlineMs: minute,
		},
		...(writers.length > 0 ? [quiesceStep(writers)] : []),
		...(server.live === undefined ? [] : gateSteps(parts)),
		swapStep(parts),
		...afterSteps(parts, request.isHealthChecked),
	];
}

async function spaceOf(
	look: Look,
	parts: Omit<RestoreParts, 'loader' | 'writers'>,
): Promise<PlanDraft['space']> {
	const {target, server, facts, backup} = parts;
	const [places, scratch] = await Promise.all([
		dataPlaces(look, target, server.dataFolder),
		freeAt(look, look.folders.scratch),
	]);
	const data = places.map(({path, totalBytes, freeBytes}) => ({
		folder: path,
		neededBytes: neededBytes({
			databaseBytes: facts.sizeBytes,
			maxWalBytes: server.maxWalBytes,
			totalBytes,
		}),
		freeBytes,
	}));
	const own =
		scratch === undefined
			? []
			: [{folder: scratch.path, neededBytes: backup.bytes, freeBytes: scratch.freeBytes}];
	for (const {folder, neededBytes: needed, freeBytes} of [...data, ...own]) {
		if (freeBytes < needed) {
			throw new ProblemError({
				code: 'restore-no-space',
				params: {
					folder: clean(folder, 200),
					neededMiB: Math.ceil(needed / 1024 ** 2),
					freeMiB: Math.floor(freeBytes / 1024 ** 2),
				},
				retry: 'rarely',
			});
		}
	}
	return [...data, ...own];
}

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
	const {backup, facts} = await chooseBackup(look, request, target);
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
	const space = await spaceOf(look, base);
	const loader = await chooseLoader(look, {
		target,
		database: names.fresh,
		serverPort: server.port,
		folder,
		bytes: backup.bytes,
		dumpedVersion: facts.versionNumber,
		application: applicationOf(id),
	});
	const writers = writerContainers(look, target, request.quiesce);
	const parts: RestoreParts = {...base, loader, writers};
	const container = look.containers.find(one => one.id === target.container?.containerId);
	return {
		title: {
			code: 'restore-title',
			params: {database: clean(database, 100), backup: backup.id},
		},
		identity: {
			...(container?.project !== undefined && {project: container.project}),
			containers: [...(container === undefined ? [] : [container]), ...writers].map(
				({key, name, id: containerId, imageId}) => ({key, name, id: containerId, imageId}),
			),
			postgres: {
				target: target.id,
				systemIdentifier: server.systemIdentifier,
				database,
				oid: server.live?.oid ?? 0,
				versionNumber: server.versionNumber,
			},
			backup: {id: backup.id, manifestSha256: backup.manifestSha256},
		},
		risk: 'destructive',
		confirmName: database,
		steps: stepsOf(parts, request),
		locks: [
			{resource: `pg:${server.systemIdentifier}:${database}`, mode: 'exclusive'},
			{resource: `catalogue:${look.folders.backups}`, mode: 'shared'},
			...(container?.project === undefined
				? []
				: [{resource: `stack:${container.project}`, mode: 'exclusive'} as const]),
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
				: {code: 'restore-undo', params: {kept: clean(names.kept, 100), hours: 72}},
	};
}
