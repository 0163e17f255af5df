import {execFile, spawn, spawnSync, type ChildProcess} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {RedisTarget} from '../../src/domain/targets.ts';
import {freePort} from './free-port.ts';
import {waitFor} from './wait.ts';

const run = promisify(execFile);

/** How a server and its command line client are started: the program and what stands before its arguments. */
export type RedisBinary = {
	readonly server: readonly [string, ...string[]];
	readonly cli: readonly [string, ...string[]];
};

/** The server that is installed on this machine. */
export const installedRedis: RedisBinary = {server: ['redis-server'], cli: ['redis-cli']};

/** Why there is no installed server to test with; undefined where there is one. */
export const redisMissing: string | undefined =
	spawnSync('redis-server', ['--version']).status === 0
		? undefined
		: 'redis-server is not installed (apt-get install redis-server)';

export type RedisOptions = {
	readonly binary?: RedisBinary;
	/** More arguments of the server, as in `['--maxmemory', '3mb']`. */
	readonly args?: readonly string[];
	/** Lines of redis.conf. */
	readonly config?: string;
	/** Lines of the ACL file. */
	readonly aclFile?: string;
};

/** A real server on a free port of 127.0.0.1 with a folder of its own. */
export type RedisServer = {
	readonly port: number;
	readonly folder: string;
	/** The target for the sources, with what the test adds (a password, TLS). */
	target(more?: Partial<RedisTarget>): RedisTarget;
	/** The output of redis-cli without its last line end; `input` goes to its standard input. */
	cli(args: readonly string[], options?: CliOptions): Promise<string>;
	/** Starts it again on the same port with the same folder; resolves when it accepts connections. */
	start(): Promise<void>;
	/** Ends it as `redis-cli shutdown` does. */
	stop(): Promise<void>;
	kill(signal: NodeJS.Signals): void;
	/** Ends it for good and removes its folder. */
	remove(): Promise<void>;
};

export type CliOptions = {readonly password?: string; readonly input?: string};

/** Starts a Redis or Valkey server; it accepts connections when this resolves, but may still load its data. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
	const folder = await mkdtemp(join(tmpdir(), 'opsconsole-redis-'));
	const port = await freePort();
	const binary = options.binary ?? installedRedis;
	await writeFile(join(folder, 'redis.conf'), configOf(options, folder));
	if (options.aclFile !== undefined) await writeFile(join(folder, 'users.acl'), options.aclFile);
	let child: ChildProcess | undefined;

	async function start(): Promise<void> {
		const [program, ...before] = binary.server;
		const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
		const started = spawn(
			program,
			[...before, join(folder, 'redis.conf'), ...own, ...(options.args ?? [])],
			{stdio: ['ignore', 'pipe', 'pipe']},
		);
		let output = '';
		started.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
		started.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
		child = started;
		await waitFor(() => accepts(port, started, () => output), {what: `redis on port ${port}`});
	}

	async function end(signal: NodeJS.Signals): Promise<void> {
		const ending = child;
		if (ending === undefined) return;
		// Redis forgets a signal that comes while it writes its first append-only file ("can't exit"): ask again.
		await waitFor(
			() => {
				if (hasEnded(ending)) return true;
				ending.kill(signal);
				return undefined;
			},
			{what: 'the end of redis', everyMs: 250},
		);
		child = undefined;
	}

	await start();
	return {
		port,
		folder,
		target: more => ({
			id: `redis:${port}`,
			origin: 'host',
			host: '127.0.0.1',
			port,
			tls: 'off',
			...more,
		}),
		cli: (args, more) => cli(binary, port, args, more),
		start,
		stop: () => end('SIGTERM'),
		kill: signal => {
			child?.kill(signal);
		},
		remove: async () => {
			await end('SIGKILL');
			await rm(folder, {recursive: true, force: true});
		},
	};
}

function configOf(options: RedisOptions, folder: string): string {
	const acl = options.aclFile === undefined ? '' : `aclfile ${join(folder, 'users.acl')}\n`;
	return `save ""\nappendonly no\n${acl}${options.config ?? ''}\n`;
}

function hasEnded(child: ChildProcess): boolean {
	return child.exitCode !== null || child.signalCode !== null;
}

/** True once the port accepts; fails at once where the server ended. */
function accepts(
	port: number,
	child: ChildProcess,
	output: () => string,
): Promise<true | undefined> {
	if (hasEnded(child)) return Promise.reject(new Error(`redis ended: ${output()}`));
	return new Promise(resolve => {
		const socket = connect(port, '127.0.0.1');
		socket.on('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.on('error', () => {
			resolve(undefined);
		});
	});
}

async function cli(
	binary: RedisBinary,
	port: number,
	args: readonly string[],
	{password, input}: CliOptions = {},
): Promise<string> {
	const [program, ...before] = binary.cli;
	const env = {...process.env, ...(password === undefined ? {} : {REDISCLI_AUTH: password})};
	const promise = run(program, [...before, '-p', String(port), ...args], {
		env,
		maxBuffer: 64 * 1024 * 1024,
	});
	// It may end before it read anything.
	promise.child.stdin?.on('error', () => undefined).end(input ?? '');
	return (await promise).stdout.replace(/\r?\n$/, '');
}

/** The fields of an INFO text as redis-cli printed it. */
export function infoField(info: string, name: string): string | undefined {
	return new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
}
