import type {Call} from '../simple.ts';
import {after, before, dockerWords, redisWords, safe, type DangerRule} from '../rule.ts';

const sends = (wanted: RegExp) => (call: Call) => wanted.test((redisWords(call) ?? []).join(' '));

const isDumpFile = (word: string): boolean => /\.rdb\b|appendonly/.test(word);

/** Commands for Redis. */
export const redisRules: readonly DangerRule[] = [
	{
		id: 'redis-flushed',
		instead: [safe.backupRedis, safe.redisDelete],
		call: sends(/^flush(?:all|db)\b/i),
	},
	{
		id: 'redis-keys-deleted',
		instead: [safe.redisDelete],
		call: call =>
			/^(?:del|unlink)\b/.test((redisWords(call) ?? []).join(' ')) &&
			(call.via.some(({program}) => program === 'xargs') || before(call).length > 0),
	},
	{id: 'redis-all-keys', call: sends(/^keys\b/)},
	{id: 'redis-monitor', call: sends(/^monitor\b/)},
	{
		id: 'redis-latency-endless',
		call: ({program, words}) =>
			/^(?:redis|valkey)-cli$/.test(program) &&
			words.some(word => /^--(?:latency|stat|latency-history|latency-dist)$/.test(word)),
	},
	{
		id: 'redis-setting-lost',
		instead: [safe.redisMemory, safe.redisPolicy, safe.redisSave],
		call: sends(/^config set\b/i),
	},
	{
		id: 'redis-evicts-everything',
		instead: [safe.redisPolicy],
		call: sends(/^config set maxmemory-policy allkeys/i),
		text: /^\s*maxmemory-policy\s+allkeys/,
	},
	{id: 'redis-save-guessed', instead: [safe.backupRedis], call: sends(/^(?:bg)?save\b/i)},
	{
		id: 'redis-file-copied',
		instead: [safe.backupRedis, safe.restoreRedis],
		call: call => {
			const docker = dockerWords(call);
			const isCopy = docker?.verb === 'cp' || /^(?:cp|mv|scp|rsync)$/.test(call.program);
			return isCopy && call.words.some(word => isDumpFile(word));
		},
	},
	{
		id: 'redis-no-such-field',
		call: call =>
			(redisWords(call) ?? [])[0] === 'info' &&
			after(call).some(
				({program, words}) => program === 'grep' && words.some(word => /hit_?rate/i.test(word)),
			),
	},
	{
		id: 'redis-password-shown',
		call: ({program, words}) =>
			/^(?:redis|valkey)-cli$/.test(program) &&
			words.some(word => word === '-a' || word.startsWith('--pass')),
	},
];
