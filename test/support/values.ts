import type {Alert} from '../../src/domain/alerts.ts';
import type {BackupSetValue} from '../../src/domain/backups.ts';
import type {Container, ContainerDetail, Usage} from '../../src/domain/containers.ts';
import type {EndpointValue} from '../../src/domain/endpoint.ts';
import {cleanLine} from '../../src/domain/clean.ts';
import type {ErrorGroup, ErrorsValue} from '../../src/domain/errors.ts';
import type {HostValue, ProcessesValue} from '../../src/domain/host.ts';
import type {
	BlockingNode,
	PostgresActivity,
	PostgresStorage,
	Session,
} from '../../src/domain/postgres.ts';
import type {Problem} from '../../src/domain/problem.ts';
import type {Reading} from '../../src/domain/reading.ts';
import type {RedisKeySample, RedisValue} from '../../src/domain/redis.ts';
import type {
	BackupTarget,
	EndpointTarget,
	PostgresTarget,
	RedisTarget,
} from '../../src/domain/targets.ts';
import {container, nowMs} from './state.ts';

const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;

/** A reading that is as it should be, `ageMs` old. */
export function fresh<T>(value: T, ageMs = 400): Reading<T> {
	return {kind: 'fresh', value, atMs: nowMs - ageMs};
}

/** A value whose server does not answer since 42 s. */
export function stale<T>(value: T, problem: Problem = refused): Reading<T> {
	return {
		kind: 'stale',
		value,
		atMs: nowMs - 44_000,
		problem,
		sinceMs: nowMs - 42_000,
		retryAtMs: nowMs + 3000,
	};
}

/** A server that never answered. */
export function failed(problem: Problem = refused): Reading<never> {
	return {kind: 'failed', problem, sinceMs: nowMs - 42_000, retryAtMs: nowMs + 3000};
}

/** A cause that fits every source. */
export const refused: Problem = {
	code: 'host-unreadable',
	params: {path: '/proc/stat', cause: 'EACCES'},
	retry: 'soon',
};

/** A machine with four cores, three disks and one that does not answer. */
export const hostValue: HostValue = {
	hostname: 'web-1',
	kernel: '6.1.0-28-amd64',
	uptimeSeconds: 345_678,
	cpu: {
		cores: 4,
		busyPercent: 37.4,
		ioWaitPercent: 2.1,
		stealPercent: 0,
		perCorePercent: [12, 55, 80, 2],
	},
	load: [1.52, 1.21, 0.98],
	memory: {
		totalBytes: 16 * gibibyte,
		availableBytes: 6 * gibibyte,
		usedBytes: 10 * gibibyte,
		usedPercent: 62.5,
		cachedBytes: 3 * gibibyte,
	},
	swap: {totalBytes: 2 * gibibyte, usedBytes: 300 * mebibyte, usedPercent: 14.6},
	disks: [
		{
			mount: '/',
			device: '/dev/vda1',
			type: 'ext4',
			totalBytes: 50 * gibibyte,
			usedBytes: 21 * gibibyte,
			availableBytes: 26 * gibibyte,
			usedPercent: 44.7,
			inodesUsedPercent: 12,
			busyPercent: 3.2,
			readBytesPerSecond: 12_000,
			writtenBytesPerSecond: 480_000,
		},
		{
			mount: '/var/lib/docker',
			device: '/dev/vdb1',
			type: 'xfs',
			totalBytes: 200 * gibibyte,
			usedBytes: 186 * gibibyte,
			availableBytes: 14 * gibibyte,
			usedPercent: 93,
			busyPercent: 41,
			readBytesPerSecond: 2_000_000,
			writtenBytesPerSecond: 9_100_000,
		},
		{
			mount: '/数据/备份',
			device: '/dev/vdc1',
			type: 'ext4',
			totalBytes: 1024 * gibibyte,
			usedBytes: 102 * gibibyte,
			availableBytes: 922 * gibibyte,
			usedPercent: 10,
		},
	],
	unreadDisks: [{mount: '/mnt/nfs', reason: 'no-answer'}],
	network: [
		{name: 'eth0', receivedBytesPerSecond: 1_200_000, sentBytesPerSecond: 340_000},
		{name: 'eth1'},
	],
};

