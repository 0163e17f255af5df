import {clean} from '../../domain/clean.ts';
import {numberOf, objectOf, textOf} from '../../domain/unknown.ts';
import {maybe} from '../maybe.ts';
import type {LookFacts} from '../reader.ts';

type Facts = Pick<LookFacts, 'containers' | 'io' | 'signal'>;

/** Most containers whose layers are asked for. */
const mostContainers = 100;

/** The container whose writable layer a path lies in, by its layer's folder as `docker inspect` has it. */
async function ownerOfLayer(path: string, facts: Facts): Promise<string | undefined> {
	const layer = /\/overlay2\/([0-9a-z]{20,})/.exec(path)?.[1];
	if (layer === undefined) return undefined;
	const found = await Promise.all(
		facts.containers.slice(0, mostContainers).map(async ({id, name}) => {
			const answer = facts.io.docker.get(`/containers/${id}/json`, facts.signal);
			const inspection = objectOf(await maybe(answer, facts.signal));
			const data = objectOf(objectOf(inspection['GraphDriver'])['Data']);
			return textOf(data['UpperDir']).includes(`/${layer}/`) ? name : undefined;
		}),
	);
	return found.find(name => name !== undefined);
}

/** The container or volume that a path of the engine's folder belongs to; undefined for every other path. */
export async function ownerOfPath(path: string, facts: Facts): Promise<string | undefined> {
	const volume = /\/volumes\/([^/]+)(?:\/|$)/.exec(path)?.[1];
	if (volume !== undefined && path.includes('docker')) return clean(volume, 100);
	const id = /\/containers\/([0-9a-f]{64})(?:\/|$)/.exec(path)?.[1];
	if (id === undefined) return ownerOfLayer(path, facts);
	return facts.containers.find(each => each.id === id)?.name ?? id.slice(0, 12);
}

/** Whether the log of the container that writes this file is rotated; undefined where the file is none of a container. */
export async function isLogLimited(path: string, facts: Facts): Promise<boolean | undefined> {
	const id = /\/containers\/([0-9a-f]{64})\/\1-json\.log/.exec(path)?.[1];
	if (id === undefined) return undefined;
	const answer = facts.io.docker.get(`/containers/${id}/json`, facts.signal);
	const inspection = await maybe(answer, facts.signal);
	if (inspection === undefined) return undefined;
	const config = objectOf(objectOf(objectOf(inspection)['HostConfig'])['LogConfig'])['Config'];
	const size = textOf(objectOf(config)['max-size']);
	return size !== '' && numberOf(Number.parseInt(size, 10)) !== -1;
}
