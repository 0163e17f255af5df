import {formatBytes} from '../../domain/format.ts';
import {numberOf, objectOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look} from '../operation.ts';
import {hostMemory} from '../shared/host-memory.ts';
import {isHere, usedBytesOf} from './place.ts';
import type {RedisNow} from './server.ts';

/** What a server takes beside its data, and what its fragments cost: a quarter more than `maxmemory`. */
const overhead = 1.25;

/** The memory around a Redis server, in bytes. */
export type MemoryRoom = {
	readonly usedBytes: number;
	/** `MemAvailable` and `MemTotal` of the machine that it runs on. */
	readonly availableBytes: number;
	readonly totalBytes: number;
	/** Limit of its container (`HostConfig.Memory`); infinite where there is none. */
	readonly limitBytes: number;
};

async function limitOf(look: Look, {container, target}: RedisNow): Promise<number | undefined> {
	if (container === undefined) return target.container === undefined ? Infinity : undefined;
	const inspection = await look.io.docker
		.get(`/containers/${container.id}/json`, look.signal)
		.catch(() => undefined);
	if (inspection === undefined) return undefined;
	return numberOf(objectOf(objectOf(inspection)['HostConfig'])['Memory']) || Infinity;
}

/** Reads the memory around a server; undefined where it runs on another machine or not everything can be read. */
export async function memoryRoom(look: Look, now: RedisNow): Promise<MemoryRoom | undefined> {
	if (!isHere(look, now)) return undefined;
	const memory = await hostMemory(look);
	const limitBytes = await limitOf(look, now);
	if (memory === undefined || limitBytes === undefined) return undefined;
	const {availableBytes, totalBytes} = memory;
	return {usedBytes: usedBytesOf(now), availableBytes, totalBytes, limitBytes};
}

/** What a server may still take up to a limit, with what it needs beside its data, in bytes. */
function growthOf(bytes: number, {usedBytes}: MemoryRoom): number {
	return Math.max(0, bytes - usedBytes) * overhead;
}

/**
 * Whether a `maxmemory` only raises the one before and fits into the memory that is there: then nothing is evicted,
 * refused or ended for it. What is not known does not fit.
 */
export function isSafeRaise(before: number, bytes: number, room: MemoryRoom | undefined): boolean {
	// 0 is no limit at all.
	if (before === 0 || bytes <= before || room === undefined) return false;
	return growthOf(bytes, room) <= room.availableBytes && bytes * overhead <= room.limitBytes;
}

/** What speaks against a `maxmemory`, worst first. */
export function roomWarnings(
	{
		before,
		bytes,
		server,
	}: {
		readonly before: number;
		readonly bytes: number;
		readonly server: string;
	},
	room: MemoryRoom | undefined,
): readonly Phrase[] {
	const value = bytes === 0 ? 'maxmemory 0' : formatBytes(bytes);
	const isRaise = bytes === 0 || (before > 0 && bytes > before);
	if (room === undefined) {
		return isRaise ? [{code: 'warn-redis-room-unknown', params: {value, server}}] : [];
	}

	const {totalBytes, limitBytes, availableBytes: free} = room;
	const growth = growthOf(bytes, room);
	const total = formatBytes(totalBytes);
	const isOverLimit = limitBytes < Infinity && (bytes === 0 || bytes * overhead > limitBytes);
	const isOverHost = bytes === 0 || bytes > totalBytes;
	const more = {value, growth: formatBytes(growth), available: formatBytes(free)};
	return [
		...(isOverLimit
			? [
					{
						code: 'warn-redis-above-container',
						params: {value, limit: formatBytes(limitBytes)},
					} as const,
				]
			: []),
		...(isOverHost ? [{code: 'warn-redis-above-host', params: {value, total}} as const] : []),
		...(!isOverHost && growth > free
			? [{code: 'warn-redis-above-available', params: more} as const]
			: []),
	];
}

/** The title of the step that sets `maxmemory`, with the memory around the server where it is known. */
export function memoryTitle(
	params: NonNullable<Phrase['params']>,
	room: MemoryRoom | undefined,
): Phrase {
	if (room === undefined) return {code: 'step-redis-set', params};
	const {usedBytes, availableBytes: free, limitBytes} = room;
	const seen = {...params, used: formatBytes(usedBytes), available: formatBytes(free)};
	if (limitBytes === Infinity) return {code: 'step-redis-set-room', params: seen};
	return {code: 'step-redis-set-limit', params: {...seen, limit: formatBytes(limitBytes)}};
}
