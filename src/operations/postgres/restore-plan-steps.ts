import type {CatalogueBackup} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import type {Container} from '../../domain/containers.ts';
import type {DatabaseFacts} from '../../domain/manifest.ts';
import type {Command, Step} from '../../domain/plan.ts';
import {proofSettingsSql} from '../../domain/table-proof.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {parseAcl} from './acl.ts';
import {inside, onControl, proveInside, type SqlCommand} from './commands.ts';
import {applicationOf} from './loader.ts';
import type {ProgramCommand} from './programs.ts';
import type {RestoreRequest} from './restore-request.ts';
import {
	allowConnections,
	clearSessions,
	closeToPublic,
	commentOn,
	copyProperties,
	createDatabase,
	dropDatabase,
	endBeforeDrop,
	endOwnPrograms,
	swapNames,
} from './restore-sql.ts';
import type {Properties, ServerFacts} from './server-facts.ts';
import {plannedFetch} from './shared-steps.ts';
import {keptComment, type SideNames} from './side-names.ts';
import {startContainer, stopContainer} from './writer-services.ts';

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
	/** Loads the dump into the new database. */
	readonly loader: ProgramCommand;
	readonly writers: readonly Container[];
	readonly id: string;
};

function propertiesOf({server, facts}: RestoreParts, request: RestoreRequest): Properties {
	if (request.properties === 'live' && server.live !== undefined) {
		return server.live;
	}
	return {
		// An imported dump says nothing of the database itself.
		owner: facts.owner === '' ? server.user : facts.owner,
		// No rights in the catalogue means those that a new database has.
		...(facts.acl.length > 0 && {grants: parseAcl(facts.acl)}),
		connectionLimit: facts.connectionLimit,
		...(facts.comment !== undefined && {comment: facts.comment}),
		settings: facts.settings,
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
			...endBeforeDrop(names.fresh, server.versionNumber).map(text => onControl(control, text)),
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
		commands: [...df, loader, onControl(control, endOwnPrograms(applicationOf(id)))],
		undo: [onControl(control, endOwnPrograms(applicationOf(id)))],
		deadlineMs: 24 * hour,
	};
}

function compareSteps({control, names, facts}: RestoreParts): readonly Step[] {
	return [
		{
			id: 'compare',
			title: {code: 'restore-step-compare', params: {count: facts.tables.length}},
			commands: [
				inside(names.fresh, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'),
				inside(names.fresh, proofSettingsSql),
				proveInside(names.fresh, facts.proof),
				inside(names.fresh, 'COMMIT'),
			],
			deadlineMs: 12 * hour,
		},
		{
			id: 'analyze',
			title: {code: 'restore-step-analyze'},
			commands: [inside(names.fresh, 'ANALYZE'), onControl(control, clearSessions([names.fresh]))],
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
			...swap.map(text => onControl(control, text)),
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
		...swapNames(
			[
				{from: database, to: names.fresh},
				{from: names.kept, to: database},
			],
			[commentOn(database, server.live.comment)],
		).map(on),
		on('ROLLBACK'),
		on(allowConnections(database, true)),
		...endBeforeDrop(names.fresh, server.versionNumber).map(on),
		on(dropDatabase(names.fresh, server.versionNumber)),
	];
}

function afterSteps(parts: RestoreParts, isHealthChecked: boolean): readonly Step[] {
	const {control, database, writers, folder} = parts;
	return [
		{
			id: 'open',
			title: {code: 'restore-step-open', params: {database: clean(database, 100)}},
			commands: [
				onControl(control, allowConnections(database, true)),
				...writers.map(startContainer),
			],
			deadlineMs: minute * (1 + writers.length),
		},
		...(isHealthChecked && parts.server.live !== undefined
			? [
					{
						id: 'health',
						title: {code: 'restore-step-health'} as const,
						commands: [...swapBackCommands(parts), ...writers.map(startContainer)],
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

/** The steps of a restore, in order (SAFETY 3.4). */
export function restoreSteps(parts: RestoreParts, request: RestoreRequest): readonly Step[] {
	const {control, names, server, writers} = parts;
	const properties = copyProperties(names.fresh, propertiesOf(parts, request));
	return [
		plannedFetch(parts, 10 * minute + parts.backup.bytes / 10_000),
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
