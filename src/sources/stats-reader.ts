import {sampleFromStats} from '../domain/docker-stats.ts';
import {jsonLines} from '../domain/json-lines.ts';
import {numberOf, objectOf} from '../domain/unknown.ts';
import type {UsageSample} from '../domain/usage-sample.ts';
import type {Io} from '../io/io.ts';

/** The stats stream of one container: what the engine measured last and before that. */
export type StatsReader = {
	readonly latest: UsageSample | undefined;
	readonly before: UsageSample | undefined;
	/** The stream ended or broke; open another one. */
	readonly isOver: boolean;
	close(): void;
};

/** Memory of the engine's host, for telling a limit from none. */
export async function engineMemory(io: Io, signal: AbortSignal): Promise<number | undefined> {
	return numberOf(objectOf(await io.docker.get('/info', signal))['MemTotal']);
}

/** Opens the stream. It costs the engine work, so only where the control group cannot be read. */
export function openStats(io: Io, id: string, hostBytes: number | undefined): StatsReader {
	const abort = new AbortController();
	let latest: UsageSample | undefined;
	let before: UsageSample | undefined;
	let isOver = false;

	const follow = async () => {
		const chunks = await io.docker.stream(`/containers/${id}/stats?stream=1`, abort.signal);
		for await (const line of jsonLines(chunks)) {
			const sample = sampleFromStats(line, hostBytes);
			if (sample) {
				before = latest;
				latest = sample;
			}
		}
	};

	// Why it ended does not matter: the container is gone, or the next round opens it again and meets the cause.
	const end = () => {
		isOver = true;
	};
	follow().then(end, end);
	return {
		get latest() {
			return latest;
		},
		get before() {
			return before;
		},
		get isOver() {
			return isOver;
		},
		close: () => abort.abort(new Error('not needed any more')),
	};
}
