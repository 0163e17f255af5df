import {cleanLine} from '../domain/clean.ts';
import {createFrameReader, type LogStream} from '../domain/log-frames.ts';
import type {LineSeverity} from '../domain/log-level.ts';
import {maskText} from '../domain/mask.ts';
import {parseLine} from '../domain/log-parse.ts';
import type {LogTarget} from '../domain/targets.ts';
import {objectOf} from '../domain/unknown.ts';
import type {Io} from '../io/io.ts';
import {createLineFeed} from './logs/follow-container.ts';
import {createPace} from './logs/pace.ts';

/** One line of a container's log as it is shown: cleaned, secrets masked, nothing left out. */
export type TailLine = {
	readonly atMs: number;
	readonly stream: LogStream;
	readonly severity: LineSeverity;
	readonly text: string;
};

/**
 * The last lines of one container and then those that come, in batches; the caller keeps as many as it wants.
 * Resolves when the engine ends the stream (the container stopped), rejects with a ProblemError when it is lost.
 */
export async function tailLog(
	io: Io,
	target: LogTarget,
	options: {readonly lines: number; readonly onLines: (lines: readonly TailLine[]) => void},
	signal: AbortSignal,
): Promise<void> {
	if (target.from.kind !== 'container') return;
	const id = target.from.container.containerId;
	const facts = objectOf(await io.docker.get(`/containers/${id}/json`, signal));
	const reader = createFrameReader(objectOf(facts['Config'])['Tty'] === true);
	const pace = createPace(io.clock, signal);
	let batch: TailLine[] = [];
	const feed = createLineFeed((line, stamp, stream) => {
		const atMs = Date.parse(stamp) || io.clock.now();
		const text = maskText(cleanLine(line));
		const severity = parseLine(text, target.format, {atMs, isExact: true}).severity ?? 'info';
		batch.push({atMs, stream, severity, text});
	});
	const path = `/containers/${id}/logs?follow=1&stdout=1&stderr=1&timestamps=1&tail=${options.lines}`;
	for await (const chunk of await io.docker.stream(path, signal)) {
		await pace.work(() => {
			for (const piece of reader.read(chunk, false)) feed.add(piece);
		});
		if (batch.length > 0) options.onLines(batch);
		batch = [];
	}

	feed.end();
	if (batch.length > 0) options.onLines(batch);
}
