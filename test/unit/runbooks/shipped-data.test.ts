import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {formatConfigError} from '../../../config/error.ts';
import {readRunbook} from '../../../config/read-runbook.ts';
import type {Value} from '../../../src/runbooks/field.ts';
import {ranked, weigh, type Weighed} from '../../../src/runbooks/rank.ts';
import type {Wizard} from '../../../src/runbooks/runbook.ts';
import {
	after,
	begin,
	isOver,
	nodeOf,
	wayAt,
	type Move,
	type Walk,
} from '../../../src/runbooks/walk.ts';
import {healthyDataEvidence} from '../../support/healthy-data-evidence.ts';

type Sights = Readonly<Record<string, Readonly<Record<string, Value>>>>;

const ids = [
	'database-unreachable',
	'connection-pool-exhausted',
	'database-slow',
	'redis-out-of-memory',
	'redis-cache-trouble',
	'disk-full',
	'backups-missing',
	'disaster-recovery',
	'incident-flow',
	'rollback-decision',
];

const folder = join(import.meta.dirname, '../../../config/runbooks');
const read = await Promise.all(
	ids.map(async id => {
		const path = join(folder, `${id}.yaml`);
		return readRunbook(await readFile(path, 'utf8'), path, id);
	}),
);
const wizards = read.flatMap((one): readonly Wizard[] =>
	one.ok && one.runbook.kind === 'wizard' ? [one.runbook] : [],
);

/** The containers around the servers, all well; only what these wizards ask of them. */
const containers: Sights = {
	'service.state': {
		name: 'shop-db-1',
		'is-there': true,
		state: 'running',
		'is-running': true,
		health: 'healthy',
		'recent-restarts': 0,
		'is-crash-looping': false,
		'oom-killed': false,
		uptime: 90_000,
	},
	'service.exits': {exits: 0, kind: 'none', 'is-start-error': false},
	'service.log': {
		errors: 0,
		kind: 'none',
		'authentication-failed': 0,
		'too-many-clients': 0,
		'database-missing': 0,
		'disk-full': 0,
		'permission-denied': 0,
		'out-of-memory': 0,
	},
	'service.usage': {'has-memory-limit': false, 'oom-kills': 0},
	'network.container': {
		mode: 'networks',
		networks: 1,
		'is-attached': true,
		peers: 5,
		'lost-networks': 0,
	},
	'stack.services': {
		expected: 6,
		running: 6,
		down: 0,
		missing: 0,
		unhealthy: 0,
		'crash-looping': 0,
		'oom-killed': 0,
		paused: 0,
		restarted: 0,
	},
	'stack.requests': {requests: 900, 'server-errors': 1, 'server-error-percent': 0.1},
	'stack.changes': {kind: 'none', changes: 0},
	'stack.queue': {queues: 0, kind: 'none', 'is-growing': false},
	'endpoint.state': {
		answers: true,
		failure: 'none',
		status: 200,
		latency: 12,
		p95: 40,
		'failure-percent': 0,
	},
	'errors.summary': {
		'errors-per-minute': 0.2,
		'server-errors': 0.1,
		top: 'worker: round # failed: timed out',
		'top-service': 'worker',
		'top-rate': 0.2,
		'top-kind': 'code',
		'no-room-rate': 0,
	},
};

const healthy: Sights = {...healthyDataEvidence, ...containers};

function changed(changes: Sights): Sights {
	const names = new Set([...Object.keys(healthy), ...Object.keys(changes)]);
	return Object.fromEntries([...names].map(name => [name, {...healthy[name], ...changes[name]}]));
}

/** All causes of these wizards, weighed by healthy evidence with some changes, the best first. */
function weighed(changes: Sights = {}): readonly Weighed[] {
	const sights = changed(changes);
	const causes = wizards.flatMap(wizard => Object.values(wizard.causes));
	return ranked(
		causes.flatMap(cause => weigh(cause, ({look, field}) => sights[look]?.[field]) ?? []),
	);
}

const exited = {'is-running': false, state: 'exited', 'exit-code': 137, 'stopped-for': 60};
const full = {'used-percent': 96, used: 93};

const dominant = {
	slowest: 'SELECT pg_sleep($1), count(*) FROM orders',
	'slowest-share': 98,
	'slowest-mean': 5000,
	'slowest-calls': 26,
	'slowest-user': 'shop',
	'slowest-sender': 'report',
	'slowest-client': '172.20.0.5',
	'slowest-running': 0,
	'slowest-age': 2,
	'is-slowest-recent': true,
};

