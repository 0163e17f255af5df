import {ProblemError} from '../../domain/problem.ts';
import type {Command} from '../../domain/plan.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import type {Look} from '../operation.ts';
import {majorInText, majorOf} from './pre-checks.ts';
import {conninfo, passwordFileField} from './quote.ts';

const mebibyte = 1024 * 1024;

/** What is loaded, where to, and on behalf of which run. */
export type Load = {
	readonly target: PostgresTarget;
	readonly database: string;
	/** Port that the server itself listens on. */
	readonly serverPort: number;
	/** Private folder with `dump.pgc` and, where a password is needed, `pgpass`. */
	readonly folder: string;
	readonly bytes: number;
	/** `server_version_num` of the server that was dumped. */
	readonly dumpedVersion: number;
	readonly application: string;
	/** More arguments, for a part of the archive. */
	readonly args?: readonly string[];
	/** `pg_dump` writes the file instead. */
	readonly program?: 'pg_restore' | 'pg_dump';
	/** Name of the file in the folder; `dump.pgc` unless told. */
	readonly file?: string;
	/** Short name of the container that does it; `load` unless told. */
	readonly name?: string;
};

/** A command that loads a dump, and whether the dump is given to its standard input. */
export type Loader = {
	readonly command: Command & {kind: 'sidecar' | 'exec' | 'program'};
	readonly isFed: boolean;
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
	load: Load,
	connection: Readonly<Record<string, string | number>>,
	path: string | undefined,
): readonly string[] {
	const {database, application, args = [], bytes, program = 'pg_restore'} = load;
	const settings = {
		...connection,
		user: load.target.user,
		dbname: database,
		application_name: application,
	};
	const to = `--dbname=${conninfo(settings)}`;
	if (program === 'pg_dump') {
		return ['--no-password', ...args, `--file=${path ?? ''}`, to];
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
 * The way a dump gets into a database: in a container of the server's own image beside it; inside the server's container
 * where the engine is not on this machine; else with this machine's programs. Rejects where those are too old.
 */
export async function chooseLoader(look: Look, load: Load): Promise<Loader> {
	const {target, folder, program = 'pg_restore', file = 'dump.pgc', name = 'load'} = load;
	const container = look.containers.find(({id}) => id === target.container?.containerId);
	const passfile = target.password === undefined ? {} : {passfile: `${folder}/pgpass`};
	if (container === undefined) {
		const own = await ownProgram(look, program, load.dumpedVersion);
		const connection = {host: target.host, port: target.port, ...tlsOf(target), ...passfile};
		const args = argsOf(load, connection, `${folder}/${file}`);
		return {command: {kind: 'program', argv: [own, ...args]}, isFed: false};
	}
	if (!look.io.docker.address.startsWith('unix:')) {
		if (program === 'pg_dump') {
			throw new ProblemError({code: 'restore-engine-far', params: {}, retry: 'rarely'});
		}
		return {
			command: {
				kind: 'exec',
				containerId: container.id,
				containerName: container.name,
				argv: [program, ...argsOf(load, {}, undefined)],
			},
			isFed: true,
		};
	}
	const inside = target.password === undefined ? {} : {passfile: '/in/pgpass'};
	const connection = {host: '127.0.0.1', port: load.serverPort, ...inside};
	return {
		command: {
			kind: 'sidecar',
			sidecar: {
				name,
				image: container.imageId,
				argv: [program, ...argsOf(load, connection, `/in/${file}`)],
				network: `container:${container.id}`,
				memoryBytes: 512 * mebibyte,
				mounts: [{from: folder, to: '/in', isReadOnly: program === 'pg_restore'}],
				tmpfs: {'/tmp': 64 * mebibyte},
				user: '0:0',
			},
		},
		isFed: false,
	};
}

/** Newest major version that is looked for. */
const newestMajor = 30;

/**
 * The program of this machine: the lowest version that is not older than what was dumped. Debian keeps them beside
 * each other, and its program in the path is a slow choice between them.
 */
async function ownProgram(
	look: Look,
	program: 'pg_restore' | 'pg_dump',
	dumpedVersion: number,
): Promise<string> {
	const wanted = majorOf(dumpedVersion);
	for (let major = wanted; major <= newestMajor; major++) {
		const path = `/usr/lib/postgresql/${major}/bin/${program}`;
		const isThere = await look.io.files.stat(path).catch(() => undefined);
		if (isThere !== undefined) {
			return path;
		}
	}
	const found = await look.io.processes
		.run([program, '--version'], look.signal)
		.catch(() => undefined);
	look.signal.throwIfAborted();
	if (found === undefined) {
		throw new ProblemError({code: 'restore-no-program', params: {wanted}, retry: 'rarely'});
	}
	const major = majorInText(found.stdout) ?? 0;
	if (major < wanted) {
		throw new ProblemError({
			code: 'restore-old-program',
			params: {wanted, found: major},
			retry: 'rarely',
		});
	}
	return program;
}
