import {cleanLine} from '../../domain/clean.ts';
import type {Command, JsonValue, Sidecar} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {infoNumber, parseInfo, type RedisInfo} from '../../domain/redis-info.ts';
import type {RedisValue} from '../../domain/redis.ts';
import {objectOf} from '../../domain/unknown.ts';
import type {ProgramResult} from '../../io/act.ts';
import type {Tools} from '../operation.ts';
import {redisTrouble} from './server.ts';

/** Whose programs a scratch server is made of: an image of Valkey may have none that are called after Redis. */
export type Flavour = RedisValue['flavour'];

/** Where a scratch server runs: in a sidecar of the server's own image, or as a program of this host. */
export type ScratchPlace =
	| {
			readonly kind: 'sidecar';
			readonly flavour: Flavour;
			readonly image: string;
			/** `none`, or `container:<id>` where the live server must reach it. */
			readonly network: string;
			readonly userId: number;
	  }
	/** `folder`: an own folder, short enough for a socket (107 bytes). */
	| {readonly kind: 'host'; readonly flavour: Flavour; readonly folder: string};

export type ScratchFacts = {
	/** Id of the run. */
	readonly id: string;
	/** Name of the sidecar; unique in the plan. */
	readonly name: string;
	readonly place: ScratchPlace;
	/** Folder with `dump.rdb` on this host. */
	readonly folder: string;
	/** Port on 127.0.0.1; 0: none, only its socket. */
	readonly port: number;
	readonly memoryBytes: number;
};

type Exec = Command & {kind: 'exec'};
type Program = Command & {kind: 'program'};

/** A throw-away Redis server that loads a dump, as commands. It is asked by its socket, so that no namesake answers. */
export type Scratch = {
	/** Reads the dump with redis-check-rdb. */
	readonly check: (Command & {kind: 'sidecar'}) | Program;
	readonly start: readonly Command[];
	readonly info: Exec | Program;
	/** Lets it send its data to the replica that waits for it. */
	readonly release: Exec | Program;
	/** Ends it and removes what it needed; right where it never was. */
	readonly stop: readonly Command[];
};

/** Names of the programs that make, ask and check a server. */
export function programsOf(flavour: Flavour) {
	return {
		server: `${flavour}-server`,
		cli: `${flavour}-cli`,
		check: `${flavour}-check-rdb`,
	} as const;
}

/** Whose programs a planned command runs. */
export function flavourIn(command: Command | undefined): Flavour {
	if (command?.kind !== 'sidecar' && command?.kind !== 'program') return 'redis';
	const [program] = command.kind === 'sidecar' ? command.sidecar.argv : command.argv;
	return program.startsWith('valkey-') ? 'valkey' : 'redis';
}

const inside = '/backup';
const dumpName = 'dump.rdb';

/** How long the live server, which takes no writes meanwhile, may try to connect. */
const attachMs = 15_000;

function serverArguments(facts: ScratchFacts, folder: string, socket: string): readonly string[] {
	return [
		...['--port', String(facts.port), '--bind', '127.0.0.1'],
		...['--unixsocket', socket, '--unixsocketperm', '700'],
		...['--dir', folder, '--dbfilename', dumpName],
		...['--save', '', '--appendonly', 'no'],
		// Without a file of its own, and only when it is told to: see `awaitReplica`.
		...['--repl-diskless-sync', 'yes', '--repl-diskless-sync-delay', '3600'],
	];
}

/** The commands of a scratch server. */
export function scratchServer(facts: ScratchFacts): Scratch {
	return facts.place.kind === 'sidecar'
		? inSidecar(facts, facts.place)
		: onHost(facts, facts.place);
}

