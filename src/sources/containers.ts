import {clean} from '../domain/clean.ts';
import {followedEvents, parseEvent} from '../domain/container-events.ts';
import {containerFromList} from '../domain/container-facts.ts';
import type {ContainersValue} from '../domain/containers.ts';
import {jsonLines} from '../domain/json-lines.ts';
import {ProblemError} from '../domain/problem.ts';
import type {RestartHistory} from '../domain/restart-history.ts';
import {listOf, objectOf, textOf, textsOf} from '../domain/unknown.ts';
import type {Io} from '../io/io.ts';
import {createContainerBoard, type ContainerBoard} from './container-board.ts';
import {withDeadline} from './deadline.ts';
import {createEmitPacer, type EmitPacer} from './emit-pacer.ts';
import {pastKills} from './past-kills.ts';
import type {StreamedSource} from './source.ts';
import {createWorkQueue, type WorkQueue} from './work-queue.ts';

/** Which containers are wanted: those of these Compose projects; all where `projects` is absent. */
export type ContainersTarget = {readonly projects?: readonly string[] | undefined};

/** How often everything is read anew, in case the event stream lost something without breaking. */
const relistEveryMs = 3 * 60_000;
/** How often the ten-minute window of restarts is looked at without any event. */
const judgeEveryMs = 15_000;
const timeoutMs = 5000;
/** How long the first list waits for the event stream; some proxies send no headers before the first event. */
const openWaitMs = 250;
const parallelInspections = 4;
const detailEmitMs = 30;

/** What outlives a lost connection: the restarts that were seen, and the digests of images. */
type Memory = {
	readonly histories: Map<string, RestartHistory>;
	/** By image id; an empty text where the image has none. */
	readonly digests: Map<string, string>;
};

const memories = new WeakMap<Io['docker'], Memory>();

function memoryOf({docker}: Io): Memory {
	const memory = memories.get(docker) ?? {histories: new Map(), digests: new Map()};
	memories.set(docker, memory);
	return memory;
}

/** One run of the source: everything that its parts share. */
type Run = {
	readonly io: Io;
	readonly board: ContainerBoard;
	readonly queue: WorkQueue;
	readonly pacer: EmitPacer;
	readonly digests: Map<string, string>;
	readonly signal: AbortSignal;
};

/** One GET with a deadline. */
function get({io, signal}: Run, path: string, what: string): Promise<unknown> {
	const {clock, docker} = io;
	return withDeadline({clock, what, timeoutMs, signal}, limited => docker.get(path, limited));
}

/** As `get`; undefined where the thing vanished meanwhile. */
async function getIfThere(run: Run, path: string, what: string): Promise<unknown> {
	try {
		return await get(run, path, what);
	} catch (error) {
		if (error instanceof ProblemError && error.problem.code === 'docker-not-found') {
			return undefined;
		}

		throw error;
	}
}

/** Reads the whole list and asks for the details of every container in it. */
async function list(run: Run): Promise<void> {
	const {board, queue} = run;
	const mark = board.mark();
	const entries = listOf(await get(run, '/containers/json?all=1', 'the list of containers'));
	for (const id of board.takeList(entries.map(containerFromList), mark)) {
		queue.add(id);
	}
}

/** Reads the details of one container, and the digest of its image at the first sight of that image. */
async function inspect(run: Run, id: string): Promise<void> {
	const {board, queue, pacer, digests} = run;
	const version = board.version(id);
	const value = await getIfThere(run, `/containers/${id}/json`, 'a container');
	const container = value === undefined ? undefined : board.takeInspection(value, id, version);
	if (!container) {
		return;
	}

	pacer.request(queue.size === 0 ? 0 : detailEmitMs);
	const {imageId} = container;
	const known = digests.get(imageId);
	if (known === undefined && imageId !== '') {
		digests.set(imageId, '');
		const path = `/images/${encodeURIComponent(imageId)}/json`;
		const image = objectOf(await getIfThere(run, path, 'an image'));
		digests.set(imageId, clean(textsOf(image['RepoDigests'])[0]?.split('@')[1] ?? '', 100));
		pacer.request(detailEmitMs);
	}

	const digest = digests.get(imageId);
	if (digest !== undefined && digest !== '') {
		board.takeDigest(imageId, digest);
	}
}

/** Hands every event on as soon as it comes. Its end is a lost connection, also where the engine ends it politely. */
async function followEvents(run: Run, chunks: AsyncIterable<Uint8Array>): Promise<never> {
	const {board, queue, pacer, io} = run;
	for await (const line of jsonLines(chunks)) {
		const event = parseEvent(line);
		if (!event) {
			continue;
		}

		const {isChanged, needsInspection} = board.takeEvent(event);
		if (isChanged) {
			pacer.request(0);
		}

		if (needsInspection) {
			queue.add(event.id);
		} else if (event.action === 'destroy') {
			queue.remove(event.id);
		}
	}

	run.signal.throwIfAborted();
	const params = {address: io.docker.address};
	throw new ProblemError({code: 'docker-connection-lost', params, retry: 'soon'});
}

