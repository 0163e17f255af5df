import {clean} from '../../domain/clean.ts';
import type {FileFacts} from '../../domain/manifest.ts';
import type {JsonValue} from '../../domain/plan.ts';
import type {StepCode, Tools} from '../operation.ts';
import {readArchive} from './archive.ts';
import {keptFiles} from './backup.ts';
import {filesTrouble, unreadable} from './collect.ts';
import {compareFile, entryAt, refuseLinksAbove} from './compare.ts';
import {itemsOf, type FileCommand, type Write} from './swap-steps.ts';

/** Gives the files of the chosen backup, and where its archive is. */
export type SourceOf<R extends JsonValue> = (
	tools: Tools<R>,
) => Promise<{readonly path: string; readonly files: readonly FileFacts[]}>;

/** The code of `swapSteps`. */
export function swapCode<R extends JsonValue>(
	source: SourceOf<R>,
): Readonly<Record<'stage' | 'validate' | 'swap' | 'clean', StepCode<R>>> {
	return {
		stage: {
			run: tools => stage(tools, source),
			undo: tools => removeStages(tools),
		},
		validate: {run: validateStaged},
		swap: {
			run: tools => swap(tools, source),
			undo: tools => putBack(tools, source),
		},
		clean: {run: tools => removeStages(tools)},
	};
}

async function removeStages<R extends JsonValue>(tools: Tools<R>): Promise<void> {
	const {step} = tools;
	const commands = step.id === 'stage' ? (step.undo ?? []) : step.commands;
	for (const command of commands) if (command.kind === 'file') await tools.file(command);
}

async function stage<R extends JsonValue>(tools: Tools<R>, source: SourceOf<R>): Promise<void> {
	const {plan, look, step} = tools;
	const items = itemsOf(plan);
	const writes = new Map<string, Write>();
	for (const command of step.commands) {
		if (command.kind !== 'file') continue;
		if (command.action === 'write') writes.set(command.path, {...command, action: 'write'});
		else await tools.file(command);
	}

	const byTarget = new Map(items.map(item => [item.target, item]));
	let finish: (() => Promise<unknown>) | undefined;
	await readArchive(look, await source(tools), {
		async open({origin}) {
			const item = byTarget.get(origin);
			const command = item && writes.get(item.staged);
			if (command === undefined) return undefined;
			const writer = await tools.write(command);
			finish = () => writer.finish();
			return piece => writer.write(piece);
		},
		async close() {
			await finish?.();
			finish = undefined;
		},
	});
	const safety = new Map(keptFiles(tools).map(facts => [facts.origin, facts]));
	for (const {saved, target} of items) {
		const command = writes.get(saved);
		if (command !== undefined) await saveOld(tools, {command, target, facts: safety.get(target)});
	}
}

/** Copies the old file into the stage; it must be the very one that is in the safety backup. */
async function saveOld<R extends JsonValue>(
	tools: Tools<R>,
	{
		command,
		target,
		facts,
	}: {readonly command: Write; readonly target: string; readonly facts: FileFacts | undefined},
): Promise<void> {
	const writer = await tools.write(command);
	try {
		const {content} = await tools.look.io.files.snapshot(target, tools.look.signal);
		for await (const piece of content) await writer.write(piece);
		const {sha256} = await writer.finish();
		if (sha256 !== facts?.sha256) throw changed(target);
	} catch (error) {
		await writer.discard();
		tools.look.signal.throwIfAborted();
		throw unreadable(target, error);
	}
}

function changed(target: string) {
	return filesTrouble('files-changed-meanwhile', {path: clean(target, 300)});
}

const maxJsonBytes = 8 * 1024 * 1024;

