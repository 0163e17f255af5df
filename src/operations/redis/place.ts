import {infoNumber} from '../../domain/redis-info.ts';
import type {Look} from '../operation.ts';
import {programsOf, type Flavour, type ScratchPlace} from './scratch.ts';
import {redisTrouble, type RedisNow} from './server.ts';

const loopback = /^(?:localhost|127\.[\d.]+|::1|\/.*)$/;

/** Whether a server runs on this very machine, so that its /proc tells of the memory around it. */
export function isHere({io}: Look, {container, target}: RedisNow): boolean {
	const isEngineHere = io.docker.address.startsWith('unix:') && io.host.platform() === 'linux';
	if (container !== undefined) return isEngineHere;
	return target.container === undefined && loopback.test(target.host);
}

/** Refuses where one of the programs is not on this machine. */
export async function requirePrograms(look: Look, flavour: Flavour): Promise<void> {
	for (const program of Object.values(programsOf(flavour))) {
		if (!(await look.io.processes.has(program))) {
			throw redisTrouble('redis-no-program', {program});
		}
	}
}

/** Where a scratch server for this server can run; refuses where its files and its loopback cannot be reached. */
export async function scratchPlace(look: Look, now: RedisNow, id: string): Promise<ScratchPlace> {
	const {container, target, name, flavour} = now;
	if (container !== undefined) {
		const {imageId: image} = container;
		return {
			kind: 'sidecar',
			flavour,
			image,
			network: `container:${container.id}`,
			userId: look.io.host.userId(),
		};
	}

	if (target.container !== undefined || !loopback.test(target.host)) {
		throw redisTrouble('redis-no-path', {server: name, cause: `it is on ${target.host}`});
	}

	await requirePrograms(look, flavour);
	return {kind: 'host', flavour, folder: `${look.folders.scratch}/${id}`};
}

/** Memory that a scratch server of this much data may use: the data, a fork for the transfer, and room. */
export function scratchMemoryBytes(usedBytes: number): number {
	return Math.ceil(usedBytes * 2.2) + 256 * 1024 * 1024;
}

/** Memory that the data of a server takes. */
export function usedBytesOf({info}: Pick<RedisNow, 'info'>): number {
	return infoNumber(info, 'used_memory') ?? 0;
}