/** Two processes. */
export const processesValue: ProcessesValue = {
	processes: [
		{
			pid: 4321,
			user: 'postgres',
			name: 'postgres',
			command: 'postgres: app shop 10.0.0.7(51234) SELECT',
			cpuPercent: 87.2,
			memoryBytes: 400 * mebibyte,
		},
		{
			pid: 17,
			user: 'root',
			name: 'dockerd',
			command: 'dockerd --token=••••••',
			cpuPercent: 1.2,
			memoryBytes: 90 * mebibyte,
		},
	],
};

function session(pid: number, more: Partial<Session> = {}): Session {
	return {
		pid,
		user: 'app',
		database: 'shop',
		application: 'uvicorn',
		client: '10.0.0.7',
		state: 'active',
		transactionSeconds: 754,
		querySeconds: 12,
		stateSeconds: 12,
		query: 'UPDATE orders SET state = $1 WHERE id = $2',
		...more,
	};
}

function waiter(pid: number, more: Partial<BlockingNode> = {}): BlockingNode {
	return {
		session: session(pid, {waitEvent: 'Lock:transactionid'}),
		blocks: [],
		alsoBlockedBy: [],
		...more,
	};
}

/** Two blockers: one with a chain below it, one that shares a waiter. */
export const blockingForest: readonly BlockingNode[] = [
	{
		session: session(4711, {state: 'idle in transaction', query: 'SELECT 订单 FROM 表 FOR UPDATE'}),
		blocks: [waiter(4712, {blocks: [waiter(4713)]}), waiter(4714, {alsoBlockedBy: [5000]})],
		alsoBlockedBy: [],
	},
	{session: session(5000, {user: 'batch'}), blocks: [waiter(5001)], alsoBlockedBy: []},
];

/** A server that works; with `blockingForest` one that does not. */
export const postgresActivity: PostgresActivity = {
	version: '15.18',
	versionNumber: 150_018,
	role: 'primary',
	startedAtMs: nowMs - 86_400_000,
	database: 'shop',
	connections: {
		used: 42,
		usable: 97,
		max: 100,
		usedPercent: 43.3,
		byState: {active: 3, idle: 35, 'idle in transaction': 4},
		byDatabase: [
			{database: 'shop', count: 40},
			{database: 'postgres', count: 2},
		],
	},
	waiting: 0,
	blocking: [],
	longestQuery: session(4321, {querySeconds: 9}),
	longestTransaction: session(4711),
	idleInTransaction: [session(4711, {state: 'idle in transaction', stateSeconds: 700})],
	active: [session(4321), session(4322, {query: 'SELECT 1'})],
	commitsPerSecond: 812.4,
	rollbacksPerSecond: 0.2,
	cacheHitPercent: 99.62,
	deadlocks: 1,
	tempBytes: 4 * mebibyte,
	tempFiles: 2,
	deadlocksSeen: 0,
	checksumFailures: 0,
	seesAllSessions: true,
};

