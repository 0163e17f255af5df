import {clean} from './clean.ts';
import type {RedisValue} from './redis.ts';

/** Fields of an INFO answer by name; sections are not needed, names are unique. */
export type RedisInfo = ReadonlyMap<string, string>;

/** Splits the text of INFO into its fields. */
export function parseInfo(text: string): RedisInfo {
	const fields = new Map<string, string>();
	for (const line of text.split('\n')) {
		const colon = line.indexOf(':');
		if (colon > 0 && !line.startsWith('#')) {
			fields.set(line.slice(0, colon), line.slice(colon + 1).trimEnd());
		}
	}

	return fields;
}

/** A number of INFO, or undefined where the field is missing or is not one. */
export function infoNumber(info: RedisInfo, name: string): number | undefined {
	const text = info.get(name);
	if (text === undefined || text === '') return undefined;
	const number = Number(text);
	return Number.isFinite(number) ? number : undefined;
}

function numberOr(info: RedisInfo, name: string, fallback: number): number {
	return infoNumber(info, name) ?? fallback;
}

function percent(part: number, whole: number): number {
	return whole > 0 ? (part / whole) * 100 : 0;
}

/** Below this much used memory the ratio tells nothing: the program itself and its allocator hold some 5-15 MB. */
export const meaningfulFragmentationBytes = 64 * 1024 * 1024;

/** Product and version: Valkey reports a compatible `redis_version` (7.2.4) beside its own. */
export function productOf(info: RedisInfo): Pick<RedisValue, 'flavour' | 'version'> {
	const valkey = info.get('valkey_version');
	return valkey === undefined
		? {flavour: 'redis', version: clean(info.get('redis_version') ?? '', 40)}
		: {flavour: 'valkey', version: clean(valkey, 40)};
}

/** Memory of the server against its limit. `mem_fragmentation_ratio` is resident / used, as redis-cli shows it. */
export function memoryOf(info: RedisInfo, policy: string): RedisValue['memory'] {
	const usedBytes = numberOr(info, 'used_memory', 0);
	const maxBytes = numberOr(info, 'maxmemory', 0);
	const ratio = infoNumber(info, 'mem_fragmentation_ratio');
	return {
		usedBytes,
		rssBytes: numberOr(info, 'used_memory_rss', 0),
		peakBytes: numberOr(info, 'used_memory_peak', 0),
		maxBytes,
		...(maxBytes > 0 ? {usedPercent: percent(usedBytes, maxBytes)} : {}),
		policy,
		...(ratio !== undefined && usedBytes >= meaningfulFragmentationBytes
			? {fragmentationRatio: ratio}
			: {}),
	};
}

/** Keys of every database, from lines such as `db0:keys=2,expires=1,avg_ttl=0`. */
export function keysOf(info: RedisInfo): RedisValue['keys'] {
	const databases = [...info]
		.flatMap(([name, text]) => {
			const index = /^db(\d+)$/.exec(name)?.[1];
			const counts = /keys=(\d+),expires=(\d+)/.exec(text);
			return index === undefined || counts === null
				? []
				: [{index: Number(index), keys: Number(counts[1]), expiring: Number(counts[2])}];
		})
		.sort((a, b) => a.index - b.index);
	return {
		total: databases.reduce((sum, database) => sum + database.keys, 0),
		expiring: databases.reduce((sum, database) => sum + database.expiring, 0),
		databases,
	};
}

/** Connections against `maxclients`. */
export function clientsOf(info: RedisInfo, maxClients: number): RedisValue['clients'] {
	const connected = numberOr(info, 'connected_clients', 0);
	return {
		connected,
		blocked: numberOr(info, 'blocked_clients', 0),
		max: maxClients,
		usedPercent: percent(connected, maxClients),
	};
}

/** State of saving. A server that was never saved reports the time of its start as the last save. */
export function persistenceOf(info: RedisInfo): RedisValue['persistence'] {
	const savedAtSeconds = numberOr(info, 'rdb_last_save_time', 0);
	return {
		isLoading: info.get('loading') === '1' || info.get('async_loading') === '1',
		...(savedAtSeconds > 0 ? {lastSaveAtMs: savedAtSeconds * 1000} : {}),
		lastSaveOk: (info.get('rdb_last_bgsave_status') ?? 'ok') === 'ok',
		changesSinceSave: numberOr(info, 'rdb_changes_since_last_save', 0),
		isSaving: info.get('rdb_bgsave_in_progress') === '1',
		aofEnabled: info.get('aof_enabled') === '1',
		aofOk:
			(info.get('aof_last_write_status') ?? 'ok') === 'ok' &&
			(info.get('aof_last_bgrewrite_status') ?? 'ok') === 'ok',
	};
}

/** Link to the master (on a replica) and number of replicas. The lag is the silence of the master, or how long it is gone. */
export function replicationOf(info: RedisInfo): RedisValue['replication'] {
	const replicas = numberOr(info, 'connected_slaves', 0);
	if (info.get('role') !== 'slave') return {replicas};
	const masterLinkUp = info.get('master_link_status') === 'up';
	const lag = infoNumber(
		info,
		masterLinkUp ? 'master_last_io_seconds_ago' : 'master_link_down_since_seconds',
	);
	return {
		replicas,
		masterLinkUp,
		...(lag !== undefined && lag >= 0 ? {masterLagSeconds: lag} : {}),
	};
}

/** How often the server refused commands with an error since its start, by the error's first word (Redis 6.2 and later). */
export function refusalsOf(info: RedisInfo): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const [name, text] of info) {
		const word = /^errorstat_(.+)$/.exec(name)?.[1];
		const count = /count=(\d+)/.exec(text)?.[1];
		if (word !== undefined && count !== undefined) counts.set(word, Number(count));
	}

	return counts;
}

// Buffers of a client count as used memory. A full server falls below its limit when a writer leaves, and refuses the
// next one, whose buffers fill it again (measured: 17-37 KB for one client).
const clientBuffersBytes = 64 * 1024;

/**
 * Whether writes that need memory are refused now: the limit is reached and nothing may be evicted, because the policy
 * forbids it or evicts only keys with an expiry and there is none. Buffers that the server itself leaves out are left out.
 */
export function isOutOfMemory(
	info: RedisInfo,
	memory: RedisValue['memory'],
	expiringKeys: number,
): boolean {
	if (memory.maxBytes === 0) return false;
	const counted = memory.usedBytes - numberOr(info, 'mem_not_counted_for_evict', 0);
	if (counted < memory.maxBytes - Math.min(memory.maxBytes / 20, clientBuffersBytes)) return false;
	return (
		memory.policy === 'noeviction' || (memory.policy.startsWith('volatile-') && expiringKeys === 0)
	);
}
