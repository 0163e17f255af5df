import {parseEvent, type ContainerEvent} from '../../domain/container-events.ts';
import type {Container} from '../../domain/containers.ts';
import {jsonLines} from '../../domain/json-lines.ts';
import {textOf} from '../../domain/unknown.ts';
import type {LookFacts} from '../reader.ts';

/** So far back the engine is asked, in ms. */
export const hourMs = 3_600_000;
const answerMs = 1000;
const maxEvents = 2000;
/** The engine may tell of the lack of memory a moment after the end. */
const lateMs = 5000;
/** Ended by SIGKILL. */
const killedCode = 137;
/** Kills that follow each other so closely have one cause. */
const loopMs = 10 * 60_000;

/**
 * What the engine still remembers of the last hour: it keeps the last 256 events of all kinds, so that health checks of
 * many containers push older ones out. Empty where it does not answer in time.
 */
export async function endEvents(
	{io, signal}: LookFacts,
	{id, name}: Container,
): Promise<readonly ContainerEvent[]> {
	const filters = JSON.stringify({
		type: ['container'],
		container: [id, name],
		event: ['die', 'oom', 'start'],
	});
	const nowMs = io.clock.now();
	const [since, until] = [nowMs - hourMs, nowMs].map(ms => (ms / 1000).toFixed(3));
	const path = `/events?since=${since ?? ''}&until=${until ?? ''}&filters=${encodeURIComponent(filters)}`;
	const events: ContainerEvent[] = [];
	try {
		const limited = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
		for await (const line of jsonLines(await io.docker.stream(path, limited))) {
			const event = parseEvent(line);
			if (event) events.push(event);
			if (events.length >= maxEvents) break;
		}
	} catch {
		signal.throwIfAborted();
	}

	return events;
}

/** The last end that the events tell, with the start before it. */
export function lastEnd(events: readonly ContainerEvent[]) {
	const at = events.findLastIndex(({action}) => action === 'die');
	const end = events[at];
	if (end === undefined) return undefined;
	const before = events.slice(0, at);
	const start = before.findLastIndex(({action}) => action === 'start');
	const startedAtMs = before[start]?.atMs;
	const exitCode = Number(textOf(end.attributes['exitCode'])) || 0;
	// Of a program that is killed at once at every start, the engine misses one lack of memory or another.
	const sinceMs = exitCode === killedCode ? end.atMs - loopMs : (startedAtMs ?? 0);
	const isOom = events.some(
		({action, atMs}) => action === 'oom' && atMs >= sinceMs && atMs <= end.atMs + lateMs,
	);
	return {
		atMs: end.atMs,
		exitCode,
		isOom,
		startedAtMs,
	};
}

/**
 * Whether a container that does not run was ended for lack of memory by what the engine's events tell: its own mark is
 * missing where the kernel's message came after the end.
 */
export async function wasOutOfMemory(facts: LookFacts, container: Container): Promise<boolean> {
	if (container.state === 'running' || container.exitCode !== killedCode) return false;
	return lastEnd(await endEvents(facts, container))?.isOom === true;
}
