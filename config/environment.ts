import type {Config} from './schema.ts';
import {expect, showGot, type ConfigError} from './error.ts';
import type {Layer} from './layer.ts';
import {nearest} from './nearest.ts';
import {isSystemId, systems} from './systems.ts';
import {parseDuration} from './units.ts';

/** What the command line sets; texts are checked here, so that the command line need not. */
export type Flags = {
	/** Only this file is read, none of the usual places. */
	readonly config?: string;
	readonly system?: string;
	readonly environment?: string;
	readonly language?: string;
	readonly refresh?: string;
	readonly readOnly?: boolean;
	readonly dockerHost?: string;
	readonly projects?: readonly string[];
};

/** A mutable copy of the part of the configuration that variables and flags can set. */
type Draft = {-readonly [Key in keyof Config]: Config[Key]};

/** One thing that a variable or flag can set: puts the text into the draft, or says what it should have been. */
type Setter = (draft: Draft, text: string) => ConfigError['expected'] | undefined;

const kinds = ['production', 'staging', 'test', 'development', 'unknown'] as const;
const languages = ['en', 'zh'] as const;

function oneOf<T extends string>(options: readonly T[], text: string): T | undefined {
	return options.find(option => option === text);
}

function flagOf(text: string): boolean | undefined {
	if (['1', 'true', 'yes', 'on'].includes(text.toLowerCase())) return true;
	return ['0', 'false', 'no', 'off'].includes(text.toLowerCase()) ? false : undefined;
}

function put<T>(value: T | undefined, expected: ConfigError['expected'], set: (value: T) => void) {
	if (value === undefined) return expected;
	set(value);
	return undefined;
}

const choice = (options: readonly string[]) => expect('one-of', {values: options.join(', ')});

const setSystem: Setter = (draft, text) =>
	put(isSystemId(text) ? text : undefined, choice(systems), system => (draft.system = system));
const setTitle: Setter = (draft, text) => {
	draft.title = text;
	return undefined;
};

const setEnvironment: Setter = (draft, text) =>
	put(oneOf(kinds, text), choice(kinds), kind => {
		draft.environment = {...(typeof draft.environment === 'object' ? draft.environment : {}), kind};
	});
const setEnvironmentName: Setter = (draft, text) => {
	draft.environment = {
		...(typeof draft.environment === 'object' ? draft.environment : {}),
		name: text,
	};
	return undefined;
};

const setLanguage: Setter = (draft, text) =>
	put(oneOf(languages, text), choice(languages), language => (draft.language = language));
const setRefresh: Setter = (draft, text) => {
	const ms = parseDuration(text);
	const isFit = ms !== undefined && ms >= 200 && ms <= 60_000;
	return put(isFit ? ms : undefined, expect('duration-refresh'), value => (draft.refresh = value));
};

const setReadOnly: Setter = (draft, text) =>
	put(flagOf(text), expect('boolean'), isReadOnly => (draft.read_only = isReadOnly));
const setDocker: Setter = (draft, text) =>
	put(flagOf(text), expect('boolean'), enabled => (draft.docker = {...draft.docker, enabled}));
const setDockerHost: Setter = (draft, text) => {
	draft.docker = {...draft.docker, host: text};
	return undefined;
};

const setDockerContext: Setter = (draft, text) => {
	draft.docker = {...draft.docker, context: text};
	return undefined;
};

const setProjects: Setter = (draft, text) => {
	const projects = text.split(',').map(project => project.trim());
	const isFit = projects.every(project => /^[A-Za-z0-9][\w.-]*$/.test(project));
	return put(isFit ? projects : undefined, expect('name'), value => {
		draft.docker = {...draft.docker, projects: value};
	});
};

const setDiscovery: Setter = (draft, text) =>
	put(flagOf(text), expect('boolean'), enabled => (draft.discovery = {enabled}));

/** Every variable of the environment that sets something, in the order in which they are applied; also for docs/settings.md. */
export const variables: readonly {
	readonly name: string;
	readonly key: string;
	readonly set: Setter;
}[] = [
	{name: 'OPSCONSOLE_SYSTEM', key: 'system', set: setSystem},
	{name: 'OPSCONSOLE_TITLE', key: 'title', set: setTitle},
	{name: 'OPSCONSOLE_ENVIRONMENT', key: 'environment.kind', set: setEnvironment},
	{name: 'OPSCONSOLE_ENVIRONMENT_NAME', key: 'environment.name', set: setEnvironmentName},
	{name: 'OPSCONSOLE_LANG', key: 'language', set: setLanguage},
	{name: 'OPSCONSOLE_REFRESH', key: 'refresh', set: setRefresh},
	{name: 'OPSCONSOLE_READ_ONLY', key: 'read_only', set: setReadOnly},
	{name: 'OPSCONSOLE_DOCKER', key: 'docker.enabled', set: setDocker},
	{name: 'DOCKER_HOST', key: 'docker.host', set: setDockerHost},
	{name: 'OPSCONSOLE_DOCKER_HOST', key: 'docker.host', set: setDockerHost},
	{name: 'DOCKER_CONTEXT', key: 'docker.context', set: setDockerContext},
	{name: 'OPSCONSOLE_PROJECTS', key: 'docker.projects', set: setProjects},
	{name: 'OPSCONSOLE_DISCOVERY', key: 'discovery.enabled', set: setDiscovery},
];

