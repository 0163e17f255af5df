import {
	candidatePaths,
	type ComposePlace,
	type ComposeProgram,
	type ComposeProject,
} from '../../domain/compose-place.ts';
import type {Io} from '../../io/io.ts';

type Access = {readonly io: Io; readonly signal: AbortSignal};

// As the worker's programs get them (src/io/act-programs.ts).
const passed = ['PATH', 'HOME', 'DOCKER_CONFIG', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'];

/** The address of the engine, so that Compose never works on another one. */
export function engineEnvironment({io}: Pick<Access, 'io'>): Readonly<Record<string, string>> {
	const {address} = io.docker;
	return address === 'unix:///var/run/docker.sock' ? {} : {DOCKER_HOST: address};
}

/**
 * Runs a reading Compose command with the few variables that the worker's programs get, so that a plan sees the
 * configuration that the worker will see.
 */
export async function runCompose(access: Access, argv: readonly string[]) {
	const {io, signal} = access;
	const known = passed.flatMap((name): readonly [string, string][] => {
		const value = io.environment[name];
		return value === undefined ? [] : [[name, value]];
	});
	const variables = [...known, ['LC_ALL', 'C'], ...Object.entries(engineEnvironment(access))];
	const assignments = variables.map(pair => pair.join('='));
	return io.processes.run(['env', '-i', ...assignments, ...argv], signal);
}

type Programs = Readonly<Partial<Record<1 | 2, ComposeProgram>>>;

const programs = new WeakMap<Io['processes'], Programs>();

/** The Compose program of this generation, looked for once; the plug-in before the program of the same name. */
export async function findCompose(
	access: Access,
	generation: 1 | 2,
): Promise<ComposeProgram | undefined> {
	const {processes} = access.io;
	const candidates: readonly (readonly [string, ...string[]])[] =
		generation === 2 ? [['docker', 'compose'], ['docker-compose']] : [['docker-compose']];
	const known = programs.get(processes)?.[generation];
	if (known !== undefined) return known;
	for (const argv of candidates) {
		if (!(await processes.has(argv[0]))) continue;
		const {exitCode, stdout} = await runCompose(access, [...argv, 'version', '--short']);
		const isOld = /^v?1\./.test(stdout.trim());
		if (exitCode !== 0 || isOld !== (generation === 1)) continue;
		const program = {generation, argv};
		programs.set(processes, {...programs.get(processes), [generation]: program});
		return program;
	}

	return undefined;
}

/** The first of the paths that exists. */
async function existing({files}: Io, paths: readonly string[]): Promise<string | undefined> {
	for (const path of paths) {
		const isThere = await files.stat(path).then(
			({kind}) => kind !== 'folder',
			() => false,
		);
		if (isThere) return path;
	}

	return undefined;
}

/** The project's folder and files as they are on this machine, or what of them is gone (`labels` where none are named). */
export async function findProject(
	io: Io,
	{project, folder, files, environmentFiles}: ComposePlace,
): Promise<ComposeProject | {readonly missing: string}> {
	if (!folder.startsWith('/') || files.length === 0) return {missing: 'labels'};
	const find = (names: readonly string[]) =>
		Promise.all(
			names.map(async name => ({name, path: await existing(io, candidatePaths(folder, name))})),
		);
	const [own, environment] = await Promise.all([find(files), find(environmentFiles)]);
	const gone = [...own, ...environment].find(({path}) => path === undefined);
	if (gone) return {missing: gone.name};
	const paths = (found: typeof own) => found.flatMap(({path}) => path ?? []);
	return {project, folder, files: paths(own), environmentFiles: paths(environment)};
}
