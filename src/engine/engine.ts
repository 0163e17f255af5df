import type {Container} from '../domain/containers.ts';
import {type Reading, valueOf} from '../domain/reading.ts';
import {checkTargetOf} from '../domain/check-runs.ts';
import {scheduleTargetOf} from '../domain/schedule-runs.ts';
import type {Settings} from '../domain/settings.ts';
import type {SourceId, SourceValues} from '../domain/source-values.ts';
import {type ContainerRef, type LogTarget, noTargets, type Targets} from '../domain/targets.ts';
import type {Io} from '../io/io.ts';
import {sources} from '../sources/index.ts';
import type {PolledSource} from '../sources/source.ts';
import type {Event} from '../store/events.ts';
import {engineTarget, hostTarget, logsTarget} from '../store/select.ts';
import {createBoard} from './board.ts';
import {problemOf} from './failure.ts';
import {createLiveList} from './live-list.ts';
import {createLooker, type Looker} from './looker.ts';
import {cameBack} from './came-back.ts';
import {createNudge, type Nudge, runPolled, type Runner, runStreamed} from './run-source.ts';

/** How often the host is searched again for servers that are not containers, in ms. */
const searchEveryMs = 30_000;

/** Interval for which the sources' own intervals are meant. */
const usualRefreshMs = 2000;

/** The running part of the program: keeps every source read and tells the store. */
export type Engine = {
	/** Reads everything again now. */
	refresh(): void;
	/** Whether the first search for servers is over and no other one is under way. */
	hasSearched(): boolean;
	/** What the operator looks at in depth: read while it is looked at. */
	readonly looker: Looker;
	/** Stops everything; resolves when connections are closed. */
	stop(): Promise<void>;
};

/** A running source of one target; `facts` tells whether the target changed. */
type Running = {readonly facts: string; readonly stop: () => void};

/** Starts reading. `send` gets every event; the container list comes first. */
export function startEngine(facts: {
	readonly io: Io;
	readonly settings: Settings;
	readonly send: (event: Event) => void;
}): Engine {
	const {io, settings, send} = facts;
	const whole = new AbortController();
	const nudges = new Map<string, Nudge>();
	const board = createBoard({clock: io.clock, settings: () => settings, send});
	const containers = createLiveList<Container>();
	const logs = createLiveList<LogTarget>();
	const running = new Map<string, Running>();
	const pace = settings.refreshMs / usualRefreshMs;
	let targets: Targets = noTargets;

	/** The nudge of one source at one target; it outlives the target, which may come back. */
	function nudgeOf(source: SourceId, targetId: string): Nudge {
		const key = `${source}@${targetId}`;
		const nudge = nudges.get(key) ?? createNudge();
		nudges.set(key, nudge);
		return nudge;
	}

	/** What runs in these containers is read now: it may have come back long before its next try. */
	function nudgeContainers(back: readonly Container[]): void {
		const isBack = ({container}: {readonly container?: ContainerRef}) =>
			back.some(({id, name}) => container?.containerId === id || container?.containerName === name);
		for (const {id} of targets.postgres.filter(isBack)) {
			nudgeOf('postgres.activity', id).now();
			nudgeOf('postgres.storage', id).now();
		}

		for (const {id} of targets.redis.filter(isBack)) nudgeOf('redis.server', id).now();
		for (const {id} of targets.endpoints.filter(isBack)) nudgeOf('http.endpoint', id).now();
	}

	function runner<Id extends SourceId>(
		source: Id,
		targetId: string,
		signal: AbortSignal = whole.signal,
	): Runner<Id> {
		return {
			io,
			targetId,
			signal,
			nudge: nudgeOf(source, targetId),
			pace,
			publish: reading => {
				board.put(source, targetId, reading);
			},
		};
	}

	function startTarget<Id extends SourceId, Target extends {readonly id: string}>(
		source: PolledSource<Id, Target>,
		target: Target,
	): void {
		const key = `${source.id}@${target.id}`;
		const described = JSON.stringify(target);
		if (running.get(key)?.facts === described) return;
		running.get(key)?.stop();
		const own = new AbortController();
		running.set(key, {
			facts: described,
			stop() {
				own.abort();
				board.drop(source.id, target.id);
			},
		});
		const signal = AbortSignal.any([whole.signal, own.signal]);
		void runPolled(source, target, runner(source.id, target.id, signal));
	}

	function watch(found: Targets): void {
		targets = found;
		send({type: 'targets-found', targets, nowMs: io.clock.now()});
		const wanted = new Set<string>();
		for (const target of found.postgres) {
			startTarget(sources.postgresActivity, target);
			startTarget(sources.postgresStorage, target);
			wanted.add(`postgres.activity@${target.id}`).add(`postgres.storage@${target.id}`);
		}

		for (const target of found.redis) {
			startTarget(sources.redisServer, target);
			wanted.add(`redis.server@${target.id}`);
		}

		for (const target of found.endpoints) {
			startTarget(sources.httpEndpoint, target);
			wanted.add(`http.endpoint@${target.id}`);
		}

		for (const target of found.backups) {
			startTarget(sources.backupsSet, target);
			wanted.add(`backups.set@${target.id}`);
		}

		for (const [key, {stop}] of running) {
			if (wanted.has(key)) continue;
			stop();
			running.delete(key);
		}

		logs.set(found.logs);
	}

	const search = createSearch({io, settings, containers, signal: whole.signal, onFound: watch});
	let isMeasuring = false;

	function onContainers(reading: Reading<SourceValues['docker.containers']>): void {
		const value = valueOf(reading);
		if (value) {
			const back = cameBack(containers.current(), value.containers);
			containers.set(value.containers);
			nudgeContainers(back);
		}

		if (value && !isMeasuring) {
			// Not before there is something to measure: the next reading would come a whole interval later.
			isMeasuring = true;
			void runPolled(sources.containerUsage, containers, runner('docker.usage', engineTarget));
		}

		board.put('docker.containers', engineTarget, reading);
		search.soon();
	}

	if (settings.docker.isEnabled) {
		const {projects} = settings.docker;
		void runStreamed(sources.containers, projects ? {projects} : {}, {
			...runner<'docker.containers'>('docker.containers', engineTarget),
			publish: onContainers,
		});
	} else {
		search.soon();
	}

	const schedule = scheduleTargetOf(settings);
	if (schedule)
		void runPolled(sources.scheduleRuns, schedule, runner('schedule.runs', schedule.id));
	const checks = checkTargetOf(settings);
	if (checks) void runPolled(sources.checkRuns, checks, runner('checks.runs', checks.id));
	void runPolled(sources.hostLoad, undefined, runner('host.load', hostTarget));
	void runStreamed(sources.recentErrors, logs, runner('logs.errors', logsTarget));

	return {
		refresh() {
			for (const nudge of nudges.values()) nudge.now();
			search.soon();
		},
		hasSearched: () => search.isOver(),
		looker: createLooker({
			io,
			signal: whole.signal,
			containers,
			targets: () => targets,
			runner,
			send,
		}),
		async stop() {
			whole.abort();
			board.close();
			await Promise.allSettled([
				...targets.postgres.map(target => io.postgres(target).close()),
				...targets.redis.map(target => io.redis(target).close()),
			]);
		},
	};
}

