import {ProblemError} from '../domain/problem.ts';
import {clean} from '../domain/clean.ts';
import {
	clientsOf,
	infoNumber,
	isOutOfMemory,
	keysOf,
	memoryOf,
	parseInfo,
	persistenceOf,
	productOf,
	replicationOf,
	type RedisInfo,
} from '../domain/redis-info.ts';
import {
	continues,
	hitPercentOf,
	ratesOf,
	refusedBetween,
	sampleOf,
	type RedisSample,
} from '../domain/redis-rates.ts';
import {redisProblem} from '../domain/redis-problem.ts';
import {parseSlowLog} from '../domain/redis-slow-log.ts';
import type {RedisValue} from '../domain/redis.ts';
import type {RedisTarget} from '../domain/targets.ts';
import type {Clock, Io, RedisClient} from '../io/io.ts';
import type {PolledSource} from './source.ts';

type Trouble = RedisValue['trouble'][number];

const slowLogEveryMs = 10_000;
// A refused command is an entry in the server's ACL LOG, so it is not asked again soon.
const deniedEveryMs = 600_000;
const settingsEveryMs = 60_000;
const hitWindowMs = 60_000;
// How long a refused write of somebody counts as trouble after it was seen.
const refusalHoldMs = 10_000;

/** Answers of PING that are refusals, but show that the server answers; its round trip counts as well. */
const answeredProblems: Readonly<Record<string, Trouble | 'none'>> = {
	'redis-loading': 'loading',
	'redis-busy-script': 'busy-script',
	'redis-master-down': 'read-only',
	'redis-no-permission': 'none',
	// After a failed save Redis refuses PING as well.
	'redis-save-failed': 'save-failed',
	'redis-out-of-memory': 'out-of-memory',
};

/** Errors that the server gave to any client, and what they mean (INFO errorstats). */
const troubleByError: Readonly<Record<string, Trouble>> = {
	OOM: 'out-of-memory',
	MISCONF: 'save-failed',
	READONLY: 'read-only',
	MASTERDOWN: 'read-only',
	NOREPLICAS: 'read-only',
};

/** What the reader of one target remembers from poll to poll. */
type Memory = {
	samples: readonly RedisSample[];
	slowLog: RedisValue['slowLog'];
	slowLogDenied: boolean;
	slowLogAtMs: number;
	settings: Map<string, string>;
	settingsAtMs: number;
	/** Whether the read before worked, so that the connection stands and a PING measures no connecting. */
	isConnected: boolean;
	refusedAtMs: Map<Trouble, number>;
};

/**
 * State of a Redis or Valkey server, every 2 s: a PING for the round trip, then one INFO; SLOWLOG GET every 10 s.
 * Settings are asked only where INFO lacks them or a save failed.
 */
export const redisServer: PolledSource<'redis.server', RedisTarget> = {
	id: 'redis.server',
	kind: 'polled',
	everyMs: 2000,
	timeoutMs: 2000,
	open(io: Io, target: RedisTarget) {
		const memory: Memory = {
			samples: [],
			slowLog: [],
			slowLogDenied: false,
			slowLogAtMs: -Infinity,
			settings: new Map(),
			settingsAtMs: -Infinity,
			isConnected: false,
			refusedAtMs: new Map(),
		};
		return {
			read: async signal => {
				const client = io.redis(target);
				if (!memory.isConnected) await measurePing(client, io.clock, signal);
				memory.isConnected = false;
				const ping = await measurePing(client, io.clock, signal);
				const [infoText] = await Promise.all([
					client.call('INFO', [], signal),
					readSlowLog(client, memory, io.clock, signal),
				]);
				const info = parseInfo(typeof infoText === 'string' ? infoText : '');
				// Without figures there is no value: zeros would look like a healthy empty server.
				if (!info.has('run_id') || !info.has('used_memory')) {
					throw new ProblemError(redisProblem('redis-no-info', target));
				}

				const atMs = io.clock.monotonic();
				if (atMs - memory.settingsAtMs > settingsEveryMs) {
					memory.settings.clear();
					memory.settingsAtMs = atMs;
				}

				await readMissingSettings(client, info, memory, signal);
				memory.isConnected = true;
				return valueOf(info, ping, memory, sampleOf(info, atMs));
			},
		};
	},
};

type Ping = {readonly pingMs: number; readonly trouble: readonly Trouble[]};

/** Time of one PING on its own, so that the time to make the INFO text is not in it. */
async function measurePing(client: RedisClient, clock: Clock, signal: AbortSignal): Promise<Ping> {
	const startMs = clock.monotonic();
	try {
		await client.call('PING', [], signal);
	} catch (error) {
		const code = error instanceof ProblemError ? error.problem.code : '';
		const trouble = answeredProblems[code];
		if (trouble === undefined) throw error;
		const pingMs = clock.monotonic() - startMs;
		return {pingMs, trouble: trouble === 'none' ? [] : [trouble]};
	}

	return {pingMs: clock.monotonic() - startMs, trouble: []};
}

/** Reads the slow log when it is due; where the ACL forbids it, remembers that. */
async function readSlowLog(
	client: RedisClient,
	memory: Memory,
	clock: Clock,
	signal: AbortSignal,
): Promise<void> {
	const dueMs = memory.slowLogDenied ? deniedEveryMs : slowLogEveryMs;
	if (clock.monotonic() - memory.slowLogAtMs < dueMs) return;
	try {
		memory.slowLog = parseSlowLog(await client.call('SLOWLOG', ['GET', 10], signal));
		memory.slowLogDenied = false;
	} catch (error) {
		if (!isRefusal(error)) throw error;
		memory.slowLog = [];
		memory.slowLogDenied = true;
	}

	memory.slowLogAtMs = clock.monotonic();
}

