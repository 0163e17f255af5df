import type {Problem} from '../domain/problem.ts';
import {ProblemError} from '../domain/problem.ts';
import type {Reading} from '../domain/reading.ts';
import type {SourceId, SourceValues} from '../domain/source-values.ts';
import type {Io} from '../io/io.ts';
import type {OnDemandSource, PolledSource, StreamedSource} from '../sources/source.ts';
import {pauseAfter} from './backoff.ts';
import {problemOf, timedOut} from './failure.ts';

/** What a running source needs from the engine. */
export type Runner<Id extends SourceId> = {
	readonly io: Io;
	readonly targetId: string;
	/** Called with each new reading, in order. */
	readonly publish: (reading: Reading<SourceValues[Id]>) => void;
	readonly signal: AbortSignal;
	/** Resolves a pause early: the operator asked for a refresh, or something about the target changed. */
	readonly nudge: Nudge;
	/** Multiplies the intervals of the sources, from the refresh setting. */
	readonly pace?: number;
};

/** Lets waiting sources go at once. `count` tells a source that was busy that it was nudged meanwhile. */
export type Nudge = {
	now(): void;
	readonly count: number;
	/** Calls back at the next nudges until the returned function is called. */
	onNow(listener: () => void): () => void;
};

/** Makes a nudge. */
export function createNudge(): Nudge {
	const listeners = new Set<() => void>();
	let count = 0;
	return {
		get count() {
			return count;
		},
		now() {
			count += 1;
			for (const listener of [...listeners]) listener();
		},
		onNow(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

/** After the first read of a quick source: rates need a second one, and a panel without them is half empty. */
const firstAgainMs = 500;
const quickMs = 2000;

/** Pause after a failed read during which the source was nudged: what it failed at may be over already. */
const nudgedMs = 100;

/** Keeps what was known when a source fails: fresh becomes stale, never empty. */
function createKeeper<T>(io: Io) {
	let value: {readonly value: T; readonly atMs: number} | undefined;
	let sinceMs: number | undefined;
	let failures = 0;
	return {
		fresh(next: T): Reading<T> {
			value = {value: next, atMs: io.clock.now()};
			sinceMs = undefined;
			failures = 0;
			return {kind: 'fresh', ...value};
		},
		/** Counts failures anew, because something about the target changed. */
		restart(): void {
			failures = 0;
		},
		failed(problem: Problem): {readonly reading: Reading<T>; readonly pauseMs: number} {
			failures += 1;
			const nowMs = io.clock.now();
			sinceMs ??= nowMs;
			const pauseMs = pauseAfter(problem, failures, Math.random());
			const failure = {problem, sinceMs, retryAtMs: nowMs + pauseMs};
			const reading: Reading<T> = value
				? {kind: 'stale', ...value, ...failure}
				: {kind: 'failed', ...failure};
			return {reading, pauseMs};
		},
	};
}

/** Waits for the time, a nudge or the end; false when it is the end. Leaves nothing behind at signals that live long. */
function pause(
	{nudge, signal}: Pick<Runner<never>, 'nudge' | 'signal'>,
	ms: number,
): Promise<boolean> {
	if (isOver(signal)) return Promise.resolve(false);
	return new Promise(resolve => {
		const goOn = () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', goOn);
			forget();
			resolve(!isOver(signal));
		};
		const timer = setTimeout(goOn, ms);
		signal.addEventListener('abort', goOn, {once: true});
		const forget = nudge.onNow(goOn);
	});
}

// A function, because control-flow analysis believes that `aborted` cannot change across an await.
function isOver(signal: AbortSignal): boolean {
	return signal.aborted;
}

/**
 * One read with its deadline. `outcome` rejects at the deadline or the end even if the read itself goes on; `settled`
 * resolves when the read is really over.
 */
function readOnce<T>(
	what: string,
	timeoutMs: number,
	read: (signal: AbortSignal) => Promise<T>,
	signal: AbortSignal,
): {readonly outcome: Promise<T>; readonly settled: Promise<unknown>} {
	const own = new AbortController();
	const late = Promise.withResolvers<never>();
	const stop = (error: unknown) => {
		late.reject(error);
		own.abort(error);
	};
	const onEnd = () => {
		stop(signal.reason);
	};
	const timer = setTimeout(() => {
		stop(new ProblemError(timedOut(what, timeoutMs)));
	}, timeoutMs);
	signal.addEventListener('abort', onEnd, {once: true});
	if (signal.aborted) onEnd();
	const reading = read(own.signal);
	const outcome = Promise.race([reading, late.promise]).finally(() => {
		clearTimeout(timer);
		signal.removeEventListener('abort', onEnd);
	});
	return {outcome, settled: reading.catch(() => undefined)};
}

/** Reads a source again and again until the signal ends it. Reads never overlap; the intervals are aligned. */
export async function runPolled<Id extends SourceId, Target>(
	source: PolledSource<Id, Target>,
	target: Target,
	runner: Runner<Id>,
): Promise<void> {
	const {io, signal, publish, nudge, pace = 1} = runner;
	const reader = source.open(io, target);
	const keeper = createKeeper<SourceValues[Id]>(io);
	const everyMs = source.everyMs * pace;
	let nudged = nudge.count;
	let isFirst = true;
	let isRunning = true;
	while (isRunning) {
		let pauseMs: number;
		let settled: Promise<unknown> = Promise.resolve();
		try {
			const attempt = readOnce(source.id, source.timeoutMs, s => reader.read(s), signal);
			settled = attempt.settled;
			const value = await attempt.outcome;
			if (isOver(signal)) return;
			publish(keeper.fresh(value));
			// Aligned to the clock, so that sources with the same interval change the screen together.
			pauseMs = everyMs - (io.clock.monotonic() % everyMs);
			if (pauseMs < everyMs / 4) pauseMs += everyMs;
			if (isFirst && source.everyMs <= quickMs) pauseMs = Math.min(pauseMs, firstAgainMs);
			isFirst = false;
		} catch (error) {
			if (isOver(signal)) return;
			const isNudged = nudge.count !== nudged;
			nudged = nudge.count;
			if (isNudged) keeper.restart();
			const problem = problemOf(error, source.id);
			const failed = keeper.failed(problem);
			publish(failed.reading);
			pauseMs = isNudged && problem.retry === 'soon' ? nudgedMs : failed.pauseMs;
		}

		isRunning = await pause(runner, pauseMs);
		await settled;
	}
}

/** Follows a streamed source until the signal ends it; reconnects with backoff and says how long it has been away. */
export async function runStreamed<Id extends SourceId, Target>(
	source: StreamedSource<Id, Target>,
	target: Target,
	runner: Runner<Id>,
): Promise<void> {
	const {io, signal, publish} = runner;
	const keeper = createKeeper<SourceValues[Id]>(io);
	let isRunning = true;
	while (isRunning) {
		let problem: Problem = {
			code: 'unexpected',
			params: {what: source.id, cause: 'the stream ended'},
			retry: 'soon',
		};
		try {
			await source.follow(
				io,
				target,
				value => {
					if (!isOver(signal)) publish(keeper.fresh(value));
				},
				signal,
			);
		} catch (error) {
			problem = problemOf(error, source.id);
		}

		if (isOver(signal)) return;
		const failed = keeper.failed(problem);
		publish(failed.reading);
		isRunning = await pause(runner, failed.pauseMs);
	}
}

/** Reads an on-demand source once. */
export async function runOnce<Id extends SourceId, Target>(
	source: OnDemandSource<Id, Target>,
	target: Target,
	runner: Runner<Id>,
): Promise<void> {
	const {io, signal, publish} = runner;
	const keeper = createKeeper<SourceValues[Id]>(io);
	try {
		const attempt = readOnce(source.id, source.timeoutMs, s => source.read(io, target, s), signal);
		const value = await attempt.outcome;
		if (!isOver(signal)) publish(keeper.fresh(value));
	} catch (error) {
		if (!isOver(signal)) publish(keeper.failed(problemOf(error, source.id)).reading);
	}
}
