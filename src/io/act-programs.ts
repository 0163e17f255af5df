import {existsSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import {constants} from 'node:os';
import {finished} from 'node:stream/promises';
import type {Readable, Writable} from 'node:stream';

import type {Act, ActStream, ProgramResult} from './act.ts';
import {actProblem, reasonOf} from './act-problem.ts';
import {writeTo} from './docker-pump.ts';
import {createOutputs, type Outputs} from './output-tail.ts';

type Command = Parameters<Act['program']>[0];
type Environment = Readonly<Record<string, string | undefined>>;

/** What a program sees of our environment: where programs, the home and the Docker engine are. SAFETY 3.0 rule 5. */
const allowed = [
	...['PATH', 'HOME', 'LANG', 'XDG_RUNTIME_DIR'],
	...['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG'],
	...['DOCKER_TLS', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'],
];

/** How long a group may take to end after SIGTERM, and after SIGKILL, in ms. */
const termMs = 10_000;
const killMs = 5000;

/**
 * Makes the function that runs programs. `environment` is ours; only a few names of it are handed on. Every program
 * inherits the files of `keepOpen`. `graceMs`: how long a group may take to end after SIGTERM.
 */
export function createPrograms(
	environment: Environment,
	{keepOpen = [], graceMs = termMs}: {keepOpen?: readonly number[]; graceMs?: number} = {},
): Act['program'] {
	const base = Object.fromEntries(
		allowed.flatMap(name => {
			const value = environment[name];
			return value === undefined ? [] : [[name, value]];
		}),
	);
	return (command, options) =>
		run(command, {base: {...base, LC_ALL: 'C'}, keepOpen, graceMs}, options);
}

type Setting = {
	readonly base: Readonly<Record<string, string>>;
	readonly keepOpen: readonly number[];
	readonly graceMs: number;
};

async function run(
	{argv: [program, ...args], folder, environment}: Command,
	{base, keepOpen, graceMs}: Setting,
	options: ActStream,
): Promise<ProgramResult> {
	const {signal, input} = options;
	signal.throwIfAborted();
	const {execa} = await import('execa');
	const child = execa(program, args, {
		env: {...base, ...environment},
		extendEnv: false,
		...(folder !== undefined && {cwd: folder}),
		stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe', ...inherited(keepOpen)],
		buffer: false,
		reject: false,
		// A group of its own, so that a signal to the group is all of it.
		detached: true,
		cleanup: false,
		stripFinalNewline: false,
	});
	const {pid} = child;
	const ended = Promise.resolve(child);
	const outputs = createOutputs(options);
	if (pid === undefined) {
		const result = await ended;
		const isFolderThere = folder === undefined || existsSync(folder);
		throw notStarted(program, isFolderThere && 'cause' in result ? result.cause : undefined);
	}

	const stopped = Promise.withResolvers<never>();
	const stop = () => stopped.reject(reasonOf(signal));
	signal.addEventListener('abort', stop, {once: true});
	if (signal.aborted) stop();
	try {
		await Promise.race([streams(child, outputs), stopped.promise]);
		const result = await Promise.race([ended, stopped.promise]);
		return {exitCode: exitCodeOf(result), ...outputs.texts()};
	} catch (error) {
		await endGroup(pid, {program, graceMs}, error);
		throw error;
	} finally {
		signal.removeEventListener('abort', stop);
		stopped.promise.catch(() => undefined);
		// Whoever still holds the other ends must not hold us.
		for (const stream of [child.stdout, child.stderr, child.stdin]) stream?.destroy();
	}
}

/** What a program gets at its file numbers from 3 on: ours where they are to be kept open, nothing elsewhere. */
function inherited(keepOpen: readonly number[]): ('inherit' | 'ignore')[] {
	const count = Math.max(2, ...keepOpen) - 2;
	return Array.from({length: count}, (_, index) =>
		keepOpen.includes(index + 3) ? 'inherit' : 'ignore',
	);
}

type Streams = {
	readonly stdin: Writable | null;
	readonly stdout: Readable | null;
	readonly stderr: Readable | null;
};

async function streams(child: Streams, outputs: Outputs): Promise<void> {
	const read = async (name: 'stdout' | 'stderr') => {
		for await (const chunk of child[name] ?? []) {
			if (chunk instanceof Uint8Array) await outputs.take(name, chunk);
		}
	};
	const write = async () => {
		const {stdin} = child;
		const {input} = outputs;
		if (!input || !stdin) return;
		// A program that ends without reading everything is not an error, its exit code tells.
		finished(stdin).catch(() => undefined);
		for await (const chunk of input) {
			if (!(await writeTo(stdin, chunk))) return;
		}

		stdin.end();
	};
	await Promise.all([read('stdout'), read('stderr'), write()]);
}

/** The exit code; 128 and the number of the signal where one ended it, as shells say it. */
function exitCodeOf(result: {readonly exitCode?: number; readonly signal?: string}): number {
	const signals: Readonly<Record<string, number>> = constants.signals;
	return result.exitCode ?? 128 + (signals[result.signal ?? ''] ?? 0);
}

function notStarted(program: string, error: unknown): Error {
	const code =
		error instanceof Error && 'code' in error && typeof error.code === 'string'
			? error.code
			: 'it could not be started in its folder';
	return code === 'ENOENT'
		? actProblem('act-program-missing', {program, cause: code})
		: actProblem('act-program-failed', {program, cause: code});
}

/** SIGTERM to the whole group, SIGKILL after 10 s; resolves when nobody of it is left. */
async function endGroup(
	pid: number,
	{program, graceMs}: {readonly program: string; readonly graceMs: number},
	cause: unknown,
): Promise<void> {
	for (const [name, limitMs] of [
		['SIGTERM', graceMs],
		['SIGKILL', killMs],
	] as const) {
		if (!sendTo(pid, name)) return;
		const end = performance.now() + limitMs;
		while (performance.now() < end) {
			await new Promise(resolve => setTimeout(resolve, 20));
			if (!sendTo(pid, 0) || !(await hasLiving(pid))) return;
		}
	}

	throw actProblem('act-program-left', {program, pid}, {cause});
}

/** Whether anybody of the group is more than a zombie that its parent has not asked for yet. */
async function hasLiving(group: number): Promise<boolean> {
	const names = await readdir('/proc').catch(() => undefined);
	if (names === undefined) return true;
	for (const name of names.filter(one => /^\d+$/.test(one))) {
		const stat = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '');
		// Behind the name, which may hold anything: state, parent, group (proc(5)).
		const [state, , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		if (Number(itsGroup) === group && state !== 'Z' && state !== 'X') return true;
	}

	return false;
}

/** Whether there was anybody in the group. */
function sendTo(pid: number, signal: NodeJS.Signals | 0): boolean {
	try {
		return process.kill(-pid, signal);
	} catch {
		return false;
	}
}
