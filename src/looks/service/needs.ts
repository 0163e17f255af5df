import {composePlace} from '../../domain/compose-place.ts';
import {connectionsOf, isItself, variablesOf, type Connection} from '../../domain/connections.ts';
import {containerFromInspect} from '../../domain/container-facts.ts';
import type {Container} from '../../domain/containers.ts';
import {serverKind, type ServerKind} from '../../domain/recognise.ts';
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

const passwordNames: Readonly<Record<ServerKind, RegExp>> = {
	postgres: /^(?:POSTGRES(?:QL)?|PG|DB|DATABASE)_?PASSWORD$/,
	redis: /^(?:REDIS|VALKEY)_?PASSWORD$/,
};
const usualPorts: Readonly<Record<ServerKind, number>> = {postgres: 5432, redis: 6379};

/** The password for a kind of server that an environment gives without saying where the server is. */
export function barePassword(
	variables: ReadonlyMap<string, string>,
	kind: ServerKind,
): string | undefined {
	return [...variables].find(
		([name, value]) => passwordNames[kind].test(name) && value !== '',
	)?.[1];
}

/** What the list tells of a container is enough to know a server. */
function kindOf(container: Container): ServerKind | undefined {
	return serverKind({
		container,
		argv: container.command.split(' '),
		environment: {},
		healthCheck: '',
		networkMode: '',
		aliases: [],
	});
}

/** Servers of its project that a container has the password of, although nothing says where it looks for them. */
function impliedNeeds(
	inspection: unknown,
	known: readonly Connection[],
	all: readonly Container[],
): readonly Need[] {
	const container = containerFromInspect(inspection, undefined);
	if (container.project === undefined || kindOf(container) !== undefined) return [];
	const variables = environmentOf(inspection);
	return (['postgres', 'redis'] as const).flatMap(kind => {
		const isKnown = known.some(connection => connection.kind === kind);
		const servers = all.filter(
			one => one.project === container.project && kindOf(one) === kind && one.id !== container.id,
		);
		const [server] = servers;
		const host = server?.service;
		if (isKnown || servers.length !== 1 || host === undefined) return [];
		if (barePassword(variables, kind) === undefined) return [];
		return [{host, isJob: false, connection: {variable: '', kind, host, port: usualPorts[kind]}}];
	});
}

/** What a container needs, by its labels and environment; itself and public addresses are left out. */
export function needsOf(inspection: unknown, all: readonly Container[]): readonly Need[] {
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
	const implied = impliedNeeds(inspection, connectionsOf(environmentOf(inspection)), all);
	const isNamed = (host: string) => [...own, ...implied].some(other => other.host === host);
	return [
		...own.map(connection => ({host: connection.host, connection, isJob: false})),
		...implied,
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
	return containers.filter(
		container =>
			container.name === host ||
			container.addresses.includes(host) ||
			(container.service === host && container.project === project),
	);
}

/** Whether a container does its work: it runs, or it was a job and ended well. */
export function works({state, exitCode}: Container, isJob: boolean): boolean {
	return state === 'running' || (isJob && state === 'exited' && exitCode === 0);
}