const table: readonly (readonly [string, string, Sights])[] = [
	[
		'stopped database',
		'database-stopped',
		{'postgres.activity': {answers: false, failure: 'refused'}, 'service.state': exited},
	],
	[
		'paused database',
		'database-paused',
		{
			'postgres.activity': {answers: false, failure: 'timeout'},
			'service.state': {state: 'paused'},
		},
	],
	[
		'starting database',
		'database-starting',
		{
			'postgres.activity': {answers: false, failure: 'starting'},
			'service.state': {uptime: 5},
		},
	],
	[
		'wrong database password of a program',
		'database-login-refused',
		{'service.log': {'authentication-failed': 12, errors: 12, 'last-error': 2}},
	],
	[
		'wrong database password of the console',
		'database-login-refused',
		{'postgres.activity': {answers: false, failure: 'authentication'}},
	],
	[
		'database that is not there',
		'database-not-there',
		{'service.log': {'database-missing': 4, errors: 4}},
	],
	[
		'database without a network',
		'database-cut-off',
		{
			'postgres.activity': {answers: false, failure: 'unreachable'},
			'network.container': {'is-attached': false, networks: 0, peers: 0},
		},
	],
	[
		'silent database',
		'database-not-listening',
		{
			'postgres.activity': {answers: false, failure: 'timeout'},
			'service.state': {health: 'unhealthy'},
		},
	],
	['read-only database', 'database-read-only', {'postgres.activity': {'is-read-only': true}}],
	[
		'no connection for the console',
		'connections-all-taken',
		{'postgres.activity': {answers: false, failure: 'too-many-clients'}},
	],
	[
		'leaked connections',
		'connection-leak',
		{
			'postgres.activity': full,
			'postgres.sessions': {
				'idle-in-transaction': 80,
				'idle-in-transaction-percent': 86,
				'oldest-idle-in-transaction': 90,
				'idle-percent': 9,
			},
		},
	],
	[
		'slow statements in every connection',
		'slow-statements-hold-pool',
		{
			'postgres.activity': full,
			'postgres.sessions': {
				active: 80,
				'active-percent': 86,
				'longest-active': 40,
				'idle-percent': 9,
				'limit-is-low': true,
			},
		},
	],
	[
		'idle sessions in every connection',
		'idle-sessions-hold-pool',
		{
			'postgres.activity': full,
			'postgres.sessions': {
				idle: 85,
				'idle-percent': 91,
				'holder-percent': 80,
				'limit-is-low': true,
			},
		},
	],
	[
		'low limit',
		'connection-limit-low',
		{
			'postgres.activity': full,
			'postgres.sessions': {
				'limit-is-low': true,
				usable: 17,
				'idle-percent': 30,
				'active-percent': 65,
				active: 11,
				'longest-active': 0.4,
				'idle-over-10-minutes': 0,
			},
		},
	],
	[
		'small pool of a program',
		'application-pool-small',
		{'errors.summary': {top: 'QueuePool limit of size # reached', 'top-rate': 60}},
	],
	[
		'lock chain',
		'lock-chain',
		{
			'postgres.locks': {
				blocked: 4,
				'longest-wait': 12,
				'root-is-idle': true,
				'root-pid': 77,
				'chain-depth': 2,
			},
			'postgres.sessions': {'longest-active': 12, 'waiting-for-lock': 4},
		},
	],
	[
		'full pool behind a lock',
		'lock-chain',
		{
			'postgres.activity': full,
			'postgres.locks': {blocked: 80, 'longest-wait': 20, 'root-is-idle': true},
			'postgres.sessions': {
				active: 82,
				'active-percent': 90,
				'idle-percent': 5,
				'longest-active': 20,
				'waiting-for-lock': 80,
			},
		},
	],
	[
		'schema change in the queue',
		'schema-change-waits',
		{'postgres.locks': {blocked: 5, 'longest-wait': 9, 'pending-ddl': 1, 'chain-depth': 2}},
	],
	[
		'missing index',
		'missing-index',
		{
			'postgres.queries': {
				'is-index-missing': true,
				'is-scanned-now': true,
				'rows-per-scan': 200_000,
				'scanned-rows': 900_000,
				'stale-percent': 100,
			},
			'postgres.sessions': {'longest-active': 12},
		},
	],
	[
		'long statement',
		'long-statement',
		{'postgres.sessions': {'longest-active': 400, 'active-over-1-minute': 1}},
	],
	['one statement, between two of its runs', 'dominant-statement', {'postgres.queries': dominant}],
	[
		'one statement that runs now',
		'dominant-statement',
		{
			'postgres.queries': {
				...dominant,
				'slowest-mean': 400,
				'slowest-running': 3,
				'slowest-pid': 77,
				'slowest-age': 0,
			},
			'postgres.sessions': {'longest-active': 3},
		},
	],
	[
		'bloat',
		'dead-rows',
		{'postgres.queries': {'dead-rows': 90_000, 'dead-percent': 70, 'is-vacuum-off': true}},
	],
	[
		'old statistics',
		'stale-statistics',
		{
			'postgres.queries': {'stale-percent': 300},
			'postgres.sessions': {'longest-active': 8},
		},
	],
	['invalid index', 'invalid-index', {'postgres.queries': {'invalid-indexes': 1}}],
	['cold cache', 'database-cache-small', {'postgres.activity': {'cache-hit': 70}}],
	[
		'slow disk of the database',
		'database-disk-slow',
		{'postgres.sessions': {'waiting-for-disk': 6}, 'host.load': {'disk-busy': 99}},
	],
	[
		'Redis full, noeviction',
		'redis-full-noeviction',
		{
			'redis.server': {
				policy: 'noeviction',
				memory: 100,
				'refuses-writes': true,
				'write-trouble': 'oom',
			},
		},
	],
	[
		'Redis full, volatile',
		'redis-full-volatile',
		{
			'redis.server': {
				memory: 100,
				'refuses-writes': true,
				'write-trouble': 'oom',
				'expiring-percent': 0,
			},
		},
	],
	[
		'Redis without a limit',
		'redis-unlimited',
		{
			'redis.server': {'is-limited': false, maxmemory: 0},
			'host.load': {memory: 95},
			'host.processes': {biggest: 'redis-server', 'biggest-share': 60},
		},
	],
	['fragmented Redis', 'redis-fragmented', {'redis.server': {fragmentation: 2.6, used: 4e8}}],
	[
		'stopped Redis',
		'redis-stopped',
		{'redis.server': {answers: false, failure: 'refused'}, 'service.state': exited},
	],
	[
		'paused Redis',
		'redis-paused',
		{'redis.server': {answers: false, failure: 'timeout'}, 'service.state': {state: 'paused'}},
	],
	['loading Redis', 'redis-loading', {'redis.server': {answers: false, failure: 'loading'}}],
	[
		'wrong Redis password',
		'redis-login-refused',
		{
			'errors.summary': {top: 'WRONGPASS invalid username-password pair', 'top-kind': 'redis'},
		},
	],
	[
		'Redis without a network',
		'redis-cut-off',
		{
			'redis.server': {answers: false, failure: 'unreachable'},
			'network.container': {'is-attached': false, networks: 0},
		},
	],
	[
		'silent Redis',
		'redis-not-listening',
		{'redis.server': {answers: false, failure: 'busy-script'}},
	],
	[
		'Redis cannot save',
		'redis-save-failed',
		{
			'redis.server': {
				'refuses-writes': true,
				'write-trouble': 'misconf',
				'last-save-ok': false,
			},
		},
	],
	[
		'Redis cannot write its append-only file',
		'redis-aof-failed',
		{
			'redis.server': {
				'refuses-writes': true,
				'write-trouble': 'aof',
				'aof-enabled': true,
				'aof-ok': false,
			},
		},
	],
	[
		'Redis evicts',
		'redis-evicting',
		{'redis.server': {evictions: 40, memory: 99, 'hit-rate': 31, policy: 'allkeys-lru'}},
	],
	[
		'Redis without a free client',
		'redis-too-many-clients',
		{'redis.server': {'clients-percent': 98, 'rejected-clients': 4}},
	],
	[
		'slow Redis command',
		'redis-slow-command',
		{
			'redis.latency': {
				'slow-commands': 9,
				'slow-recent': 9,
				'slowest-recent-duration': 1200,
				'ping-median': 20,
			},
		},
	],
	[
		'replica without a master',
		'redis-replica-cut-off',
		{'redis.server': {role: 'replica', 'is-master-link-up': false}},
	],
	[
		'writes to a replica',
		'redis-writes-to-replica',
		{
			'redis.server': {role: 'replica', 'is-master-link-up': true},
			'errors.summary': {top: 'READONLY You can not write against a read only replica'},
		},
	],
	['full disk', 'disk-full', {'host.load': {disk: 100, 'disk-free': 0}}],
	[
		'a log that fills the tmpfs of its container',
		'disk-full-inside',
		{'errors.summary': {'no-room-rate': 90, 'no-room-service': 'importer'}},
	],
	[
		'full disk, a log that was deleted and is open',
		'disk-full',
		{
			'host.load': {disk: 98, 'disk-free': 2 ** 20},
			'host.disk-eaters': {'deleted-bytes': 2 ** 30},
		},
	],
	['no inodes', 'inodes-exhausted', {'host.load': {inodes: 100}}],
	['read-only disk', 'disk-read-only', {'host.kernel': {'is-read-only': true, 'io-errors': 3}}],
	['broken disk', 'disk-errors', {'host.kernel': {'io-errors': 3}}],
	[
		'a slot that nobody reads',
		'slot-keeps-wal',
		{
			'host.load': {disk: 85},
			'postgres.storage': {'inactive-slots': 1, 'slot-bytes': 2 ** 32, 'wal-bytes': 2 ** 32},
		},
	],
	[
		'failing archive',
		'archive-keeps-wal',
		{'host.load': {disk: 85}, 'postgres.storage': {'is-archive-failing': true}},
	],
	[
		'stale backups',
		'backups-overdue',
		{'backup.sets': {overdue: 2, 'newest-age': 300_000, unproven: 2}},
	],
	['no backup ever', 'backups-never', {'backup.sets': {overdue: 1, never: 1}}],
	['empty backup', 'backups-suspicious', {'backup.sets': {suspicious: 1, unproven: 1}}],
	['unproven backups', 'backups-unproven', {'backup.sets': {unproven: 3}}],
	['unreadable backups', 'backups-unreadable', {'backup.sets': {unreadable: 1}}],
	['no room for backups', 'backups-no-room', {'backup.sets': {'fits-another': false}}],
];

