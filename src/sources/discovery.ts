import type {Container} from '../domain/containers.ts';
import {ProblemError, type Problem} from '../domain/problem.ts';
import {
	credentialsOfNeighbours,
	logFormatOf,
	placeOf,
	postgresCredentials,
	redisCredentials,
	refOf,
	serverKind,
	serviceFacts,
	targetId,
	type ServerKind,
	type ServiceFacts,
	type Standpoint,
} from '../domain/recognise.ts';
import {names} from '../domain/catalogue.ts';
import {isCutOff} from '../domain/lost-servers.ts';
import {seriesPattern} from '../domain/manifest-json.ts';
import {ownSeriesTarget} from '../domain/own-series.ts';
import {secret} from '../domain/secret.ts';
import type {Settings} from '../domain/settings.ts';
import {
	isMeant,
	type EndpointHint,
	type ServerHint,
	type TargetHints,
} from '../domain/target-hints.ts';
import type {
	BackupTarget,
	ContainerRef,
	EndpointTarget,
	LogTarget,
	Missing,
	PostgresTarget,
	RedisTarget,
	Targets,
} from '../domain/targets.ts';
import type {Io} from '../io/io.ts';
import {findEndpoint, urlOf, type EndpointFound} from './discover-endpoint.ts';
import {postgresOnHost, redisOnHost} from './discover-host.ts';

/** The part of the settings that discovery needs. */
export type DiscoverySettings = Pick<
	Settings,
	'docker' | 'discovery' | 'postgres' | 'redis' | 'endpoints' | 'logs' | 'backups' | 'storage'
> & {
	readonly hints?: TargetHints | undefined;
	readonly schedules?: Settings['schedules'];
};

/** How a search ends early, and who hears of it before its end. */
export type DiscoverOptions = {
	readonly signal: AbortSignal;
	readonly onServers?: (targets: Targets) => void;
};

/** What was learned about a container; good until it is started anew. */
type Known = {
	readonly startedAtMs: number | undefined;
	readonly facts: ServiceFacts;
	readonly endpoint: EndpointFound | undefined;
};

const caches = new WeakMap<Io['docker'], Map<string, Known>>();
const defaultPorts = {postgres: 5432, redis: 6379} as const;

function cacheOf({docker}: Io): Map<string, Known> {
	const cache = caches.get(docker) ?? new Map<string, Known>();
	caches.set(docker, cache);
	return cache;
}

/** How this machine stands to the engine. */
function standpointOf(io: Io): Standpoint {
	const {address} = io.docker;
	const isLocal = address.startsWith('unix:');
	const publishedHost =
		isLocal || !URL.canParse(address) ? '127.0.0.1' : new URL(address).hostname || '127.0.0.1';
	return {publishedHost, reachesNetworks: isLocal && io.host.platform() === 'linux'};
}

/** The inspection of a container, from the cache where it is still the same run of it; undefined where it is gone. */
async function learn(
	io: Io,
	container: Container,
	signal: AbortSignal,
): Promise<Known | undefined> {
	const cache = cacheOf(io);
	const {id, startedAtMs} = container;
	const known = cache.get(id);
	if (
		known?.startedAtMs === startedAtMs &&
		known?.facts.container.addresses.join() === container.addresses.join()
	) {
		return {...known, facts: {...known.facts, container}};
	}

	try {
		const inspection = await io.docker.get(`/containers/${id}/json`, signal);
		const fresh = {startedAtMs, facts: serviceFacts(inspection, container), endpoint: undefined};
		cache.set(id, fresh);
		return fresh;
	} catch (error) {
		if (error instanceof ProblemError && error.problem.code === 'docker-not-found') {
			return undefined;
		}

		throw error;
	}
}

/** What all parts of one discovery share. */
type Search = {
	readonly all: readonly ServiceFacts[];
	readonly standpoint: Standpoint;
	readonly hints: TargetHints;
};

type Failed = {readonly problem: Problem; readonly container?: ContainerRef};
type Outcome<T> = {readonly target: T} | Failed;

