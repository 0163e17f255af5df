import {cleanLine} from '../../domain/clean.ts';
import {createFrameReader} from '../../domain/log-frames.ts';
import {maskText} from '../../domain/mask.ts';
import type {Io} from '../../io/io.ts';

/** One line of a container's log, cleaned and masked. */
export type LogLine = {readonly atMs: number; readonly text: string};

const maxLineLength = 1000;

/** What is read of a log: at most so many of its last lines, so many bytes, from a time on. */
export type LogWindow = {
	readonly sinceMs: number;
	readonly count: number;
	readonly maxBytes: number;
};

/** Reads the end of a container's log, oldest line first; parts of one long line count as lines of their own. */
export async function readLog(
	{io, signal}: {readonly io: Pick<Io, 'docker'>; readonly signal: AbortSignal},
	{id, isTerminal}: {readonly id: string; readonly isTerminal: boolean},
	{sinceMs, count, maxBytes}: LogWindow,
): Promise<readonly LogLine[]> {
	const since = Math.max(0, sinceMs / 1000).toFixed(3);
	const path = `/containers/${id}/logs?stdout=1&stderr=1&timestamps=1&tail=${count}&since=${since}`;
	const reader = createFrameReader(isTerminal);
	const lines: LogLine[] = [];
	let bytes = 0;
	for await (const chunk of await io.docker.stream(path, signal)) {
		for (const {stamp, text} of reader.read(chunk, false)) {
			lines.push({atMs: Date.parse(stamp) || 0, text: cleanLine(maskText(text), maxLineLength)});
		}

		bytes += chunk.length;
		if (bytes > maxBytes) break;
	}

	// The two outputs come as they were written, but not always in the order of their times.
	return lines.toSorted((a, b) => a.atMs - b.atMs);
}
