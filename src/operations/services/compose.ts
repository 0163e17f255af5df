import {cleanLine} from '../../domain/clean.ts';
import {composeError} from '../../domain/compose-error.ts';
import {composeHashes, composeServices, unsetVariables} from '../../domain/compose-config.ts';
import type {ComposeService} from '../../domain/compose-config.ts';
import {
	composeArgv,
	type ComposePlace,
	type ComposeProgram,
	type ComposeProject,
} from '../../domain/compose-place.ts';
import {maskText} from '../../domain/mask.ts';
import {
	engineEnvironment,
	findCompose,
	findProject,
	runCompose,
} from '../../sources/compose/program.ts';
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

/** The project's folder and files as they are on this machine; rejects where something is gone. */
async function projectOf({io}: Access, place: ComposePlace): Promise<ComposeProject> {
	const found = await findProject(io, place);
	if ('missing' in found) {
		throw refuse('service-files-gone', {project: place.project, what: found.missing});
	}

	return found;
}

async function parseConfig(generation: 1 | 2, text: string): Promise<unknown> {
	if (generation === 2) return JSON.parse(text) as unknown;
	// It is CommonJS: in the bundle its names are only in `default`.
	const {parse: parseYaml} = (await import('yaml')).default;
	return parseYaml(text, {maxAliasCount: 100}) as unknown;
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
		runCompose(access, composeArgv(program, project, ['config', ...format])),
		runCompose(access, composeArgv(program, project, ['config', '--hash', '*'])),
	]);
	const unset = unsetVariables(config.stderr);
	if (unset.length > 0) {
		throw refuse('service-variable-unset', {project: name, variables: unset.join(', ')});
	}

	if (config.exitCode !== 0 || hash.exitCode !== 0) {
		const said = `${config.stderr}\n${hash.stderr}`.trim().split('\n').at(-1) ?? '';
		const isVariable = composeError(said).kind === 'variable';
		throw refuse(isVariable ? 'service-compose-variable' : 'service-compose-failed', {
			project: name,
			cause: cleanLine(maskText(said), 300),
		});
	}

	return {
		program,
		project,
		environment: engineEnvironment(access),
		services: composeServices(await parseConfig(generation, config.stdout)),
		hashes: composeHashes(hash.stdout),
	};
}
