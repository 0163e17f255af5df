import {describe, expect, test} from 'vitest';

import type {Container, ContainersValue} from '../../../src/domain/containers.ts';
import {isDown} from '../../../src/domain/container-samples.ts';
import type {HostValue} from '../../../src/domain/host.ts';
import {everySubject, metrics, type Sample} from '../../../src/domain/metrics.ts';
import type {PostgresActivity, PostgresStorage} from '../../../src/domain/postgres.ts';
import type {RedisValue} from '../../../src/domain/redis.ts';
import {levelNow, prepareRules} from '../../../src/domain/rules.ts';
import {metricsOfSource, samplesOf} from '../../../src/domain/samples.ts';
import type {ExpectedService} from '../../../src/domain/settings.ts';
import type {SourceId} from '../../../src/domain/source-values.ts';

/** Samples as `metric subject` and value. */
function table(samples: readonly Sample[]): Record<string, number | undefined> {
	return Object.fromEntries(
		samples.map(({metric, subject, value}) => [`${metric} ${subject}`, value]),
	);
}

type Writable = {-readonly [Key in keyof Container]: Container[Key]};

function container(changes: Partial<Container> = {}): Writable {
	return {
		id: 'id1',
		key: 'shop/db/1',
		name: 'shop-db-1',
		project: 'shop',
		service: 'db',
		image: 'postgres',
		imageId: 'x',
		command: 'postgres',
		state: 'running',
		health: 'none',
		restartCount: 0,
		recentRestarts: 0,
		isCrashLooping: false,
		oomKilled: false,
		createdAtMs: 0,
		ports: [],
		addresses: [],
		isInspected: true,
		...changes,
	};
}

function containersValue(...containers: readonly Container[]): ContainersValue {
	return {engine: {version: '', apiVersion: '', name: '', operatingSystem: ''}, containers};
}

function service(name: string): ExpectedService {
	return {name, isCritical: true, runtime: 'compose', provenance: 'H1-01'};
}

describe('every source', () => {
	test('every metric belongs to exactly one source', () => {
		const all = Object.values(metricsOfSource).flat();
		expect([...all].sort()).toEqual(Object.keys(metrics).sort());
	});

	test('without a value every metric is unknown for every subject', () => {
		const ids = Object.entries(metricsOfSource);
		for (const [id, own] of ids) {
			const isId = (text: string): text is SourceId => text in metricsOfSource;
			if (!isId(id)) throw new Error(id);
			const samples = samplesOf(id, 'target', undefined);
			expect(samples).toEqual(
				own.map(metric => ({metric, target: 'target', subject: everySubject, value: undefined})),
			);
		}
	});
});

describe('down: not running while it should', () => {
	test.each<[string, Partial<Container>, boolean, boolean | undefined]>([
		['running', {}, true, false],
		[
			'a one-shot that did its work',
			{state: 'exited', exitCode: 0, restartPolicy: 'no'},
			false,
			false,
		],
		['a one-shot that failed', {state: 'exited', exitCode: 1, restartPolicy: 'no'}, false, true],
		['expected', {state: 'exited', exitCode: 0, restartPolicy: 'no'}, true, true],
		['always', {state: 'exited', exitCode: 0, restartPolicy: 'always'}, false, true],
		[
			'unless-stopped',
			{state: 'exited', exitCode: 0, restartPolicy: 'unless-stopped'},
			false,
			true,
		],
		[
			'on-failure with 0',
			{state: 'exited', exitCode: 0, restartPolicy: 'on-failure'},
			false,
			false,
		],
		['on-failure with 1', {state: 'exited', exitCode: 1, restartPolicy: 'on-failure'}, false, true],
		['dead of Compose', {state: 'dead', exitCode: 0}, false, true],
		['paused', {state: 'paused'}, false, true],
		['restarting', {state: 'restarting'}, false, true],
		['removing', {state: 'removing'}, false, false],
		['created, never wanted', {state: 'created', restartPolicy: 'no'}, false, false],
		['created, expected', {state: 'created', restartPolicy: 'no'}, true, true],
		['not inspected', {state: 'exited', isInspected: false}, false, undefined],
		['not inspected but failed', {state: 'exited', isInspected: false, exitCode: 2}, false, true],
	])('%s', (_, changes, isExpected, expected) => {
		expect(isDown(container(changes), isExpected)).toBe(expected);
	});

	test('a one-shot of nobody that could not be removed', () => {
		const plain = container({state: 'dead', exitCode: 0, restartPolicy: 'no'});
		delete plain.service;
		expect(isDown(plain, false)).toBe(false);
	});
});

