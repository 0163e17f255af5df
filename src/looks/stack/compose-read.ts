import {composeHashes, composeServices, unsetVariables} from '../../domain/compose-config.ts';
import type {ComposeService} from '../../domain/compose-config.ts';
import {composeError, type ComposeError} from '../../domain/compose-error.ts';
import {composeArgv, type ComposePlace} from '../../domain/compose-place.ts';
import {findCompose, findProject, runCompose} from '../../sources/compose/program.ts';
import type {LookFacts} from '../reader.ts';

/** What Compose says about a project's files now. Holds secrets: only names leave. */
export type ComposeReading = {
	readonly files: readonly string[];
	readonly unset: readonly string[];
	readonly services: ReadonlyMap<string, ComposeService>;
	/** Hash of each service's configuration, as Compose puts it on a container; empty where nobody asked. */
	readonly hashes: ReadonlyMap<string, string>;
	readonly error?: ComposeError;
};

/** Why Compose could not be asked. */
export type ComposeAbsence = {readonly missing: string} | {readonly program: 1 | 2};

async function parse(generation: 1 | 2, text: string): Promise<unknown> {
	if (generation === 2) return JSON.parse(text) as unknown;
	// It is CommonJS: in the bundle its names are only in `default`.
	const {parse: parseYaml} = (await import('yaml')).default;
	return parseYaml(text, {maxAliasCount: 100}) as unknown;
}

/** Reads a project's files with the Compose that made its containers. Compose changes nothing here. */
export async function readComposeFiles(
	{io, signal}: Pick<LookFacts, 'io' | 'signal'>,
	place: ComposePlace,
	wanted: 'config' | 'config-and-hashes',
): Promise<ComposeReading | ComposeAbsence> {
	const project = await findProject(io, place);
	if ('missing' in project) return project;
	const program = await findCompose({io, signal}, place.generation);
	if (program === undefined) return {program: place.generation};
	const format = program.generation === 2 ? ['--format', 'json'] : [];
	const [config, hash] = await Promise.all([
		runCompose({io, signal}, composeArgv(program, project, ['config', ...format])),
		wanted === 'config-and-hashes'
			? runCompose({io, signal}, composeArgv(program, project, ['config', '--hash', '*']))
			: {stdout: ''},
	]);
	const known = {files: project.files, unset: unsetVariables(config.stderr)};
	if (config.exitCode !== 0) {
		const error = composeError(config.stderr);
		return {...known, services: new Map(), hashes: new Map(), error};
	}

	const services = composeServices(await parse(program.generation, config.stdout));
	return {...known, services, hashes: composeHashes(hash.stdout)};
}