/** What of a container decides which servers are found: also one that runs on may lose its network and get it back. */
function describe({id, state, isInspected, addresses}: Container): string {
	return `${id}${state}${isInspected}${addresses.join('+')}`;
}

/** Looks for servers when containers changed, and now and then for those of the host; never twice at once. */
function createSearch(facts: {
	readonly io: Io;
	readonly settings: Settings;
	readonly containers: {current(): readonly Container[]};
	readonly signal: AbortSignal;
	readonly onFound: (targets: Targets) => void;
}): {soon(): void; isOver(): boolean} {
	const {io, settings, containers, signal, onFound} = facts;
	let isSearching = false;
	let isWanted = false;
	let hasFound = false;
	let timer: NodeJS.Timeout | undefined;
	let searched = '';

	async function run(isForced: boolean): Promise<void> {
		const list = containers.current();
		const state = list.map(describe).join();
		timer = undefined;
		if (!isForced && state === searched) return;
		if (isSearching) {
			isWanted = true;
			return;
		}

		isSearching = true;
		searched = state;
		try {
			const found = await sources.discover(io, settings, list, {signal, onServers: onFound});
			hasFound = true;
			onFound(found);
		} catch (error) {
			if (!signal.aborted) {
				hasFound = true;
				const problem = problemOf(error, 'discovery');
				onFound({
					...noTargets,
					missing: [{area: 'docker', name: 'discovery', problem}],
				});
			}
		} finally {
			isSearching = false;
		}

		if (isWanted && !signal.aborted) {
			isWanted = false;
			await run(false);
		}
	}

	async function again(): Promise<void> {
		for (;;) {
			try {
				await io.clock.sleep(searchEveryMs, signal);
			} catch {
				return;
			}

			await run(true);
		}
	}

	void again();
	return {
		soon() {
			clearTimeout(timer);
			timer = setTimeout(() => void run(searched === ''), searched === '' ? 0 : 100);
		},
		isOver: () => hasFound && !isSearching && !isWanted && timer === undefined,
	};
}
