import {metrics, type MetricId} from '../src/domain/metrics.ts';
import type {Layer, Placed, ThresholdEntry} from './layer.ts';
import type {Config} from './schema.ts';
import {expect, type ConfigError} from './error.ts';

type Entry<Key extends keyof Config> =
	NonNullable<Config[Key]> extends readonly (infer Item)[] ? Item : never;

/** All layers laid over each other: single values by key, list entries by their id, thresholds by metric and subject. */
export type Merged = {
	readonly single: Omit<
		Config,
		| 'services'
		| 'postgres'
		| 'redis'
		| 'endpoints'
		| 'logs'
		| 'backups'
		| 'file_sets'
		| 'schedules'
		| 'notifications'
		| 'contacts'
		| 'links'
		| 'thresholds'
	>;
	readonly services: readonly Placed<Entry<'services'>>[];
	readonly postgres: readonly Placed<Entry<'postgres'>>[];
	readonly redis: readonly Placed<Entry<'redis'>>[];
	readonly endpoints: readonly Placed<Entry<'endpoints'>>[];
	readonly logs: readonly Placed<Entry<'logs'>>[];
	readonly backups: readonly Placed<Entry<'backups'>>[];
	readonly fileSets: readonly Placed<Entry<'file_sets'>>[];
	readonly schedules: readonly Placed<Entry<'schedules'>>[];
	readonly notifications: readonly Placed<Entry<'notifications'>>[];
	readonly contacts: readonly Placed<Entry<'contacts'>>[];
	readonly links: readonly Placed<Entry<'links'>>[];
	/** Thresholds of all layers in order, from the lowest; `rules.ts` folds them. */
	readonly thresholds: readonly (Placed<ThresholdEntry | 'off'> & {
		readonly metric: MetricId;
		readonly layer: Layer;
	})[];
	readonly errors: readonly ConfigError[];
};

/** Lays the layers over each other, the first lowest. An id that is twice in one file is an error. */
export function mergeLayers(layers: readonly Layer[]): Merged {
	const errors: ConfigError[] = [];
	const list = <T extends Listed>(key: string, of: (config: Config) => readonly T[] | undefined) =>
		mergeList(layers, {key, of}, errors);
	return {
		single: mergeSingle(layers.map(layer => layer.config)),
		services: list('services', config => config.services),
		postgres: list('postgres', config => config.postgres),
		redis: list('redis', config => config.redis),
		endpoints: list('endpoints', config => config.endpoints),
		logs: list('logs', config => config.logs),
		backups: list('backups', config => config.backups),
		fileSets: list('file_sets', config => config.file_sets),
		schedules: list('schedules', config => config.schedules),
		notifications: list('notifications', config => config.notifications),
		contacts: list('contacts', config => config.contacts),
		links: list('links', config => config.links),
		thresholds: layers.flatMap(layer => thresholdsOf(layer)),
		errors,
	};
}

/** Kind and name whichever way the environment was written. */
function environmentOf(config: Config): Exclude<Config['environment'], string> {
	return typeof config.environment === 'string' ? {kind: config.environment} : config.environment;
}

function mergeSingle(configs: readonly Config[]): Merged['single'] {
	let result: Merged['single'] = {};
	for (const config of configs) {
		result = {
			...result,
			...config,
			environment: {...environmentOf(result), ...environmentOf(config)},
			access: {...result.access, ...config.access},
			docker: {...result.docker, ...config.docker},
			discovery: {...result.discovery, ...config.discovery},
			audit: {...result.audit, ...config.audit},
			incidents: {...result.incidents, ...config.incidents},
			objectives: {...result.objectives, ...config.objectives},
			storage: {...result.storage, ...config.storage},
		};
	}

	return result;
}

type Listed = ({readonly id: string} | {readonly name: string} | {readonly title: string}) & {
	readonly enabled?: boolean;
};

/** What an entry is known by: its id, else its name, else its title. */
function identityOf(entry: Listed): string {
	if ('id' in entry) return entry.id;
	return 'name' in entry ? entry.name : entry.title;
}

function mergeList<T extends Listed>(
	layers: readonly Layer[],
	{key, of}: {readonly key: string; readonly of: (config: Config) => readonly T[] | undefined},
	errors: ConfigError[],
): readonly Placed<T>[] {
	const merged = new Map<string, Placed<T>>();
	for (const layer of layers) {
		const seen = new Set<string>();
		for (const [index, entry] of (of(layer.config) ?? []).entries()) {
			const identity = identityOf(entry);
			const at = layer.at([key, index]);
			if (seen.has(identity)) {
				const expected = expect('unique', {name: identity});
				errors.push({kind: 'conflict', ...at, key: `${key}[${index}]`, expected});
			}

			seen.add(identity);
			const below = merged.get(identity)?.value;
			const kept = below && !layer.isSafe ? withoutPassword(below) : below;
			merged.set(identity, {value: kept ? overlay(kept, entry) : entry, at});
		}
	}

	return [...merged.values()].filter(({value}) => value.enabled !== false);
}

/** Two ways to say the same thing; the upper layer's way replaces the lower one's. */
const alternatives = [
	['service', 'host', 'url'],
	['password', 'password_file'],
	['path', 'unit'],
] as const;

function overlay<T extends Listed>(below: T, above: T): T {
	const replaced = alternatives
		.filter(group => group.some(key => key in above))
		.flatMap(group => group.filter(key => !(key in above)));
	return {...without(below, replaced), ...above};
}

function without<T extends object>(entry: T, keys: readonly string[]): T {
	const copy = {...entry};
	for (const key of keys) Reflect.deleteProperty(copy, key);
	return copy;
}

function withoutPassword<T extends object>(entry: T): T {
	// The address of a webhook is a password too; one of an HTTP endpoint stays.
	const isWebhook = 'kind' in entry && entry.kind === 'webhook';
	return without(entry, ['password', 'password_file', ...(isWebhook ? ['url'] : [])]);
}

function isMetric(key: string): key is MetricId {
	return Object.hasOwn(metrics, key);
}

function thresholdsOf(layer: Layer): Merged['thresholds'][number][] {
	return Object.entries(layer.config.thresholds ?? {}).flatMap(([metric, value]) => {
		if (!isMetric(metric)) return [];
		const path = ['thresholds', metric];
		if (!Array.isArray(value)) return [{metric, value, at: layer.at(path), layer}];
		return value.map((entry, index) => ({
			metric,
			value: entry,
			at: layer.at([...path, index]),
			layer,
		}));
	});
}