/** Sizes, statements, a replica; indexes that the role may not see. */
export const postgresStorage: PostgresStorage = {
	databases: {available: true, value: [{name: 'shop', bytes: 3 * gibibyte}]},
	tables: {
		available: true,
		value: [
			{
				schema: 'public',
				name: 'orders',
				totalBytes: 2 * gibibyte,
				liveRows: 12_345_678,
				deadRows: 456_789,
			},
		],
	},
	unusedIndexes: {available: false, reason: 'no-rights'},
	statements: {
		available: true,
		value: Array.from({length: 8}, (_, index) => ({
			query: `SELECT * FROM orders WHERE customer_id = $1 ORDER BY created_at DESC LIMIT ${index}`,
			calls: 120_000 / (index + 1),
			meanMs: 1234.5 / (index + 1),
			totalMs: 1_000_000 / (index + 1),
			rows: 10,
			sharePercent: 60 / (index + 1),
		})),
	},
	replication: {
		available: true,
		value: {
			replicas: [
				{name: 'standby1', client: '10.0.0.9', state: 'streaming', lagBytes: 4096, lagSeconds: 0.3},
			],
			slots: [{name: 'slot1', isActive: true, retainedBytes: mebibyte}],
		},
	},
	archiving: {
		available: true,
		value: {mode: 'on', archived: 100, failed: 0, lastArchivedAtMs: nowMs - 60_000},
	},
	dataChecksums: {available: true, value: true},
};

/** A cache that works. */
export const redisValue: RedisValue = {
	flavour: 'redis',
	version: '7.0.15',
	runId: 'a'.repeat(40),
	role: 'master',
	uptimeSeconds: 86_400,
	memory: {
		usedBytes: 48 * mebibyte,
		rssBytes: 60 * mebibyte,
		peakBytes: 63 * mebibyte,
		maxBytes: 64 * mebibyte,
		usedPercent: 75,
		policy: 'allkeys-lru',
		fragmentationRatio: 1.25,
	},
	keys: {total: 12_345, expiring: 9000, databases: [{index: 0, keys: 12_345, expiring: 9000}]},
	evictedKeys: 12,
	expiredKeys: 4000,
	evictionsPerSecond: 0.4,
	hitPercent: 93.1,
	clients: {connected: 24, blocked: 0, max: 10_000, usedPercent: 0.2},
	rejectedConnections: 0,
	operationsPerSecond: 1234,
	pingMs: 0.4,
	slowLog: Array.from({length: 6}, (_, index) => ({
		id: index,
		atMs: nowMs - 60_000 * (index + 1),
		durationMs: 12 * (index + 1),
		command: `ZRANGE 排行榜:${index} 0 -1`,
	})),
	slowLogDenied: false,
	persistence: {
		isLoading: false,
		lastSaveAtMs: nowMs - 90_000,
		lastSaveOk: true,
		changesSinceSave: 17,
		isSaving: false,
		aofEnabled: true,
		aofOk: true,
	},
	replication: {replicas: 0},
	trouble: [],
};

/** A cache that is full and could not save. */
export const redisInTrouble: RedisValue = {
	...redisValue,
	memory: {...redisValue.memory, usedBytes: 64 * mebibyte, usedPercent: 100},
	persistence: {...redisValue.persistence, lastSaveOk: false, aofOk: false},
	trouble: ['out-of-memory', 'save-failed'],
};

/** A sample of keys. */
export const redisKeys: RedisKeySample = {
	database: 0,
	scanned: 1000,
	total: 12_345,
	isComplete: false,
	largest: [{key: 'session:用户:1', type: 'string', bytes: 9000, ttlSeconds: 60}],
	byPrefix: [{prefix: 'session:', keys: 900, bytes: mebibyte}],
	withoutExpiry: 3,
};

/** An address that answers; with any of its facts replaced. */
export function endpoint(url: string, more: Partial<EndpointValue> = {}): EndpointValue {
	return {
		url,
		status: 200,
		isUp: true,
		latencyMs: 12,
		p50Ms: 10,
		p95Ms: 31,
		probes: 100,
		failures: 0,
		failurePercent: 0,
		facts: [{name: 'version', value: '1.4'}],
		...more,
	};
}

/** An address that answers 503. */
export const endpointDown: Partial<EndpointValue> = {
	status: 503,
	isUp: false,
	failure: 'HTTP 503',
	failures: 40,
	failurePercent: 40,
};