async function validateStaged<R extends JsonValue>(tools: Tools<R>): Promise<void> {
	const {look, plan, step} = tools;
	for (const command of step.commands) {
		if (command.kind !== 'program') continue;
		const {exitCode, stderr} = await tools.program(command);
		if (exitCode === 0) continue;
		const at = command.argv.indexOf('-f') + 1;
		const item = itemsOf(plan).find(({staged}) => staged === command.argv[at]);
		const cause = clean(stderr.trim().replaceAll('\n', ' | '), 300) || `exit ${exitCode}`;
		throw filesTrouble('files-not-valid', {path: clean(item?.target ?? '', 300), cause});
	}

	for (const {staged, target} of itemsOf(plan)) {
		if (!target.endsWith('.json')) continue;
		try {
			JSON.parse(await look.io.files.readText(staged, maxJsonBytes));
		} catch (error) {
			const cause = clean(error instanceof Error ? error.message : String(error), 200);
			throw filesTrouble('files-not-valid', {path: clean(target, 300), cause});
		}
	}
}

/** What is at a target now: as it was, as it is to be, nothing, or something else. */
async function stateOf<R extends JsonValue>(
	{look, kept}: Pick<Tools<R>, 'look' | 'kept'>,
	target: string,
	wanted: ReadonlyMap<string, FileFacts>,
): Promise<'old' | 'new' | 'absent' | 'other'> {
	await refuseLinksAbove(look.io, target);
	const facts = wanted.get(target);
	const before = keptFiles({kept}).find(({origin}) => origin === target);
	if (facts === undefined) return 'other';
	const own = await compareFile(look, facts);
	if (own.status === 'added') return 'absent';
	if (own.status === 'same') return 'new';
	if (before === undefined) return 'other';
	return (await compareFile(look, before)).status === 'same' ? 'old' : 'other';
}

async function wantedOf<R extends JsonValue>(tools: Tools<R>, source: SourceOf<R>) {
	const {files} = await source(tools);
	return new Map(files.map(facts => [facts.origin, facts]));
}

async function swap<R extends JsonValue>(tools: Tools<R>, source: SourceOf<R>): Promise<void> {
	const {step, plan} = tools;
	const wanted = await wantedOf(tools, source);
	const items = new Map(itemsOf(plan).map(item => [item.staged, item]));
	let done = 0;
	for (const command of step.commands) {
		if (command.kind !== 'file') continue;
		const item = items.get(command.path);
		if (item !== undefined) {
			const state = await stateOf(tools, item.target, wanted);
			if (state === 'new') continue;
			if (state !== (item.isAdded ? 'absent' : 'old')) throw changed(item.target);
		}

		await tools.file(command);
		done += 1;
		tools.progress({done, total: step.commands.length, unit: 'files'});
	}

	if (!(await allInPlace(tools, source))) throw changed(plan.identity.folder ?? '');
}

/** Whether every file of the plan is as it is to be: the commit point, seen from the world. */
export async function allInPlace<R extends JsonValue>(
	tools: Tools<R>,
	source: SourceOf<R>,
): Promise<boolean> {
	const wanted = await wantedOf(tools, source);
	for (const {target} of itemsOf(tools.plan)) {
		if ((await stateOf(tools, target, wanted)) !== 'new') return false;
	}

	return true;
}

/** Puts back what was replaced, the last one first; what somebody else changed meanwhile is left and told. */
async function putBack<R extends JsonValue>(tools: Tools<R>, source: SourceOf<R>): Promise<void> {
	const wanted = await wantedOf(tools, source);
	const items = new Map(itemsOf(tools.plan).map(item => [item.target, item]));
	let foreign: string | undefined;
	for (const command of tools.step.undo ?? []) {
		if (command.kind !== 'file') continue;
		const item = items.get(command.to ?? command.path);
		if (item === undefined) {
			await removeIfEmpty(tools, command);
			continue;
		}

		// Without the safety archive nothing was replaced yet.
		if (!item.isAdded && tools.kept['archive'] === undefined) continue;
		const state = await stateOf(tools, item.target, wanted);
		if (state === 'new') await tools.file(command);
		else if (state !== (item.isAdded ? 'absent' : 'old')) foreign ??= item.target;
	}

	if (foreign !== undefined) throw changed(foreign);
}

async function removeIfEmpty<R extends JsonValue>(
	tools: Tools<R>,
	command: FileCommand,
): Promise<void> {
	const {io} = tools.look;
	if ((await entryAt(io, command.path)) === undefined) return;
	if ((await io.files.names(command.path, 1)).length === 0) await tools.file(command);
}
