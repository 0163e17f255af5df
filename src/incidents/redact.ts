import {clean} from '../domain/clean.ts';
import {isSecretName, mask, maskCommand} from '../domain/mask.ts';
import {isObject} from '../domain/unknown.ts';
import type {IncidentEvent} from './event.ts';

/** Length of the texts and number of the items of an event; the first row whose event fits into a line is taken. */
const sizes = [
	{length: 4000, items: 200},
	{length: 600, items: 60},
	{length: 120, items: 30},
] as const;
/** Longest event as JSON, in UTF-16 units. */
const maxEventLength = 32_000;

type Size = (typeof sizes)[number];

/**
 * A text from outside that may be kept and shown: one line, without control characters, secrets as dots. Masked as a command
 * line is, because people write down the commands that they typed.
 */
export function safeText(text: string, length = 4000): string {
	const oneLine = text.slice(0, 4 * length).replace(/\s*[\r\n]+\s*/g, ' ');
	return clean(maskCommand(oneLine), length).trim();
}

function redacted(value: unknown, name: string, size: Size): unknown {
	if (typeof value === 'string') {
		return isSecretName(name) && value !== '' ? mask : safeText(value, size.length);
	}

	if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
	if (Array.isArray(value)) {
		return value.slice(0, size.items).map(item => redacted(item, name, size));
	}

	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, item]) => [safeText(key, 200), redacted(item, key, size)]),
	);
}

function inSize(event: IncidentEvent, size: Size): IncidentEvent {
	const masked = redacted(event, '', size) as IncidentEvent;
	if (masked.kind !== 'operation') return masked;
	const {operation} = masked;
	if (event.kind !== 'operation' || operation.commands === undefined) return masked;
	const all = event.operation.commands ?? [];
	const left = all.length - operation.commands.length + (event.operation.moreCommands ?? 0);
	const more = left > 0 ? {moreCommands: left} : {};
	return {...masked, operation: {...operation, ...more}};
}

/**
 * The event as it may be written down: every text cleaned and masked, what is named as a secret replaced by dots, long
 * texts and lists cut so that it fits into a line.
 */
export function redactEvent(event: IncidentEvent): IncidentEvent {
	const all = sizes.map(size => () => inSize(event, size));
	let smallest = event;
	for (const make of all) {
		smallest = make();
		if (JSON.stringify(smallest).length <= maxEventLength) break;
	}

	return smallest;
}
