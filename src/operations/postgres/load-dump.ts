import {cleanLine} from '../../domain/clean.ts';
import type {JsonValue} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {numberOf} from '../../domain/unknown.ts';
import type {ProgramResult} from '../../io/act.ts';
import {contentOf} from '../backup/content.ts';
import type {Tools} from '../operation.ts';
import {statement} from './commands.ts';
import {dataPlaces} from './free-space.ts';
import {programOf, runProgram, type ProgramCommand, type ProgramEnd} from './programs.ts';
import {parseDf, watchdogBytes} from './space.ts';

const everyMs = 1000;
const endEveryMs = 100;

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

/** Runs a planned program of PostgreSQL on a file; one inside the server's container gets it by its standard input. */
export function runOn<R extends JsonValue>(
	tools: Tools<R>,
	command: ProgramCommand,
	path: string,
): Promise<ProgramEnd> {
	const isFed = command.kind === 'exec';
	return runProgram(tools, command, isFed ? {input: contentOf(tools.look, path)} : {});
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
	const command = programOf(tools.step.commands, 'pg_restore');
	const done = new AbortController();
	const watching = watchSpace(tools, facts, AbortSignal.any([done.signal, tools.look.signal]));
	// Heard below; until then a failure of the watch must not count as unheard.
	watching.catch(() => undefined);
	let result: ProgramEnd;
	try {
		result = await runOn(tools, command, facts.dump);
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
export function requireSuccess(result: ProgramEnd): void {
	if (result.exitCode !== 0) {
		throw new ProblemError({
			code: result.wasOutOfMemory ? 'restore-load-memory' : 'restore-load-failed',
			params: {status: result.exitCode, cause: lastWords(result)},
			retry: 'rarely',
		});
	}
}
