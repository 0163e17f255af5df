import {clean} from './clean.ts';
import {isObject, listOf, numberOf, objectOf, textOf, textsOf, type Json} from './unknown.ts';

/** What an operation needs of one service of a Compose configuration. Holds secrets: only names leave it. */
export type ComposeService = {
	readonly name: string;
	readonly dependsOn: readonly string[];
	readonly image?: string;
	readonly containerName?: string;
	/** Host ports that only one container can have. */
	readonly fixedPorts: readonly number[];
	/** As a list; absent where the file leaves it to the image or writes it as one text. */
	readonly command?: readonly string[];
	/** Variables with their values; null where the value comes from the shell. */
	readonly environment: ReadonlyMap<string, string | null>;
};

/** Both generations double every dollar sign of what they print. */
function single(text: string): string {
	return text.replaceAll('$$', '$');
}

function environmentOf(value: unknown): ReadonlyMap<string, string | null> {
	const pairs = isObject(value)
		? Object.entries(value)
		: textsOf(value).map((line): [string, unknown] => {
				const equals = line.indexOf('=');
				return equals === -1 ? [line, null] : [line.slice(0, equals), line.slice(equals + 1)];
			});
	return new Map(
		pairs.map(([name, item]) => [
			name,
			typeof item === 'string' ? single(item) : typeof item === 'number' ? String(item) : null,
		]),
	);
}

/** The host port of `8080:80`, `127.0.0.1:8080:80/tcp` or `{published: 8080}`; undefined for ranges and free choice. */
function fixedPort(value: unknown): number | undefined {
	const published = isObject(value)
		? (numberOf(value['published']) ?? textOf(value['published']))
		: (/(?:^|:)(\d+(?:-\d+)?):[^:]*$/.exec(textOf(value))?.[1] ?? '');
	const port = Number(published);
	return port > 0 ? port : undefined;
}

function serviceOf(name: string, value: Json): ComposeService {
	const depends = value['depends_on'];
	const command = value['command'];
	const [image, containerName] = [textOf(value['image']), textOf(value['container_name'])];
	return {
		name: clean(name, 200),
		dependsOn: isObject(depends) ? Object.keys(depends) : textsOf(depends),
		fixedPorts: listOf(value['ports']).flatMap(port => fixedPort(port) ?? []),
		environment: environmentOf(value['environment']),
		...(image !== '' && {image: single(image)}),
		...(containerName !== '' && {containerName: clean(containerName, 200)}),
		...(Array.isArray(command) && {command: textsOf(command).map(single)}),
	};
}

/** The services of what `config` printed, already parsed from JSON or YAML. */
export function composeServices(config: unknown): ReadonlyMap<string, ComposeService> {
	const services = Object.entries(objectOf(objectOf(config)['services']));
	return new Map(services.map(([name, value]) => [name, serviceOf(name, objectOf(value))]));
}

/** The lines of `config --hash`: service and hash. */
export function composeHashes(text: string): ReadonlyMap<string, string> {
	return new Map(
		[...text.matchAll(/^(\S+) ([\da-f]{32,64})$/gm)].map(([, name = '', hash = '']) => [
			name,
			hash,
		]),
	);
}

/** Variables that a Compose file uses and nobody sets, from what Compose warned of. */
export function unsetVariables(warnings: string): readonly string[] {
	const names = [
		...warnings.matchAll(/(?:The |\\?")(\w+)\\?"? variable is not set\. Defaulting to a blank/g),
	];
	return [...new Set(names.map(([, name = '']) => name))];
}

/** A setting in which a container differs from its configuration; `detail` is a name, never a value. */
export type ComposeChange = {
	readonly what: 'image' | 'environment' | 'command' | 'network' | 'other';
	readonly detail: string;
};

/** What the engine says about a container and the images, for comparison. */
export type RunningConfig = {
	readonly inspection: unknown;
	/** `GET /images/{id}/json` of the image that it runs. */
	readonly image: unknown;
	/** Id of the image that the configuration's name means now; absent where there is none. */
	readonly newImageId?: string;
	readonly isSameHash: boolean;
};

function variables(config: Json): ReadonlyMap<string, string> {
	return new Map(
		textsOf(config['Env']).map(line => {
			const equals = line.indexOf('=');
			return [line.slice(0, equals), line.slice(equals + 1)];
		}),
	);
}

/** Names of the variables that would be set, changed or taken away. */
function changedVariables(service: ComposeService, running: Json, image: Json): readonly string[] {
	const [now, inherited] = [variables(running), variables(image)];
	const wanted = [...service.environment].filter(([, value]) => value !== null);
	const changed = wanted.filter(([name, value]) => now.get(name) !== value);
	const gone = [...now].filter(
		([name, value]) => !service.environment.has(name) && inherited.get(name) !== value,
	);
	return [...new Set([...changed, ...gone].map(([name]) => clean(name, 100)))].sort();
}

/** What `up` would change of a container: by name where it can be told, else `other`; empty where nothing. */
export function composeChanges(
	service: ComposeService,
	{inspection, image, newImageId, isSameHash}: RunningConfig,
): readonly ComposeChange[] {
	const running = objectOf(objectOf(inspection)['Config']);
	const imageConfig = objectOf(objectOf(image)['Config']);
	const changes: ComposeChange[] = [];
	const isOtherImage =
		newImageId !== undefined && newImageId !== textOf(objectOf(inspection)['Image']);
	if (isOtherImage) changes.push({what: 'image', detail: clean(service.image ?? '', 200)});
	if (isSameHash) return changes;
	const names = changedVariables(service, running, imageConfig);
	changes.push(...names.map(detail => ({what: 'environment' as const, detail})));
	const isOtherCommand =
		service.command !== undefined &&
		JSON.stringify(service.command) !== JSON.stringify(textsOf(running['Cmd']));
	if (isOtherCommand) changes.push({what: 'command', detail: ''});
	return changes.length > 0 ? changes : [{what: 'other', detail: ''}];
}

/**
 * Networks that a container is to be in, by name and id; undefined where it has none of its own (`host`, `none`, that of
 * another container). Empty where it was taken out of all of them.
 */
export function networksOf(
	inspection: unknown,
): readonly {readonly name: string; readonly id: string}[] | undefined {
	const mode = textOf(objectOf(objectOf(inspection)['HostConfig'])['NetworkMode']);
	if (mode === 'host' || mode === 'none' || mode.startsWith('container:')) return undefined;
	const networks = objectOf(objectOf(objectOf(inspection)['NetworkSettings'])['Networks']);
	return Object.entries(networks).map(([name, value]) => ({
		name: clean(name, 200),
		id: textOf(objectOf(value)['NetworkID']),
	}));
}