function inSidecar(facts: ScratchFacts, place: ScratchPlace & {kind: 'sidecar'}): Scratch {
	const {id, name, folder, memoryBytes} = facts;
	const socket = '/tmp/scratch.sock';
	const user = `${place.userId}:${place.userId}`;
	const common: Omit<Sidecar, 'name' | 'argv'> = {
		image: place.image,
		network: place.network,
		memoryBytes,
		mounts: [{from: folder, to: inside, isReadOnly: true}],
		tmpfs: {'/tmp': 1024 * 1024},
		user,
	};
	const container = `opsconsole-${id}-${name}`;
	const {flavour} = place;
	const ask = (...argv: readonly string[]): Exec => ({
		kind: 'exec',
		containerId: container,
		containerName: container,
		argv: [`${flavour}-cli`, '-s', socket, ...argv],
	});
	return {
		check: {
			kind: 'sidecar',
			sidecar: {
				...common,
				name: `${name}-check`,
				network: 'none',
				argv: [`${flavour}-check-rdb`, `${inside}/${dumpName}`],
			},
		},
		start: [
			{
				kind: 'sidecar',
				sidecar: {
					...common,
					name,
					argv: [`${flavour}-server`, ...serverArguments(facts, inside, socket)],
					isBackground: true,
				},
			},
		],
		info: ask('INFO'),
		release: ask('CONFIG', 'SET', 'repl-diskless-sync-delay', '0'),
		stop: [
			{
				kind: 'engine',
				method: 'DELETE',
				path: `/containers/${container}?force=1&v=1`,
				say: `docker rm --force --volumes ${container}`,
			},
		],
	};
}

function onHost(facts: ScratchFacts, place: ScratchPlace & {kind: 'host'}): Scratch {
	const {folder: own} = place;
	const {flavour} = place;
	const socket = `${own}/s.sock`;
	const ask = (...argv: readonly string[]): Program => ({
		kind: 'program',
		argv: [`${flavour}-cli`, '-s', socket, ...argv],
	});
	return {
		check: {kind: 'program', argv: [`${flavour}-check-rdb`, `${facts.folder}/${dumpName}`]},
		start: [
			{kind: 'file', action: 'make', path: own},
			{
				kind: 'program',
				// It goes on in the background by itself and is ended by its socket.
				argv: [
					`${flavour}-server`,
					...serverArguments(facts, facts.folder, socket),
					...['--daemonize', 'yes', '--pidfile', `${own}/pid`, '--logfile', `${own}/log`],
				],
			},
		],
		info: ask('INFO'),
		release: ask('CONFIG', 'SET', 'repl-diskless-sync-delay', '0'),
		stop: [ask('SHUTDOWN', 'NOSAVE'), {kind: 'file', action: 'remove', path: own}],
	};
}

async function runProgram<R extends JsonValue>(
	tools: Tools<R>,
	command: Scratch['check'] | Scratch['info'],
): Promise<ProgramResult> {
	switch (command.kind) {
		case 'exec':
			return tools.exec(command);
		case 'program':
			return tools.program(command);
		case 'sidecar':
			return tools.sidecar(command);
	}
}