/** Reads everything again from time to time. */
async function relist(run: Run): Promise<never> {
	for (;;) {
		await run.io.clock.sleep(relistEveryMs, run.signal);
		await list(run);
		run.pacer.request(detailEmitMs);
	}
}

/** Lets restarts fall out of their window although nothing happens. */
async function judgeAgain({io, board, pacer, signal}: Run): Promise<never> {
	for (;;) {
		await io.clock.sleep(judgeEveryMs, signal);
		if (board.judgeAll()) {
			pacer.request(0);
		}
	}
}

/** Path of the event stream: containers and their networks only, and only the events that are of use. */
function eventsPath(): string {
	const filters = JSON.stringify({type: ['container', 'network'], event: followedEvents});
	return `/events?filters=${encodeURIComponent(filters)}`;
}

/** Runs until one part fails or the signal ends all of them. */
async function follow(
	io: Io,
	{projects}: ContainersTarget,
	emit: (value: ContainersValue) => void,
	outerSignal: AbortSignal,
): Promise<void> {
	const {clock, docker} = io;
	const {histories, digests} = memoryOf(io);
	const end = new AbortController();
	const signal = AbortSignal.any([outerSignal, end.signal]);
	const board = createContainerBoard({
		clock,
		histories,
		isWanted: ({project = ''}) => projects === undefined || projects.includes(project),
	});
	const queue = createWorkQueue();
	let engine = {version: '', apiVersion: '', name: '', operatingSystem: ''};
	const pacer = createEmitPacer(clock, () => emit({engine, containers: board.all()}), signal);
	const run: Run = {io, board, queue, pacer, digests, signal};

	const readEngine = async () => {
		const {version, apiVersion, operatingSystem} = await docker.version(signal);
		engine = {...engine, version, apiVersion, operatingSystem};
	};

	const readName = async () => {
		const info = objectOf(await get(run, '/info', 'the engine'));
		const operatingSystem = clean(textOf(info['OperatingSystem']), 100);
		engine = {...engine, name: clean(textOf(info['Name']), 100), operatingSystem};
		pacer.request(detailEmitMs);
		return await new Promise<never>(() => undefined);
	};

	try {
		// The stream is open before the list is asked for, so that no change falls between them.
		const opened = docker.stream(eventsPath(), signal);
		const wasOpen = await Promise.race([
			opened.then(() => true),
			clock.sleep(openWaitMs, signal).then(() => false),
		]);
		const [kills] = await Promise.all([pastKills(io, signal), list(run), readEngine()]);
		for (const [id, atMs] of kills) board.takeKill(id, atMs);
		pacer.request(0);
		const events = async () => {
			const chunks = await opened;
			if (!wasOpen) {
				await list(run);
				pacer.request(0);
			}

			return await followEvents(run, chunks);
		};

		await Promise.race([
			events(),
			queue.run(parallelInspections, id => inspect(run, id), signal),
			relist(run),
			judgeAgain(run),
			readName(),
		]);
	} finally {
		end.abort(new Error('the container source ended'));
	}
}

const usualSocket = '/var/run/docker.sock';
const engines = ['docker', 'dockerd', 'podman'] as const;

/** Whether nothing here speaks of Docker: no other address was given, no socket is there and no program of it. */
async function isWithoutDocker({docker, files, processes}: Io): Promise<boolean> {
	if (docker.address !== `unix://${usualSocket}`) return false;
	const hasSocket = await files.stat(usualSocket).then(
		() => true,
		() => false,
	);
	const installed = await Promise.all(engines.map(name => processes.has(name)));
	return !hasSocket && !installed.includes(true);
}

/** As `follow`; tells a host that has no Docker apart from one whose engine is away. */
async function followHere(
	io: Io,
	target: ContainersTarget,
	emit: (value: ContainersValue) => void,
	signal: AbortSignal,
): Promise<void> {
	try {
		await follow(io, target, emit, signal);
	} catch (error) {
		const isAway = error instanceof ProblemError && error.problem.code === 'docker-not-running';
		if (!isAway || !(await isWithoutDocker(io))) throw error;
		throw new ProblemError(
			{code: 'docker-not-installed', params: {}, retry: 'rarely'},
			{cause: error},
		);
	}
}

/** Every container of the engine: the list at once, then its details, then every change within milliseconds. */
export const containersSource: StreamedSource<'docker.containers', ContainersTarget> = {
	id: 'docker.containers',
	kind: 'streamed',
	follow: followHere,
};
