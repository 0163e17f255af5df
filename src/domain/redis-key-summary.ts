import {clean} from './clean.ts';
import type {RedisKeySample} from './redis.ts';

/** One key of a sample. Without `ttlSeconds` it never expires; type `none`: it is gone, or its name is not UTF-8. */
export type SampledKey = {
	readonly name: string;
	readonly type: string;
	readonly bytes: number;
	readonly ttlSeconds?: number;
};

const largestCount = 20;
const prefixCount = 50;
const nameLength = 200;

/** The part of a key's name that it shares with its kind: up to the first `:`, `|` or `/`, or the name with its digits folded. */
export function prefixOf(name: string): string {
	const separator = name.search(/[:|/]/);
	const prefix = separator > 0 ? name.slice(0, separator + 1) : name.replace(/\d+/g, '#');
	return clean(prefix, 60);
}

/** Largest keys and totals by prefix of a sample; both by bytes, largest first. */
export function summariseKeys(
	keys: readonly SampledKey[],
	{
		total,
		database,
		isComplete,
	}: {readonly total: number; readonly database: number; readonly isComplete: boolean},
): RedisKeySample {
	const groups = new Map<string, {keys: number; bytes: number}>();
	for (const key of keys) {
		const prefix = prefixOf(key.name);
		const group = groups.get(prefix) ?? {keys: 0, bytes: 0};
		groups.set(prefix, {keys: group.keys + 1, bytes: group.bytes + key.bytes});
	}

	const measured = keys.filter(({type}) => type !== 'none');
	return {
		database,
		scanned: keys.length,
		total,
		isComplete,
		largest: measured
			.toSorted((a, b) => b.bytes - a.bytes)
			.slice(0, largestCount)
			.map(({name, ...key}) => ({key: clean(name, nameLength), ...key})),
		byPrefix: [...groups]
			.map(([prefix, group]) => ({prefix, ...group}))
			.sort((a, b) => b.bytes - a.bytes)
			.slice(0, prefixCount),
		withoutExpiry: measured.filter(key => key.ttlSeconds === undefined).length,
	};
}
