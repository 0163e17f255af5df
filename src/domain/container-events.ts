import {clean} from './clean.ts';
import {healthOf, identityOf} from './container-facts.ts';
import type {Container} from './containers.ts';
import {numberOf, objectOf, textOf, withoutAbsent, type Json} from './unknown.ts';

const networkEvents: readonly string[] = ['connect', 'disconnect'];

/** The events of the engine that change what is shown; asked for by name, because health checks alone make many others. */
export const followedEvents = [
	'connect',
	'disconnect',
	'create',
	'start',
	'die',
	'kill',
	'oom',
	'stop',
	'restart',
	'pause',
	'unpause',
	'destroy',
	'rename',
	'update',
	'health_status',
] as const;

/** One event of a container. */
export type ContainerEvent = {
	readonly id: string;
	/** `health_status: healthy` is split: this is `health_status`. */
	readonly action: string;
	/** What follows the colon of the action. */
	readonly detail: string;
	readonly atMs: number;
	/** Attributes, among them all labels, `name`, `image`, `exitCode`. */
	readonly attributes: Json;
};

/**
 * Reads one line of `GET /events`; undefined for what is no event of a container. That a network took it in or let it go is
 * one, with the attributes of the network.
 */
export function parseEvent(value: unknown): ContainerEvent | undefined {
	const event = objectOf(value);
	const actor = objectOf(event['Actor']);
	const attributes = objectOf(actor['Attributes']);
	const [action = '', detail = ''] = textOf(event['Action']).split(': ');
	const isNetworks = textOf(event['Type']) === 'network' && networkEvents.includes(action);
	const id = textOf(isNetworks ? attributes['container'] : actor['ID']);
	if (id === '' || (textOf(event['Type']) !== 'container' && !isNetworks)) {
		return undefined;
	}

	const nanoseconds = numberOf(event['timeNano']) ?? 0;
	return {id, action, detail, atMs: nanoseconds / 1e6, attributes};
}

/** Whether an event says of a container which networks it is in, and nothing of the container itself. */
export function isOfNetwork({action}: ContainerEvent): boolean {
	return networkEvents.includes(action);
}

// Signals that programs take as an order to reload or reopen, not to end: HUP, USR1, USR2, WINCH.
const harmlessSignals = new Set(['1', '10', '12', '28']);

/** Whether the event means that somebody wants the container to end. */
export function isEndingOnPurpose({action, attributes}: ContainerEvent): boolean {
	return (
		action === 'stop' || (action === 'kill' && !harmlessSignals.has(textOf(attributes['signal'])))
	);
}

/** A container of which nothing but an event is known. */
function containerFromEvent({id, attributes, atMs}: ContainerEvent): Container {
	return {
		id,
		...identityOf(attributes, textOf(attributes['name'])),
		image: clean(textOf(attributes['image']), 300),
		imageId: '',
		command: '',
		state: 'created',
		health: 'none',
		restartCount: 0,
		recentRestarts: 0,
		isCrashLooping: false,
		oomKilled: false,
		createdAtMs: atMs,
		ports: [],
		addresses: [],
		isInspected: false,
	};
}

/** Whether the engine starts it again by itself after this end. */
function willRestart({restartPolicy}: Container, exitCode: number, wasKilled: boolean): boolean {
	if (wasKilled) {
		return false;
	}

	return (
		restartPolicy === 'always' ||
		restartPolicy === 'unless-stopped' ||
		(restartPolicy === 'on-failure' && exitCode !== 0)
	);
}

/** Leaves out what is only true while the container runs. */
function ended(container: Container): Container {
	return withoutAbsent({...container, health: 'none', pid: undefined});
}

/**
 * What an event says by itself, so that it is on the screen before the engine was asked for the details; undefined
 * when the container is gone. `wasKilled`: it was stopped or killed on purpose since its start, so no policy restarts it.
 */
export function applyEvent(
	before: Container | undefined,
	event: ContainerEvent,
	wasKilled: boolean,
): Container | undefined {
	const container = before ?? containerFromEvent(event);
	switch (event.action) {
		case 'destroy':
			return undefined;
		case 'start': {
			const {oomKilled, oomKilledAtMs, finishedAtMs} = container;
			return withoutAbsent({
				...container,
				state: 'running',
				oomKilled: false,
				// The engine's mark ends with the start, what happened does not.
				oomKilledAtMs: oomKilledAtMs ?? (oomKilled ? finishedAtMs : undefined),
				startedAtMs: event.atMs,
			});
		}

		case 'die': {
			const exitCode = Number(textOf(event.attributes['exitCode'])) || 0;
			const state = willRestart(container, exitCode, wasKilled) ? 'restarting' : 'exited';
			return {...ended(container), state, exitCode, finishedAtMs: event.atMs};
		}

		case 'pause':
			return {...container, state: 'paused'};
		case 'unpause':
			return {...container, state: 'running'};
		case 'oom':
			return {...container, oomKilled: true, oomKilledAtMs: event.atMs};
		case 'health_status':
			return {...container, health: healthOf(event.detail)};
		case 'rename':
			return {...container, ...identityOf(event.attributes, textOf(event.attributes['name']))};
		default:
			return container;
	}
}
