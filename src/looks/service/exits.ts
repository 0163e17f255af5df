import {parseEvent, type ContainerEvent} from '../../domain/container-events.ts';
import type {Container} from '../../domain/containers.ts';
import {jsonLines} from '../../domain/json-lines.ts';
import {endKind} from '../../domain/start-error.ts';
import {textOf} from '../../domain/unknown.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {startErrorOf} from './state.ts';
import {secondsSince, subjectOf} from './subject.ts';

const hourMs = 3_600_000;
const answerMs = 1000;
const maxEvents = 2000;

/**
 * What the engine still remembers of the last hour: it keeps the last 256 events of all kinds, so that health checks of
 * many containers push older ones out. Empty where it does not answer in time.
 */
async function eventsOf(
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
function lastEnd(events: readonly ContainerEvent[]) {
	const at = events.findLastIndex(({action}) => action === 'die');
	const end = events[at];
	if (end === undefined) return undefined;
	const before = events.slice(0, at);
	const start = before.findLastIndex(({action}) => action === 'start');
	const isOom = before.slice(Math.max(0, start)).some(({action}) => action === 'oom');
	return {
		atMs: end.atMs,
		exitCode: Number(textOf(end.attributes['exitCode'])) || 0,
		isOom,
		startedAtMs: before[start]?.atMs,
	};
}

/** How often a container ended in the last hour, as far as anybody knows: by events, else by what it says of itself. */
function exitsOf(
	{clock}: LookFacts['io'],
	container: Container,
	events: readonly ContainerEvent[],
): number {
	const nowMs = clock.now();
	const {restartCount, createdAtMs, finishedAtMs} = container;
	const isRecent = finishedAtMs !== undefined && nowMs - finishedAtMs < hourMs;
	const isOver = container.state === 'exited' || container.state === 'dead';
	const counted = nowMs - createdAtMs < hourMs ? restartCount + (isOver ? 1 : 0) : 0;
	const seen = events.filter(({action}) => action === 'die').length;
	return Math.max(seen, isRecent ? Math.max(1, counted) : 0);
}

/** How the container ended, by its inspection and the engine's events. */
export const readServiceExits: LookReader<'service.exits'> = async facts => {
	const {container, inspection, key} = await subjectOf(facts);
	if (container === undefined) {
		return {
			values: {
				exits: undefined,
				kind: undefined,
				'is-start-error': undefined,
				'start-error': undefined,
				'last-exit-code': undefined,
				'last-exit': undefined,
				'last-was-oom': undefined,
				'last-run': undefined,
			},
			lines: [`${key}: no such container`],
		};
	}

	const events = await eventsOf(facts, container);
	const isUp = container.state === 'running' || container.state === 'paused';
	const seen = lastEnd(events);
	const startError = isUp ? '' : startErrorOf(inspection);
	// While it runs, only the events know with which code it ended before.
	const exitCode = isUp ? seen?.exitCode : container.exitCode;
	const isOom = (isUp ? false : container.oomKilled) || seen?.isOom === true;
	const kind = endKind({startError, isOom, exitCode});
	const {startedAtMs, finishedAtMs} = container;
	const ownRunMs =
		!isUp && startedAtMs !== undefined && finishedAtMs !== undefined
			? finishedAtMs - startedAtMs
			: undefined;
	const seenRunMs = seen?.startedAtMs === undefined ? undefined : seen.atMs - seen.startedAtMs;
	const lastRunMs = ownRunMs !== undefined && ownRunMs >= 0 ? ownRunMs : seenRunMs;
	return {
		values: {
			exits: exitsOf(facts.io, container, events),
			kind: isUp && seen === undefined && container.restartCount > 0 ? undefined : kind,
			'is-start-error': startError !== '',
			'start-error': startError === '' ? undefined : startError,
			'last-exit-code': exitCode,
			'last-exit': secondsSince(facts.io, finishedAtMs),
			'last-was-oom': kind === 'none' ? undefined : isOom,
			'last-run': lastRunMs === undefined ? undefined : lastRunMs / 1000,
		},
		lines: [
			...(startError === '' ? [] : [startError]),
			...events
				.filter(({action}) => action !== 'start')
				.slice(-10)
				.toReversed()
				.map(({action, atMs, attributes}) => {
					const code = textOf(attributes['exitCode']).replace(/\D/g, '');
					return `${new Date(atMs).toISOString()} ${action}${code === '' ? '' : ` ${code}`}`;
				}),
		],
	};
};
