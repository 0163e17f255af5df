import {describe, expect, test} from 'vitest';
import {
	isOutOfMemory,
	keysOf,
	memoryOf,
	parseInfo,
	persistenceOf,
	productOf,
	refusalsOf,
	replicationOf,
} from '../../../src/domain/redis-info.ts';

const megabyte = 1024 * 1024;

test('parses CRLF lines, values with colons, comments and blank lines', () => {
	const info = parseInfo(
		'# Server\r\nredis_version:7.0.15\r\n\r\nexecutable:/a:b\r\nempty:\r\nnoise\r\n',
	);
	expect([...info]).toEqual([
		['redis_version', '7.0.15'],
		['executable', '/a:b'],
		['empty', ''],
	]);
});

test('Valkey is told from Redis by its own version', () => {
	expect(productOf(parseInfo('redis_version:7.2.4\nvalkey_version:8.1.1'))).toEqual({
		flavour: 'valkey',
		version: '8.1.1',
	});
	expect(productOf(parseInfo('redis_version:8.0.2'))).toEqual({flavour: 'redis', version: '8.0.2'});
});

test('fragmentation counts only where the data outweighs the program', () => {
	const info = (used: number) => parseInfo(`used_memory:${used}\nmem_fragmentation_ratio:9.5`);
	expect(memoryOf(info(megabyte), 'x').fragmentationRatio).toBeUndefined();
	expect(memoryOf(info(64 * megabyte), 'x').fragmentationRatio).toBe(9.5);
	expect(memoryOf(info(megabyte), 'x').usedPercent).toBeUndefined();
});

test('keys are added up over the databases, in their order', () => {
	const info = parseInfo(
		'db10:keys=1,expires=1,avg_ttl=5\ndb0:keys=5,expires=2,avg_ttl=0,subexpiry=0',
	);
	expect(keysOf(info)).toEqual({
		total: 6,
		expiring: 3,
		databases: [
			{index: 0, keys: 5, expiring: 2},
			{index: 10, keys: 1, expiring: 1},
		],
	});
	expect(keysOf(parseInfo(''))).toEqual({total: 0, expiring: 0, databases: []});
});

test('a failed save, a failed append and a load', () => {
	const info = parseInfo(
		'loading:1\nrdb_last_bgsave_status:err\naof_enabled:1\naof_last_write_status:err\nrdb_last_save_time:10',
	);
	expect(persistenceOf(info)).toEqual({
		isLoading: true,
		lastSaveAtMs: 10_000,
		lastSaveOk: false,
		changesSinceSave: 0,
		isSaving: false,
		aofEnabled: true,
		aofOk: false,
	});
});

test('a replica without its master tells since when', () => {
	expect(
		replicationOf(
			parseInfo('role:slave\nmaster_link_status:down\nmaster_link_down_since_seconds:12'),
		),
	).toEqual({replicas: 0, masterLinkUp: false, masterLagSeconds: 12});
	// -1: it never was connected.
	expect(
		replicationOf(
			parseInfo('role:slave\nmaster_link_status:down\nmaster_link_down_since_seconds:-1'),
		),
	).toEqual({replicas: 0, masterLinkUp: false});
	expect(replicationOf(parseInfo('role:master\nconnected_slaves:2'))).toEqual({replicas: 2});
});

test('errors that were answered, by their first word', () => {
	const info = parseInfo('errorstat_OOM:count=3\nerrorstat_ERR:count=1\nerrorstat_X:none');
	expect([...refusalsOf(info)]).toEqual([
		['OOM', 3],
		['ERR', 1],
	]);
});

describe('out of memory', () => {
	const check = (policy: string, usedBytes: number, expiring: number, extra = '') => {
		const info = parseInfo(`used_memory:${usedBytes}\nmaxmemory:${100 * megabyte}\n${extra}`);
		return isOutOfMemory(info, memoryOf(info, policy), expiring);
	};
	test.each([
		['noeviction', 101, 0, true],
		['noeviction', 99.99, 0, true],
		['noeviction', 99, 0, false],
		['allkeys-lru', 101, 0, false],
		['volatile-lru', 101, 0, true],
		['volatile-lru', 101, 1, false],
	])('%s with %d of 100 MB and %d expiring keys: %s', (policy, used, expiring, expected) => {
		expect(check(policy, used * megabyte, expiring)).toBe(expected);
	});
	test('buffers that do not count, and no limit', () => {
		expect(check('noeviction', 101 * megabyte, 0, 'mem_not_counted_for_evict:3000000')).toBe(false);
		const info = parseInfo('used_memory:5\nmaxmemory:0');
		expect(isOutOfMemory(info, memoryOf(info, 'noeviction'), 0)).toBe(false);
	});
});
