import type {Client} from 'pg';
import {docker} from '../lab/docker.ts';
import {label} from '../lab/run-id.ts';
import {openShop, shopRoleSql} from './does-sessions.ts';
import {until, type Ground} from './ground.ts';
import {openSession} from './open-session.ts';

/** A PostgreSQL server in a project of its own, which only those plays see that are about it. */
export type OwnServer = {
	readonly project: string;
	readonly container: string;
	/** One statement as the superuser. */
	sql(text: string): Promise<readonly Record<string, unknown>[]>;
	/** A session of a program that is no superuser, or of one that is; it lasts as long as the server. */
	open(application: string, isSuper?: boolean): Promise<Client>;
	/** Many of them, each after a statement. */
	openMany(
		count: number,
		application: string,
		facts?: {readonly isSuper?: boolean; readonly first?: string},
	): Promise<readonly Client[]>;
	remove(): Promise<void>;
};

const servers = new Map<string, OwnServer>();

/** The server that was made under this name. */
export function serverOf(name: string): OwnServer {
	const server = servers.get(name);
	if (!server) throw new Error(`no server ${name}`);
	return server;
}

/** The line of opsconsole.yaml that shows only this server. */
export function onlyServer(name: string): readonly string[] {
	return [`docker: {projects: [${serverOf(name).project}]}`];
}

/** Starts a server and waits until it takes connections. Whoever starts it has it removed. */
export async function ownServer(
	ground: Ground,
	name: string,
	options: readonly string[] = [],
): Promise<OwnServer> {
	const {postgres, project: lab, run} = ground.lab;
	const project = `${lab}-${name}`;
	const container = `${project}-db`;
	await docker([
		...['run', '--detach', '--name', container, '--label', `${label}=${run}`],
		...['--label', `com.docker.compose.project=${project}`],
		...['--label', 'com.docker.compose.service=db'],
		...['--label', 'com.docker.compose.container-number=1'],
		...['--label', 'com.docker.compose.oneoff=False'],
		...['--env', `POSTGRES_USER=${postgres.user}`, '--env', `POSTGRES_DB=${postgres.database}`],
		...['--env', `POSTGRES_PASSWORD=${postgres.password}`, ground.images.postgres],
		...[
			'postgres',
			'-c',
			'shared_preload_libraries=pg_stat_statements',
			'-c',
			'fsync=off',
			...options,
		],
	]);
	const address = async () =>
		docker([
			...['inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'],
			container,
		]);
	const url = async () =>
		`postgres://${postgres.user}:${postgres.password}@${await address()}:5432/${postgres.database}`;
	const open = async (application: string, isSuper = false): Promise<Client> => {
		return isSuper ? openSession(await url(), application) : openShop(await url(), application);
	};

	const sql: OwnServer['sql'] = async text => {
		const client = await open('scenario', true);
		try {
			const {rows} = await client.query<Record<string, unknown>>(text);
			return rows;
		} finally {
			await client.end();
		}
	};
	const server: OwnServer = {
		project,
		container,
		sql,
		open,
		openMany: async (count, application, {isSuper = false, first} = {}) =>
			Promise.all(
				Array.from({length: count}, async () => {
					const client = await open(application, isSuper);
					if (first !== undefined) await client.query(first);
					return client;
				}),
			),
		remove: async () => {
			servers.delete(name);
			await docker(['rm', '--force', '--volumes', container]).catch(() => '');
		},
	};
	servers.set(name, server);
	const isReady = async () => (await sql('SELECT 1').catch(() => [])).length > 0;
	await until(isReady, `${container} to take connections`);
	for (const statement of shopRoleSql) await sql(statement);
	return server;
}
