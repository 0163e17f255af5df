import {clean} from '../../domain/clean.ts';
import type {Command, ContainerIdentity, Sidecar, SidecarMount} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {listOf, objectOf, textOf, textsOf} from '../../domain/unknown.ts';
import type {Look, Tools} from '../operation.ts';

/**
 * Where PostgreSQL's programs run: in a sidecar from the image of the database's own container, inside that container
 * (where folders of this machine cannot be mounted), or on this machine. `folder` holds the programs.
 */
export type Programs =
	| {
			readonly kind: 'sidecar';
			readonly image: string;
			readonly folder: string;
			/** The container whose network the sidecar joins for the server. */
			readonly containerId: string;
			/** Owner of the files that it writes: we, so that they stay ours. */
			readonly user: string;
	  }
	| {
			readonly kind: 'exec';
			readonly folder: string;
			readonly containerId: string;
			readonly containerName: string;
	  }
	| {readonly kind: 'program'; readonly folder: string};

/** A command that runs one of PostgreSQL's programs. */
export type ProgramCommand = Command & {kind: 'sidecar' | 'exec' | 'program'};

const usualFolders = (major: number): readonly string[] => [
	`/usr/lib/postgresql/${major}/bin`,
	`/usr/pgsql-${major}/bin`,
	'/usr/local/bin',
	'/opt/bitnami/postgresql/bin',
	'/usr/bin',
];

/** Whether a file is in the file system of a container; reads no more than the start of the engine's answer. */
async function isInContainer(look: Look, containerId: string, path: string): Promise<boolean> {
	const query = `/containers/${containerId}/archive?path=${encodeURIComponent(path)}`;
	try {
		const ended = new AbortController();
		const stream = await look.io.docker.stream(query, AbortSignal.any([look.signal, ended.signal]));
		const first = await stream[Symbol.asyncIterator]().next();
		ended.abort();
		return first.done !== true;
	} catch (error) {
		if (error instanceof ProblemError && error.problem.code === 'docker-not-found') return false;
		throw error;
	}
}

