import {parseEvent} from '../domain/container-events.ts';
import {jsonLines} from '../domain/json-lines.ts';
import {oomHoldMs} from '../domain/oom-kill.ts';
import type {Io} from '../io/io.ts';

/** How long a list of containers waits for it, in ms: the engine has it in memory. */
const timeoutMs = 250;

/**
 * When containers were killed for lack of memory (wall-clock ms, by id) as far as the engine remembers and it still counts:
 * it keeps its last 256 events of all kinds. Who just began to look learns of a kill before its restart only from here.
 * Empty where the engine does not answer in time; rejects only with the reason of `signal`.
 */
export async function pastKills(
	{docker, clock}: Pick<Io, 'docker' | 'clock'>,
	signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
	const nowMs = clock.now();
	const [since, until] = [nowMs - oomHoldMs, nowMs].map(ms => (ms / 1000).toFixed(3));
	const filters = JSON.stringify({type: ['container'], event: ['oom']});
	const path = `/events?since=${since ?? ''}&until=${until ?? ''}&filters=${encodeURIComponent(filters)}`;
	const killedAtMs = new Map<string, number>();
	try {
		const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
		for await (const line of jsonLines(await docker.stream(path, limited))) {
			const event = parseEvent(line);
			if (event?.action === 'oom') killedAtMs.set(event.id, event.atMs);
		}
	} catch {
		signal.throwIfAborted();
	}

	return killedAtMs;
}
