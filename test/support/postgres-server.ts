import {execFile, spawn, type ChildProcess} from 'node:child_process';
import {chown, cp, mkdtemp, open, readFile, rm, writeFile} from 'node:fs/promises';
import {once} from 'node:events';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {Client} from 'pg';
import {secret} from '../../src/domain/secret.ts';
import type {PostgresTarget} from '../../src/domain/targets.ts';
import {freePort} from './free-port.ts';
import {embeddedPostgres, installedPostgres, serverUser} from './postgres-binaries.ts';
import {waitFor} from './wait.ts';

const run = promisify(execFile);

/** What a test wants of its server. */
export type PostgresServerOptions = {
	/** Major version; the newest installed unless told. */
	version?: number;
	settings?: Readonly<Record<string, string | number>>;
	/** Lines of pg_hba.conf instead of `trust` for everybody. */
	hba?: readonly string[];
	/** Password of the superuser `postgres`. */
	password?: string;
	/** Another server to copy and follow, instead of a new cluster. */
	standbyOf?: PostgresServer;
	/** Folder that its own is made in; the temporary one unless told. */
	parent?: string;
};

/** A throw-away server. Give it back with `remove`. */
export type PostgresServer = {
	readonly version: number;
	readonly port: number;
	/** Folder of its socket, data and log. */
	readonly folder: string;
	/** The folder of its programs. */
	readonly programs: string;
	/** Where the console would find it: TCP, superuser, database postgres; with changes. */
	target(changes?: Partial<PostgresTarget>): PostgresTarget;
	/** What psql prints, unaligned and without headings. */
	psql(sql: string, database?: string): Promise<string>;
	/** A session of its own, ended at the latest with the server. */
	session(options?: {application?: string; user?: string; database?: string}): Promise<Client>;
	start(): Promise<void>;
	stop(how?: 'fast' | 'immediate'): Promise<void>;
	remove(): Promise<void>;
};

const signals = {fast: 'SIGINT', immediate: 'SIGQUIT'} as const;

async function programsOf(version: number | undefined, folder: string) {
	const installed = installedPostgres(version);
	if (installed) {
		return {programs: installed.folder, version: installed.version};
	}
	if (version === undefined) {
		throw new Error('PostgreSQL is not installed');
	}
	// Copied, since the server's user may not be allowed to look into the cache of ours.
	await cp(await embeddedPostgres(version), join(folder, 'native'), {
		recursive: true,
		verbatimSymlinks: true,
	});
	return {programs: join(folder, 'native', 'bin'), version};
}

/** Makes a cluster in a temporary folder and starts it on a free port of 127.0.0.1 and on a socket in the folder. */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
	const owner = serverUser();
	const folder = await mkdtemp(join(options.parent ?? tmpdir(), 'opsct-pg-'));
	const {programs, version} = await programsOf(
		options.standbyOf?.version ?? options.version,
		folder,
	);
	if (owner) {
		await chown(folder, owner.uid, owner.gid);
	}
	const port = await freePort();
	const data = join(folder, 'data');
	const as = {...owner, cwd: folder};
	const password = options.password ?? options.standbyOf?.target().password?.reveal();
	let server: ChildProcess | undefined;
	const sessions: Client[] = [];

	const settings = {
		port,
		listen_addresses: '127.0.0.1',
		unix_socket_directories: folder,
		fsync: 'off',
		log_min_messages: 'warning',
		max_wal_senders: 4,
		...options.settings,
	};
	if (options.standbyOf) {
		const from = options.standbyOf.target();
		await run(
			join(programs, 'pg_basebackup'),
			['-D', data, '-h', from.host, '-p', String(from.port), '-U', from.user, '-R', '-c', 'fast'],
			{...as, env: {PATH: process.env['PATH'], ...(password && {PGPASSWORD: password})}},
		);
	} else {
		const passwordFile = join(folder, 'password');
		await writeFile(passwordFile, password ?? 'unused');
		if (owner) {
			await chown(passwordFile, owner.uid, owner.gid);
		}
		await run(
			join(programs, 'initdb'),
			[
				...['-D', data, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync', '-A', 'trust'],
				`--pwfile=${passwordFile}`,
			],
			as,
		);
	}
	if (options.hba) {
		await writeFile(join(data, 'pg_hba.conf'), `${options.hba.join('\n')}\n`);
	}

	async function state(): Promise<'ready' | 'failed' | undefined> {
		if (server?.exitCode !== null) {
			return 'failed';
		}
		// The eighth line of the lock file says how far the server is (since version 10).
		const lines = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
		return /^(ready|standby)/.test(lines.split('\n')[7] ?? '') ? 'ready' : undefined;
	}

	async function start(): Promise<void> {
		const log = await open(join(folder, 'log'), 'a');
		const parameters = Object.entries(settings).flatMap(([name, value]) => [
			'-c',
			`${name}=${value}`,
		]);
		server = spawn(join(programs, 'postgres'), ['-D', data, ...parameters], {
			...as,
			stdio: ['ignore', log.fd, log.fd],
		});
		await log.close();
		if ((await waitFor(state, {deadlineMs: 60_000, what: `PostgreSQL ${version}`})) === 'failed') {
			const text = await readFile(join(folder, 'log'), 'utf8');
			throw new Error(`PostgreSQL ${version} did not start: ${text}`);
		}
	}

	async function stop(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
		if (server?.exitCode === null && server.signalCode === null) {
			const exit = once(server, 'exit');
			server.kill(signals[how]);
			await exit;
		}
	}

	const killAtExit = () => void server?.kill('SIGQUIT');
	process.once('exit', killAtExit);

	const target = (changes: Partial<PostgresTarget> = {}): PostgresTarget => ({
		id: `test-${port}`,
		origin: 'configured',
		host: '127.0.0.1',
		port,
		database: 'postgres',
		user: 'postgres',
		tls: 'off',
		...(password !== undefined && {password: secret(password)}),
		...changes,
	});

	await start();
	return {
		version,
		port,
		folder,
		programs,
		target,
		start,
		stop,
		async psql(sql, database = 'postgres') {
			const {stdout} = await run(
				'psql',
				['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-p', String(port)].concat([
					...['-U', 'postgres', '-d', database, '-c', sql],
				]),
				{env: {PATH: process.env['PATH'], ...(password && {PGPASSWORD: password})}},
			);
			return stdout.trim();
		},
		async session({application = 'test', user = 'postgres', database = 'postgres'} = {}) {
			const client = new Client({
				host: folder,
				port,
				user,
				database,
				application_name: application,
				ssl: false,
				...(password !== undefined && {password}),
			});
			client.on('error', () => undefined);
			await client.connect();
			sessions.push(client);
			return client;
		},
		async remove() {
			await Promise.all(sessions.map(session => session.end().catch(() => undefined)));
			await stop('immediate');
			process.off('exit', killAtExit);
			await rm(folder, {recursive: true, force: true});
		},
	};
}