function group(id: string, more: Partial<ErrorGroup>): ErrorGroup {
	return {
		id,
		signature: more.example ?? id,
		example: id,
		details: [],
		severity: 'error',
		count: 1,
		perMinute: 0,
		firstAtMs: nowMs - 3_600_000,
		lastAtMs: nowMs - 96_000,
		services: ['app'],
		history: Array.from({length: 30}, (_, index) => (index * 7) % 11),
		...more,
	};
}

/** Errors in two languages, with a trace, an emoji and a very long message. */
export const errorsValue: ErrorsValue = {
	groups: [
		group('a', {
			severity: 'warning',
			example: 'deprecated call',
			lastAtMs: nowMs - 1000,
			services: ['worker'],
		}),
		group('b', {
			example: 'connection to server at "db" (172.18.0.3), port 5432 failed: Connection refused',
			count: 12_345,
			perMinute: 240,
			services: ['app', 'worker'],
			details: [
				'Traceback (most recent call last):',
				'  File "/app/main.py", line 42, in handle',
				...Array.from({length: 30}, (_, index) => `  File "/app/深/${index}.py", line ${index}`),
			],
		}),
		group('c', {
			severity: 'fatal',
			example: '数据库连接失败：密码错误 💥 请检查配置',
			services: ['订单服务'],
		}),
		group('d', {example: `very long ${'message '.repeat(400)}`, lastAtMs: nowMs - 86_400_000 * 3}),
		group('e', {example: cleanLine('👩‍👩‍👧‍👦 family, flag é, \u001b[31mred'), services: ['nginx']}),
	],
	errorsPerMinute: 241,
	linesRead: 987_654,
	linesSkipped: 1200,
	serverErrorPercent: 12.5,
	requestsPerSecond: 80,
	groupsDropped: 3,
	followed: [
		{target: 'app', service: 'app', isFollowing: true},
		{target: 'db', service: 'db', isFollowing: false, problem: 'no right to read /var/log/db.log'},
	],
};

/** A backup set that is as it should be; with any of its facts replaced. */
export function backupSet(id: string, more: Partial<BackupSetValue> = {}): BackupSetValue {
	return {
		id,
		kind: 'database',
		folder: '/backups',
		pattern: 'db_*.sql.gz',
		schedule: '0 2 * * *',
		provenance: 'H1-07',
		count: 14,
		newest: {name: 'db_1.sql.gz', atMs: nowMs - 36_000_000, bytes: 420 * mebibyte},
		totalBytes: 6 * gibibyte,
		medianBytes: 410 * mebibyte,
		sizeRatio: 1.02,
		ageSeconds: 36_000,
		maxAgeSeconds: 90_000,
		isOverdue: false,
		isSuspicious: false,
		...more,
	};
}

/** A raised alert. */
export function alert(more: Partial<Alert> & Pick<Alert, 'metric' | 'target'>): Alert {
	const subject = more.subject ?? more.target;
	return {
		id: `${more.metric} ${more.target} ${subject}`,
		ruleId: more.metric,
		subject,
		level: 'warn',
		isPending: false,
		value: 92,
		threshold: 90,
		sinceMs: nowMs - 300_000,
		provenance: 'H1-03',
		...more,
	};
}

/** Alerts of all levels. */
export const alerts: readonly Alert[] = [
	alert({metric: 'postgres.connections', target: 'db', level: 'crit', value: 92.4, threshold: 90}),
	alert({
		metric: 'container.unhealthy',
		target: 'engine',
		subject: 'shop_app_1',
		level: 'crit',
		value: 1,
		threshold: 1,
	}),
	alert({
		metric: 'container.down',
		target: 'engine',
		subject: 'shop_worker_1',
		level: 'crit',
		value: 1,
		threshold: 1,
	}),
	alert({
		metric: 'endpoint.down',
		target: 'http://127.0.0.1:8000/health',
		level: 'crit',
		value: 1,
		threshold: 1,
	}),
	alert({
		metric: 'host.disk',
		target: 'host',
		subject: '/var/lib/docker',
		value: 93,
		threshold: 85,
	}),
	alert({metric: 'redis.memory', target: 'cache', value: 75, threshold: 70}),
	alert({metric: 'redis.hit-rate', target: 'cache', level: 'unknown', subject: '*'}),
	alert({metric: 'backup.overdue', target: 'database', value: 1, threshold: 1}),
	alert({
		metric: 'errors.per-minute',
		target: 'logs',
		value: 241,
		threshold: 10,
		provenance: 'opsconsole.yaml:12',
	}),
];