test('every one of them is valid', () => {
	const errors = read.flatMap(one => (one.ok ? [] : one.errors));
	expect(errors.map(error => formatConfigError(error, 'en'))).toEqual([]);
	expect(wizards.map(({id}) => id)).toEqual(ids);
});

test('no cause is seen where nothing is wrong', () => {
	expect(weighed().map(({cause}) => cause.id)).toEqual([]);
});

test('no cause is likely where nothing can be seen', () => {
	const causes = wizards.flatMap(wizard => Object.values(wizard.causes));
	const seen = causes.flatMap(cause => weigh(cause, () => undefined) ?? []);
	expect(seen.filter(({likelihood}) => likelihood === 'likely')).toEqual([]);
});

test.each([
	['postgres', 'database-stopped'],
	['redis', 'redis-stopped'],
])('of a stopped %s nothing else is even possible', (area, only) => {
	const down = changed({
		[`${area}.${area === 'redis' ? 'server' : 'activity'}`]: {answers: false, failure: 'refused'},
		'service.state': exited,
	});
	const isSeen = (look: string, field: string) =>
		!look.startsWith(`${area}.`) || field === 'answers' || field === 'failure';
	const found = wizards
		.flatMap(({causes}) => Object.values(causes))
		.filter(cause =>
			weigh(cause, ({look, field}) => (isSeen(look, field) ? down[look]?.[field] : undefined)),
		);
	expect(found.map(({id}) => id)).toEqual([only]);
});

