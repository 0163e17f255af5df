import {clean} from '../../domain/clean.ts';
import {containerDetailFromInspect} from '../../domain/container-detail.ts';
import {containerFromInspect} from '../../domain/container-facts.ts';
import type {Command, JsonValue, Step} from '../../domain/plan.ts';
import {serviceContainer, type ServiceContainer} from '../../domain/service-facts.ts';
import {isObject, numberOf, textOf} from '../../domain/unknown.ts';
import type {Look, StepCode, Tools} from '../operation.ts';
import {inspect, nameOf} from './find.ts';
import {lastLines} from './logs.ts';
import {refuse} from './refuse.ts';

/** Lines of the log that are kept from before; SAFETY 3.8. */
const keptLines = 500;

type FileCommand = Command & {kind: 'file'};
type WriteCommand = FileCommand & {action: 'write'};

/** The folder in which a run keeps what the services said before and after. */
export function evidenceFolder({folders}: Pick<Look, 'folders'>, id: string): string {
	return `${folders.backups}/evidence/${id}`;
}

/** A container's name as the start of a file name; the engine allows nothing in names that would leave the folder. */
function fileName(name: string): string {
	return name.replace(/[^\w.-]/g, '_');
}

/** The new file that takes what a container said; `when` is `before` or `after`. */
export function evidenceFile(folder: string, name: string, when: 'before' | 'after'): WriteCommand {
	return {kind: 'file', action: 'write', path: `${folder}/${fileName(name)}.${when}.log`};
}

/** The step that keeps state and log of every container before anything is done to it. */
export function evidenceStep(look: Look, id: string, members: readonly ServiceContainer[]): Step {
	const folder = evidenceFolder(look, id);
	const make = (path: string): FileCommand => ({kind: 'file', action: 'make', path});
	return {
		id: 'evidence',
		title: {code: 'service-step-evidence', params: {count: members.length}},
		commands: [
			make(`${look.folders.backups}/evidence`),
			make(folder),
			...members.map(member => evidenceFile(folder, nameOf(member), 'before')),
		],
		deadlineMs: 60_000,
	};
}

/** State, settings without secrets and the last lines, as one text. */
export async function describe(
	look: Pick<Look, 'io' | 'signal'>,
	inspection: unknown,
): Promise<{readonly text: string; readonly lines: readonly string[]}> {
	const {container, isTerminal, startedAt, error} = serviceContainer(inspection);
	const {id, state, health, healthOutput, restartCount, exitCode, oomKilled} = container;
	const facts = {
		...{id, state, health, healthOutput, restartCount, exitCode, oomKilled, startedAt, error},
		settings: containerDetailFromInspect(inspection),
	};
	const lines = await lastLines(look, {id, isTerminal}, keptLines).catch(() => {
		look.signal.throwIfAborted();
		return ['(no log)'];
	});
	return {text: `${JSON.stringify(facts, undefined, '\t')}\n\n${lines.join('\n')}\n`, lines};
}

/** Writes one piece of evidence. */
export async function writeEvidence(
	tools: Pick<Tools, 'write'>,
	command: WriteCommand,
	text: string,
): Promise<void> {
	const file = await tools.write(command);
	await file.write(new TextEncoder().encode(text));
	await file.finish();
}

/** How a container was before the run, as kept in the journal. */
export type Before = {
	readonly startedAt: string;
	readonly restartCount: number;
	readonly state: string;
};

/** What the evidence step kept about a container; undefined where it did not come so far. */
export function beforeOf({kept}: Pick<Tools, 'kept'>, id: string): Before | undefined {
	const before = isObject(kept['before']) ? kept['before'][id] : undefined;
	if (!isObject(before)) return undefined;
	return {
		startedAt: textOf(before['startedAt']),
		restartCount: numberOf(before['restartCount']) ?? 0,
		state: textOf(before['state']),
	};
}

async function collect(tools: Tools): Promise<void> {
	const {step, look, plan} = tools;
	const files = step.commands.filter(command => command.kind === 'file');
	for (const command of files.filter(({action}) => action === 'make')) await tools.file(command);
	const writes = files.filter((command): command is WriteCommand => command.action === 'write');
	const before: Record<string, JsonValue> = {};
	for (const [index, {id, name}] of (plan.identity.containers ?? []).entries()) {
		const inspection = await inspect(look, id);
		if (inspection === undefined) throw refuse('service-gone', {name});
		const {state, restartCount} = containerFromInspect(inspection, undefined);
		before[id] = {startedAt: serviceContainer(inspection).startedAt, restartCount, state};
		const command = writes[index];
		if (command === undefined) throw new Error('a container without a file for its evidence');
		await writeEvidence(tools, command, (await describe(look, inspection)).text);
		tools.progress({done: index + 1, total: writes.length, unit: 'containers'});
	}

	await tools.keep('before', before);
	const folder = files.at(1)?.path ?? '';
	await tools.keep('evidence', folder);
	tools.note({code: 'service-evidence-kept', params: {folder: clean(folder, 300)}});
}

/** Keeps what there is to see before anything is touched. What it wrote stays, whatever happens. */
export const evidenceCode: StepCode = {run: collect};
