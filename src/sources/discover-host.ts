import {boundSockets, listeningPorts, passwordOfPgpass} from '../domain/listening.ts';
import {secret} from '../domain/secret.ts';
import type {PostgresTarget, RedisTarget} from '../domain/targets.ts';
import type {Io} from '../io/io.ts';

const postgresFolder = '/var/run/postgresql';
const redisFolder = '/var/run/redis';

/** Text of a file; empty where it cannot be read. */
function textOf(io: Io, path: string): Promise<string> {
	return io.files.readText(path).catch(() => '');
}

/** Names in a folder; none where it cannot be read. */
async function namesIn(io: Io, folder: string): Promise<readonly string[]> {
	const entries = await io.files.list(folder, 200).catch(() => []);
	return entries.map(({name}) => name);
}

/** What listens on this machine, without connecting to anything: a probe would be an error in the server's log. */
async function whatListens(io: Io) {
	const [tcp, tcp6, unix] = await Promise.all(
		['tcp', 'tcp6', 'unix'].map(name => textOf(io, `/proc/net/${name}`)),
	);
	return {
		ports: listeningPorts(`${tcp ?? ''}\n${tcp6 ?? ''}`),
		// /var/run is a link to /run; the kernel shows the path as the server gave it.
		sockets: new Set(
			[...boundSockets(unix ?? '')].map(path => path.replace(/^\/var\/run\//, '/run/')),
		),
	};
}

/** PostgreSQL on the host itself: each bound socket of /var/run/postgresql, and port 5432. */
export async function postgresOnHost(
	io: Io,
	taken: ReadonlySet<number>,
): Promise<readonly PostgresTarget[]> {
	const {environment} = io;
	const {ports, sockets} = await whatListens(io);
	const socketPorts = (await namesIn(io, postgresFolder))
		.map(name => /^\.s\.PGSQL\.(\d+)$/.exec(name)?.[1])
		.filter(port => port !== undefined && sockets.has(`/run/postgresql/.s.PGSQL.${port}`))
		.map(Number);
	const found = new Set([...socketPorts, ...(ports.has(5432) && !taken.has(5432) ? [5432] : [])]);
	const user = environment['PGUSER'] ?? 'postgres';
	const database = environment['PGDATABASE'] ?? 'postgres';
	const pgpass = await textOf(
		io,
		environment['PGPASSFILE'] ?? `${environment['HOME'] ?? ''}/.pgpass`,
	);
	return [...found].map(port => {
		const password = environment['PGPASSWORD'] ?? passwordOfPgpass(pgpass, {port, database, user});
		// With a password TCP works for every user; without one only the socket may trust us.
		const usesTcp = ports.has(port) && (password !== undefined || !socketPorts.includes(port));
		return {
			id: `host:${port}`,
			origin: 'host',
			host: usesTcp ? '127.0.0.1' : postgresFolder,
			port,
			database,
			user,
			tls: 'off',
			...(password !== undefined && {password: secret(password)}),
		};
	});
}

/** Redis on the host itself: port 6379, else the bound sockets of /var/run/redis. */
export async function redisOnHost(
	io: Io,
	taken: ReadonlySet<number>,
): Promise<readonly RedisTarget[]> {
	const {ports, sockets} = await whatListens(io);
	const configuration = await textOf(io, '/etc/redis/redis.conf');
	const password =
		io.environment['REDISCLI_AUTH'] ?? /^\s*requirepass\s+"?([^\s"]+)/m.exec(configuration)?.[1];
	const shared = {
		origin: 'host',
		tls: 'off',
		...(password !== undefined && {password: secret(password)}),
	} as const;
	if (ports.has(6379) && !taken.has(6379)) {
		return [{...shared, id: 'host:6379', host: '127.0.0.1', port: 6379}];
	}

	const names = await namesIn(io, redisFolder);
	return names
		.filter(name => name.endsWith('.sock') && sockets.has(`/run/redis/${name}`))
		.map(name => ({...shared, id: `host:${name}`, host: `${redisFolder}/${name}`, port: 0}));
}
