import {clean} from './clean.ts';
import type {Container} from './containers.ts';
import type {ContainerRef, LogFormat} from './targets.ts';
import {objectOf, textOf, textsOf} from './unknown.ts';

/** What a container must tell for its role to be known. Holds secrets: it never leaves the discovery. */
export type ServiceFacts = {
	readonly container: Container;
	/** The command as an argument list, raw. */
	readonly argv: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	/** The health check as one text, raw. */
	readonly healthCheck: string;
	/** `host`, `none`, `bridge`, a network's name, `container:ID`. */
	readonly networkMode: string;
	/** Names by which its neighbours call it. */
	readonly aliases: readonly string[];
};

export type ServerKind = 'postgres' | 'redis';

const postgresImage =
	/(^|[/_-])(postgres|postgresql|postgis|timescaledb|pgvector|timescaledb-ha)(-|:|@|$)/;
const redisImage = /(^|[/_-])(redis|valkey|redis-stack-server|redis-stack|keydb)(-|:|@|$)/;
const helperImage =
	/exporter|pgadmin|bouncer|pgpool|commander|insight|adminer|backup|sentinel|postgrest|operator/;
const helperProgram =
	/\b(redis-cli|valkey-cli|pg_dump|pg_basebackup|psql|redis-sentinel|--sentinel)\b/;
// Also a server's own start may wait with these; alone they are a job of the same image, which ends.
const jobProgram = /\b(pg_isready|pg_restore|pg_dumpall|createdb|vacuumdb)\b/;
const postgresProgram = /(^|\/)(postgres|postmaster|patroni)$/;
const redisProgram = /(^|[\s/])(redis-server|valkey-server|keydb-server)(\s|$)/;

/** Reads the inspection of a container. */
export function serviceFacts(inspection: unknown, container: Container): ServiceFacts {
	const value = objectOf(inspection);
	const config = objectOf(value['Config']);
	const variables = textsOf(config['Env']).map((line): [string, string] => {
		const equals = line.indexOf('=');
		return [line.slice(0, equals), line.slice(equals + 1)];
	});
	const networks = Object.values(objectOf(objectOf(value['NetworkSettings'])['Networks']));
	return {
		container,
		argv: [textOf(value['Path']), ...textsOf(value['Args'])],
		environment: Object.fromEntries(variables),
		healthCheck: textsOf(objectOf(config['Healthcheck'])['Test']).join(' '),
		networkMode: textOf(objectOf(value['HostConfig'])['NetworkMode']),
		aliases: [
			container.service ?? '',
			container.name,
			...networks.flatMap(network => textsOf(objectOf(network)['Aliases'])),
		].filter(alias => alias !== ''),
	};
}

/** Whether a container is a PostgreSQL or a Redis server: by its image, its command, then the port that it exposes. */
export function serverKind({container, argv}: ServiceFacts): ServerKind | undefined {
	const image = container.image.toLowerCase();
	const command = argv.join(' ');
	if (helperImage.test(image) || helperProgram.test(command)) {
		return undefined;
	}

	const isServer = command.split(/\s+/).some(word => postgresProgram.test(word));
	if (!isServer && jobProgram.test(command)) {
		return undefined;
	}

	if (isServer || postgresImage.test(image)) {
		return 'postgres';
	}

	if (redisImage.test(image) || redisProgram.test(command)) {
		return 'redis';
	}

	const exposes = (port: number) =>
		container.ports.some(({containerPort}) => containerPort === port);
	return exposes(5432) ? 'postgres' : exposes(6379) ? 'redis' : undefined;
}

/** The format of a container's log, from what runs in it. */
export function logFormatOf(facts: ServiceFacts | undefined, image: string): LogFormat {
	const kind = facts && serverKind(facts);
	return (
		kind ?? (/(^|[/_-])(nginx|openresty)(-|:|@|$)/.test(image.toLowerCase()) ? 'nginx' : 'auto')
	);
}

/** Credentials as found; `fileVariable` names the variable that points to a file instead. */
export type Credentials = {
	readonly user?: string;
	readonly password?: string;
	readonly database?: string;
	readonly fileVariable?: string;
	readonly port?: number;
};

