import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {End, JournalEntry} from '../../src/domain/journal.ts';
import type {JsonValue, Plan} from '../../src/domain/plan.ts';
import type {Settings} from '../../src/domain/settings.ts';
import type {Targets} from '../../src/domain/targets.ts';
import type {Act, FileWriter} from '../../src/io/act.ts';
import {createIo} from '../../src/io/create-io.ts';
import type {Io} from '../../src/io/io.ts';
import type {Look, Operation} from '../../src/operations/operation.ts';
import {isChosen, parseFailpoint, type Failpoint} from '../../src/work/failpoint.ts';
import {createMemoryJournal} from '../../src/work/journal-memory.ts';
import {lookAround} from '../../src/work/look.ts';
import {makePlan} from '../../src/work/make-plan.ts';
import {perform} from '../../src/work/perform.ts';
import {settingsOf} from './settings.ts';

/** How an operation is tried out. */
export type PerformOptions = {
	readonly act: Act;
	readonly settings?: Partial<Settings>;
	/** Instead of what is found on this machine: much faster, and nothing foreign can be met. */
	readonly targets?: Partial<Targets>;
	readonly containers?: Look['containers'];
	readonly io?: Io;
	/** Where backups, scratch files and the trash go; a temporary folder otherwise (`removeFolders`). */
	readonly folders?: Look['folders'];
	/** Place at which the run dies, without any cleaning up: `swap:effect`, `load:mid2`, `undo/load:begun`. */
	readonly failAt?: string;
	readonly cancel?: AbortSignal;
	/** Called before every failpoint, for looking or interfering at a place. */
	readonly onPlace?: Failpoint;
};

/** What a tried operation left. `end` is absent where it died at `failAt`. */
export type Performed = {
	readonly plan: Plan;
	readonly end: End | undefined;
	readonly outcome: End['outcome'] | 'crashed';
	readonly lines: readonly JournalEntry[];
	/** Every place that was passed, as a `failAt` names it: the list for a crash matrix. */
	readonly places: readonly string[];
	readonly folders: Look['folders'];
	/** What the operation kept under `result`. */
	readonly result: JsonValue | undefined;
};

const made: string[] = [];

/** Removes the temporary folders that runs of this file made. */
export async function removeFolders(): Promise<void> {
	await Promise.all(made.splice(0).map(path => rm(path, {recursive: true, force: true})));
}

/** Folders for backups, scratch files and the trash in a new temporary folder. */
export async function makeFolders(): Promise<Look['folders']> {
	const root = await mkdtemp(join(tmpdir(), 'opsconsole-work-'));
	made.push(root);
	const folders = {
		backups: join(root, 'backups'),
		scratch: join(root, 'scratch'),
		trash: join(root, 'trash'),
	};
	for (const folder of Object.values(folders)) await mkdir(folder, {mode: 0o700});
	return folders;
}

/** Looks as the worker does: at this machine, or at what the test gives. */
export async function lookNow(options: PerformOptions): Promise<Look> {
	const io = options.io ?? createIo();
	const settings = settingsOf(options.settings);
	const folders = options.folders ?? (await makeFolders());
	if (options.targets === undefined) return lookAround(io, settings, folders);
	return {
		io,
		settings,
		folders,
		containers: options.containers ?? [],
		targets: {
			postgres: [],
			redis: [],
			endpoints: [],
			logs: [],
			backups: [],
			missing: [],
			...options.targets,
		},
		signal: new AbortController().signal,
	};
}

/** Knows the files that are being written, so that a simulated death closes them, as the end of a process would. */
function withWriters(act: Act): {readonly act: Act; readonly close: () => Promise<void>} {
	const writers: FileWriter[] = [];
	let isDead = false;
	const create: Act['files']['create'] = async (path, attributes) => {
		const writer = await act.files.create(path, attributes);
		writers.push(writer);
		// What was begun beside the part that died.
		if (isDead) await writer.finish();
		return writer;
	};
	return {
		act: {...act, files: {...act.files, create}},
		async close() {
			isDead = true;
			// What is finished or discarded already says so.
			for (const writer of writers) await writer.finish().catch(() => undefined);
		},
	};
}

const simulatedCrash = new Error('simulated crash');

async function run(
	operation: Operation,
	plan: Plan,
	look: Look,
	facts: {
		readonly options: PerformOptions;
		readonly mode: 'run' | 'recover';
		readonly lines: JournalEntry[];
	},
): Promise<Performed> {
	const {options, mode, lines} = facts;
	const choice = options.failAt === undefined ? undefined : parseFailpoint(options.failAt);
	if (options.failAt !== undefined && choice === undefined) {
		throw new Error(`${options.failAt} is no failpoint`);
	}

	const places: string[] = [];
	const state = {hasDied: false};
	const failpoint: Failpoint = async (step, place, count) => {
		places.push(`${step}:${place}${place === 'pre' || place === 'mid' ? count : ''}`);
		await options.onPlace?.(step, place, count);
		if (choice !== undefined && isChosen(choice, step, place, count)) {
			state.hasDied = true;
			throw simulatedCrash;
		}
	};
	const writing = withWriters(options.act);
	let end: End | undefined;
	try {
		end = await perform({
			plan,
			operation,
			act: writing.act,
			look,
			mode,
			failpoint,
			journal: createMemoryJournal(lines),
			...(options.cancel !== undefined && {cancel: options.cancel}),
		});
	} catch (error) {
		if (!state.hasDied) throw error;
		await writing.close();
	}

	const kept = lines.findLast(line => line.st === 'keep' && line.d.name === 'result');
	return {
		plan,
		end,
		outcome: end?.outcome ?? 'crashed',
		lines,
		places,
		folders: look.folders,
		result: kept?.st === 'keep' ? kept.d.value : undefined,
	};
}

/** Only makes the plan, with a fresh look. */
export async function planNow<Request extends JsonValue>(
	operation: Operation<Request>,
	request: JsonValue,
	options: PerformOptions,
): Promise<{readonly plan: Plan; readonly look: Look}> {
	const look = await lookNow(options);
	const plan = await makePlan(
		{look, operations: {[operation.id]: operation}},
		operation.id,
		request,
	);
	return {plan, look};
}

/** Plans an operation and carries it out in this process, with the journal in memory. */
export async function performNow<Request extends JsonValue>(
	operation: Operation<Request>,
	request: JsonValue,
	options: PerformOptions,
): Promise<Performed> {
	const {plan, look} = await planNow(operation, request, options);
	return run(operation, plan, look, {options, mode: 'run', lines: []});
}

/** Takes up what died before, as `opsconsole recover` does, with a fresh look; `failAt` lets the recovery die as well. */
export async function recoverNow<Request extends JsonValue>(
	operation: Operation<Request>,
	before: Performed,
	options: PerformOptions,
): Promise<Performed> {
	const look = await lookNow({...options, folders: before.folders});
	return run(operation, before.plan, look, {options, mode: 'recover', lines: [...before.lines]});
}