/** The container of a target as the engine knows it now, with what the sidecar needs of it. */
async function inspect(look: Look, containerId: string) {
	const found = objectOf(await look.io.docker.get(`/containers/${containerId}/json`, look.signal));
	const config = objectOf(found['Config']);
	const path = textsOf(config['Env']).find(line => line.startsWith('PATH='));
	return {
		imageId: textOf(found['Image']),
		name: textOf(found['Name']).replace(/^\//, ''),
		paths: (path ?? '')
			.slice('PATH='.length)
			.split(':')
			.filter(item => item.startsWith('/')),
	};
}

/** Whether folders of this machine can be mounted into containers as they are: a local engine without user mapping. */
async function canMount({io, signal}: Look): Promise<boolean> {
	if (!io.docker.address.startsWith('unix:') || io.host.platform() !== 'linux') return false;
	const info = objectOf(await io.docker.get('/info', signal));
	return !listOf(info['SecurityOptions']).some(option =>
		/name=(?:userns|rootless)/.test(textOf(option)),
	);
}

async function programsOfContainer(
	look: Look,
	containerId: string,
	major: number,
): Promise<Programs> {
	const {imageId, name, paths} = await inspect(look, containerId);
	const folders = [
		...new Set([...usualFolders(major).slice(0, 2), ...paths, ...usualFolders(major)]),
	];
	for (const folder of folders) {
		if (!(await isInContainer(look, containerId, `${folder}/pg_dump`))) continue;
		const user = look.io.host.userId();
		return (await canMount(look))
			? {kind: 'sidecar', image: imageId, folder, containerId, user: `${user}:${user}`}
			: {kind: 'exec', folder, containerId, containerName: clean(name, 200)};
	}

	const params = {where: clean(name, 200)};
	throw new ProblemError({code: 'dump-no-programs', params, retry: 'rarely'});
}

/** Major version of a program of this machine; undefined where it is not there. */
async function majorOf(look: Look, program: string): Promise<number | undefined> {
	try {
		const {exitCode, stdout} = await look.io.processes.run([program, '--version'], look.signal);
		const major = exitCode === 0 ? /\s(\d+)(?:\.|\s|$|devel|beta|rc)/.exec(stdout)?.[1] : undefined;
		return major === undefined ? undefined : Number(major);
	} catch {
		look.signal.throwIfAborted();
		return undefined;
	}
}

/** The programs of this machine that can read a server of this version: the lowest major that is not older. */
async function programsOfHost(look: Look, major: number): Promise<Programs> {
	const newest = 30;
	const folders: string[] = [];
	for (let version = major; version <= newest; version++)
		folders.push(...usualFolders(version).slice(0, 2));
	const seen: number[] = [];
	for (const folder of [...new Set([...folders, '/usr/local/bin', '/usr/bin'])]) {
		const found = await majorOf(look, `${folder}/pg_dump`);
		if (found !== undefined && found >= major) return {kind: 'program', folder};
		if (found !== undefined) seen.push(found);
	}

	const have = Math.max(...seen);
	throw new ProblemError(
		seen.length > 0
			? {code: 'dump-version', params: {server: major, client: have}, retry: 'rarely'}
			: {
					code: 'dump-no-programs',
					params: {where: clean(look.io.host.hostname())},
					retry: 'rarely',
				},
	);
}

/**
 * Where the programs for a server run. Rejects with a ProblemError: none found, or only ones older than the server, which
 * `pg_dump` would refuse half-way.
 */
export async function findPrograms(
	look: Look,
	target: PostgresTarget,
	versionNumber: number,
): Promise<Programs> {
	const major = Math.floor(versionNumber / 10_000);
	const {container} = target;
	return container
		? programsOfContainer(look, container.containerId, major)
		: programsOfHost(look, major);
}

/** How a program is run: its mounts (for a sidecar), what it may use, whether it needs the server. */
export type Running = {
	/** Short name of the sidecar, unique in the plan. */
	readonly name: string;
	readonly program: string;
	readonly args: readonly string[];
	readonly mounts?: readonly SidecarMount[];
	readonly passfile?: string;
	/** Joins the network of the database's container; none otherwise. */
	readonly isConnected?: boolean;
	readonly memoryBytes?: number;
};

const memoryBytes = 512 * 1024 * 1024;

/** The command that runs a program. Paths of mounted folders are the same inside and outside. */
export function runCommand(programs: Programs, running: Running): ProgramCommand {
	const {name, program, args, mounts = [], passfile, isConnected = false} = running;
	const argv = [`${programs.folder}/${program}`, ...args] as const;
	switch (programs.kind) {
		case 'sidecar': {
			const sidecar: Sidecar = {
				name,
				image: programs.image,
				argv,
				network: isConnected ? `container:${programs.containerId}` : 'none',
				memoryBytes: running.memoryBytes ?? memoryBytes,
				mounts: [
					...mounts,
					...(passfile === undefined ? [] : [{from: passfile, to: passfile, isReadOnly: true}]),
				],
				environment: {LC_ALL: 'C', ...(passfile !== undefined && {PGPASSFILE: passfile})},
				user: programs.user,
			};
			return {kind: 'sidecar', sidecar};
		}

		case 'exec':
			return {
				kind: 'exec',
				containerId: programs.containerId,
				containerName: programs.containerName,
				argv,
				user: 'postgres',
			};
		case 'program':
			return {
				kind: 'program',
				argv,
				...(passfile !== undefined && {environment: {PGPASSFILE: passfile}}),
			};
	}
}

/** The command of a step that runs this program. Throws where the plan has none. */
export function programOf(commands: readonly Command[], program: string): ProgramCommand {
	for (const command of commands) {
		if (command.kind !== 'sidecar' && command.kind !== 'exec' && command.kind !== 'program')
			continue;
		const argv = command.kind === 'sidecar' ? command.sidecar.argv : command.argv;
		// Not always the first argument: one that changes the user may stand before it.
		if (argv.some(argument => argument.endsWith(`/${program}`))) return command;
	}

	throw new Error(`the plan runs no ${program}`);
}

/** How a program ended, wherever it ran. */
export type ProgramEnd = {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
	readonly wasOutOfMemory: boolean;
};

/** What goes into and comes out of a program. */
export type Piping = {
	readonly fill?: Readonly<Record<string, string | number>>;
	onOutput?(chunk: Uint8Array): void | Promise<void>;
	/** Given to its standard input; not for a sidecar. */
	readonly input?: AsyncIterable<Uint8Array>;
};

/** Runs a program of a plan wherever it is to run. */
export async function runProgram(
	tools: Pick<Tools, 'sidecar' | 'exec' | 'program'>,
	command: ProgramCommand,
	piping: Piping = {},
): Promise<ProgramEnd> {
	switch (command.kind) {
		case 'sidecar':
			return tools.sidecar(command, piping);
		case 'exec':
			return {...(await tools.exec(command, piping)), wasOutOfMemory: false};
		case 'program':
			return {...(await tools.program(command, piping)), wasOutOfMemory: false};
	}
}

/** The container of a target as an identity; undefined for a server that runs in none. */
export function containerIdentity(
	look: Pick<Look, 'containers'>,
	target: PostgresTarget,
): ContainerIdentity | undefined {
	const found = look.containers.find(({id}) => id === target.container?.containerId);
	return found && {key: found.key, name: found.name, id: found.id, imageId: found.imageId};
}
