import {clean} from '../../domain/clean.ts';
import {
	connectionsOf,
	environmentFaults,
	isItself,
	type Connection,
} from '../../domain/connections.ts';
import type {Container} from '../../domain/containers.ts';
import {
	postgresCredentials,
	redisCredentials,
	serverKind,
	serviceFacts,
	type ServerKind,
} from '../../domain/recognise.ts';
import {objectOf, textOf} from '../../domain/unknown.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {barePassword, environmentOf, namedSo} from './needs.ts';
import {inspect, subjectOf, type Subject} from './subject.ts';

/** The server of this kind that a container uses: who has the name of its connection, else the project's only one. */
async function serverOf(
	facts: LookFacts,
	{
		container,
		kind,
		connection,
	}: {
		readonly container: Container;
		readonly kind: ServerKind;
		readonly connection: Connection | undefined;
	},
) {
	const own = facts.containers.filter(({project}) => project === container.project);
	const candidates =
		connection === undefined
			? container.project === undefined
				? []
				: own
			: namedSo(facts.containers, connection.host, container.project);
	const found = await Promise.all(
		candidates
			.filter(({id}) => id !== container.id)
			.slice(0, 30)
			.map(async candidate => {
				const inspection = await inspect(facts, candidate.id);
				return inspection === undefined ? undefined : serviceFacts(inspection, candidate);
			}),
	);
	const servers = found.flatMap(server =>
		server !== undefined && serverKind(server) === kind ? [server] : [],
	);
	return servers.length === 1 ? servers[0] : undefined;
}

/**
 * Whether the password that a container would log in with is the one that the server's container was made with. It says
 * nothing about a password that was changed inside the server later. Undefined where one of them is not known.
 */
async function isPasswordEqual(
	facts: LookFacts,
	{container, inspection}: Subject,
	kind: ServerKind,
): Promise<boolean | undefined> {
	if (container === undefined) return undefined;
	const variables = environmentOf(inspection);
	const connection = connectionsOf(variables).find(one => one.kind === kind);
	const password = connection?.password ?? barePassword(variables, kind);
	if (password === undefined || serverKind(serviceFacts(inspection, container)) !== undefined) {
		return undefined;
	}

	const server = await serverOf(facts, {container, kind, connection});
	if (server === undefined) return undefined;
	const own = kind === 'postgres' ? postgresCredentials(server) : redisCredentials(server);
	const isOtherUser =
		kind === 'postgres' && connection?.user !== undefined && connection.user !== own.user;
	return own.password === undefined || isOtherUser ? undefined : own.password === password;
}

const serverKinds = new Set(['postgres', 'redis', 'mysql', 'amqp', 'mongodb']);

/** Servers that it would look for in itself; with the network of the host that is what it should do. */
function pointingToItself(inspection: unknown, connections: readonly Connection[]) {
	const mode = textOf(objectOf(objectOf(inspection)['HostConfig'])['NetworkMode']);
	if (mode === 'host' || mode.startsWith('container:')) return [];
	return connections.filter(({host, kind}) => isItself(host) && serverKinds.has(kind));
}

/** The environment of the container by names; values are judged here and go nowhere. */
export const readServiceEnvironment: LookReader<'service.environment'> = async facts => {
	const subject = await subjectOf(facts);
	const {container, inspection, key} = subject;
	const variables = environmentOf(inspection);
	const connections = connectionsOf(variables);
	const [database, redis] = (['postgres', 'redis'] as const).map(kind =>
		connections.find(one => one.kind === kind),
	);
	const {empty, placeholders, malformed} = environmentFaults(variables);
	const itself = pointingToItself(inspection, connections).map(({variable}) => variable);
	const [isDatabaseEqual, isRedisEqual] = await Promise.all([
		isPasswordEqual(facts, subject, 'postgres'),
		isPasswordEqual(facts, subject, 'redis'),
	]);
	const count = (names: readonly string[]) => (container === undefined ? undefined : names.length);
	const name = (names: readonly string[]) =>
		names[0] === undefined ? undefined : clean(names[0], 100);
	const list = (title: string, names: readonly string[]) =>
		names.length === 0 ? [] : [`${title}: ${clean(names.slice(0, 20).join(', '), 500)}`];
	return {
		values: {
			count: count([...variables.keys()]),
			empty: count(empty),
			'first-empty': name(empty),
			placeholders: count(placeholders),
			'first-placeholder': name(placeholders),
			malformed: count(malformed),
			'first-malformed': name(malformed),
			'database-host': database && clean(database.host, 253),
			'database-port': database?.port,
			'redis-host': redis && clean(redis.host, 253),
			'redis-port': redis?.port,
			'points-to-itself': count(itself),
			'first-pointing-to-itself': name(itself),
			'is-database-password-equal': isDatabaseEqual,
			'is-redis-password-equal': isRedisEqual,
		},
		lines:
			container === undefined
				? [`${key}: no such container`]
				: [
						...list('malformed', malformed),
						...list('placeholder', placeholders),
						...list('localhost', itself),
						...list('empty', empty),
						...connections.map(({variable, host, port}) =>
							clean(`${variable}: ${host}:${port}`, 300),
						),
					].slice(0, 20),
	};
};