describe('containers', () => {
	test('what helps an operation is not judged; a stopped one is down since it ended', () => {
		const engine = {version: '', apiVersion: '', name: '', operatingSystem: ''};
		const ended = container({state: 'exited', exitCode: 1, isInspected: true, finishedAtMs: 7});
		const helper = container({
			name: 'opsconsole-dump',
			operation: 'r',
			state: 'exited',
			exitCode: 1,
		});
		const value = {engine, containers: [ended, helper]};
		const samples = samplesOf('docker.containers', 'docker', value);
		expect(new Set(samples.map(({subject}) => subject))).toEqual(new Set(['shop-db-1']));
		const down = samples.find(({metric}) => metric === 'container.down');
		expect(down).toMatchObject({value: 1, sinceMs: 7});
	});
	test('states, with the names that rules may use', () => {
		const value = containersValue(
			container({health: 'unhealthy', isCrashLooping: true, recentRestarts: 4}),
		);
		const samples = samplesOf('docker.containers', 'docker', value);
		expect(table(samples)).toEqual({
			'container.down shop-db-1': 0,
			'container.unhealthy shop-db-1': 1,
			'container.crash-loop shop-db-1': 1,
			'container.oom-killed shop-db-1': 0,
			'container.restarts shop-db-1': 4,
		});
		expect(samples[0]?.aliases).toEqual(['db', 'shop/db/1']);
	});

	test('expected services: none at all, one that stopped, one of several that runs', () => {
		const stopped = {state: 'exited', exitCode: 0, restartPolicy: 'no'} as const;
		const value = containersValue(
			container({...stopped, id: '1', name: 'a', service: 'one'}),
			container({...stopped, id: '2', name: 'b', service: 'two'}),
			container({id: '3', name: 'c', service: 'two'}),
		);
		const systemd = {...service('cron'), runtime: 'systemd'} as const;
		const services = [service('one'), service('two'), service('gone'), systemd];
		const down = samplesOf('docker.containers', 'docker', value, {services}).filter(
			sample => sample.metric === 'container.down',
		);
		expect(table(down)).toEqual({
			'container.down a': 1,
			'container.down b': 0,
			'container.down c': 0,
			'container.down gone': 1,
		});
	});

	test('usage: memory only with a limit, names from the containers', () => {
		const containers = containersValue(container(), container({id: 'id2', name: 'web'}));
		const samples = samplesOf(
			'docker.usage',
			'docker',
			{
				via: 'cgroup',
				byId: {
					id1: {cpuPercent: 12, memoryUsedBytes: 50, memoryLimitBytes: 200},
					id2: {memoryUsedBytes: 50},
				},
			},
			{containers},
		);
		expect(table(samples)).toEqual({
			'container.cpu shop-db-1': 12,
			'container.memory shop-db-1': 25,
			'container.cpu web': undefined,
		});
	});
});

test('host: what is not known is unknown, what does not exist is nothing', () => {
	const value: HostValue = {
		hostname: 'h',
		kernel: 'k',
		cpu: {cores: 4, perCorePercent: []},
		load: [6, 1, 1],
		disks: [
			{
				mount: '/',
				device: '/dev/vda',
				type: 'ext4',
				totalBytes: 10,
				usedBytes: 5,
				availableBytes: 5,
				usedPercent: 50,
			},
		],
		unreadDisks: [{mount: '/mnt/nfs', reason: 'no-answer'}],
		network: [],
	};
	expect(table(samplesOf('host.load', 'host', value))).toEqual({
		'host.cpu host': undefined,
		'host.memory host': undefined,
		'host.load-per-core host': 1.5,
		'host.disk /': 50,
		'host.disk /mnt/nfs': undefined,
	});
	const noCores = {...value, cpu: {cores: 0, perCorePercent: []}};
	expect(table(samplesOf('host.load', 'host', noCores))['host.load-per-core host']).toBeUndefined();
});

