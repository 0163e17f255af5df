import {cleanLine} from '../../domain/clean.ts';
import {composeHashes, composeServices, unsetVariables} from '../../domain/compose-config.ts';
import type {ComposeService} from '../../domain/compose-config.ts';
import {
	candidatePaths,
	composeArgv,
	type ComposePlace,
	type ComposeProgram,
	type ComposeProject,
} from '../../domain/compose-place.ts';
import {maskText} from '../../domain/mask.ts';
import type {Look} from '../operation.ts';
import {refuse} from './refuse.ts';

/** A project whose Compose program and files are here, read. Holds secrets; only names and hashes may leave it. */
export type Compose = {
	readonly program: ComposeProgram;
	readonly project: ComposeProject;
	/** What the program needs to find an engine that is not at the usual place. */
	readonly environment: Readonly<Record<string, string>>;
	readonly services: ReadonlyMap<string, ComposeService>;
	/** Hash of each service's configuration as its file is now. */
	readonly hashes: ReadonlyMap<string, string>;
};

type Access = Pick<Look, 'io' | 'signal'>;

// As the worker's programs get them (src/io/act-programs.ts).
const passed = ['PATH', 'HOME', 'DOCKER_CONFIG', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'];

/** The address of the engine, so that Compose never works on another one. */
function engineEnvironment({io}: Access): Readonly<Record<string, string>> {
	const {address} = io.docker;
	return address === 'unix:///var/run/docker.sock' ? {} : {DOCKER_HOST: address};
}

/**
 * Runs a reading Compose command with the few variables that the worker's programs get, so that the plan sees the
 * configuration that the worker will see.
 */
async function run(access: Access, argv: readonly string[]) {
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

const programs = new WeakMap<Access['io']['processes'], Programs>();

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
		const {exitCode, stdout} = await run(access, [...argv, 'version', '--short']);
		const isOld = /^v?1\./.test(stdout.trim());
		if (exitCode !== 0 || isOld !== (generation === 1)) continue;
		const program = {generation, argv};
		programs.set(processes, {...programs.get(processes), [generation]: program});
		return program;
	}

	return undefined;
}

/** The first of the paths that exists. */
async function existing({io}: Access, paths: readonly string[]): Promise<string | undefined> {
	for (const path of paths) {
		const isThere = await io.files.stat(path).then(
			({kind}) => kind !== 'folder',
			() => false,
		);
		if (isThere) return path;
	}

	return undefined;
}

/** The project's folder and files as they are on this machine; rejects where something is gone. */
async function projectOf(access: Access, place: ComposePlace): Promise<ComposeProject> {
	const {project, folder} = place;
	const missing = (what: string) => refuse('service-files-gone', {project, what});
	if (!folder.startsWith('/') || place.files.length === 0) throw missing('labels');
	const find = (names: readonly string[]) =>
		Promise.all(
			names.map(async name => {
				const path = await existing(access, candidatePaths(folder, name));
				if (path === undefined) throw missing(name);
				return path;
			}),
		);
	const [files, environmentFiles] = await Promise.all([
		find(place.files),
		find(place.environmentFiles),
	]);
	return {project, folder, files, environmentFiles};
}

async function parseConfig(generation: 1 | 2, text: string): Promise<unknown> {
	if (generation === 2) return JSON.parse(text) as unknown;
	const {parse} = await import('yaml');
	return parse(text, {maxAliasCount: 100}) as unknown;
}

const readings = new WeakMap<Access, Map<string, Promise<Compose>>>();

/** As `readCompose`, once for each project while one plan is made or one step is done (the same `look`). */
export function composeFor(access: Access, place: ComposePlace): Promise<Compose> {
	const {project, generation, folder, files, environmentFiles} = place;
	const known = readings.get(access) ?? new Map<string, Promise<Compose>>();
	readings.set(access, known);
	const key = JSON.stringify([project, generation, folder, files, environmentFiles]);
	const reading = known.get(key) ?? readCompose(access, place);
	known.set(key, reading);
	return reading;
}

/**
 * Reads the configuration that a container's project has now. Rejects where the Compose program of its generation or a
 * file is missing, where the configuration is wrong, and where it uses a variable that nobody sets: Compose would put
 * nothing in its place and recreate a service without its password.
 */
async function readCompose(access: Access, place: ComposePlace): Promise<Compose> {
	const {project: name, generation} = place;
	const program = await findCompose(access, generation);
	if (program === undefined) throw refuse('service-compose-missing', {project: name, generation});
	const project = await projectOf(access, place);
	const format = generation === 2 ? ['--format', 'json'] : [];
	const [config, hash] = await Promise.all([
		run(access, composeArgv(program, project, ['config', ...format])),
		run(access, composeArgv(program, project, ['config', '--hash', '*'])),
	]);
	const unset = unsetVariables(config.stderr);
	if (unset.length > 0) {
		throw refuse('service-variable-unset', {project: name, variables: unset.join(', ')});
	}

	if (config.exitCode !== 0 || hash.exitCode !== 0) {
		const said = `${config.stderr}\n${hash.stderr}`.trim().split('\n').at(-1) ?? '';
		throw refuse('service-compose-failed', {project: name, cause: cleanLine(maskText(said), 300)});
	}

	return {
		program,
		project,
		environment: engineEnvironment(access),
		services: composeServices(await parseConfig(generation, config.stdout)),
		hashes: composeHashes(hash.stdout),
	};
}
