import {readRedisKeys} from './keys.ts';
import {readRedisLatency} from './latency.ts';
import {readRedisServer} from './server.ts';
import {readRedisSettings} from './settings.ts';

/** How the looks at a Redis server are read. */
export const redisReaders = {
	'redis.server': readRedisServer,
	'redis.keys': readRedisKeys,
	'redis.latency': readRedisLatency,
	'redis.settings': readRedisSettings,
};
