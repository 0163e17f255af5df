import {composePlace} from '../../domain/compose-place.ts';
import {connectionsOf, isItself, variablesOf, type Connection} from '../../domain/connections.ts';
import type {Container} from '../../domain/containers.ts';
import {listOf, objectOf, textsOf} from '../../domain/unknown.ts';

/** Something that a container needs: a service of its project by `depends_on`, or a host of its environment. */
export type Need = {
	readonly host: string;
	/** Absent where only `depends_on` names it. */
	readonly connection?: Connection;
	/** It is expected to end with 0 instead of running. */
	readonly isJob: boolean;
};

/** The environment of a container. Holds secrets: only names leave. */
export function environmentOf(inspection: unknown): ReadonlyMap<string, string> {
	return variablesOf(textsOf(objectOf(objectOf(inspection)['Config'])['Env']));
}

/** What a container needs, by its labels and environment; itself and public addresses are left out. */
export function needsOf(inspection: unknown): readonly Need[] {
	const config = objectOf(objectOf(inspection)['Config']);
	const place = composePlace(objectOf(config['Labels']));
	const connections = connectionsOf(environmentOf(inspection)).filter(
		({host}) => !isItself(host) && host !== 'host.docker.internal',
	);
	// A web address with dots is somebody else's; a database with dots is still our business.
	const own = connections.filter(({host, kind}) => kind !== 'http' || !host.includes('.'));
	const depends = (place?.dependsOn ?? []).map(({service, condition}) => ({
		host: service,
		isJob: condition === 'service_completed_successfully',
	}));
	const isNamed = (host: string) => own.some(connection => connection.host === host);
	return [
		...own.map(connection => ({host: connection.host, connection, isJob: false})),
		...depends.filter(({host}) => !isNamed(host)),
	];
}

/** Names in /etc/hosts that the container was given (`extra_hosts`). */
export function extraHosts(inspection: unknown): ReadonlySet<string> {
	const hosts = listOf(objectOf(objectOf(inspection)['HostConfig'])['ExtraHosts']);
	return new Set(textsOf(hosts).map(line => line.split(/[:=]/)[0] ?? ''));
}

/** Containers that answer to a name by Compose's and the engine's rules: service of the same project, container name. */
export function namedSo(
	containers: readonly Container[],
	host: string,
	project: string | undefined,
): readonly Container[] {
	const own = containers.filter(
		container =>
			container.name === host ||
			container.addresses.includes(host) ||
			(container.service === host && container.project === project),
	);
	return own.length > 0 ? own : containers.filter(container => container.service === host);
}

/** Whether a container does its work: it runs, or it was a job and ended well. */
export function works({state, exitCode}: Container, isJob: boolean): boolean {
	return state === 'running' || (isJob && state === 'exited' && exitCode === 0);
}
