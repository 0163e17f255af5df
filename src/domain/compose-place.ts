import {clean} from './clean.ts';
import {textOf, type Json} from './unknown.ts';

/** Where a container of Compose comes from, by its labels. */
export type ComposePlace = {
	readonly project: string;
	readonly service: string;
	readonly number: number;
	/** Which Compose made it: 1 is the Python program `docker-compose`, 2 the plug-in `docker compose`. */
	readonly generation: 1 | 2;
	/** The project's folder; empty where the label is missing. */
	readonly folder: string;
	/** The project's files as the label has them; those of generation 1 may be relative to the folder. */
	readonly files: readonly string[];
	readonly environmentFiles: readonly string[];
	/** Hash of the configuration that it was made from. */
	readonly hash: string;
	/** What it depends on; only generation 2 writes it down. */
	readonly dependsOn: readonly {readonly service: string; readonly condition: string}[];
	/** Made by `compose run`, beside the service's own containers. */
	readonly isOneOff: boolean;
};

const prefix = 'com.docker.compose';

function listLabel(labels: Json, name: string): readonly string[] {
	return clean(textOf(labels[`${prefix}.${name}`]))
		.split(',')
		.filter(item => item !== '');
}

/** Reads the labels that both generations write; undefined where the container is not of Compose. */
export function composePlace(labels: Json): ComposePlace | undefined {
	const label = (name: string) => clean(textOf(labels[`${prefix}.${name}`]), 4000);
	const [project, service] = [label('project'), label('service')];
	if (project === '' || service === '') return undefined;
	return {
		project,
		service,
		number: Number(label('container-number')) || 1,
		generation: label('version').startsWith('1.') ? 1 : 2,
		folder: label('project.working_dir'),
		files: listLabel(labels, 'project.config_files'),
		environmentFiles: listLabel(labels, 'project.environment_file'),
		hash: label('config-hash'),
		dependsOn: listLabel(labels, 'depends_on').map(entry => {
			const [name = '', condition = 'service_started'] = entry.split(':');
			return {service: name, condition};
		}),
		isOneOff: label('oneoff').toLowerCase() === 'true',
	};
}

/** Where a project's file may be: as written, in the project's folder, or there by its last name alone. */
export function candidatePaths(folder: string, file: string): readonly string[] {
	if (file.startsWith('/')) return [file];
	if (folder === '' || file === '-') return [];
	const name = file.slice(file.lastIndexOf('/') + 1);
	return [...new Set([`${folder}/${file}`, `${folder}/${name}`])];
}

/** A Compose program that is installed. */
export type ComposeProgram = {
	readonly generation: 1 | 2;
	readonly argv: readonly [string, ...string[]];
};

/** A project whose files were found. */
export type ComposeProject = {
	readonly project: string;
	readonly folder: string;
	readonly files: readonly string[];
	readonly environmentFiles: readonly string[];
};

/** The argument array of a Compose command for exactly this project; never depends on the current folder. */
export function composeArgv(
	{argv}: ComposeProgram,
	{project, folder, files, environmentFiles}: ComposeProject,
	words: readonly string[],
): readonly [string, ...string[]] {
	return [
		...argv,
		...['--project-name', project, '--project-directory', folder],
		...files.flatMap(file => ['--file', file]),
		...environmentFiles.flatMap(file => ['--env-file', file]),
		...words,
	];
}
