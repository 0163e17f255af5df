import {randomBytes} from 'node:crypto';
import {Client} from 'pg';
import {freePort} from '../support/free-port.ts';
import {startPostgresContainer, type PostgresContainer} from '../support/postgres-container.ts';

/** A server of some version with a small shop in it, as a Compose service `db`. Give it back with `remove`. */
export type ShopServer = PostgresContainer & {
	readonly project: string;
	/** A session of its own, ended with the server. */
	session(application: string): Promise<{readonly client: Client; readonly pid: number}>;
};

const shop = `
	CREATE EXTENSION pg_stat_statements;
	CREATE ROLE app_rw LOGIN;
	CREATE TABLE users(id serial PRIMARY KEY, name text, day date);
	INSERT INTO users(name) SELECT md5(i::text) FROM generate_series(1, 3000) i;
	CREATE INDEX users_name ON users(name);
	CREATE TABLE parts(id int, k int) PARTITION BY LIST (k);
	CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
	INSERT INTO parts SELECT i, 1 FROM generate_series(1, 100) i;
	CREATE VIEW firsts AS SELECT * FROM users WHERE id < 10;
	CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
	ALTER TABLE users OWNER TO app_rw;
	ALTER DATABASE shop SET statement_timeout = '50s';
	SELECT lo_from_bytea(0, 'large');`;

/** Starts a server of an image with a password, published on a free port of 127.0.0.1. */
export async function startShop(image: string): Promise<ShopServer> {
	const project = `opsct-${randomBytes(4).toString('hex')}`;
	const labels = [`project=${project}`, 'service=db'];
	const server = await startPostgresContainer({
		image,
		dataBytes: 4 * 2 ** 30,
		settings: ['shared_preload_libraries=pg_stat_statements', 'archive_mode=on'],
		run: [
			...['--publish', `127.0.0.1:${await freePort()}:5432`],
			...labels.flatMap(label => ['--label', `com.docker.compose.${label}`]),
		],
	});
	const clients: Client[] = [];
	const remove = async () => {
		await Promise.all(clients.map(client => client.end().catch(() => undefined)));
		await server.remove();
	};
	try {
		await server.psql(shop);
	} catch (error) {
		await remove();
		throw error;
	}

	return {
		...server,
		project,
		remove,
		async session(application) {
			const {host, port, user, database, password} = server.target;
			const login = {host, port, user, database, password: password?.reveal() ?? ''};
			const client = new Client({...login, application_name: application});
			client.on('error', () => undefined);
			await client.connect();
			clients.push(client);
			const {rows} = await client.query<{pid: number}>('SELECT pg_backend_pid() AS pid');
			return {client, pid: rows[0]?.pid ?? 0};
		},
	};
}
