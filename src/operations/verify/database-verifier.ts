import {headerBytes, readArchiveHeader} from '../../domain/archive-header.ts';
import {assertionHolds} from '../../domain/assertion.ts';
import type {CatalogueBackup} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import type {DatabaseFacts} from '../../domain/manifest.ts';
import type {Command} from '../../domain/plan.ts';
import {textOf} from '../../domain/unknown.ts';
import {contentOf} from '../backup/content.ts';
import type {StepCode, Tools} from '../operation.ts';
import {type ProgramCommand, programOf, runProgram} from '../postgres/programs.ts';
import {compareRestored} from './compare-restored.ts';
import {assertionsFor, planVerification} from './database-verify-plan.ts';
import {verifiedBackup} from './verified.ts';
import {BadBackup, type Verifier, type VerifyRequest} from './verifier.ts';
import {mustHold, mustSucceed} from './verify-end.ts';

type VerifyTools = Tools<VerifyRequest>;

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
	plan: planVerification,
	steps: {
		read: readCode,
		restore: restoreCode,
		assert: assertCode,
		'drop-scratch': {run: dropScratch},
	},
};