/** Variables that are read elsewhere, with what they do. */
export const otherVariables = {
	OPSCONSOLE_CONFIG: 'The configuration file, as --config.',
	'OPSCONSOLE_POSTGRES_<ID>_PASSWORD':
		'Password of the PostgreSQL server with that id (main-db is MAIN_DB).',
	'OPSCONSOLE_POSTGRES_<ID>_PASSWORD_FILE': 'File with that password; wins over every other place.',
	'OPSCONSOLE_REDIS_<ID>_PASSWORD': 'Password of the Redis server with that id.',
	'OPSCONSOLE_REDIS_<ID>_PASSWORD_FILE': 'File with that password; wins over every other place.',
} as const;

/** A variable whose name looks like one of ours with a slip of the finger. */
export type StrayVariable = {readonly name: string; readonly nearest: string};

/** A layer, its mistakes, and variables that were probably meant. */
export type SetLayer = {
	readonly layer: Layer;
	readonly errors: readonly ConfigError[];
	readonly strays: readonly StrayVariable[];
};

function apply(
	draft: Draft,
	{set, name, text}: {set: Setter; name: string; text: string},
): ConfigError[] {
	const isControl = /\p{Cc}/u.test(text);
	const expected = isControl ? expect('text') : set(draft, text);
	if (expected === undefined) return [];
	const got = showGot(name, text);
	const options = /^one of (.*)$/.exec(expected.en)?.[1]?.split(', ') ?? [];
	const guess = nearest(text, options);
	return [
		{
			kind: 'invalid-value',
			file: name,
			line: 0,
			column: 0,
			key: '',
			expected,
			...(got === undefined ? {} : {got}),
			...(guess === undefined ? {} : {nearest: guess}),
		},
	];
}

function layerOf(name: string, config: Config): Layer {
	return {name, isFile: false, isSafe: true, config, at: () => ({file: name, line: 0, column: 0})};
}

/** The layer of the environment variables. Empty variables count as not set. */
export function readVariables(environment: Readonly<Record<string, string | undefined>>): SetLayer {
	const draft: Draft = {};
	const errors = variables.flatMap(({name, set}) => {
		const text = environment[name];
		return text === undefined || text === '' ? [] : apply(draft, {set, name, text});
	});
	// As the docker command does: an address wins over a context.
	if (draft.docker?.host !== undefined && draft.docker.context !== undefined) {
		draft.docker = {...draft.docker};
		delete draft.docker.context;
	}

	return {layer: layerOf('environment', draft), errors, strays: findStrays(environment)};
}

function findStrays(environment: Readonly<Record<string, string | undefined>>): StrayVariable[] {
	const known = [...variables.map(({name}) => name), 'OPSCONSOLE_CONFIG'];
	return Object.keys(environment).flatMap(name => {
		if (!name.startsWith('OPSCONSOLE_') || known.includes(name)) return [];
		if (/^OPSCONSOLE_(?:POSTGRES|REDIS)_\w+_PASSWORD(?:_FILE)?$/.test(name)) return [];
		const rest = name.slice('OPSCONSOLE_'.length);
		const guess = nearest(
			rest,
			known.map(other => other.replace('OPSCONSOLE_', '')),
		);
		return guess === undefined ? [] : [{name, nearest: `OPSCONSOLE_${guess}`}];
	});
}

/** The layer of the command line, the highest of all but the secret files. */
export function readFlags(flags: Flags): SetLayer {
	const draft: Draft = {};
	const given: readonly (readonly [string, string | undefined, Setter])[] = [
		['--system', flags.system, setSystem],
		['--environment', flags.environment, setEnvironment],
		['--lang', flags.language, setLanguage],
		['--refresh', flags.refresh, setRefresh],
		['--read-only', flags.readOnly === undefined ? undefined : String(flags.readOnly), setReadOnly],
		['--docker-host', flags.dockerHost, setDockerHost],
		['--project', flags.projects?.join(','), setProjects],
	];
	const errors = given.flatMap(([name, text, set]) =>
		text === undefined || (text === '' && name === '--project')
			? []
			: apply(draft, {set, name, text}),
	);
	return {layer: layerOf('command line', draft), errors, strays: []};
}

/** Chinese where the locale of the environment says so, else English. */
export function languageOf(environment: Readonly<Record<string, string | undefined>>): 'en' | 'zh' {
	const locale = [environment['LC_ALL'], environment['LC_MESSAGES'], environment['LANG']].find(
		text => text !== undefined && text !== '',
	);
	return locale?.toLowerCase().startsWith('zh') === true ? 'zh' : 'en';
}