function problem(code: Problem['code'], params: Problem['params']): {problem: Problem} {
	return {problem: {code, params, retry: 'soon'}};
}

/** Everything about a server in a container but what only one kind has. */
function serverTarget(facts: ServiceFacts, kind: ServerKind, {all, standpoint, hints}: Search) {
	const {container} = facts;
	if (container.state !== 'running') {
		return {...problem('discovery-stopped', {name: container.name}), container: refOf(container)};
	}

	const own = kind === 'postgres' ? postgresCredentials(facts) : redisCredentials(facts);
	const hint: ServerHint | undefined = hints[kind]?.find(each => isMeant(each, container));
	const port = hint?.port ?? own.port ?? defaultPorts[kind];
	const place = placeOf(facts, port, standpoint);
	if (!place) {
		const reason = problem('discovery-unreachable', {name: container.name, port});
		return isCutOff(facts) ? {...reason, container: refOf(container)} : reason;
	}

	const found =
		own.password === undefined ? {...own, ...credentialsOfNeighbours(facts, kind, all)} : own;
	const password =
		hint?.password ?? (found.password === undefined ? undefined : secret(found.password));
	if (password === undefined && own.fileVariable !== undefined) {
		return problem('discovery-no-credentials', {name: container.name, variable: own.fileVariable});
	}

	const user = hint?.user ?? found.user;
	const database = (hint && 'database' in hint ? hint.database : undefined) ?? found.database;
	return {
		user,
		database,
		shared: {
			id: serverId(facts, hint, all),
			origin: 'container',
			container: refOf(container),
			...place,
			tls: hint?.tls ?? 'off',
			...(hint?.caFile !== undefined && {caFile: hint.caFile}),
			...(password !== undefined && {password}),
		},
	} as const;
}

/** The id that the configuration gives, where it can mean one container only. */
function serverId(
	{container}: ServiceFacts,
	hint: ServerHint | undefined,
	all: readonly ServiceFacts[],
): string {
	if (hint === undefined) return targetId(container);
	const meant = all.filter(other => isMeant(hint, other.container));
	return meant.length === 1 ? hint.id : targetId(container);
}

function postgresTarget(facts: ServiceFacts, search: Search): Outcome<PostgresTarget> {
	const found = serverTarget(facts, 'postgres', search);
	if ('problem' in found) {
		return found;
	}

	const {shared, user = 'postgres', database = user} = found;
	return {target: {...shared, user, database}};
}

function redisTarget(facts: ServiceFacts, search: Search): Outcome<RedisTarget> {
	const found = serverTarget(facts, 'redis', search);
	if ('problem' in found) {
		return found;
	}

	const {shared, user} = found;
	return {target: {...shared, ...(user !== undefined && {user})}};
}

/** The address that a hint of the configuration means. */
function hintedEndpoint(hint: EndpointHint, {all, standpoint}: Search): Outcome<EndpointTarget> {
	const {service, path, scheme, id, expectStatus, facts, timeoutMs} = hint;
	const meant = all.filter(({container}) => isMeant(hint, container));
	const found = meant.find(({container}) => container.state === 'running') ?? meant[0];
	if (!found) {
		return problem('discovery-no-service', {name: service});
	}

	const port = hint.port ?? found.container.ports[0]?.containerPort ?? 80;
	const place = placeOf(found, port, standpoint);
	if (!place) {
		const {state, name} = found.container;
		return state === 'running'
			? problem('discovery-unreachable', {name, port})
			: problem('discovery-stopped', {name});
	}

	return {
		target: {
			id,
			origin: 'configured',
			container: refOf(found.container),
			url: urlOf(scheme, place, path),
			...(expectStatus !== undefined && {expectStatus}),
			...(facts !== undefined && {facts}),
			...(timeoutMs !== undefined && {timeoutMs}),
		},
	};
}

/** Configured servers of which no container exists. Without any container the engine is what there is to speak of. */
function unmet(
	hints: readonly ServerHint[],
	all: readonly ServiceFacts[],
): readonly {readonly name: string; readonly outcome: {readonly problem: Problem}}[] {
	return hints
		.filter(hint => all.length > 0 && !all.some(({container}) => isMeant(hint, container)))
		.map(({id, service}) => ({
			name: id,
			outcome: problem('discovery-no-service', {name: service}),
		}));
}