/** One container in each state that matters, and one with a Chinese name. */
export const mixedContainers: readonly Container[] = [
	container('app', {
		health: 'unhealthy',
		healthOutput: 'HTTP 503 from http://localhost:8000/health: database is down',
		ports: [{containerPort: 8000, protocol: 'tcp', hostPort: 18_000}],
	}),
	container('db', {image: 'postgres:15'}),
	container('cache', {image: 'redis:7', health: 'none'}),
	container('worker', {
		state: 'restarting',
		isCrashLooping: true,
		recentRestarts: 7,
		restartCount: 31,
		exitCode: 137,
		oomKilled: true,
		health: 'none',
	}),
	container('mail', {state: 'exited', exitCode: 1, health: 'none', finishedAtMs: nowMs - 5000}),
	container('cron', {state: 'paused', health: 'none'}),
	container('订单服务', {image: '镜像/订单:1.4'}),
	container('old', {state: 'exited', exitCode: 0, health: 'none', isInspected: false}),
];

/** Usage of a container. */
export function usage(more: Partial<Usage> = {}): Usage {
	return {
		cpuPercent: 12.3,
		memoryUsedBytes: 140 * mebibyte,
		memoryLimitBytes: 256 * mebibyte,
		networkReceivedBytesPerSecond: 12_000,
		networkSentBytesPerSecond: 3400,
		blockReadBytesPerSecond: 0,
		blockWrittenBytesPerSecond: 120_000,
		pids: 12,
		...more,
	};
}

/** Facts of a container, a secret masked. */
export const containerDetail: ContainerDetail = {
	id: 'app'.padEnd(64, '0'),
	environment: [
		{name: 'DATABASE_URL', value: 'postgresql://app:••••••@db/shop', isMasked: true},
		...Array.from({length: 25}, (_, index) => ({
			name: `SETTING_${index}`,
			value: `值 ${index}`,
			isMasked: false,
		})),
	],
	mounts: [{type: 'volume', source: 'shop_data', destination: '/data', isReadOnly: true}],
	networks: [{name: 'shop_default', address: '172.18.0.2'}],
	labels: {},
	entrypoint: 'uvicorn main:app --host 0.0.0.0',
	user: 'app',
	workingFolder: '/app',
	restartPolicy: 'unless-stopped',
	healthCheck: 'curl -f http://localhost:8000/health',
	memoryLimitBytes: 256 * mebibyte,
};

/** The servers of the shop. */
export const postgresTarget: PostgresTarget = {
	id: 'db',
	origin: 'container',
	host: '127.0.0.1',
	port: 5432,
	database: 'shop',
	user: 'app',
	tls: 'off',
};

export const redisTarget: RedisTarget = {
	id: 'cache',
	origin: 'container',
	host: '127.0.0.1',
	port: 6379,
	tls: 'off',
};

/** The health address of the app. */
export const endpointTarget: EndpointTarget = {
	id: 'http://127.0.0.1:8000/health',
	origin: 'container',
	url: 'http://127.0.0.1:8000/health',
	container: {
		containerId: 'app'.padEnd(64, '0'),
		containerName: 'shop_app_1',
		project: 'shop',
		service: 'app',
	},
};

/** A set of backups that should be there. */
export function backupTarget(id: string): BackupTarget {
	return {
		id,
		kind: 'database',
		folder: '/backups',
		pattern: 'db_*.sql.gz',
		maxAgeMs: 90_000_000,
		provenance: 'H1-07',
	};
}
