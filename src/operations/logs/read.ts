import {createFrameReader, type LogStream} from '../../domain/log-frames.ts';
import type {Look} from '../operation.ts';
import type {LogSource} from './sources.ts';

/** Some lines of a log; `atMs` is the time of the first of them. */
export type LogBatch = {readonly bytes: Uint8Array; readonly atMs: number};

/** From when until when, in ms. */
export type Period = {readonly sinceMs: number; readonly untilMs: number};

const encoder = new TextEncoder();

/** The engine takes seconds with up to nine decimals. */
function seconds(ms: number): string {
	return (ms / 1000).toFixed(3);
}

/**
 * The lines of a container's log of a period, oldest first, each with the engine's time before it, as `docker logs
 * --timestamps` prints them. Pieces of a line that the engine cut at 16 KiB are joined again.
 */
export async function* readContainerLog(
	{io, signal}: Pick<Look, 'io' | 'signal'>,
	{id, isTerminal}: LogSource & {kind: 'container'},
	{sinceMs, untilMs}: Period,
): AsyncGenerator<LogBatch> {
	const range = `since=${seconds(sinceMs)}&until=${seconds(untilMs)}`;
	const path = `/containers/${id}/logs?stdout=1&stderr=1&timestamps=1&${range}`;
	const reader = createFrameReader(isTerminal);
	let open: LogStream | undefined;
	let atMs = sinceMs;
	for await (const chunk of await io.docker.stream(path, signal)) {
		const pieces = reader.read(chunk, false);
		let text = '';
		for (const {stream, stamp, text: words, isEnd} of pieces) {
			if (open !== undefined && open !== stream) text += '\n';
			text += open === stream ? words : `${stamp} ${words}`;
			if (isEnd) text += '\n';
			open = isEnd ? undefined : stream;
		}

		const first = Date.parse(pieces[0]?.stamp ?? '');
		if (!Number.isNaN(first)) atMs = first;
		if (text !== '') yield {bytes: encoder.encode(text), atMs};
	}

	if (open !== undefined) yield {bytes: encoder.encode('\n'), atMs};
}