/** Splits outcomes into targets and what is missing. */
function split<T>(
	area: Missing['area'],
	outcomes: readonly {readonly name: string; readonly outcome: Outcome<T>}[],
): {targets: readonly T[]; missing: readonly Missing[]} {
	return {
		targets: outcomes.flatMap(({outcome}) => ('target' in outcome ? [outcome.target] : [])),
		missing: outcomes.flatMap(({name, outcome}) =>
			'problem' in outcome ? [{area, name, ...outcome}] : [],
		),
	};
}

/** Looks for the HTTP addresses of all containers that are no database, all at once; found ones are remembered. */
async function endpointsOf(
	io: Io,
	known: readonly Known[],
	standpoint: Standpoint,
	signal: AbortSignal,
): Promise<readonly {name: string; outcome: Outcome<EndpointTarget>}[]> {
	const cache = cacheOf(io);
	const running = known.filter(
		({facts}) => facts.container.state === 'running' && serverKind(facts) === undefined,
	);
	const all = await Promise.all(
		running.map(async item => {
			const {facts} = item;
			const endpoint =
				item.endpoint?.kind === 'found'
					? item.endpoint
					: await findEndpoint(io, facts, standpoint, signal);
			cache.set(facts.container.id, {...item, endpoint});
			return {name: targetId(facts.container), endpoint};
		}),
	);
	return all.flatMap(({name, endpoint}) =>
		endpoint.kind === 'none'
			? []
			: [{name, outcome: endpoint.kind === 'found' ? {target: endpoint.target} : endpoint}],
	);
}

/** One log for each container, by what stays the same when it is replaced. */
function logOf(
	container: Container,
	facts: ServiceFacts | undefined,
	hints: TargetHints,
): LogTarget {
	const hint = hints.logs?.find(each => isMeant(each, container));
	return {
		id: container.key,
		service: container.service ?? container.name,
		format: hint?.format ?? logFormatOf(facts, container.image),
		from: {kind: 'container', container: refOf(container)},
	};
}

/** The configured ones, then the found ones that the configuration does not name already. */
function merged<T extends {readonly id: string}>(
	configured: readonly T[],
	found: readonly T[],
	isSame: (a: T, b: T) => boolean,
): readonly T[] {
	return [
		...configured,
		...found.filter(item => !configured.some(other => other.id === item.id || isSame(other, item))),
	];
}

function isSamePlace(
	a: {readonly host: string; readonly port: number},
	b: {readonly host: string; readonly port: number},
): boolean {
	const host = (name: string) => (name === 'localhost' ? '127.0.0.1' : name);
	return host(a.host) === host(b.host) && a.port === b.port;
}

/** Ports of this machine that belong to containers, so that they are not taken for servers of the host. */
function portsTaken(all: readonly ServiceFacts[]): ReadonlySet<number> {
	return new Set(
		all.flatMap(facts => {
			const published = facts.container.ports.flatMap(({hostPort}) => hostPort ?? []);
			const kind = facts.networkMode === 'host' ? serverKind(facts) : undefined;
			return kind === undefined ? published : [...published, defaultPorts[kind]];
		}),
	);
}

/** Folders beside the series of our own catalogue. */
const notSeries: readonly string[] = [names.verify, names.evidence];

/** The series that our own catalogue has now; none where it was never used or cannot be read. */
async function ownSeries(io: Io, settings: DiscoverySettings): Promise<readonly BackupTarget[]> {
	const folder = settings.storage?.backups;
	if (folder === undefined) return [];
	const entries = await io.files.names(folder).catch(() => []);
	return entries
		.filter(({name, kind}) => kind === 'folder' && !notSeries.includes(name))
		.filter(({name}) => seriesPattern.test(name))
		.map(({name}) => ownSeriesTarget(folder, name, settings));
}

