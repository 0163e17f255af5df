import {clean} from '../../domain/clean.ts';
import {containerDetailFromInspect} from '../../domain/container-detail.ts';
import {containerFromInspect} from '../../domain/container-facts.ts';
import type {Command, ContainerIdentity, JsonValue, Step} from '../../domain/plan.ts';
import {serviceContainer, type ServiceContainer} from '../../domain/service-facts.ts';
import {isObject, listOf, numberOf, textOf} from '../../domain/unknown.ts';
import type {Look, StepCode, Tools} from '../operation.ts';
import {inspect, nameOf} from './find.ts';
import {lastLines} from './logs.ts';
import {silentPorts} from './ports.ts';
import {refuse} from './refuse.ts';
import {snapshotOf} from './snapshot.ts';

/** Lines of the log that are kept from before; SAFETY 3.8. */
const keptLines = 500;
/** How long the log of one container and the evidence of all of them may take to read, in ms. */
const logMs = 5000;
const allMs = 30_000;
/** Containers that are read at the same time. */
const atOnce = 8;

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

/** The step that keeps state, log and what it does of every container before anything is done to it. */
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

/**
 * State, settings without secrets, what it does at the moment and the last lines, as one text. What cannot be read in
 * five seconds or before `limit` is left out and says so.
 */
export async function describe(
	look: Pick<Look, 'io' | 'targets' | 'signal'>,
	inspection: unknown,
	limit: AbortSignal,
): Promise<{readonly text: string; readonly lines: readonly string[]}> {
	const member = serviceContainer(inspection);
	const {container, isTerminal, startedAt, error} = member;
	const {id, state, health, healthOutput, restartCount, exitCode, oomKilled} = container;
	const readLines = async () => {
		const signal = AbortSignal.any([look.signal, limit, AbortSignal.timeout(logMs)]);
		return lastLines({io: look.io, signal}, {id, isTerminal}, {count: keptLines}).catch(() => {
			look.signal.throwIfAborted();
			return ['(no log)'];
		});
	};
	const [snapshot, lines] = await Promise.all([snapshotOf(look, member, limit), readLines()]);
	const facts = {
		...{id, state, health, healthOutput, restartCount, exitCode, oomKilled, startedAt, error},
		...snapshot,
		settings: containerDetailFromInspect(inspection),
	};
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
	/** Published ports, by their number in the container, behind which nobody listened. */
	readonly silentPorts: readonly number[];
};

/** What the evidence step kept about a container; undefined where it did not come so far. */
export function beforeOf({kept}: Pick<Tools, 'kept'>, id: string): Before | undefined {
	const before = isObject(kept['before']) ? kept['before'][id] : undefined;
	if (!isObject(before)) return undefined;
	return {
		startedAt: textOf(before['startedAt']),
		restartCount: numberOf(before['restartCount']) ?? 0,
		state: textOf(before['state']),
		silentPorts: listOf(before['silentPorts']).flatMap(port => numberOf(port) ?? []),
	};
}

type Evidence = {readonly before: Readonly<Record<string, JsonValue>>; readonly text: string};

/** Looks at one container; rejects where it is gone. */
async function evidenceOf(
	look: Look,
	{id, name}: ContainerIdentity,
	limit: AbortSignal,
): Promise<Evidence> {
	const inspection = await inspect(look, id);
	if (inspection === undefined) throw refuse('service-gone', {name});
	const {state, restartCount} = containerFromInspect(inspection, undefined);
	const [{text}, silent] = await Promise.all([
		describe(look, inspection, limit),
		silentPorts(look, inspection),
	]);
	const {startedAt} = serviceContainer(inspection);
	return {
		before: {
			startedAt,
			restartCount,
			state,
			silentPorts: silent.map(({containerPort}) => containerPort),
		},
		text,
	};
}

async function collect(tools: Tools): Promise<void> {
	const {step, look, plan} = tools;
	const files = step.commands.filter(command => command.kind === 'file');
	for (const command of files.filter(({action}) => action === 'make')) await tools.file(command);
	const writes = files.filter((command): command is WriteCommand => command.action === 'write');
	const before: Record<string, JsonValue> = {};
	const limit = AbortSignal.timeout(allMs);
	const containers = plan.identity.containers ?? [];
	for (let first = 0; first < containers.length; first += atOnce) {
		const some = containers.slice(first, first + atOnce);
		const read = await Promise.all(some.map(container => evidenceOf(look, container, limit)));
		for (const [index, evidence] of read.entries()) {
			const command = writes[first + index];
			if (command === undefined) throw new Error('a container without a file for its evidence');
			before[some[index]?.id ?? ''] = evidence.before;
			await writeEvidence(tools, command, evidence.text);
			tools.progress({done: first + index + 1, total: writes.length, unit: 'containers'});
		}
	}

	await tools.keep('before', before);
	const folder = files.at(1)?.path ?? '';
	await tools.keep('evidence', folder);
	tools.note({code: 'service-evidence-kept', params: {folder: clean(folder, 300)}});
}

/** Keeps what there is to see before anything is touched. What it wrote stays, whatever happens. */
export const evidenceCode: StepCode = {run: collect};