test.each(table)('%s: %s comes first', (_name, cause, changes) => {
	const [first] = weighed(changes);
	expect(first?.cause.id).toBe(cause);
	expect(first?.likelihood).toBe('likely');
});

test('what says why a server ended counts more than that it ended', () => {
	const pointsWith = (more: Sights): number | undefined =>
		weighed({
			'postgres.activity': {answers: false, failure: 'unreachable'},
			...more,
			'service.state': {...exited, ...more['service.state']},
		}).find(({cause}) => cause.id === 'database-stopped')?.points;
	expect(pointsWith({})).toBe(7);
	// Causes of a container that does not start begin with 4 points.
	expect(pointsWith({'service.exits': {'is-start-error': true}})).toBeLessThan(4);
	expect(pointsWith({'service.log': {kind: 'setting-missing'}})).toBeLessThan(4);
	expect(pointsWith({'service.state': {'stopped-for': 200_000}})).toBe(1);
});

test('two faults at once are both likely', () => {
	const found = weighed({
		'redis.server': {answers: false, failure: 'refused'},
		'service.state': exited,
		'postgres.locks': {blocked: 4, 'longest-wait': 12, 'root-is-idle': true},
	}).filter(({likelihood}) => likelihood === 'likely');
	expect(found.map(({cause}) => cause.id)).toEqual(['lock-chain', 'redis-stopped']);
});

