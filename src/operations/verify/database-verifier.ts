import {headerBytes, readArchiveHeader} from '../../domain/archive-header.ts';
import {assertionHolds} from '../../domain/assertion.ts';
import type {CatalogueBackup} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import {compareSequences, compareTables} from '../../domain/compare-tables.ts';
import {restoredSql} from '../../domain/database-facts-sql.ts';
import type {DatabaseFacts} from '../../domain/manifest.ts';
import type {Command, Step} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {parseProof, proofSettingsSql} from '../../domain/table-proof.ts';
import {listOf, numberOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Look, StepCode, Tools} from '../operation.ts';
import {causeOf} from '../backup/program-failure.ts';
import {contentOf} from '../backup/content.ts';
import {findPrograms} from '../postgres/find-programs.ts';
import {
	programOf,
	runCommand,
	runProgram,
	type Programs,
	type ProgramCommand,
	type ProgramEnd,
} from '../postgres/programs.ts';
import {scratchServer, type ScratchServer} from './scratch.ts';
import {quoteName, quoteText} from '../postgres/quote.ts';
import {
	BadBackup,
	type Verifier,
	type VerifierPlan,
	type VerifyFacts,
	type VerifyRequest,
} from './verifier.ts';
import {verifiedBackup} from './verified.ts';

type VerifyTools = Tools<VerifyRequest>;

/** Name of the database in the throw-away server. */
const restored = 'restored';

/** Programs of the very image that the backup was made with, else of a server here that is not older. */
async function programsFor(look: Look, database: DatabaseFacts): Promise<Programs> {
	const containers = look.targets.postgres.filter(({container}) => container !== undefined);
	const imageOf = (id: string | undefined) =>
		look.containers.find(container => container.id === id)?.imageId;
	const same = containers.find(
		({container}) =>
			database.image !== undefined && imageOf(container?.containerId) === database.image,
	);
	const [first] = same ? [same] : containers;
	const target = first ?? look.targets.postgres[0];
	const anywhere = {
		id: 'none',
		origin: 'host' as const,
		host: '',
		port: 0,
		database: '',
		user: '',
		tls: 'off' as const,
	};
	return findPrograms(look, target ?? anywhere, database.versionNumber);
}

function psql(
	server: ScratchServer,
	database: string,
	statements: readonly string[],
): ProgramCommand {
	return server.run('psql', [
		...['-X', '-q', '-A', '-t', '-w', '-v', 'ON_ERROR_STOP=1'],
		...['-h', server.folder, '-U', 'postgres', '-d', database],
		...statements.flatMap(statement => ['-c', statement]),
	]);
}

const serverSettings = [
	...['listen_addresses=', 'fsync=off', 'full_page_writes=off', 'synchronous_commit=off'],
	...['wal_level=minimal', 'max_wal_senders=0', 'max_wal_size=256MB', 'autovacuum=off'],
	...['shared_buffers=64MB', 'maintenance_work_mem=64MB', 'dynamic_shared_memory_type=mmap'],
];

