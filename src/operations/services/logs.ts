import {cleanLine} from '../../domain/clean.ts';
import {createFrameReader} from '../../domain/log-frames.ts';
import {maskText} from '../../domain/mask.ts';
import type {Look} from '../operation.ts';

const maxLogBytes = 4 * 1024 * 1024;

/**
 * The last lines of a container's log, oldest first, each behind its time, masked and cleaned; at most 4 MiB are read.
 * `sinceMs`: only what was written from then on.
 */
export async function lastLines(
	{io, signal}: Pick<Look, 'io' | 'signal'>,
	container: {readonly id: string; readonly isTerminal: boolean},
	{count, sinceMs = 0}: {readonly count: number; readonly sinceMs?: number},
): Promise<readonly string[]> {
	const since = sinceMs > 0 ? `&since=${(sinceMs / 1000).toFixed(3)}` : '';
	const path = `/containers/${container.id}/logs?stdout=1&stderr=1&timestamps=1&tail=${count}${since}`;
	const reader = createFrameReader(container.isTerminal);
	const lines: string[] = [];
	let bytes = 0;
	for await (const chunk of await io.docker.stream(path, signal)) {
		const pieces = reader.read(chunk, false);
		lines.push(...pieces.map(({stamp, text}) => `${stamp} ${cleanLine(maskText(text))}`));
		bytes += chunk.length;
		if (bytes > maxLogBytes) break;
	}

	return lines.slice(-count);
}
