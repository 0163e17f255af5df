import {describe, expect, it} from 'vitest';
import type {Problem} from '../../../src/domain/problem.ts';
import {parseInfo} from '../../../src/domain/redis-info.ts';
import {chosenOf} from '../../../src/looks/host/settings.ts';
import {standOut, walkTree} from '../../../src/looks/host/walk-tree.ts';
import {dockerFailure} from '../../../src/looks/own/docker.ts';
import {postgresFailure} from '../../../src/looks/postgres/failure.ts';
import {settingFigure} from '../../../src/looks/postgres/settings.ts';
import {judgeScans, type ScannedTable} from '../../../src/looks/postgres/table-scans.ts';
import {redisFailure} from '../../../src/looks/redis/failure.ts';
import {brokerSign} from '../../../src/looks/redis/keys.ts';
import {commandTimes, latestEvent} from '../../../src/looks/redis/latency.ts';
import {writeTrouble} from '../../../src/looks/redis/server.ts';
import type {ProblemCode} from '../../../src/words/index.ts';
import {realClock} from '../../support/clock.ts';

function problem(code: ProblemCode, cause = ''): Problem {
	return {code, params: {cause}, retry: 'soon'};
}

describe('why a server does not answer', () => {
	it.each([
		['postgres-no-socket', '', 'refused'],
		['postgres-slow', '', 'timeout'],
		['postgres-full-unknown', '', 'too-many-clients'],
		['postgres-unreachable', 'ENOTFOUND', 'name'],
		['postgres-unreachable', 'EHOSTUNREACH', 'unreachable'],
		['postgres-too-old', '', 'other'],
	] as const)('%s %s is %s', (code, cause, failure) => {
		expect(postgresFailure(problem(code, cause))).toBe(failure);
	});

	it('names those of Redis and of the engine', () => {
		expect(redisFailure(problem('redis-needs-password'))).toBe('authentication');
		expect(redisFailure(problem('redis-no-info'))).toBe('other');
		expect(dockerFailure(problem('docker-unreachable', 'ETIMEDOUT'))).toBe('timeout');
		expect(dockerFailure(problem('docker-not-running'))).toBe('not-running');
	});
});

describe('tables that are read from end to end', () => {
	const table = (more: Partial<ScannedTable>): ScannedTable => ({
		id: 1,
		name: 'public.orders',
		scans: 100,
		rows: 10_000_000,
		indexScans: 0,
		bytes: 1000,
		...more,
	});

	it('takes the one that is read now before the one that was', () => {
		const before = [table({}), table({id: 2, name: 'b', scans: 10, rows: 20_000})];
		const after = [table({}), table({id: 2, name: 'b', scans: 12, rows: 24_000})];
		expect(judgeScans(before, after, 1000)).toMatchObject({
			table: {name: 'b'},
			rowsPerScan: 2000,
			rowsPerSecond: 4000,
			isIndexMissing: false,
			isScannedNow: true,
		});
		expect(judgeScans(before, before, 1000)).toMatchObject({
			table: {name: 'public.orders'},
			rowsPerSecond: 0,
			isIndexMissing: true,
			isScannedNow: false,
		});
		const few = judgeScans([table({})], [table({scans: 101, rows: 10_000_005})], 1000);
		expect(few).toMatchObject({rowsPerSecond: 5, isScannedNow: false});
	});

	it('takes a large one without an index before a small one that is read more often', () => {
		const small = {id: 2, name: 'public.matches', scans: 1000, rows: 1_000_000};
		const before = [table({}), table(small)];
		const after = [
			table({scans: 101, rows: 10_040_000}),
			table({...small, scans: 1100, rows: 1_100_000}),
		];
		expect(judgeScans(before, after, 1000)).toMatchObject({
			table: {name: 'public.orders'},
			isIndexMissing: true,
			isScannedNow: true,
		});
	});

	it('blames neither small tables nor a backup now and then', () => {
		const judge = (more: Partial<ScannedTable>) => judgeScans([], [table(more)], 0)?.isIndexMissing;
		expect(judge({rows: 100_000})).toBe(false);
		expect(judge({indexScans: 10_000})).toBe(false);
		expect(judge({scans: 5})).toBe(false);
		expect(judgeScans([], [], 1000)).toBeUndefined();
	});

	it('says nothing about now where the statistics began anew', () => {
		const now = judgeScans([table({})], [table({rows: 5})], 1000);
		expect(now?.rowsPerSecond).toBeUndefined();
		expect(now?.isScannedNow).toBeUndefined();
	});
});

