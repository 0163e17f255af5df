import {isEndingOnPurpose, type ContainerEvent} from './container-events.ts';
import type {Container} from './containers.ts';

const windowMs = 10 * 60_000;
const restartsOfLoop = 3;
const failedRestartMs = 2 * 60_000;

/** Restarts of one container. Times are monotonic, so a change of the wall clock invents or hides none. */
export type RestartHistory = {
	/** RestartCount at the last inspection. */
	readonly restartCount?: number;
	/** Restarts by the growth of RestartCount. */
	readonly counted: readonly number[];
	/** Starts that followed an end nobody asked for. */
	readonly seen: readonly number[];
	/** Ended without being told to, and not started again yet. */
	readonly hasDied: boolean;
	/** Stopped or killed on purpose since its last start. */
	readonly wasKilled: boolean;
	/** When the engine was last seen waiting to restart it after a failure. */
	readonly failedRestartAt?: number;
};

export const noRestarts: RestartHistory = {counted: [], seen: [], hasDied: false, wasKilled: false};

function recent(times: readonly number[], now: number): readonly number[] {
	return times.filter(time => now - time < windowMs).slice(-100);
}

/** Takes an event into the history. */
export function afterEvent(
	history: RestartHistory,
	event: ContainerEvent,
	now: number,
): RestartHistory {
	switch (event.action) {
		case 'kill':
		case 'stop':
			return isEndingOnPurpose(event) ? {...history, wasKilled: true} : history;
		case 'die':
			return {...history, hasDied: !history.wasKilled};
		case 'start': {
			const seen = history.hasDied ? [...recent(history.seen, now), now] : history.seen;
			return {...history, seen, hasDied: false, wasKilled: false};
		}

		default:
			return history;
	}
}

/**
 * Takes an inspection into the history. At the first one the restarts of a container younger than the window all lie in
 * it; of an older one nothing is known. RestartCount falls back to 0 when somebody starts the container by hand.
 */
export function afterInspection(
	history: RestartHistory,
	container: Container,
	now: {readonly monotonic: number; readonly wall: number},
): RestartHistory {
	const {restartCount} = container;
	const isYoung = now.wall - container.createdAtMs < windowMs;
	const before = history.restartCount ?? (isYoung ? 0 : restartCount);
	const grown = Math.min(Math.max(restartCount - before, 0), 100);
	const added = Array.from({length: grown}, () => now.monotonic);
	return {
		...history,
		restartCount,
		counted: [...recent(history.counted, now.monotonic), ...added],
	};
}

/** Puts the judgement into the container: restarts in the window, and whether it is a crash loop. */
export function judge(
	container: Container,
	history: RestartHistory,
	now: number,
): [Container, RestartHistory] {
	const recentRestarts = Math.max(
		recent(history.counted, now).length,
		recent(history.seen, now).length,
	);
	const isFailing = container.state === 'restarting' && (container.exitCode ?? 0) !== 0;
	const failedRestartAt = isFailing ? now : history.failedRestartAt;
	// It runs for a moment between two ends: what was a loop two minutes ago still is one.
	const wasFailing =
		failedRestartAt !== undefined &&
		now - failedRestartAt < failedRestartMs &&
		container.restartCount >= restartsOfLoop;
	const isCrashLooping = recentRestarts >= restartsOfLoop || isFailing || wasFailing;
	return [
		{...container, recentRestarts, isCrashLooping},
		failedRestartAt === undefined ? history : {...history, failedRestartAt},
	];
}
