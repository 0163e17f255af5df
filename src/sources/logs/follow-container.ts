import {clean} from '../../domain/clean.ts';
import {createFrameReader, maxLineBytes, type LogPiece} from '../../domain/log-frames.ts';
import type {LogPosition} from '../../domain/log-position.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {ContainerRef, LogTarget} from '../../domain/targets.ts';
import {objectOf, textOf} from '../../domain/unknown.ts';
import type {Io} from '../../io/io.ts';
import {problemOf, type FollowState} from './follow-state.ts';
import type {LineSink} from './intake.ts';
import type {Pace} from './pace.ts';
import type {Wake} from './wake.ts';

const lookBackMs = 900_000;
const lookBackLines = 500;
const maxDelayMs = 2000;
const firstDelayMs = 100;
const stoppedCheckMs = 15_000;
const behindMs = 3000;
const caughtUpMs = 500;
/**
 * A log that brings a little again and again is read in gulps, at the same moments as everything else: waking up for a
 * line costs more than reading it. The first line after a quiet time is read at once.
 */
const gulpMs = 500;
const gulpBytes = 16_384;
/** What was there before is wanted at once. */
const firstMs = 2000;

/** One container whose log is followed, with what must survive a lost connection. */
export type ContainerLog = {
	readonly target: LogTarget;
	readonly container: ContainerRef;
	readonly position: LogPosition;
	readonly sinks: {readonly stdout: LineSink; readonly stderr: LineSink};
	/** True where the container appeared while the service was watched: its log is read from its first line. */
	readonly isFromStart: boolean;
};

/** What the follower works with. */
export type FollowTools = {
	readonly io: Io;
	readonly pace: Pace;
	/** Woken when the container was started or the engine is back. */
	readonly wake: Wake;
	readonly onState: (state: FollowState) => void;
	readonly signal: AbortSignal;
};

type Facts = {readonly isTerminal: boolean; readonly isRunning: boolean; readonly driver: string};

async function inspect(id: string, io: Io, signal: AbortSignal): Promise<Facts> {
	const facts = objectOf(await io.docker.get(`/containers/${id}/json`, signal));
	const state = objectOf(facts['State']);
	return {
		isTerminal: objectOf(facts['Config'])['Tty'] === true,
		isRunning: state['Running'] === true && state['Restarting'] !== true,
		driver: textOf(objectOf(objectOf(facts['HostConfig'])['LogConfig'])['Type']),
	};
}

/** `firstMs` is when the log was looked at for the first time without finding a line. */
function requestPath(log: ContainerLog, nowMs: number, firstMs: number | undefined): string {
	const id = log.container.containerId;
	const base = `/containers/${id}/logs?follow=1&stdout=1&stderr=1&timestamps=1`;
	const since = log.position.since();
	if (since !== undefined) return `${base}&since=${since}`;
	if (log.isFromStart) return base;
	// Everything that came since then is new, however much it is.
	if (firstMs !== undefined) return `${base}&since=${Math.floor((firstMs - lookBackMs) / 1000)}`;
	return `${base}&since=${Math.floor((nowMs - lookBackMs) / 1000)}&tail=${lookBackLines}`;
}

/** The lines of one container, over all its connections. */
export type LineFeed = {
	add(piece: LogPiece): void;
	/** Hands on what came of a last line without its end. */
	end(): void;
	/** When the log was looked at for the first time. */
	firstMs?: number;
};

/** Puts pieces of a line that the engine cut together, up to the length limit, and hands lines on. */
export function createLineFeed(
	onLine: (line: string, stamp: string, stream: LogPiece['stream']) => void,
): LineFeed {
	const parts = new Map<LogPiece['stream'], {text: string; stamp: string}>();
	return {
		add(piece) {
			const before = parts.get(piece.stream);
			if (before === undefined && piece.isEnd) {
				onLine(piece.text, piece.stamp, piece.stream);
				return;
			}

			const all = (before?.text ?? '') + piece.text;
			const text = all.length > maxLineBytes ? `${all.slice(0, maxLineBytes)}…` : all;
			const stamp = before?.stamp ?? piece.stamp;
			if (piece.isEnd) {
				parts.delete(piece.stream);
				onLine(text, stamp, piece.stream);
			} else parts.set(piece.stream, {text, stamp});
		},
		end() {
			for (const [stream, {text, stamp}] of parts) onLine(text, stamp, stream);
			parts.clear();
		},
	};
}