it('reads settings with their units', () => {
	expect(settingFigure('16384', '8kB')).toBe(134_217_728);
	expect(settingFigure('30', 'min')).toBe(1_800_000);
	expect(settingFigure('-1', 'ms')).toBe(-1);
	expect(settingFigure('', '')).toBeUndefined();
	expect(chosenOf('always [madvise] never\n')).toBe('madvise');
	expect(chosenOf('')).toBeUndefined();
});

describe('why Redis refuses writes', () => {
	const info = (text: string) => parseInfo(text);
	it.each([
		[['out-of-memory', 'save-failed'], 'master', '', 'oom'],
		[['save-failed'], 'master', 'rdb_last_bgsave_status:err', 'misconf'],
		[['save-failed'], 'master', 'aof_enabled:1\naof_last_write_status:err', 'aof'],
		[['read-only'], 'master', 'min_slaves_good_slaves:0', 'min-replicas'],
		[[], 'replica', 'slave_read_only:1', 'read-only'],
		[[], 'replica', 'slave_read_only:0', 'none'],
		[['loading'], 'master', '', 'none'],
	] as const)('%j of a %s (%s): %s', (trouble, role, text, why) => {
		expect(writeTrouble({trouble, role}, info(text))).toBe(why);
	});
});

it('knows the keys of task brokers', () => {
	const largest = (key: string) => ({
		largest: [{key, type: 'list', bytes: 1}],
		byPrefix: [{prefix: 'user:', keys: 1, bytes: 1}],
	});
	expect(brokerSign(largest('celery'))).toBe('celery');
	expect(brokerSign(largest('_kombu.binding.celery'))).toBe('_kombu.binding.celery');
	expect(brokerSign(largest('celery-task-meta-7'))).toBeUndefined();
	expect(brokerSign(largest('session:1'))).toBeUndefined();
});

it('reads events and times of commands', () => {
	const answer = [
		['fork', 100, 5, 9],
		['command', 200, 12, 20],
	];
	expect(latestEvent(answer)).toEqual({name: 'command', atMs: 200_000, ms: 12});
	expect(latestEvent([])).toBeUndefined();
	const info = parseInfo('cmdstat_get:calls=2,usec=10\ncmdstat_config|get:calls=1,usec=3000,x=1');
	expect(commandTimes(info)).toEqual([
		{command: 'config get', ms: 3},
		{command: 'get', ms: 0.01},
	]);
});

describe('a walk', () => {
	const tree: Readonly<Record<string, readonly [number, readonly string[]]>> = {
		'/': [1, ['/a', '/b']],
		'/a': [2, ['/a/x']],
		'/a/x': [100, []],
		'/b': [10, ['/b/y']],
		'/b/y': [3, []],
	};
	const limits = {clock: realClock, signal: AbortSignal.timeout(10_000)};
	const visit = (path: string) => {
		const [own, below] = tree[path] ?? [0, []];
		return Promise.resolve({own, below, isCut: false});
	};

	it('finds what stands out', async () => {
		const walk = await walkTree('/', visit, {...limits, deadlineMs: 5000});
		expect(walk.isComplete).toBe(true);
		expect(walk.folders[0]?.total).toBe(116);
		expect(standOut(walk)).toMatchObject({path: '/a/x', total: 100});
		expect(standOut({folders: [], isComplete: true})).toBeUndefined();
	});

	it('says that it was cut short', async () => {
		expect(await walkTree('/', visit, {...limits, deadlineMs: 0})).toMatchObject({
			isComplete: false,
		});
		const denied = () => Promise.reject(Object.assign(new Error('no'), {code: 'EACCES'}));
		expect(await walkTree('/', denied, {...limits, deadlineMs: 5000})).toMatchObject({
			isComplete: false,
		});
		const gone = () => Promise.reject(Object.assign(new Error('no'), {code: 'ENOENT'}));
		expect(await walkTree('/', gone, {...limits, deadlineMs: 5000})).toMatchObject({
			isComplete: true,
		});
	});
});