/** The heavy look tells what fills a disk; without it these are neither excluded nor first. */
test.each([
	['deleted-files-held', {'deleted-bytes': 2 ** 30}],
	['log-fills-disk', {'log-bytes': 2 ** 31, 'log-is-limited': false}],
	['images-fill-disk', {'build-cache-bytes': 2 ** 31}],
	['journal-fills-disk', {'journal-bytes': 2 ** 31}],
	['backups-fill-disk', {'backups-bytes': 2 ** 32}],
] as const)('what fills a disk: %s', (cause, eaters) => {
	const changes = {'host.load': {disk: 96, 'disk-free': 2 ** 29}};
	const sizes = Object.keys(healthy['host.disk-eaters'] ?? {}).filter(name =>
		name.endsWith('-bytes'),
	);
	const quiet = Object.fromEntries(sizes.map(name => [name, 0]));
	const found = weighed({...changes, 'host.disk-eaters': {...quiet, ...eaters}});
	expect(found.map(one => one.cause.id)).toEqual(['disk-full', cause]);
});

test.each([
	{'build-cache-bytes': 2 ** 31, 'is-engine-here': false},
	{'journal-bytes': 2 ** 31, 'is-journal-here': false},
	{'backups-bytes': 2 ** 32, 'are-backups-here': false},
])('what lies on another disk fills none: %o', eaters => {
	const changes = {'host.load': {disk: 96, 'disk-free': 2 ** 29}};
	const quiet = {'images-bytes': 0, 'build-cache-bytes': 0, 'backups-bytes': 0, 'log-bytes': 0};
	const rest = {'journal-bytes': 0, 'deleted-bytes': 0};
	const found = weighed({...changes, 'host.disk-eaters': {...quiet, ...rest, ...eaters}});
	expect(found.map(one => one.cause.id)).toEqual(['disk-full']);
});

/**
 * Walks with what is seen before and after the first thing that was done; always the first choice. Looks of the area
 * `blind` see nothing.
 */
function walked(id: string, before: Sights, later: Sights = {}, blind?: string) {
	const wizard = wizards.find(one => one.id === id);
	if (!wizard) throw new Error(`no wizard ${id}`);
	const common = {atMs: 0, runbook: id, sha256: wizard.sha256, scope: {}, by: 'test'};
	let walk: Walk | undefined = begin(wizard, {...common, type: 'started', id: 'test'});
	let isDone = false;
	const passed: string[] = [];
	for (let step = 0; walk && !isOver(walk) && step < 60; step++) {
		const node = nodeOf(wizard, walk.at);
		passed.push(walk.at);
		const at = {atMs: 0, node: walk.at};
		const sights = changed(isDone ? later : before);
		let move: Move = {...at, type: 'noted'};
		if (node.kind === 'look') {
			const evidence = node.looks.map(look => ({
				look,
				atMs: 0,
				values: look.startsWith(`${blind}.`) ? {} : (sights[look] ?? {}),
				lines: [],
			}));
			move = {...at, type: 'looked', evidence};
		} else if (node.kind === 'decide' || node.kind === 'rank') {
			move = {...at, type: 'decided', way: wayAt(wizard, node, walk.seen)};
		} else if (node.kind === 'ask') move = {...at, type: 'answered', choice: 0};
		else if (node.kind === 'wait') move = {...at, type: 'waited'};
		else if (node.kind === 'do') move = {...at, type: 'acted', end: 'done'};
		isDone ||= node.kind === 'do';
		walk = after(wizard, walk, move);
	}

	return {outcome: walk?.outcome, passed};
}

test.each([
	['database-unreachable', 'healthy'],
	['connection-pool-exhausted', 'healthy'],
	['database-slow', 'healthy'],
	['redis-out-of-memory', 'healthy'],
	['redis-cache-trouble', 'healthy'],
	['disk-full', 'healthy'],
	['backups-missing', 'healthy'],
	['incident-flow', 'healthy'],
] as const)('%s: where nothing is wrong it ends %s', (id, outcome) => {
	expect(walked(id, {}).outcome).toBe(outcome);
});

