import {dirname, join} from 'node:path';
import {clean} from '../src/domain/clean.ts';
import type {Problem} from '../src/domain/problem.ts';
import type {Settings} from '../src/domain/settings.ts';
import {languageOf, readFlags, readVariables, type Flags} from './environment.ts';
import {expect, type ConfigError} from './error.ts';
import {checkTrust, nodeFiles, type FileAccess, type ReadFile} from './files.ts';
import {maxFileBytes} from './guard.ts';
import type {Layer} from './layer.ts';
import {mergeLayers} from './merge.ts';
import {resolveSettings} from './resolve.ts';
import {isSystemId, systems} from './systems.ts';

/** What `loadSettings` works with. */
export type LoadOptions = {
	readonly flags: Flags;
	/** Variables of the environment; only these are looked at, never those of the process. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Folder of the shipped profiles: `config/systems` beside the program. */
	readonly profilesFolder: string;
	readonly files?: FileAccess;
};

export type Loaded =
	| {readonly ok: true; readonly settings: Settings}
	| {readonly ok: false; readonly errors: readonly ConfigError[]};

/**
 * Reads the whole configuration. From the lowest layer to the highest: built-in defaults, the profile of the system,
 * /etc/opsconsole/opsconsole.yaml, the user's opsconsole.yaml ($XDG_CONFIG_HOME or ~/.config, in opsconsole/),
 * ./opsconsole.yaml (those three are merged; with `--config` or OPSCONSOLE_CONFIG only that file is read), variables,
 * flags, secret files. Never throws for what is in a file: all mistakes come back at once. Without a file, profile or
 * mistake neither the YAML parser nor the schema is loaded.
 */
export async function loadSettings(options: LoadOptions): Promise<Loaded> {
	const files = options.files ?? nodeFiles;
	const variables = readVariables(options.environment);
	const flags = readFlags(options.flags);
	const found = await findFiles(options, files);
	const read = await Promise.all(
		found.files.map(async file => readLayer(file, options.environment, files)),
	);
	const upper = [variables.layer, flags.layer];
	const system = [...read.map(({layer}) => layer), ...upper].findLast(
		({config}) => config.system !== undefined,
	)?.config.system;
	const profile =
		system === undefined ? undefined : await readProfile(options.profilesFolder, system, files);
	const lower = [profile, ...read].filter(layer => layer !== undefined);
	const problems = [...found.problems, ...read.flatMap(layer => layer.problems)];
	for (const {name, nearest} of variables.strays) {
		const params = {name: clean(name, 100), nearest};
		problems.push({code: 'config-stray-variable', params, retry: 'rarely'});
	}

	const layers = [...lower.map(({layer}) => layer), ...upper];
	const {settings, errors} = await resolveSettings(mergeLayers(layers), {
		secrets: {environment: options.environment, files, errors: [], problems},
		language: languageOf(options.environment),
		isReadOnly: layers.some(({isSafe}) => !isSafe),
		files: lower.map(({layer}) => layer.name),
	});
	const all = [
		...found.errors,
		...lower.flatMap(layer => layer.errors),
		...variables.errors,
		...flags.errors,
		...errors,
	];
	return all.length > 0 ? {ok: false, errors: all} : {ok: true, settings};
}

type FoundFile = ReadFile & {
	readonly path: string;
	readonly isSafe: boolean;
	readonly problems: readonly Problem[];
};

type Found = {
	readonly files: readonly FoundFile[];
	readonly errors: readonly ConfigError[];
	readonly problems: readonly Problem[];
};

/** The usual places, from the lowest to the highest. */
export function usualPlaces(
	environment: Readonly<Record<string, string | undefined>>,
	files: FileAccess,
): readonly string[] {
	const xdg = environment['XDG_CONFIG_HOME'];
	const home = environment['HOME'];
	const homeFolder = home === undefined || home === '' ? files.homeFolder() : home;
	// The XDG specification has relative paths ignored.
	const userFolder = xdg?.startsWith('/') === true ? xdg : join(homeFolder, '.config');
	return [
		'/etc/opsconsole/opsconsole.yaml',
		join(userFolder, 'opsconsole', 'opsconsole.yaml'),
		join(files.currentFolder(), 'opsconsole.yaml'),
	];
}

