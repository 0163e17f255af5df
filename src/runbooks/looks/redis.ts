import {failureOf, number, oneOf, text, truth} from '../field.ts';
import type {LookDeclaration} from '../look.ts';

/** Why a Redis server does not answer. */
export const redisFailures = [
	'none',
	'refused',
	'timeout',
	'authentication',
	'loading',
	'busy-script',
	'too-many-clients',
	'name',
	'unreachable',
	'tls',
	'other',
] as const;

/** What Redis may throw away when its memory is full. */
export const redisPolicies = [
	'noeviction',
	'allkeys-lru',
	'allkeys-lfu',
	'allkeys-random',
	'allkeys-lrm',
	'volatile-lru',
	'volatile-lfu',
	'volatile-random',
	'volatile-ttl',
	'volatile-lrm',
] as const;

/** Why writes fail; the first that holds, in this order after `none`. */
export const redisWriteTroubles = [
	'none',
	'oom',
	'misconf',
	'aof',
	'read-only',
	'min-replicas',
] as const;

const policy = oneOf(redisPolicies, 'What is evicted', '淘汰策略');
const maxMemory = number('bytes', 'Memory limit (0: none)', '内存上限（0 为无）');

/** Looks at a Redis or Valkey server. */
export const redisLooks = {
	'redis.server': {
		title: {en: 'Redis now', zh: 'Redis 当前状态'},
		on: 'redis',
		from: 'INFO, PING',
		fields: {
			answers: truth('Answers', '有响应'),
			failure: failureOf(redisFailures, 'Trouble answering', '响应故障'),
			role: oneOf(['master', 'replica'], 'Role', '角色'),
			'is-master-link-up': truth('The replica reaches its master', '副本可连主库'),
			memory: number('percent', 'Memory of the limit', '内存占上限'),
			used: number('bytes', 'Memory used', '已用内存'),
			maxmemory: maxMemory,
			'is-limited': truth('The memory is limited', '设有内存上限'),
			policy,
			evictions: number('per-second', 'Evicted keys', '每秒淘汰键数'),
			evicted: number('count', 'Evicted since the start', '启动以来淘汰键数'),
			'hit-rate': number('percent', 'Hit rate', '命中率'),
			keys: number('count', 'Keys', '键数'),
			'expiring-percent': number('percent', 'Keys that expire', '设有过期时间的键'),
			clients: number('count', 'Clients', '客户端数'),
			'clients-percent': number('percent', 'Clients of the limit', '客户端占上限'),
			'blocked-clients': number('count', 'Clients that wait', '阻塞的客户端'),
			'rejected-clients': number(
				'count',
				'Clients turned away since the start',
				'启动以来拒绝的连接',
			),
			ping: number('milliseconds', 'Round trip', '往返时间'),
			operations: number('per-second', 'Commands', '每秒命令数'),
			fragmentation: number('ratio', 'Fragmentation', '内存碎片率'),
			'refuses-writes': truth('Refuses writes', '拒绝写入'),
			'write-trouble': oneOf(redisWriteTroubles, 'Why', '原因'),
			'last-save-ok': truth('The last save succeeded', '上次保存成功'),
			'last-save-age': number('seconds', 'Since the last save', '距上次保存'),
			'unsaved-changes': number('count', 'Changes since the last save', '上次保存后的变更'),
			'aof-enabled': truth('Append-only file is on', '已开启 AOF'),
			'aof-ok': truth('Append-only file is written', 'AOF 写入正常'),
			loading: truth('Loads its data', '正在加载数据'),
			'server-age': number('seconds', 'Since the start of the server', '服务器启动至今'),
		},
	},
	'redis.keys': {
		title: {en: 'Keys of Redis (sample)', zh: 'Redis 键（抽样）'},
		on: 'redis',
		from: 'SCAN, MEMORY USAGE, PTTL',
		isHeavy: true,
		fields: {
			sampled: number('count', 'Keys looked at', '抽样键数'),
			'is-complete': truth('Every key was looked at', '已查看全部键'),
			'biggest-key': text('Biggest key', '最大的键'),
			'biggest-bytes': number('bytes', 'Its size', '其大小'),
			'biggest-type': text('Its type', '其类型'),
			'biggest-share': number('percent', 'Its share of the sample', '占抽样的份额'),
			'biggest-expires': truth('It expires', '该键会过期'),
			prefix: text('Prefix with the most bytes', '占用最多的前缀'),
			'prefix-bytes': number('bytes', 'Bytes below it', '该前缀字节数'),
			'prefix-share': number('percent', 'Its share of the sample', '占抽样的份额'),
			'lasting-percent': number('percent', 'Keys that never expire', '永不过期的键'),
			'is-broker': truth('Holds queues of a task broker', '存有任务队列'),
			'broker-sign': text('Key that says so', '判断依据的键'),
		},
	},
	'redis.latency': {
		title: {en: 'Latency of Redis', zh: 'Redis 延迟'},
		on: 'redis',
		from: 'PING, SLOWLOG GET, LATENCY LATEST, INFO commandstats',
		fields: {
			'ping-median': number('milliseconds', 'Median of ten round trips', '十次往返的中位数'),
			'ping-max': number('milliseconds', 'Longest of ten round trips', '十次往返的最大值'),
			'slow-commands': number('count', 'Slow commands in 15 minutes', '15 分钟内的慢命令'),
			slowest: text('Slowest of them', '其中最慢的命令'),
			'slowest-duration': number('milliseconds', 'Its duration', '其耗时'),
			'slowest-age': number('seconds', 'Since it ran', '距其执行'),
			'slow-recent': number('count', 'Slow commands in the last minute', '最近一分钟的慢命令'),
			'slowest-recent': text('Slowest of them', '其中最慢的命令'),
			'slowest-recent-duration': number('milliseconds', 'Its duration', '其耗时'),
			'is-slow-log-readable': truth('The slow log can be read', '可读取慢日志'),
			event: text('Latest latency event', '最近的延迟事件'),
			'event-duration': number('milliseconds', 'Its duration', '其耗时'),
			'event-age': number('seconds', 'Since it happened', '距其发生'),
			'busiest-command': text('Command that takes the most time', '总耗时最多的命令'),
			'busiest-share': number('percent', 'Its share of all time', '占总耗时的份额'),
			'fork-duration': number('milliseconds', 'Last fork', '上次 fork 耗时'),
		},
	},
	'redis.settings': {
		title: {en: 'Settings of Redis', zh: 'Redis 参数'},
		on: 'redis',
		from: {en: 'CONFIG GET; command line of its container', zh: 'CONFIG GET；其容器的启动命令行'},
		fields: {
			maxmemory: maxMemory,
			'maxmemory-of-host': number(
				'percent',
				'Memory limit of the memory here',
				'内存上限占本机内存',
			),
			policy,
			save: text('Save points', '保存点'),
			'is-persistent': truth('Keeps its data over a restart', '重启后保留数据'),
			'is-aof-on': truth('Append-only file is on', '已开启 AOF'),
			'max-clients': number('count', 'maxclients', 'maxclients'),
			'has-password': truth('Asks for a password', '需要密码'),
			'lost-on-restart': number(
				'count',
				'Settings that a restart would take back',
				'重启会丢失的设置',
			),
			'first-lost': text('First of them', '其中第一个'),
			differing: number('count', 'Settings unlike the handbook', '与手册不同的参数数'),
			'first-differing': text('First of them', '其中第一个'),
		},
	},
} as const satisfies Readonly<Record<string, LookDeclaration>>;
