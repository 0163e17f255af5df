import {randomBytes} from 'node:crypto';
import type {Container} from '../../src/domain/containers.ts';
import {secret} from '../../src/domain/secret.ts';
import type {PostgresTarget} from '../../src/domain/targets.ts';
import {docker} from '../lab/docker.ts';
import {ensureImages} from '../lab/images.ts';
import {label, runId} from '../lab/run-id.ts';
import {prepareEngine} from './prepare-engine.ts';
import {container} from './state.ts';
import {waitFor} from './wait.ts';

/** A PostgreSQL server in a container of a test's own, from the lab's image. Give it back with `remove`. */
export type PostgresContainer = {
	readonly id: string;
	readonly name: string;
	readonly image: string;
	readonly target: PostgresTarget;
	/** As the look of an operation has it. */
	readonly container: Container;
	/** What psql prints inside the container, unaligned and without headings. */
	psql(sql: string, database?: string): Promise<string>;
	/** Removes the container, and every sidecar that a run of this test left. */
	remove(): Promise<void>;
};

/** Starts a server with the database `shop`, its data in memory; reachable at its address in the bridge network. */
export async function startPostgresContainer(
	options: {
		readonly dataBytes?: number;
		readonly settings?: readonly string[];
		/** Another image than the lab's, with its entry point. */
		readonly image?: string;
		/** More options of `docker run`. */
		readonly run?: readonly string[];
	} = {},
): Promise<PostgresContainer> {
	await prepareEngine();
	const image = options.image ?? (await ensureImages()).postgres;
	const name = `opsct-pg-${randomBytes(4).toString('hex')}`;
	const password = randomBytes(8).toString('hex');
	const id = await docker([
		...['run', '--detach', '--name', name, '--label', `${label}=${runId()}`],
		...['--tmpfs', `/var/lib/postgresql/data:rw,size=${options.dataBytes ?? 2 ** 30}`],
		...(options.run ?? []),
		...['--env', `POSTGRES_PASSWORD=${password}`, '--env', 'POSTGRES_DB=shop', image],
		...['postgres', '-c', 'fsync=off', '-c', 'autovacuum=off'],
		...(options.settings ?? []).flatMap(setting => ['-c', setting]),
	]);
	const psql: PostgresContainer['psql'] = (sql, database = 'shop') =>
		docker([
			...['exec', '-i', id, 'psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1'],
			...['-h', '127.0.0.1', '-U', 'postgres', '-d', database, '-c', sql],
		]);
	const remove = async () => {
		await docker(['rm', '--force', '--volumes', id]);
	};
	try {
		// The server that runs the initial scripts listens on no address, so this waits for the real one.
		await waitFor(async () => (await psql('SELECT 1')) || undefined, {
			deadlineMs: 60_000,
			everyMs: 100,
			what: `PostgreSQL in ${name}`,
		});
		const format = '{{.Image}} {{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
		const [imageId = '', address = ''] = (await docker(['inspect', '--format', format, id])).split(
			' ',
		);
		const target: PostgresTarget = {
			id: 'db',
			origin: 'container',
			container: {containerId: id, containerName: name},
			host: address,
			port: 5432,
			database: 'shop',
			user: 'postgres',
			password: secret(password),
			tls: 'off',
		};
		return {
			id,
			name,
			image,
			target,
			container: container('db', {id, name, key: name, image, imageId}),
			psql,
			remove,
		};
	} catch (error) {
		await remove();
		throw error;
	}
}
