import {clean} from '../../domain/clean.ts';
import type {Problem} from '../../domain/problem.ts';
import {infoNumber, type RedisInfo} from '../../domain/redis-info.ts';
import type {RedisValue} from '../../domain/redis.ts';
import type {redisWriteTroubles} from '../../runbooks/looks/redis.ts';
import {sayProblem} from '../../words/say-problem.ts';
import {percentOf, secondsSince} from '../figures.ts';
import {freshOf} from '../fresh-of.ts';
import {absenceOf} from '../lost-server.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {redisOf} from '../target.ts';
import {redisFailure} from './failure.ts';
import {policyOf, readInfo} from './info.ts';

type WriteTrouble = (typeof redisWriteTroubles)[number];

/** Why writes fail now: the first cause that holds. */
export function writeTrouble(
	{trouble, role}: Pick<RedisValue, 'trouble' | 'role'>,
	info: RedisInfo,
): WriteTrouble {
	if (trouble.includes('out-of-memory')) return 'oom';
	const isAofBroken =
		info.get('aof_enabled') === '1' && info.get('aof_last_write_status') === 'err';
	const isSaveBroken = info.get('rdb_last_bgsave_status') === 'err';
	if (trouble.includes('save-failed')) return isAofBroken && !isSaveBroken ? 'aof' : 'misconf';
	if (role === 'replica' && info.get('slave_read_only') !== '0') return 'read-only';
	// Only there where so many replicas are asked for; NOREPLICAS is then answered to every write.
	const good = infoNumber(info, 'min_slaves_good_slaves');
	if (trouble.includes('read-only')) return good === undefined ? 'read-only' : 'min-replicas';
	return 'none';
}

function valuesOf(value: RedisValue, info: RedisInfo, nowMs: number) {
	const {memory, keys, clients, persistence, replication} = value;
	const why = writeTrouble(value, info);
	return {
		answers: true,
		failure: 'none',
		role: value.role,
		'is-master-link-up': replication.masterLinkUp,
		memory: memory.usedPercent,
		used: memory.usedBytes,
		maxmemory: memory.maxBytes,
		'is-limited': memory.maxBytes > 0,
		policy: policyOf(memory.policy),
		evictions: value.evictionsPerSecond,
		evicted: value.evictedKeys,
		'hit-rate': value.hitPercent,
		keys: keys.total,
		'expiring-percent': percentOf(keys.expiring, keys.total),
		clients: clients.connected,
		'clients-percent': clients.max > 0 ? clients.usedPercent : undefined,
		'blocked-clients': clients.blocked,
		'rejected-clients': value.rejectedConnections,
		ping: value.pingMs,
		operations: value.operationsPerSecond,
		fragmentation: memory.fragmentationRatio,
		// A replica is read-only by design: `write-trouble` says so.
		'refuses-writes': why !== 'none' && !(why === 'read-only' && value.role === 'replica'),
		'write-trouble': why,
		'last-save-ok': persistence.lastSaveOk,
		'last-save-age': secondsSince(persistence.lastSaveAtMs, nowMs),
		'unsaved-changes': persistence.changesSinceSave,
		'aof-enabled': persistence.aofEnabled,
		'aof-ok': persistence.aofOk,
		loading: persistence.isLoading,
		'server-age': value.uptimeSeconds,
	} as const;
}

function failed(problem: Problem) {
	const failure = redisFailure(problem);
	return {
		answers: false,
		failure,
		role: undefined,
		'is-master-link-up': undefined,
		memory: undefined,
		used: undefined,
		maxmemory: undefined,
		'is-limited': undefined,
		policy: undefined,
		evictions: undefined,
		evicted: undefined,
		'hit-rate': undefined,
		keys: undefined,
		'expiring-percent': undefined,
		clients: undefined,
		'clients-percent': undefined,
		'blocked-clients': undefined,
		'rejected-clients': undefined,
		ping: undefined,
		operations: undefined,
		fragmentation: undefined,
		'refuses-writes': undefined,
		'write-trouble': undefined,
		'last-save-ok': undefined,
		'last-save-age': undefined,
		'unsaved-changes': undefined,
		'aof-enabled': undefined,
		'aof-ok': undefined,
		loading: failure === 'loading' ? true : undefined,
		'server-age': undefined,
	};
}

function withoutAnswer({language}: LookFacts['settings'], problem: Problem) {
	const {summary} = sayProblem(language, problem);
	return {values: failed(problem), lines: [clean(summary, 300)]};
}

/** State of the server now; one that does not answer is what was seen, and no failure of the look. */
export const readRedisServer: LookReader<'redis.server'> = async facts => {
	const {io, reading, settings} = facts;
	const absence = await absenceOf(facts, 'redis');
	if (absence) return withoutAnswer(settings, absence);
	const target = redisOf(facts);
	const found = await reading('redis.server', target.id);
	if (found.kind === 'failed' || found.kind === 'stale') {
		return withoutAnswer(settings, found.problem);
	}

	const value = freshOf('redis.server', found);
	const info = await readInfo(facts, target);
	return {
		values: valuesOf(value, info, io.clock.now()),
		lines: value.trouble.length === 0 ? [] : [value.trouble.join(', ')],
	};
};