/** Targets of the configuration alone. */
function configuredOnly({postgres, redis, endpoints, logs, backups}: DiscoverySettings): Targets {
	return {postgres, redis, endpoints, logs, backups, missing: []};
}

/**
 * Everything that can be watched here: what the configuration names, what the containers are recognised as, and the
 * servers of the host itself. What was looked for and not found is in `missing` with its reason. Ids stay the same when
 * a container is replaced; a second call asks only about containers that are new or were started anew. Since looking
 * for HTTP addresses waits for slow services, `onServers` gets everything else (and the addresses known before) first.
 */
export async function discover(
	io: Io,
	settings: DiscoverySettings,
	containers: readonly Container[],
	{signal, onServers}: DiscoverOptions,
): Promise<Targets> {
	const backups = [...settings.backups, ...(await ownSeries(io, settings))];
	if (!settings.discovery.isEnabled && settings.hints === undefined) {
		return configuredOnly({...settings, backups});
	}

	const learned = await Promise.all(containers.map(container => learn(io, container, signal)));
	const known = learned.filter(item => item !== undefined);
	const all = known.map(({facts}) => facts);
	const cache = cacheOf(io);
	const ids = new Set(containers.map(({id}) => id));
	[...cache.keys()].filter(id => !ids.has(id)).forEach(id => cache.delete(id));

	const hints = settings.hints ?? {};
	const search: Search = {all, standpoint: standpointOf(io), hints};
	// What the configuration calls a server is one, whatever its image is called.
	const isServer = (kind: ServerKind, facts: ServiceFacts) =>
		hints[kind]?.some(hint => isMeant(hint, facts.container)) === true ||
		(settings.discovery.isEnabled && serverKind(facts) === kind);
	// What is missing has the id that it had as a target.
	const nameOf = (kind: ServerKind, facts: ServiceFacts) =>
		serverId(
			facts,
			hints[kind]?.find(hint => isMeant(hint, facts.container)),
			all,
		);
	const named = <T>(kind: ServerKind, make: (facts: ServiceFacts, search: Search) => Outcome<T>) =>
		split(kind, [
			...all
				.filter(facts => isServer(kind, facts))
				.map(facts => ({name: nameOf(kind, facts), outcome: make(facts, search)})),
			...unmet(hints[kind] ?? [], all),
		]);
	const postgres = named('postgres', postgresTarget);
	const redis = named('redis', redisTarget);
	const hinted = split(
		'endpoint',
		(hints.endpoints ?? []).map(hint => ({
			name: hint.id,
			outcome: hintedEndpoint(hint, search),
		})),
	);
	const byId = new Map(all.map(facts => [facts.container.id, facts]));
	const logs = containers.map(container => logOf(container, byId.get(container.id), hints));
	const isSameUrl = (a: EndpointTarget, b: EndpointTarget) =>
		a.url === b.url ||
		(a.container !== undefined && a.container.containerId === b.container?.containerId);
	const [hostPostgres, hostRedis] = settings.discovery.isEnabled
		? await Promise.all([postgresOnHost(io, portsTaken(all)), redisOnHost(io, portsTaken(all))])
		: [[], []];
	const together = (endpoints: ReturnType<typeof split<EndpointTarget>>): Targets => ({
		postgres: merged(settings.postgres, [...postgres.targets, ...hostPostgres], isSamePlace),
		redis: merged(settings.redis, [...redis.targets, ...hostRedis], isSamePlace),
		endpoints: merged([...settings.endpoints, ...hinted.targets], endpoints.targets, isSameUrl),
		logs: merged(settings.logs, logs, () => false),
		backups,
		missing: [...postgres.missing, ...redis.missing, ...hinted.missing, ...endpoints.missing],
	});
	if (!settings.discovery.isEnabled) return together({targets: [], missing: []});
	const before = known.flatMap(({endpoint}) =>
		endpoint?.kind === 'found' ? [endpoint.target] : [],
	);
	onServers?.(together({targets: before, missing: []}));
	return together(split('endpoint', await endpointsOf(io, known, search.standpoint, signal)));
}