/** Reads one connection until the engine ends it. */
async function readStream(
	log: ContainerLog,
	feed: LineFeed,
	facts: Facts,
	tools: FollowTools,
): Promise<void> {
	const {io, pace, signal} = tools;
	log.position.restart();
	const chunks = await io.docker.stream(requestPath(log, io.clock.now(), feed.firstMs), signal);
	feed.firstMs ??= io.clock.now();
	tools.onState({isFollowing: true});
	const reader = createFrameReader(facts.isTerminal);
	let isSkipping = false;
	let newest = '';
	let lagMs = 0;
	const gulpsFrom = io.clock.monotonic() + firstMs;
	for await (const chunk of chunks) {
		isSkipping = pace.isStrained() && lagMs > (isSkipping ? caughtUpMs : behindMs);
		await pace.work(() => {
			for (const piece of reader.read(chunk, isSkipping)) {
				newest = piece.stamp;
				if (!log.position.accept(piece)) continue;
				if (!isSkipping) feed.add(piece);
				else if (piece.isEnd) log.sinks[piece.stream].skip(1);
			}

			// Measured when the lines are read, so that a quiet time is not taken for a lag.
			lagMs = newest === '' ? 0 : io.clock.now() - Date.parse(newest);
		});
		const nowMs = io.clock.monotonic();
		if (chunk.length < gulpBytes && nowMs > gulpsFrom) {
			await io.clock.sleep(gulpMs - (nowMs % gulpMs), signal);
		}
	}
}

/** Follows until the stream is lost or the container stopped; tells how long to wait before the next try. */
async function followOnce(
	log: ContainerLog,
	feed: LineFeed,
	tools: FollowTools,
): Promise<{readonly waitMs: number}> {
	const {io, signal} = tools;
	const {containerId, containerName} = log.container;
	const before = await inspect(containerId, io, signal);
	if (before.driver === 'none') {
		const params = {driver: before.driver, name: clean(containerName, 100)};
		throw new ProblemError({code: 'logs-driver-unreadable', params, retry: 'rarely'});
	}

	const start = io.clock.monotonic();
	await readStream(log, feed, before, tools);
	// The end of the stream is not the end of the container: the engine ends it with success when it stops itself.
	const after = before.isRunning ? await inspect(containerId, io, signal) : before;
	if (after.isRunning || before.isRunning) {
		const waitMs = io.clock.monotonic() - start < 1000 ? 250 : 10;
		return {waitMs};
	}

	feed.end();
	const params = {name: clean(containerName, 100)};
	tools.onState({
		isFollowing: false,
		cause: {code: 'logs-container-stopped', params, retry: 'soon'},
	});
	return {waitMs: stoppedCheckMs};
}

/**
 * Follows the log of one container through its restarts and the engine's, until the signal ends it. Every line
 * reaches the sinks once. Never rejects but for the signal.
 */
export async function followContainer(log: ContainerLog, tools: FollowTools): Promise<void> {
	const feed = createLineFeed((line, stamp, stream) => {
		log.sinks[stream].push(line, {atMs: Date.parse(stamp) || tools.io.clock.now(), isExact: true});
	});
	let delayMs = firstDelayMs;
	while (!tools.signal.aborted) {
		let waitMs: number;
		try {
			waitMs = (await followOnce(log, feed, tools)).waitMs;
			delayMs = firstDelayMs;
		} catch (error) {
			tools.signal.throwIfAborted();
			const cause = problemOf(error, `log of ${clean(log.container.containerName, 100)}`);
			tools.onState({isFollowing: false, cause});
			delayMs = Math.min(maxDelayMs, delayMs * 2);
			// Gone for good, until the list of targets names its successor; or a driver without logs.
			const isHopeless = cause.code === 'docker-not-found' || cause.retry === 'rarely';
			waitMs = isHopeless ? stoppedCheckMs : delayMs * (0.75 + Math.random() / 2);
		}

		await tools.wake.wait(waitMs);
	}
}
