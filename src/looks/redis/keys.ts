import {formatBytes} from '../../domain/format.ts';
import type {RedisKeySample} from '../../domain/redis.ts';
import {redisKeys} from '../../sources/redis-keys.ts';
import {percentOf} from '../figures.ts';
import type {LookReader} from '../reader.ts';
import {redisOf} from '../target.ts';

const shownKeys = 10;
const shownPrefixes = 10;

/** Keys of Celery and Kombu, RQ, BullMQ, Sidekiq, Resque, Huey, Dramatiq and ARQ; results of tasks are no queue. */
const brokerKey =
	/^(?:_kombu\.binding\.|unacked(?:$|_|:)|celery(?:$|@|:)|rq:(?:queue|worker)|bull:|queues?:|resque:|huey\.|dramatiq:|arq:queue)/;

/** The key or prefix that shows that tasks are queued here; undefined where none does. */
export function brokerSign({
	largest,
	byPrefix,
}: Pick<RedisKeySample, 'largest' | 'byPrefix'>): string | undefined {
	const names = [...largest.map(({key}) => key), ...byPrefix.map(({prefix}) => prefix)];
	return names.find(name => brokerKey.test(name));
}

/** What takes the memory, from a sample of the keys. */
export const readRedisKeys: LookReader<'redis.keys'> = async facts => {
	const {io, signal} = facts;
	const target = redisOf(facts);
	const sample = await redisKeys.read(io, target, signal);
	const {largest, byPrefix, scanned} = sample;
	const [biggest] = largest;
	const [prefix] = byPrefix;
	// Fifty prefixes are kept: the rest is small.
	const bytes = byPrefix.reduce((sum, each) => sum + each.bytes, 0);
	const sign = brokerSign(sample);
	return {
		values: {
			sampled: scanned,
			'is-complete': sample.isComplete,
			'biggest-key': biggest?.key,
			'biggest-bytes': biggest?.bytes,
			'biggest-type': biggest?.type,
			'biggest-share': percentOf(biggest?.bytes, bytes),
			'biggest-expires': biggest && biggest.ttlSeconds !== undefined,
			prefix: prefix?.prefix,
			'prefix-bytes': prefix?.bytes,
			'prefix-share': percentOf(prefix?.bytes, bytes),
			'lasting-percent': percentOf(sample.withoutExpiry, scanned),
			// A sample without a sign proves nothing unless it was everything.
			'is-broker': sign !== undefined || (sample.isComplete ? false : undefined),
			'broker-sign': sign,
		},
		lines: [
			...largest
				.slice(0, shownKeys)
				.map(({key, type, bytes: size}) => `${formatBytes(size)} ${type} ${key}`),
			...byPrefix
				.slice(0, shownPrefixes)
				.map(each => `${formatBytes(each.bytes)} ${each.keys} x ${each.prefix}`),
		],
	};
};
