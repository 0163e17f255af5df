import type {PostgresTarget} from '../../domain/targets.ts';
import type {Look} from '../operation.ts';
import {findPrograms} from './find-programs.ts';
import {runCommand, type ProgramCommand} from './programs.ts';
import {conninfo, passwordFileField} from './quote.ts';

const mebibyte = 1024 * 1024;

/** Where dumps are loaded, and on behalf of which run. */
export type LoadPlace = {
	readonly target: PostgresTarget;
	/** Port that the server itself listens on. */
	readonly serverPort: number;
	/** Private folder with `dump.pgc` and, where a password is needed, `pgpass`. */
	readonly folder: string;
	/** `server_version_num` of the server that was dumped. */
	readonly dumpedVersion: number;
	readonly application: string;
};

/** What is loaded into which database, or dumped from it. */
export type Load = {
	readonly database: string;
	/** Size of the file; a small one is loaded by one process. */
	readonly bytes?: number;
	/** More arguments, for a part of the archive. */
	readonly args?: readonly string[];
	/** `pg_dump` writes the file instead. */
	readonly program?: 'pg_restore' | 'pg_dump';
	/** Name of the file in the folder; `dump.pgc` unless told. */
	readonly file?: string;
	/** Short name of the container that does it; `load` unless told. */
	readonly name?: string;
};

/** Application name of everything that a run starts; recovery finds it by this. */
export function applicationOf(id: string): string {
	return `opsc:${id}`;
}

/** The text of a password file that has only this server's password; undefined where none is needed. */
export function passwordFileText({password}: PostgresTarget): string | undefined {
	return password === undefined ? undefined : `*:*:*:*:${passwordFileField(password.reveal())}\n`;
}

/** How libpq is to use TLS with a server that is reached from here. */
export function tlsOf({tls, caFile}: PostgresTarget): Readonly<Record<string, string>> {
	if (tls === 'verify') {
		return {sslmode: 'verify-full', ...(caFile !== undefined && {sslrootcert: caFile})};
	}
	return tls === 'insecure' ? {sslmode: 'require'} : {};
}

function argsOf(
	{database, args = [], bytes = 0, program = 'pg_restore'}: Load,
	connection: Readonly<Record<string, string | number>>,
	path: string | undefined,
): readonly string[] {
	const to = `--dbname=${conninfo({...connection, dbname: database})}`;
	if (program === 'pg_dump') {
		return ['--no-password', ...args, ...(path === undefined ? [] : [`--file=${path}`]), to];
	}
	// Two at once pays off only where there is something to do; standard input can be read only once.
	const isParallel =
		path !== undefined && bytes > 20 * mebibyte && !args.includes('--single-transaction');
	return [
		'--exit-on-error',
		'--no-password',
		...(isParallel ? ['--jobs=2'] : []),
		...args,
		to,
		...(path === undefined ? [] : [path]),
	];
}

/**
 * The way dumps get into the databases of a server, wherever PostgreSQL's programs for it are (`findPrograms`): gives the
 * command for each. One that runs inside the server's container is fed and read by its standard streams. Rejects where
 * there are no programs, or too old ones.
 */
export async function chooseLoader(
	look: Look,
	{target, serverPort, folder, dumpedVersion, application}: LoadPlace,
): Promise<(load: Load) => ProgramCommand> {
	const programs = await findPrograms(look, target, dumpedVersion);
	const passfile = target.password === undefined ? {} : {passfile: `${folder}/pgpass`};
	const places = {
		sidecar: {host: '127.0.0.1', port: serverPort, ...passfile},
		// By the server's socket, as the user postgres: the password file is not in there.
		exec: {},
		program: {host: target.host, port: target.port, ...tlsOf(target), ...passfile},
	} as const;
	const connection = {
		...places[programs.kind],
		user: target.user,
		application_name: application,
	};
	return load => {
		const {program = 'pg_restore', file = 'dump.pgc', name = 'load'} = load;
		const path = programs.kind === 'exec' ? undefined : `${folder}/${file}`;
		return runCommand(programs, {
			name,
			program,
			args: argsOf(load, connection, path),
			mounts: [{from: folder, to: folder, isReadOnly: program === 'pg_restore'}],
			isConnected: true,
		});
	};
}
