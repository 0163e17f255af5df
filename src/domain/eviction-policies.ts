/** What a Redis server can do when its memory is full (`maxmemory-policy`), since version 4. */
export const evictionPolicies: readonly string[] = [
	'noeviction',
	'allkeys-lru',
	'allkeys-lfu',
	'allkeys-random',
	'volatile-lru',
	'volatile-lfu',
	'volatile-random',
	'volatile-ttl',
];
