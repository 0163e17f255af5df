import type {Problem} from '../../domain/problem.ts';
import type {redisFailures} from '../../runbooks/looks/redis.ts';
import type {ProblemCode} from '../../words/index.ts';

/** Why a Redis server does not answer, in the few words that runbooks compare. */
export type RedisFailureKind = (typeof redisFailures)[number];

const byCode: Readonly<Partial<Record<ProblemCode, RedisFailureKind>>> = {
	'redis-refused': 'refused',
	'redis-no-socket': 'refused',
	'redis-connect-timeout': 'timeout',
	'timed-out': 'timeout',
	'discovery-stopped': 'unreachable',
	'discovery-unreachable': 'unreachable',
	'redis-needs-password': 'authentication',
	'redis-wrong-password': 'authentication',
	'redis-no-permission': 'authentication',
	'redis-protected': 'authentication',
	'redis-socket-denied': 'authentication',
	'redis-loading': 'loading',
	'redis-busy-script': 'busy-script',
	'redis-too-many-clients': 'too-many-clients',
	'redis-unknown-host': 'name',
	'redis-unreachable': 'unreachable',
	'redis-tls': 'tls',
	'redis-ca-file': 'tls',
};

/** Names the failure behind a problem of a Redis server. */
export function redisFailure({code}: Problem): RedisFailureKind {
	return byCode[code] ?? 'other';
}
