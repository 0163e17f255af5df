import type {ContainerEvent} from '../../domain/container-events.ts';
import type {Container} from '../../domain/containers.ts';
import {endKind} from '../../domain/start-error.ts';
import {listOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {endEvents, hourMs, lastEnd} from './end-events.ts';
import {startErrorOf} from './state.ts';
import {secondsSince, subjectOf} from './subject.ts';

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

/**
 * What the engine says of a container that was never started because a folder of it is gone: it refuses the start and
 * writes nothing down. Empty where every folder is there, or where the engine is of another host.
 */
async function missingFolder(
	{io, signal}: LookFacts,
	{state}: Container,
	inspection: unknown,
): Promise<string> {
	if (state !== 'created' || !io.docker.address.startsWith('unix:')) return '';
	const binds = listOf(objectOf(inspection)['Mounts'])
		.map(objectOf)
		.filter(({Type}) => Type === 'bind')
		.map(({Source}) => textOf(Source));
	for (const path of binds) {
		const cause = await io.files.stat(path).then(
			() => '',
			(error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : ''),
		);
		signal.throwIfAborted();
		if (cause === 'ENOENT') return `bind source path does not exist: ${path}`;
	}

	return '';
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

	const events = await endEvents(facts, container);
	const isUp = container.state === 'running' || container.state === 'paused';
	const seen = lastEnd(events);
	const startError = isUp
		? ''
		: startErrorOf(inspection) || (await missingFolder(facts, container, inspection));
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