const activity: PostgresActivity = {
	version: '17.2',
	versionNumber: 170_002,
	role: 'primary',
	startedAtMs: 0,
	database: 'app',
	connections: {used: 5, usable: 50, max: 53, usedPercent: 10, byState: {}, byDatabase: []},
	waiting: 0,
	blocking: [],
	idleInTransaction: [],
	active: [],
	deadlocks: 9,
	tempBytes: 0,
	tempFiles: 0,
	deadlocksSeen: 1,
	checksumFailures: 0,
	seesAllSessions: true,
};

test('postgres: nobody busy is 0; without the right to see it is unknown', () => {
	const seen = table(samplesOf('postgres.activity', 'db', activity));
	expect(seen).toMatchObject({
		'postgres.connections db': 10,
		'postgres.longest-query db': 0,
		'postgres.deadlocks db': 1,
	});
	expect(seen).not.toHaveProperty('postgres.cache-hit db');
	const blind = table(samplesOf('postgres.activity', 'db', {...activity, seesAllSessions: false}));
	expect(blind['postgres.longest-query db']).toBeUndefined();
	expect(blind['postgres.idle-in-transaction db']).toBeUndefined();
});

test('postgres storage: replicas by name, archiving off is nothing, no rights is unknown', () => {
	const none = {available: false, reason: 'no-rights'} as const;
	const storage: PostgresStorage = {
		databases: none,
		tables: none,
		unusedIndexes: none,
		statements: none,
		replication: {
			available: true,
			value: {
				replicas: [
					{name: 'a', client: '', state: 'streaming', lagSeconds: 4},
					{name: 'b', client: '', state: 'streaming', lagBytes: 0},
					{name: 'c', client: '', state: 'startup'},
				],
				slots: [],
			},
		},
		archiving: {available: true, value: {mode: 'off', archived: 0, failed: 0}},
		dataChecksums: none,
	};
	expect(table(samplesOf('postgres.storage', 'db', storage))).toEqual({
		'postgres.replication-lag a': 4,
		'postgres.replication-lag b': 0,
		'postgres.replication-lag c': undefined,
	});
	const failing = {mode: 'on', archived: 1, failed: 2, lastArchivedAtMs: 5, lastFailedAtMs: 9};
	expect(
		table(
			samplesOf('postgres.storage', 'db', {
				...storage,
				replication: {available: false, reason: 'not-on-standby'},
				archiving: {available: true, value: failing},
			}),
		),
	).toEqual({'postgres.archive-failing db': 1});
	expect(
		table(samplesOf('postgres.storage', 'db', {...storage, replication: none, archiving: none})),
	).toEqual({
		'postgres.replication-lag db': undefined,
		'postgres.archive-failing db': undefined,
	});
});