const solving: readonly (readonly [string, string, string])[] = [
	['stopped database', 'database-unreachable', 'start'],
	['leaked connections', 'connection-pool-exhausted', 'leak-one'],
	['slow statements in every connection', 'connection-pool-exhausted', 'slow-cancel'],
	['lock chain', 'database-slow', 'root-idle'],
	['schema change in the queue', 'database-slow', 'ddl'],
	['long statement', 'database-slow', 'long-cancel'],
	['one statement that runs now', 'database-slow', 'dominant-cancel'],
	['bloat', 'database-slow', 'dead-vacuum'],
	['invalid index', 'database-slow', 'invalid'],
	['Redis full, noeviction', 'redis-out-of-memory', 'to-2g'],
	['stopped Redis', 'redis-cache-trouble', 'start'],
	['Redis evicts', 'redis-cache-trouble', 'evict-own'],
	['stale backups', 'backups-missing', 'all-now'],
	['unproven backups', 'backups-missing', 'prove'],
];

test.each(solving)('%s: %s offers %s, and looks whether it helped', (name, id, offer) => {
	const [, , before = {}] = table.find(([one]) => one === name) ?? [];
	const fresh = {'backup.sets': {'newest-age': 60}};
	const {outcome, passed} = walked(id, before, fresh);
	expect(passed).toContain(offer);
	if (offer !== 'evict-own' && offer !== 'slow-cancel') expect(outcome).toBe('solved');
});

test('what is not mended does not end solved', () => {
	for (const [name, id] of solving) {
		const [, , before = {}] = table.find(([one]) => one === name) ?? [];
		expect([name, walked(id, before, before).outcome]).not.toEqual([name, 'solved']);
	}
});

test('a server that nobody can look into is escalated, never called well', () => {
	for (const [id, area] of [
		['database-unreachable', 'postgres'],
		['database-slow', 'postgres'],
		['connection-pool-exhausted', 'postgres'],
		['redis-cache-trouble', 'redis'],
		['redis-out-of-memory', 'redis'],
	] as const) {
		expect(['healthy', 'solved']).not.toContain(walked(id, {}, {}, area).outcome);
	}
});

test('a statement that dominated the past is named, and the database not called well', () => {
	const past = {...dominant, 'is-slowest-recent': false, 'slowest-age': 4000};
	const {outcome, passed} = walked('database-slow', {'postgres.queries': past});
	expect(passed).toContain('dominated-wait');
	expect(outcome).toBe('not-found');
	const [, , now = {}] = table.find(([, cause]) => cause === 'dominant-statement') ?? [];
	expect(walked('database-slow', now).passed).toContain('dominant-who');
});

test('one slow Redis command on a host without CPU is no cause, nor is an old one', () => {
	const busy = {'host.load': {cpu: 99, 'load-per-core': 10}};
	const one = {'slow-commands': 1, 'slow-recent': 1, 'slowest-recent-duration': 214};
	const ids = (changes: Sights) => weighed(changes).map(({cause}) => cause.id);
	expect(ids({...busy, 'redis.latency': {...one, 'ping-median': 15}})).toEqual([]);
	expect(ids({'redis.latency': {'slow-commands': 4, 'slowest-duration': 900}})).toEqual([]);
	expect(ids({'redis.latency': one})).toEqual(['redis-slow-command']);
});

test.each([
	['database-unreachable', 'database-not-listening', 'postgres.activity'],
	['redis-cache-trouble', 'redis-not-listening', 'redis.server'],
] as const)('%s: who answers late on a host without CPU does listen', (id, cause, look) => {
	const late = {
		[look]: {answers: false, failure: 'timeout'},
		'host.load': {cpu: 99, 'load-per-core': 10},
	};
	const found = (listens: Sights[string]) =>
		weighed({...late, 'service.ports': listens})
			.filter(one => one.cause.id === cause)
			.map(({likelihood}) => likelihood);
	expect(found({'is-listening': true})).toEqual([]);
	expect(found({'is-listening': false})).toEqual(['likely']);
	expect(found({})).toEqual(['possible']);
	expect(weighed({...late, 'host.load': {cpu: 20}}).map(one => one.cause.id)).toContain(cause);
	const {outcome, passed} = walked(id, {...late, 'service.ports': {'is-listening': true}});
	expect(outcome).toBe('not-found');
	expect(passed).not.toContain('restart');
});