function first(
	environment: ServiceFacts['environment'],
	names: readonly string[],
): string | undefined {
	return names.map(name => environment[name]).find(value => value !== undefined && value !== '');
}

/** Takes `$NAME` and `${NAME}` of a command from the container's own environment. */
function expand(text: string, environment: ServiceFacts['environment']): string {
	return text.replace(
		/\$(?:\{(\w+)(?::?-[^}]*)?\}|(\w+))/g,
		(_whole, braced: string | undefined, plain: string | undefined) =>
			environment[braced ?? plain ?? ''] ?? '',
	);
}

/** The value of an option in a command line, also inside `sh -c "…"`. */
function optionOf({argv, environment}: ServiceFacts, name: string): string | undefined {
	const direct = argv.indexOf(name);
	const raw =
		direct === -1
			? new RegExp(`${name}[ =]+("[^"]*"|'[^']*'|[^\\s"';&]+)`).exec(argv.join(' '))?.[1]
			: argv[direct + 1];
	const value = raw === undefined ? '' : expand(raw.replace(/^(["'])(.*)\1$/, '$2'), environment);
	return value === '' ? undefined : value;
}

const postgresNames = {
	user: ['POSTGRES_USER', 'POSTGRESQL_USERNAME', 'PGUSER'],
	password: ['POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD', 'PGPASSWORD'],
	database: ['POSTGRES_DB', 'POSTGRESQL_DATABASE', 'PGDATABASE'],
} as const;
const redisPasswordNames = ['REDIS_PASSWORD', 'VALKEY_PASSWORD', 'REDISCLI_AUTH'];

function fileVariable({environment}: ServiceFacts, names: readonly string[]): string | undefined {
	return names.map(name => `${name}_FILE`).find(name => (environment[name] ?? '') !== '');
}

/** Credentials of a PostgreSQL container from its own environment, by the rules of the usual images. */
export function postgresCredentials(facts: ServiceFacts): Credentials {
	const {environment} = facts;
	const user = first(environment, postgresNames.user) ?? 'postgres';
	const password = first(environment, postgresNames.password);
	const inFile = fileVariable(facts, postgresNames.password);
	const port = Number(optionOf(facts, '-p') ?? environment['PGPORT']);
	return {
		user,
		database: first(environment, postgresNames.database) ?? user,
		...(password !== undefined && {password}),
		...(password === undefined && inFile !== undefined && {fileVariable: inFile}),
		...(port > 0 && {port}),
	};
}

/** Credentials of a Redis container from its command line, else its environment. */
export function redisCredentials(facts: ServiceFacts): Credentials {
	const password = optionOf(facts, '--requirepass') ?? first(facts.environment, redisPasswordNames);
	const inFile = fileVariable(facts, redisPasswordNames);
	const port = Number(optionOf(facts, '--port'));
	return {
		...(password !== undefined && {password}),
		...(password === undefined && inFile !== undefined && {fileVariable: inFile}),
		...(port > 0 && {port}),
	};
}

const schemes = {postgres: /^postgres(ql)?(\+\w+)?:$/, redis: /^(redis|valkey)s?:$/} as const;

/** Credentials that a neighbour uses for this server (`DATABASE_URL`, `REDIS_URL` …), as a second source. */
export function credentialsOfNeighbours(
	facts: ServiceFacts,
	kind: ServerKind,
	all: readonly ServiceFacts[],
): Credentials | undefined {
	const {project} = facts.container;
	const neighbours = all.filter(other => other !== facts && other.container.project === project);
	for (const value of neighbours.flatMap(({environment}) => Object.values(environment))) {
		const url = value.includes('://') && URL.canParse(value) ? new URL(value) : undefined;
		if (!url || !schemes[kind].test(url.protocol) || !facts.aliases.includes(url.hostname)) {
			continue;
		}

		const [user, password, database] = [url.username, url.password, url.pathname.slice(1)].map(
			decoded,
		);
		if (password !== undefined && password !== '') {
			return {
				password,
				...(user !== undefined && user !== '' && {user}),
				...(database !== undefined && database !== '' && {database}),
			};
		}
	}

	return undefined;
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** How a target names its container. */
export function refOf({id, name, project, service}: Container): ContainerRef {
	return {
		containerId: id,
		containerName: name,
		...(project !== undefined && {project}),
		...(service !== undefined && {service}),
	};
}

/** Id of the target that a container is: stays when the container is replaced, differs between projects. */
export function targetId({project, service, number = 1, name}: Container): string {
	return project === undefined || service === undefined
		? name
		: `${project}/${service}${number > 1 ? `/${number}` : ''}`;
}

/** Where a port of a container is reached from this machine. */
export type Place = {readonly host: string; readonly port: number};

/** How this machine stands to the engine. */
export type Standpoint = {
	/** Host of published ports: 127.0.0.1, or the name of a remote engine. */
	readonly publishedHost: string;
	/** Whether addresses inside container networks can be reached: a Linux host with its own engine. */
	readonly reachesNetworks: boolean;
};

/** Published port first, then the container's own address; undefined where there is no way. */
export function placeOf(
	{container, networkMode}: ServiceFacts,
	port: number,
	{publishedHost, reachesNetworks}: Standpoint,
): Place | undefined {
	const published = container.ports.find(
		({containerPort, hostPort, protocol}) =>
			containerPort === port && protocol === 'tcp' && (hostPort ?? 0) > 0,
	);
	if (published?.hostPort !== undefined) {
		const {hostAddress = ''} = published;
		const isAny = ['', '0.0.0.0', '::'].includes(hostAddress);
		return {host: isAny ? publishedHost : hostAddress, port: published.hostPort};
	}

	if (networkMode === 'host') {
		return {host: publishedHost, port};
	}

	const [address] = container.addresses;
	return reachesNetworks && address !== undefined ? {host: address, port} : undefined;
}

// Ports of servers that speak something else than HTTP; a GET there would be an error in their log.
const otherPorts = new Set([
	21, 22, 25, 53, 110, 143, 389, 465, 587, 636, 993, 995, 1433, 1521, 1883, 2181, 2379, 2380, 3306,
	3389, 4222, 5432, 5433, 5671, 5672, 6379, 6380, 6432, 7000, 7001, 9042, 9092, 9093, 9300, 11211,
	16379, 26257, 26379, 27017, 27018, 33060, 50000, 61616,
]);

/** An HTTP address inside a container: its port and the paths that are tried in this order. */
export type HttpCandidate = {
	readonly scheme: 'http' | 'https';
	readonly port: number;
	readonly paths: readonly string[];
	/** Named by the health check: it is watched also while it does not answer. */
	readonly isSure: boolean;
};

const usualPaths = ['/health', '/healthz', '/api/health', '/'];
const checkedUrl =
	/(https?):\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d+))?(\/[^\s'"|;&)\\]*)?/i;

/** Where a container may answer HTTP: the address in its health check, then its ports, published ones first. */
export function httpCandidates({container, healthCheck}: ServiceFacts): readonly HttpCandidate[] {
	const checked = checkedUrl.exec(healthCheck);
	const candidates: HttpCandidate[] = [];
	if (checked) {
		const scheme = checked[1]?.toLowerCase() === 'https' ? 'https' : 'http';
		const port = Number(checked[2] ?? (scheme === 'https' ? 443 : 80));
		candidates.push({scheme, port, paths: [clean(checked[3] ?? '/', 300)], isSure: true});
	}

	const ports = container.ports
		.filter(({protocol, containerPort}) => protocol === 'tcp' && !otherPorts.has(containerPort))
		.toSorted((a, b) => Number(b.hostPort !== undefined) - Number(a.hostPort !== undefined));
	for (const port of new Set(ports.map(({containerPort}) => containerPort))) {
		const scheme = port === 443 || port === 8443 ? 'https' : 'http';
		candidates.push({scheme, port, paths: usualPaths, isSure: false});
	}

	return candidates.slice(0, 4);
}