/** Everything of levels 3 and 4, as commands. */
function restoreCommands(server: ScratchServer, database: DatabaseFacts) {
	const {folder} = server;
	const options = [...serverSettings, `unix_socket_directories=${folder}`]
		.map(setting => `-c ${setting}`)
		.join(' ');
	const roles = database.roles.filter(role => role !== 'postgres' && !role.startsWith('pg_'));
	const locale = `LC_COLLATE ${quoteText(database.collate)} LC_CTYPE ${quoteText(database.ctype)}`;
	const create = `CREATE DATABASE ${restored} TEMPLATE template0 ENCODING ${quoteText(database.encoding)} ${locale}`;
	return {
		initdb: server.run('initdb', [
			...['-D', `${folder}/data`, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'],
			'--no-sync',
		]),
		start: server.run('pg_ctl', [
			...['-D', `${folder}/data`, '-l', `${folder}/log`, '-w', '-t', '60', '-o', options],
			'start',
		]),
		prepare: psql(server, 'postgres', [
			...roles.map(role => `CREATE ROLE ${quoteName(role)}`),
			create,
		]),
		restore: server.run('pg_restore', [
			...['--exit-on-error', '--no-password', '--no-subscriptions', '-h', folder],
			...['-U', 'postgres', '-d', restored],
		]),
		compare: psql(server, restored, [
			'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
			proofSettingsSql,
			restoredSql(database.proof),
			'COMMIT',
		]),
	};
}

async function plan(look: Look, {backup, level, id}: VerifyFacts): Promise<VerifierPlan> {
	const {database} = backup.manifest;
	if (!database || level < 2) return {steps: []};
	const programs = await programsFor(look, database);
	const deadlineMs = Math.max(15 * 60_000, Math.ceil(database.sizeBytes / 5000));
	const read: Step = {
		id: 'read',
		title: {code: 'step-verify-read'},
		commands: [
			runCommand(programs, {
				name: 'read',
				program: 'pg_restore',
				mounts: [{from: backup.folder, to: backup.folder, isReadOnly: true}],
				args: [
					'--file=/dev/null',
					...(programs.kind === 'exec' ? [] : [`${backup.folder}/dump.pgc`]),
				],
			}),
		],
		deadlineMs,
	};
	if (level < 3) return {steps: [read]};
	const image = programs.kind === 'sidecar' ? programs.image : (database.image ?? '');
	const server = await scratchServer(look, programs, {id, dataBytes: database.sizeBytes, image});
	const {initdb, start, prepare, restore, compare} = restoreCommands(server, database);
	const steps: Step[] = [
		read,
		{
			id: 'restore',
			title: {code: 'step-verify-restore', params: {tables: database.tables.length}},
			commands: [server.create, initdb, start, prepare, restore, compare],
			...(server.drop.length > 0 && {undo: server.drop}),
			deadlineMs: deadlineMs * 2,
		},
	];
	const assertions = assertionsFor(look, database);
	if (level >= 4) {
		if (assertions.length === 0) {
			throw new ProblemError({code: 'verify-no-assertions', params: {}, retry: 'rarely'});
		}

		steps.push({
			id: 'assert',
			title: {code: 'step-verify-assert', params: {count: assertions.length}},
			commands: assertions.map(({sql}) =>
				psql(server, restored, ['SET default_transaction_read_only = on', sql]),
			),
			deadlineMs,
		});
	}

	steps.push({
		id: 'drop-scratch',
		title: {code: 'step-verify-drop'},
		commands: server.drop,
		deadlineMs: 120_000,
	});
	return {steps, space: [server.space]};
}

function assertionsFor(look: Pick<Look, 'settings'>, {database}: DatabaseFacts) {
	const all = look.settings.storage?.assertions ?? [];
	return all.filter(each => each.database === undefined || each.database === database);
}

/** The database facts of the backup that a run verifies. */
async function factsOf(
	tools: VerifyTools,
): Promise<{readonly backup: CatalogueBackup; readonly database: DatabaseFacts}> {
	const backup = await verifiedBackup(tools);
	const {database} = backup.manifest;
	if (!database) throw new BadBackup('the manifest has no facts about the database');
	return {backup, database};
}

const readCode: StepCode<VerifyRequest> = {
	async run(tools) {
		const {backup, database} = await factsOf(tools);
		const path = `${backup.folder}/dump.pgc`;
		try {
			const header = readArchiveHeader(await tools.look.io.files.readBytes(path, 0, headerBytes));
			const wanted = database.archiveEntries;
			if (wanted !== undefined && header.entries !== wanted) {
				throw new Error(`${header.entries} objects in the archive, ${wanted} in the manifest`);
			}

			// One that was imported went through a database of another name.
			if (database.systemIdentifier !== '0' && header.database !== database.database) {
				throw new Error(`the archive is of ${header.database}, not of ${database.database}`);
			}
		} catch (error) {
			throw new BadBackup(clean(error instanceof Error ? error.message : String(error), 300));
		}

		const command = programOf(tools.step.commands, 'pg_restore');
		const end = await runProgram(tools, command, {
			...(command.kind === 'exec' && {input: contentOf(tools.look, path)}),
		});
		mustHold('pg_restore', end);
	},
};

/**
 * What a program says where the machine failed it and not the backup: memory or disk ran out, the throw-away server is
 * gone (the kernel ends its processes at the memory limit), the program is too old. Messages of PostgreSQL 10 to 18.
 */
const machineFault = {
	memory: /out of memory|[Cc]annot allocate memory/,
	other:
		/unsupported version|[Nn]o space left|disk quota|server closed the connection|terminating connection|connection to server .* failed|in recovery mode|is starting up|is shutting down/,
} as const;

/** A program that judges the archive or what is in it; a fault of the machine says nothing about either. */
function mustHold(program: string, end: ProgramEnd): void {
	const isMachine = Object.values(machineFault).some(pattern => pattern.test(end.stderr));
	if (end.wasOutOfMemory || (end.exitCode !== 0 && isMachine)) mustSucceed(program, end);
	if (end.exitCode !== 0) throw new BadBackup(causeOf(end));
}

/** A program that only prepares: its failure says nothing about the backup. */
function mustSucceed(program: string, end: ProgramEnd): void {
	if (end.exitCode === 0 && !end.wasOutOfMemory) return;
	const isMemory = end.wasOutOfMemory || machineFault.memory.test(end.stderr);
	const code = isMemory ? 'verify-out-of-memory' : 'verify-not-done';
	throw new ProblemError({code, params: {program, cause: causeOf(end)}, retry: 'soon'});
}

async function create(tools: VerifyTools, command: Command | undefined): Promise<string> {
	switch (command?.kind) {
		case 'sidecar':
			return (await tools.sidecar(command)).containerId;
		case 'program':
			mustSucceed('install', {...(await tools.program(command)), wasOutOfMemory: false});
			return '';
		case 'file':
			await tools.file(command);
			return '';
		case 'sql':
		case 'redis':
		case 'engine':
		case 'exec':
		case 'http':
		case 'job':
		case undefined:
			throw new Error('the plan makes no place for the server');
	}
}

/** The last line of what a program writes; its result may be larger than what a program's end keeps. */
function lastLine(): {readonly onOutput: (chunk: Uint8Array) => void; readonly text: () => string} {
	const decoder = new TextDecoder();
	let text = '';
	return {
		onOutput(chunk) {
			text += decoder.decode(chunk, {stream: true});
		},
		text: () => text.trimEnd().split('\n').at(-1) ?? '',
	};
}

const restoreCode: StepCode<VerifyRequest> = {
	async run(tools) {
		const {backup, database} = await factsOf(tools);
		const {commands} = tools.step;
		const scratch = await create(tools, commands[0]);
		if (scratch !== '') await tools.keep('scratch', scratch);
		const fill = {scratch};
		for (const program of ['initdb', 'pg_ctl'] as const) {
			mustSucceed(program, await runProgram(tools, programOf(commands, program), {fill}));
		}

		const [prepare, compare] = programsOf(commands, 'psql');
		if (!prepare || !compare) throw new Error('the plan compares nothing');
		mustSucceed('psql', await runProgram(tools, prepare, {fill}));
		const input = contentOf(tools.look, `${backup.folder}/dump.pgc`, done =>
			tools.progress({done, total: backup.bytes, unit: 'bytes'}),
		);
		mustHold(
			'pg_restore',
			await runProgram(tools, programOf(commands, 'pg_restore'), {fill, input}),
		);
		const output = lastLine();
		mustSucceed('psql', await runProgram(tools, compare, {fill, onOutput: output.onOutput}));
		const differences = compareRestored(database, JSON.parse(output.text()));
		if (differences.length > 0) throw new BadBackup(differences.slice(0, 5).join('; '));
	},
	undo: dropScratch,
};

function programsOf(commands: readonly Command[], program: string): readonly ProgramCommand[] {
	return commands.filter(
		(command): command is ProgramCommand =>
			(command.kind === 'exec' || command.kind === 'program') &&
			command.argv.some(argument => argument.endsWith(`/${program}`)),
	);
}

async function dropScratch(tools: VerifyTools): Promise<void> {
	const commands = tools.step.id === 'drop-scratch' ? tools.step.commands : (tools.step.undo ?? []);
	for (const command of commands) {
		// Already stopped, or never started: then this fails and is right.
		if (command.kind === 'program') await tools.program(command);
		else if (command.kind === 'file') await tools.file(command);
	}
}

/** What differs between a manifest and the database that was restored from its backup, one line each. */
export function compareRestored(database: DatabaseFacts, answer: unknown): readonly string[] {
	const found = objectOf(answer);
	const tables = listOf(found['tables']).map(item => {
		const {schema, name, proof} = objectOf(item);
		return {schema: textOf(schema), name: textOf(name), ...parseProof(proof)};
	});
	const sequences = listOf(found['sequences']).map(item => {
		const {schema, name, lastValue} = objectOf(item);
		return {schema: textOf(schema), name: textOf(name), lastValue: textOf(lastValue)};
	});
	const lines = [
		...compareTables(database.tables, tables).map(difference =>
			difference.what === 'rows'
				? `${clean(difference.table, 200)}: ${difference.found} rows, ${difference.wanted} in the snapshot`
				: `${clean(difference.table, 200)}: ${difference.what}`,
		),
		...compareSequences(database.sequences, sequences).map(
			({sequence, found: now}) => `sequence ${clean(sequence, 200)}: ${now ?? 'missing'}`,
		),
	];
	for (const [name, wanted] of [
		['largeObjects', database.largeObjects],
		['unvalidatedConstraints', database.unvalidatedConstraints],
		['invalidIndexes', 0],
	] as const) {
		const count = numberOf(found[name]) ?? -1;
		if (wanted !== undefined && count !== wanted) lines.push(`${name}: ${count}, not ${wanted}`);
	}

	return lines;
}

const assertCode: StepCode<VerifyRequest> = {
	async run(tools) {
		const {database} = await factsOf(tools);
		const scratch = textOf(tools.kept['scratch']);
		const assertions = assertionsFor(tools.look, database);
		const commands = programsOf(tools.step.commands, 'psql');
		for (const [index, {sql, expect}] of assertions.entries()) {
			const command = commands[index];
			if (!command) throw new Error('the plan lacks an assertion');
			const end = await runProgram(tools, command, {fill: {scratch}});
			const said = clean(sql, 200);
			mustHold(said, end);
			const value = end.stdout.trim();
			if (!assertionHolds(value, expect)) {
				throw new BadBackup(`${said}: ${clean(value, 100)}, not ${clean(expect, 100)}`);
			}

			tools.progress({done: index + 1, total: assertions.length, unit: 'rows'});
		}
	},
};

/** Verifies backups of databases: read in full, restored and compared, the operator's assertions. */
export const databaseVerifier: Verifier = {
	highest: 4,
	levels: {read: 2, restore: 3, assert: 4},
	plan,
	steps: {
		read: readCode,
		restore: restoreCode,
		assert: assertCode,
		'drop-scratch': {run: dropScratch},
	},
};
