import {cleanLine} from '../../domain/clean.ts';
import type {Command, JsonValue} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {numberOf} from '../../domain/unknown.ts';
import type {ProgramResult} from '../../io/act.ts';
import type {Tools} from '../operation.ts';
import {statement} from './commands.ts';
import {dataPlaces} from './free-space.ts';
import {parseDf, watchdogBytes} from './space.ts';

const everyMs = 1000;
const endEveryMs = 100;
const chunkBytes = 1024 * 1024;

/** What a load needs to know beside its commands. */
export type LoadFacts = {
	readonly target: PostgresTarget;
	readonly control: string;
	readonly database: string;
	readonly dataFolder: string;
	/** The dump in the run's folder. */
	readonly dump: string;
	/** Size of the database when it was dumped, for the progress. */
	readonly expectedBytes: number;
};

type Space = {readonly totalBytes: number; readonly freeBytes: number};

/** A command that runs a program of PostgreSQL. */
export type LoaderCommand = Command & {kind: 'sidecar' | 'exec' | 'program'};

/** Whether a command runs a program of PostgreSQL. */
export function isLoader(command: Command): command is LoaderCommand {
	return (
		command.kind === 'sidecar' ||
		((command.kind === 'exec' || command.kind === 'program') && command.argv[0] !== 'df')
	);
}

async function spaces<R extends JsonValue>(
	tools: Tools<R>,
	{target, dataFolder}: LoadFacts,
): Promise<readonly Space[]> {
	const seen = await dataPlaces(tools.look, target, dataFolder);
	const df = tools.step.commands
		.filter(command => command.kind === 'exec')
		.find(({argv}) => argv[0] === 'df');
	if (seen.length > 0 || df === undefined) {
		return seen;
	}
	const {exitCode, stdout} = await tools.exec(df);
	const found = exitCode === 0 ? parseDf(stdout) : undefined;
	return found === undefined ? [] : [found];
}

async function sizeNow<R extends JsonValue>(
	tools: Tools<R>,
	{target, control, database}: LoadFacts,
): Promise<number | undefined> {
	const id = `${target.id}/control/${control}`;
	const client = tools.look.io.postgres({...target, id, database: control});
	const rows = await client
		.query('SELECT pg_database_size($1::name)::float8 AS size', [database], tools.look.signal)
		.catch(() => []);
	return numberOf(rows[0]?.['size']);
}

/**
 * Ends the load as soon as the server's disk runs low: a full one takes the whole server down, and without space for
 * WAL it does not even start again (SAFETY 0.4). Resolves with what was free then, or with nothing when `done` aborts.
 */
async function watchSpace<R extends JsonValue>(
	tools: Tools<R>,
	facts: LoadFacts,
	done: AbortSignal,
): Promise<Space | undefined> {
	const {clock} = tools.look.io;
	let low: Space | undefined;
	while (!done.aborted) {
		low ??= (await spaces(tools, facts)).find(
			({totalBytes, freeBytes}) => freeBytes < watchdogBytes(totalBytes),
		);
		if (low !== undefined) {
			// Again and again: the program may only now be about to connect, or do so once more.
			await tools.sql(statement(tools.step.commands, 'SELECT count(pg_terminate_backend'));
			await clock.sleep(endEveryMs, done).catch(() => undefined);
			continue;
		}
		const size = await sizeNow(tools, facts);
		if (size !== undefined) {
			tools.progress({done: size, total: facts.expectedBytes, unit: 'bytes'});
		}
		await clock.sleep(everyMs, done).catch(() => undefined);
	}
	return low;
}

async function* contentOf<R extends JsonValue>(
	tools: Tools<R>,
	path: string,
): AsyncGenerator<Uint8Array> {
	for (let offset = 0; ;) {
		const chunk = await tools.look.io.files.readBytes(path, offset, chunkBytes);
		if (chunk.length === 0) {
			return;
		}
		offset += chunk.length;
		yield chunk;
	}
}

/** How a program of PostgreSQL ended, wherever it ran. */
export type Ended = ProgramResult & {readonly wasOutOfMemory?: boolean};

/** Runs a planned program of PostgreSQL; `dump` is given to one inside the server's container. */
export function start<R extends JsonValue>(
	tools: Tools<R>,
	command: LoaderCommand,
	dump: string,
): Promise<Ended> {
	switch (command.kind) {
		case 'sidecar':
			return tools.sidecar(command);
		case 'exec':
			return tools.exec(command, {input: contentOf(tools, dump)});
		case 'program':
			return tools.program(command);
	}
}

/** What a program said last, for the operator. */
export function lastWords({stderr, stdout}: Pick<ProgramResult, 'stderr' | 'stdout'>): string {
	const lines = `${stdout}\n${stderr}`.split('\n').filter(line => line.trim() !== '');
	const errors = lines.filter(line => /error|fatal/i.test(line));
	return cleanLine((errors[0] ?? lines.at(-1) ?? '').trim(), 300);
}

/** Loads the dump with the step's command. Rejects where the program failed, and where the disk ran low. */
export async function loadDump<R extends JsonValue>(
	tools: Tools<R>,
	facts: LoadFacts,
): Promise<void> {
	const command = tools.step.commands.find(isLoader);
	if (command === undefined) {
		throw new Error('the plan loads nothing');
	}
	const done = new AbortController();
	const watching = watchSpace(tools, facts, AbortSignal.any([done.signal, tools.look.signal]));
	// Heard below; until then a failure of the watch must not count as unheard.
	watching.catch(() => undefined);
	let result: Ended;
	try {
		result = await start(tools, command, facts.dump);
	} finally {
		done.abort();
	}
	const low = await watching;
	if (low !== undefined) {
		throw new ProblemError({
			code: 'restore-disk-low',
			params: {
				freeMiB: Math.floor(low.freeBytes / 1024 ** 2),
				floorMiB: Math.ceil(watchdogBytes(low.totalBytes) / 1024 ** 2),
			},
			retry: 'rarely',
		});
	}
	requireSuccess(result);
}

/** Rejects where a program of PostgreSQL did not end well. */
export function requireSuccess(result: Ended): void {
	if (result.exitCode !== 0) {
		throw new ProblemError({
			code: result.wasOutOfMemory === true ? 'restore-load-memory' : 'restore-load-failed',
			params: {status: result.exitCode, cause: lastWords(result)},
			retry: 'rarely',
		});
	}
}
