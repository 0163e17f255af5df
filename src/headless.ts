import type {Settings} from './domain/settings.ts';
import {valueOf} from './domain/reading.ts';
import type {Clock, Io} from './io/io.ts';
import {awaitedReadings, readingOf, reportDeadlineMs} from './report/problems.ts';
import {single} from './store/select.ts';
import {startReading} from './start-reading.ts';
import type {State} from './store/state.ts';

/** How often it is looked whether everything has answered, in ms. */
const checkEveryMs = 25;

/** After everything has answered: time for the last lines of the logs that were opened just now, in ms. */
const settleMs = 300;

/** Whether every container is described and measured. */
function hasContainers({data, settings}: State): boolean {
	const reading = single(data, 'docker.containers');
	if (!settings.docker.isEnabled || reading?.kind === 'failed') return true;
	const containers = valueOf(reading)?.containers;
	if (!containers) return false;
	const usage = single(data, 'docker.usage');
	const measured = Object.values(valueOf(usage)?.byId ?? {});
	const isMeasured =
		!containers.some(container => container.state === 'running') ||
		usage?.kind === 'failed' ||
		(measured.length > 0 && measured.every(one => one.cpuPercent !== undefined));
	return isMeasured && containers.every(container => container.isInspected);
}

/** Whether the rates of the host are there, which need a second sample. */
function hasRates({data}: State): boolean {
	const host = single(data, 'host.load');
	return host?.kind !== 'fresh' || host.value.cpu.busyPercent !== undefined;
}

/** Whether every log is followed, or it is known why not. */
function hasLogs({data}: State): boolean {
	const reading = single(data, 'logs.errors');
	if (reading?.kind !== 'fresh') return reading?.kind === 'failed';
	const known = new Map(reading.value.followed.map(log => [log.target, log]));
	return data.targets.logs.every(({id}) => {
		const log = known.get(id);
		return log !== undefined && (log.isFollowing || log.cause !== undefined);
	});
}

/** Whether every source of every target has answered or failed. */
export function isComplete(state: State): boolean {
	const answered = awaitedReadings(state).every(
		awaited => (readingOf(state.data, awaited)?.kind ?? 'waiting') !== 'waiting',
	);
	return answered && hasContainers(state) && hasRates(state) && hasLogs(state);
}

/** Waits until all is read, or until the deadline. */
async function waitForAll(
	clock: Clock,
	isReady: () => boolean,
	isDone: () => boolean,
): Promise<void> {
	const never = new AbortController().signal;
	const end = clock.monotonic() + reportDeadlineMs;
	let readySince: number | undefined;
	while (clock.monotonic() < end && !isDone()) {
		readySince = isReady() ? (readySince ?? clock.monotonic()) : undefined;
		if (readySince !== undefined && clock.monotonic() - readySince >= settleMs) return;
		await clock.sleep(checkEveryMs, never);
	}
}

/** One complete reading of every source, or what was known at the deadline or when `signal` ended it. */
export async function readOnce(io: Io, settings: Settings, signal?: AbortSignal): Promise<State> {
	const {clock} = io;
	const {store, engine, close} = startReading(io, settings);
	await waitForAll(
		clock,
		() => engine.hasSearched() && isComplete(store.state()),
		() => signal?.aborted === true,
	);
	const state = store.state();
	await close();
	return state;
}