async function findFiles({flags, environment}: LoadOptions, files: FileAccess): Promise<Found> {
	const variable = environment['OPSCONSOLE_CONFIG'];
	const named = flags.config ?? (variable === '' ? undefined : variable);
	if (named !== undefined)
		return openFile(files.resolve(files.currentFolder(), named), true, files);
	const places = [...new Set(usualPlaces(environment, files))];
	const found = await Promise.all(places.map(async place => openFile(place, false, files)));
	return {
		files: found.flatMap(place => place.files),
		errors: found.flatMap(place => place.errors),
		problems: found.flatMap(place => place.problems),
	};
}

async function openFile(path: string, isNamed: boolean, files: FileAccess): Promise<Found> {
	const nothing: Found = {files: [], errors: [], problems: []};
	try {
		const file = await files.read(path, maxFileBytes);
		const trust = await checkTrust(file, files);
		if (trust.isSafe) return {...nothing, files: [{...file, path, isSafe: true, problems: []}]};
		const params = {
			file: clean(path, 400),
			culprit: clean(trust.culprit ?? path, 400),
			command: clean(trust.command ?? `ls -l ${path}`, 400),
		};
		// A file of another user that merely lies here (a folder that everybody can write) is not obeyed.
		if (trust.isForeign && !isNamed) {
			return {...nothing, problems: [{code: 'config-foreign-file', params, retry: 'rarely'}]};
		}

		const problem: Problem = {code: 'config-writable-by-others', params, retry: 'rarely'};
		return {...nothing, files: [{...file, path, isSafe: false, problems: [problem]}]};
	} catch (error) {
		return openFailed(path, {isNamed, cause: files.causeOf(error)}, nothing);
	}
}

function openFailed(
	path: string,
	{isNamed, cause}: {readonly isNamed: boolean; readonly cause: string},
	nothing: Found,
): Found {
	const isAbsent = cause === 'ENOENT' || cause === 'ENOTDIR';
	if (isAbsent && !isNamed) return nothing;
	if (cause === 'EFBIG' || isNamed) {
		const isBig = cause === 'EFBIG';
		const expected = isBig
			? expect('file-size', {most: maxFileBytes / 1024})
			: expect('readable-file', {name: clean(path, 400), cause});
		const kind = isBig ? 'limit' : 'unreadable-file';
		const place = isBig ? {file: path, line: 1, column: 1} : {file: path, line: 0, column: 0};
		return {...nothing, errors: [{kind, ...place, key: '', expected}]};
	}

	const params = {file: clean(path, 400), cause};
	return {...nothing, problems: [{code: 'config-unreadable-file', params, retry: 'rarely'}]};
}

type ReadLayer = {
	readonly layer: Layer;
	readonly errors: readonly ConfigError[];
	readonly problems: readonly Problem[];
};

async function readLayer(
	file: FoundFile,
	environment: LoadOptions['environment'],
	files: FileAccess,
): Promise<ReadLayer> {
	// Loaded here, so that a start without a file does without the parser and the schema.
	const {readConfig} = await import('./read-config.ts');
	const source = {path: file.path, text: file.text, mode: file.mode};
	const read = await readConfig(source, {environment, files, folder: dirname(file.path)});
	return {
		layer: {...read.layer, isSafe: file.isSafe},
		errors: read.errors,
		problems: [...file.problems, ...read.problems],
	};
}

async function readProfile(
	folder: string,
	system: string,
	files: FileAccess,
): Promise<ReadLayer | undefined> {
	if (!isSystemId(system)) return undefined;
	const path = join(folder, `${system}.yaml`);
	let file: ReadFile;
	try {
		file = await files.read(path, maxFileBytes);
	} catch (error) {
		const expected = expect('readable-file', {name: path, cause: files.causeOf(error)});
		const place = {file: path, line: 0, column: 0};
		const layer: Layer = {name: path, isFile: true, isSafe: true, config: {}, at: () => place};
		return {layer, errors: [{kind: 'unreadable-file', ...place, key: '', expected}], problems: []};
	}

	// A profile is part of the program: who can change it can change the program, so its owner is not checked.
	return readLayer({...file, path, isSafe: true, problems: []}, {}, files);
}

export {systems};
export type {Flags} from './environment.ts';
export {formatConfigError, type ConfigError} from './error.ts';
