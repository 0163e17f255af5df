import type {JsonValue, Step} from '../../domain/plan.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import type {StepCode, Tools} from '../operation.ts';
import {runAll, statementsOf} from './commands.ts';
import {fetchDump, writePasswordFile} from './fetch-dump.ts';
import {loadDump} from './load-dump.ts';
import {contextOf, plannedBackup} from './restore-context.ts';
import {readServer} from './server.ts';

/** The step that copies the dump into the run's private folder; every restore begins with it. */
export function plannedFetch(
	{folder, target}: {readonly folder: string; readonly target: PostgresTarget},
	deadlineMs: number,
): Step {
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
		deadlineMs,
	};
}

/** Removes the run's folder, which holds nothing but copies. */
export async function removeFolder<R extends JsonValue>(
	tools: Tools<R>,
	commands = tools.step.commands,
): Promise<void> {
	for (const command of commands) {
		if (command.kind === 'file' && command.action === 'remove') {
			await tools.file(command);
		}
	}
}

/** Carries out `plannedFetch`. */
export async function fetchIntoFolder<R extends JsonValue>(tools: Tools<R>): Promise<void> {
	const {target} = contextOf(tools);
	const {backup, dump} = await plannedBackup(tools);
	for (const command of tools.step.commands) {
		if (command.kind === 'file' && command.action === 'make') {
			await tools.file(command);
		}
	}
	await fetchDump(tools, {folder: backup.folder, artefact: dump});
	await writePasswordFile(tools, target);
}

/** Carries out the statements of a step, in order. */
export function inOrder<R extends JsonValue>(): StepCode<R> {
	return {run: tools => runAll(tools, statementsOf(tools.step.commands))};
}

/** The same for a step that has a way back, also in statements. */
export function inOrderAndBack<R extends JsonValue>(): StepCode<R> {
	return {
		...inOrder<R>(),
		undo: tools => runAll(tools, statementsOf(tools.step.undo)),
	};
}

/** Loads the dump, or a part of it, into the new database, as long as the server's disk has room. */
export function loadIntoFresh<R extends JsonValue>(): StepCode<R> {
	return {
		...inOrderAndBack<R>(),
		async run(tools) {
			const {target, control, names, database, folder} = contextOf(tools);
			const {facts} = await plannedBackup(tools);
			const {dataFolder} = await readServer(tools.look, target, {control, database});
			await loadDump(tools, {
				target,
				control,
				dataFolder,
				database: names.fresh,
				dump: `${folder}/dump.pgc`,
				expectedBytes: facts.sizeBytes,
			});
		},
	};
}