/** A command that this server does not have or this user may not run; the rest of the reading goes on without it. */
function isRefusal(error: unknown): boolean {
	const code = error instanceof ProblemError ? error.problem.code : '';
	return code === 'redis-no-permission' || code === 'redis-error';
}

/** Asks for the settings that INFO lacks (Redis 6: maxclients) and, once a save failed, for what follows from it. */
async function readMissingSettings(
	client: RedisClient,
	info: RedisInfo,
	memory: Memory,
	signal: AbortSignal,
): Promise<void> {
	const wanted = [
		...(info.has('maxmemory_policy') ? [] : ['maxmemory-policy']),
		...(info.has('maxclients') ? [] : ['maxclients']),
		...(info.get('rdb_last_bgsave_status') === 'err'
			? ['stop-writes-on-bgsave-error', 'save']
			: []),
	].filter(name => !memory.settings.has(name));
	await Promise.all(
		wanted.map(async name => {
			memory.settings.set(name, await readSetting(client, name, signal));
		}),
	);
}

/** A setting, or an empty text where it may not be read (managed servers have no CONFIG). */
async function readSetting(
	client: RedisClient,
	name: string,
	signal: AbortSignal,
): Promise<string> {
	try {
		const answer = await client.call('CONFIG', ['GET', name], signal);
		const text: unknown = Array.isArray(answer) ? answer[1] : undefined;
		return typeof text === 'string' ? clean(text, 200) : '';
	} catch (error) {
		if (!isRefusal(error)) throw error;
		return '';
	}
}

/** Keeps the samples of the last minute, of this run of the server only. */
function remember(memory: Memory, sample: RedisSample): void {
	const before = memory.samples.at(-1);
	const kept = before !== undefined && continues(before, sample) ? memory.samples : [];
	memory.samples = [...kept.filter(old => sample.atMs - old.atMs <= hitWindowMs), sample];
}

function valueOf(info: RedisInfo, ping: Ping, memory: Memory, sample: RedisSample): RedisValue {
	const before = memory.samples.at(-1);
	noteRefusals(memory, before, sample);
	remember(memory, sample);
	const hitPercent = hitPercentOf(memory.samples[0], sample);
	const setting = (field: string, name: string) =>
		clean(info.get(field) ?? memory.settings.get(name) ?? '', 40);
	const memoryValue = memoryOf(info, setting('maxmemory_policy', 'maxmemory-policy'));
	const keys = keysOf(info);
	return {
		...productOf(info),
		runId: clean(sample.runId, 40),
		role: info.get('role') === 'slave' ? 'replica' : 'master',
		uptimeSeconds: infoNumber(info, 'uptime_in_seconds') ?? 0,
		memory: memoryValue,
		keys,
		evictedKeys: sample.evicted,
		expiredKeys: sample.expired,
		...ratesOf(before, sample),
		...(hitPercent === undefined ? {} : {hitPercent}),
		clients: clientsOf(info, Number(setting('maxclients', 'maxclients'))),
		rejectedConnections: infoNumber(info, 'rejected_connections') ?? 0,
		operationsPerSecond: infoNumber(info, 'instantaneous_ops_per_sec') ?? 0,
		pingMs: ping.pingMs,
		slowLog: memory.slowLog,
		slowLogDenied: memory.slowLogDenied,
		persistence: persistenceOf(info),
		replication: replicationOf(info),
		trouble: troubleOf(info, ping, memory, {
			atMs: sample.atMs,
			isFull: isOutOfMemory(info, memoryValue, keys.expiring),
		}),
	};
}

/** Remembers which refusals somebody got since the sample before. */
function noteRefusals(memory: Memory, before: RedisSample | undefined, sample: RedisSample): void {
	if (before === undefined) return;
	for (const word of refusedBetween(before, sample)) {
		const trouble = troubleByError[word];
		if (trouble !== undefined) memory.refusedAtMs.set(trouble, sample.atMs);
	}
}

/** What is refused now: by the state of the server, and by what its clients were really refused in the last seconds. */
function troubleOf(
	info: RedisInfo,
	ping: Ping,
	memory: Memory,
	now: {readonly atMs: number; readonly isFull: boolean},
): readonly Trouble[] {
	const found = new Set<Trouble>(ping.trouble);
	const persistence = persistenceOf(info);
	if (persistence.isLoading) found.add('loading');
	if (now.isFull) found.add('out-of-memory');
	// Without the right to read the settings their defaults count: writes stop after a failed save.
	const stopsWrites =
		memory.settings.get('stop-writes-on-bgsave-error') !== 'no' &&
		!(
			memory.settings.get('stop-writes-on-bgsave-error') === 'yes' &&
			memory.settings.get('save') === ''
		);
	if (!persistence.lastSaveOk && stopsWrites) found.add('save-failed');
	if (info.get('aof_enabled') === '1' && info.get('aof_last_write_status') === 'err') {
		found.add('save-failed');
	}

	if (replicationOf(info).masterLinkUp === false) found.add('read-only');
	for (const [trouble, atMs] of memory.refusedAtMs) {
		if (now.atMs - atMs <= refusalHoldMs) found.add(trouble);
	}

	return [...found];
}