/** Reads the dump with redis-check-rdb; refuses one that it finds a fault in. */
export async function checkDump<R extends JsonValue>(
	tools: Tools<R>,
	{check}: Scratch,
): Promise<void> {
	const {exitCode, stdout, stderr} = await runProgram(tools, check);
	if (exitCode === 0) return;
	const lines = `${stdout}\n${stderr}`.split('\n').filter(line => line.trim() !== '');
	const told = lines.find(line => /error|can't|wrong|bad|unexpected/i.test(line)) ?? lines.at(-1);
	const fault = cleanLine(told ?? `exit ${exitCode}`, 200);
	throw redisTrouble('redis-bad-dump', {file: dumpName, fault});
}

/** Starts it and waits until everything is loaded. */
export async function startScratch<R extends JsonValue>(
	tools: Tools<R>,
	scratch: Scratch,
): Promise<RedisInfo> {
	for (const command of scratch.start) await carryOut(tools, command);
	const {clock} = tools.look.io;
	for (;;) {
		const info = await askScratch(tools, scratch);
		const isLoaded = info !== undefined && info.get('loading') === '0';
		if (isLoaded) return info;
		await refuseEnded(tools, scratch);
		await clock.sleep(info === undefined ? 50 : 150, tools.look.signal);
	}
}

/**
 * Waits for the replica and gives the id of the scratch server's replication, which is final only now (it changes when
 * the first replica comes). Nothing is sent before `releaseScratch`.
 */
export async function awaitReplica<R extends JsonValue>(
	tools: Tools<R>,
	scratch: Scratch,
): Promise<string> {
	const {clock} = tools.look.io;
	const startMs = clock.monotonic();
	for (let silent = 0; silent < 20;) {
		if (clock.monotonic() - startMs > attachMs) {
			throw redisTrouble('redis-scratch-failed', {cause: 'the live server does not connect to it'});
		}

		const info = await askScratch(tools, scratch);
		const id = info?.get('master_replid') ?? '';
		if (id !== '' && (infoNumber(info ?? new Map(), 'connected_slaves') ?? 0) > 0) return id;
		silent = info === undefined ? silent + 1 : 0;
		await tools.look.io.clock.sleep(20, tools.look.signal);
	}

	throw redisTrouble('redis-scratch-failed', {cause: 'it ended'});
}

/** Lets the scratch server send its data. */
export async function releaseScratch<R extends JsonValue>(
	tools: Tools<R>,
	{release}: Scratch,
): Promise<void> {
	await carryOut(tools, release);
}

/** INFO of the scratch server; undefined while it does not answer. */
export async function askScratch<R extends JsonValue>(
	tools: Tools<R>,
	{info}: Scratch,
): Promise<RedisInfo | undefined> {
	try {
		const answer = await runProgram(tools, info);
		const fields = parseInfo(answer.stdout);
		return answer.exitCode === 0 && fields.has('redis_version') ? fields : undefined;
	} catch (error) {
		tools.look.signal.throwIfAborted();
		// A container that ended refuses the program; `refuseEnded` says why.
		if (error instanceof ProblemError && info.kind === 'exec') return undefined;
		throw error;
	}
}

/** Fails at once where the server ended instead of loading. */
async function refuseEnded<R extends JsonValue>(tools: Tools<R>, scratch: Scratch): Promise<void> {
	const {io, signal} = tools.look;
	if (scratch.info.kind === 'exec') {
		const path = `/containers/${scratch.info.containerName}/json`;
		const state = objectOf(objectOf(await io.docker.get(path, signal))['State']);
		if (state['Running'] === true) return;
		const cause =
			state['OOMKilled'] === true ? 'out of memory' : `exit ${String(state['ExitCode'])}`;
		throw redisTrouble('redis-scratch-failed', {cause});
	}

	const [folder] = scratch.start;
	const own = folder?.kind === 'file' ? folder.path : '';
	const log = await io.files.readText(`${own}/log`, 100_000).catch(() => '');
	const fatal = /Fatal error|Failed listening|Can't (?:handle|open)|Bad file|wrong signature/;
	const told = log.split('\n').find(line => fatal.test(line));
	if (told === undefined) return;
	throw redisTrouble('redis-scratch-failed', {cause: cleanLine(told, 200)});
}

/** Ends it; right where it never was or has ended already. */
export async function stopScratch<R extends JsonValue>(
	tools: Tools<R>,
	scratch: Scratch,
): Promise<void> {
	const [first] = scratch.start;
	if (first?.kind === 'file') await untilItAnswers(tools, first.path);
	for (const command of scratch.stop) await carryOut(tools, command);
}

/** A program that was started a moment ago has no socket yet; it must not be left behind. */
async function untilItAnswers<R extends JsonValue>(tools: Tools<R>, own: string): Promise<void> {
	const {io, signal} = tools.look;
	const isThere = (path: string) =>
		io.files.lstat(path).then(
			() => true,
			() => false,
		);
	if (!(await isThere(own))) return;
	for (let waits = 0; waits < 20 && !(await isThere(`${own}/s.sock`)); waits += 1)
		await io.clock.sleep(50, signal);
}

async function carryOut<R extends JsonValue>(tools: Tools<R>, command: Command): Promise<void> {
	switch (command.kind) {
		case 'sidecar':
			await tools.sidecar(command);
			return;
		case 'program':
			await tools.program(command);
			return;
		case 'exec':
			await tools.exec(command);
			return;
		case 'engine':
			await tools.engine(command);
			return;
		case 'file':
			await tools.file(command);
			return;
		case 'http':
		case 'redis':
		case 'sql':
		case 'job':
			throw new Error(`${command.kind} is no command of a scratch server`);
	}
}

/** Keys that had expired when the dump was loaded (Redis 7.0 tells it). */
export function expiredAtLoad(info: RedisInfo): number | undefined {
	return infoNumber(info, 'rdb_last_load_keys_expired');
}