test('redis: a replica is read-only by design; no maxmemory and little memory say nothing', () => {
	const value: RedisValue = {
		flavour: 'redis',
		version: '7.2',
		runId: 'x',
		role: 'replica',
		uptimeSeconds: 1,
		memory: {
			usedBytes: 1_000_000,
			rssBytes: 9_000_000,
			peakBytes: 1,
			maxBytes: 0,
			policy: 'noeviction',
			fragmentationRatio: 9,
		},
		keys: {total: 0, expiring: 0, databases: []},
		evictedKeys: 0,
		expiredKeys: 0,
		clients: {connected: 1, blocked: 0, max: 100, usedPercent: 1},
		rejectedConnections: 0,
		operationsPerSecond: 0,
		pingMs: 0.3,
		slowLog: [],
		slowLogDenied: false,
		persistence: {
			isLoading: false,
			lastSaveOk: true,
			changesSinceSave: 0,
			isSaving: false,
			aofEnabled: true,
			aofOk: false,
		},
		replication: {replicas: 0, masterLinkUp: false},
		trouble: ['read-only'],
	};
	const samples = table(samplesOf('redis.server', 'cache', value));
	expect(samples).toMatchObject({
		'redis.refuses-writes cache': 0,
		'redis.save-failed cache': 1,
		'redis.replica-link-down cache': 1,
		'redis.evictions cache': undefined,
	});
	for (const metric of ['memory', 'fragmentation', 'hit-rate']) {
		expect(samples).not.toHaveProperty(`redis.${metric} cache`);
	}

	const master = table(samplesOf('redis.server', 'cache', {...value, role: 'master'}));
	expect(master['redis.refuses-writes cache']).toBe(1);
});

test('endpoint, errors and backups', () => {
	const endpoint = {
		url: 'https://x',
		isUp: false,
		probes: 0,
		failures: 0,
		failurePercent: 0,
		facts: [],
	};
	expect(table(samplesOf('http.endpoint', 'web', endpoint))).toEqual({
		'endpoint.down web': 1,
		'endpoint.p95 web': undefined,
		'endpoint.failures web': undefined,
		'endpoint.certificate-days web': undefined,
	});
	const errors = {groups: [], errorsPerMinute: 0, linesRead: 0, linesSkipped: 0, groupsDropped: 0};
	const following = [{target: 'a', service: 'a', isFollowing: true}];
	expect(table(samplesOf('logs.errors', 'logs', {...errors, followed: following}))).toEqual({
		'errors.per-minute logs': 0,
	});
	expect(table(samplesOf('logs.errors', 'logs', {...errors, followed: []}))).toEqual({
		'errors.per-minute logs': undefined,
	});
	const log = (project: string, isFollowing: boolean) => ({
		...{target: project, service: 'app', project, isFollowing},
	});
	const projects = [
		{project: 'blog', errorsPerMinute: 80, serverErrorPercent: 30},
		{project: 'gone', errorsPerMinute: 1},
	];
	const several = {...errors, errorsPerMinute: 81, serverErrorPercent: 30, projects};
	const followed = [log('shop', true), log('blog', true), log('blind', false), ...following];
	// What one project writes is no trouble of another.
	expect(table(samplesOf('logs.errors', 'logs', {...several, followed}))).toEqual({
		'errors.per-minute shop': 0,
		'errors.per-minute blog': 80,
		'errors.server-errors blog': 30,
		'errors.per-minute blind': undefined,
		'errors.per-minute logs': 0,
	});
	const set = {
		id: 'database',
		kind: 'database' as const,
		folder: '/b',
		pattern: '*',
		provenance: 'x',
		count: 0,
		totalBytes: 0,
		maxAgeSeconds: 1,
		isOverdue: true,
		isSuspicious: false,
	};
	expect(table(samplesOf('backups.set', 'database', set))).toEqual({
		'backup.overdue database': 1,
		'backup.suspicious database': undefined,
		'backup.age database': undefined,
	});
	const cut = table(samplesOf('backups.set', 'database', {...set, isTruncated: true}));
	expect(cut['backup.overdue database']).toBeUndefined();
});

test('the level of one reading, without hold time', () => {
	const book = prepareRules([
		{
			id: 'disk',
			metric: 'host.disk',
			warn: 80,
			crit: 90,
			direction: 'above',
			forMs: 600_000,
			hysteresis: 0.05,
			provenance: 'x',
		},
	]);
	const level = (value: number | undefined) =>
		levelNow(book, {metric: 'host.disk', target: 'host', subject: '/', value});
	expect([10, 80, 90, undefined, Number.NaN].map(level)).toEqual([
		'ok',
		'warn',
		'crit',
		'unknown',
		'unknown',
	]);
	expect(levelNow(book, {metric: 'host.cpu', target: 'host', subject: 'host', value: 99})).toBe(
		'ok',
	);
});
