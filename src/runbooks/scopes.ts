import type {Container} from '../domain/containers.ts';
import {lostServers} from '../domain/lost-servers.ts';
import type {ContainerRef, Targets} from '../domain/targets.ts';
import type {Scope, Subject} from './scope.ts';

/** What there is here, as far as scopes are made of it. */
export type Here = {
	readonly containers: readonly Pick<Container, 'id' | 'key' | 'name' | 'project' | 'service'>[];
	readonly targets: Targets;
};

type WithContainer = {readonly id: string; readonly container?: ContainerRef};

/** The Compose projects here; one without a name where there is none. */
function projectsOf({containers}: Here): readonly (string | undefined)[] {
	const names = [...new Set(containers.flatMap(({project}) => project ?? []))].sort();
	return names.length === 0 ? [undefined] : names;
}

/**
 * Targets of a project. Where it has none of its own, those that belong to no project: all of them where it is the only
 * project, else those of the host, which several may use; a container of no project is not taken for one of them.
 */
function ofProject<T extends WithContainer>(
	here: Here,
	targets: readonly T[],
	project: string | undefined,
): readonly T[] {
	const own = targets.filter(({container}) => container?.project === project);
	if (own.length > 0) return own;
	const isOnly = projectsOf(here).length === 1;
	return targets.filter(
		({container}) => container === undefined || (isOnly && container.project === undefined),
	);
}

/** The servers that answer or may, then those whose container is stopped, paused or cut off: they are what is wrong. */
function serversOf({targets}: Here, kind: 'postgres' | 'redis'): readonly WithContainer[] {
	return [...targets[kind], ...lostServers(targets, kind)];
}

function withOnly(
	key: 'postgres' | 'redis' | 'endpoint' | 'backup',
	list: readonly {readonly id: string}[],
): Partial<Scope> {
	const [first] = list;
	return first ? {[key]: first.id} : {};
}

/** The scope of a whole project: its first server of each kind. */
function ofStack(here: Here, project: string | undefined): Scope {
	const {endpoints, backups} = here.targets;
	return {
		...(project !== undefined && {project}),
		...withOnly('postgres', ofProject(here, serversOf(here, 'postgres'), project)),
		...withOnly('redis', ofProject(here, serversOf(here, 'redis'), project)),
		...withOnly('endpoint', ofProject(here, endpoints, project)),
		...withOnly('backup', backups),
	};
}

/** A kind of thing of which there is one; nobody can tell which of several is meant. */
function theOnly(
	key: 'postgres' | 'redis' | 'endpoint' | 'backup',
	list: readonly {readonly id: string}[],
): Partial<Scope> {
	return list.length === 1 ? withOnly(key, list) : {};
}

/**
 * The scope of the host: it is of every project alike, so that it names none of several projects, and none of several
 * servers; a walk or cause about one of them says which.
 */
function ofHost(here: Here): Scope {
	const {endpoints, backups} = here.targets;
	const [project, ...others] = projectsOf(here);
	return {
		...(project !== undefined && others.length === 0 && {project}),
		...theOnly('postgres', serversOf(here, 'postgres')),
		...theOnly('redis', serversOf(here, 'redis')),
		...theOnly('endpoint', endpoints),
		...theOnly('backup', backups),
	};
}

function ofContainer(here: Here, {id, key, project}: Here['containers'][number]): Scope {
	const {endpoints} = here.targets;
	const isIn = ({container}: WithContainer) => container?.containerId === id;
	return {
		...ofStack(here, project),
		container: key,
		...withOnly('postgres', serversOf(here, 'postgres').filter(isIn)),
		...withOnly('redis', serversOf(here, 'redis').filter(isIn)),
		...withOnly('endpoint', endpoints.filter(isIn)),
	};
}

function ofTarget(
	here: Here,
	kind: 'postgres' | 'redis' | 'endpoint',
	target: WithContainer,
): Scope {
	const container = here.containers.find(({id}) => id === target.container?.containerId);
	// A container that was replaced a moment ago is still known by its project.
	const around = container
		? ofContainer(here, container)
		: ofStack(here, target.container?.project);
	return {...around, [kind]: target.id};
}

/** Everything of one kind that a runbook on it can be about here, in a stable order. */
export function scopesOf(subject: Subject, here: Here): readonly Scope[] {
	const {endpoints, backups} = here.targets;
	switch (subject) {
		case 'host':
			return [ofHost(here)];
		case 'stack':
			return projectsOf(here).map(project => ofStack(here, project));
		case 'container':
			return here.containers.map(container => ofContainer(here, container));
		case 'postgres':
		case 'redis':
			return serversOf(here, subject).map(target => ofTarget(here, subject, target));
		case 'endpoint':
			return endpoints.map(target => ofTarget(here, 'endpoint', target));
		case 'backup':
			return backups.map(({id}) => ({...ofHost(here), backup: id}));
	}
}

/**
 * What the host means for something that looks at servers of a kind: each of them where there are several, so that none is
 * left out and each is named, not as a part of the only project. Any other scope is itself.
 */
export function eachServer(
	{on, kind}: {readonly on: Subject; readonly kind: 'postgres' | 'redis'},
	scope: Scope,
	here: Here,
): readonly Scope[] {
	const servers = on === 'host' && scope[kind] === undefined ? serversOf(here, kind) : [];
	const {project: _only, ...rest} = scope;
	return servers.length === 0 ? [scope] : servers.map(({id}) => ({...rest, [kind]: id}));
}
