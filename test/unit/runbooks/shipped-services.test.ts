import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {formatConfigError} from '../../../config/error.ts';
import {readRunbook} from '../../../config/read-runbook.ts';
import {lostServices, withSeen} from '../../../src/domain/lost-services.ts';
import {readStackServices} from '../../../src/looks/stack/services.ts';
import {ranked, weigh, type Weighed} from '../../../src/runbooks/rank.ts';
import {nothingSeen, withEvidence} from '../../../src/runbooks/evidence.ts';
import type {Node, Wizard} from '../../../src/runbooks/runbook.ts';
import {nodeOf, wayAt} from '../../../src/runbooks/walk.ts';
import {healthyEvidence, type Sights} from '../../support/healthy-evidence.ts';
import {partialIo} from '../../support/io.ts';
import {lookFacts} from '../../support/look-facts.ts';
import {container} from '../../support/state.ts';

const ids = [
	'service-will-not-start',
	'service-does-not-answer',
	'crash-loop',
	'memory-pressure',
	'high-cpu',
	'frontend-cannot-reach-backend',
	'api-slow',
	'error-rate-up',
	'certificate-expiring',
	'queue-not-draining',
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

/** The servers around the services, all well; only what these wizards ask of them. */
const servers: Sights = {
	'host.load': {
		cpu: 18,
		memory: 52,
		swap: 2,
		'load-per-core': 0.4,
		disk: 47,
		inodes: 12,
		'disk-busy': 3,
	},
	'host.processes': {
		'busiest-cpu': 9,
		'busiest-share': 4.5,
		'busiest-is-stack': true,
		'biggest-share': 5,
		stuck: 0,
	},
	'host.kernel': {'oom-kills': 0, 'io-errors': 0, 'is-read-only': false},
	'jobs.state': {running: 0},
	'docker.engine': {answers: true, failure: 'none'},
	'host.time': {'is-synchronised': true},
	'postgres.activity': {answers: true, waiting: 0, 'longest-query': 0.02, 'used-percent': 16},
	'postgres.locks': {blocked: 0},
	'postgres.queries': {'is-index-missing': false, 'is-scanned-now': false, 'slowest-mean': 3},
	'redis.server': {
		answers: true,
		memory: 12,
		policy: 'allkeys-lru',
		evictions: 0,
		'hit-rate': 93,
		'refuses-writes': false,
		'write-trouble': 'none',
	},
	'redis.latency': {'ping-median': 0.4, 'slow-commands': 0, 'slow-recent': 0},
};

const healthy: Sights = {...healthyEvidence, ...servers};

/** All causes of these wizards, weighed by healthy evidence with some changes, the best first. */
function weighed(changes: Sights = {}): readonly Weighed[] {
	const causes = wizards.flatMap(wizard => Object.values(wizard.causes));
	return ranked(
		causes.flatMap(
			cause =>
				weigh(cause, ({look, field}) => changes[look]?.[field] ?? healthy[look]?.[field]) ?? [],
		),
	);
}

const exited = {
	'is-running': false,
	state: 'exited',
	health: 'none',
	'exit-code': 1,
	'stopped-for': 60,
};
const looping = {
	'is-running': false,
	state: 'restarting',
	'is-crash-looping': true,
	'recent-restarts': 6,
	'restart-count': 9,
};
const failed = {kind: 'failed', exits: 6, 'last-exit-code': 3, 'last-exit': 2, 'last-run': 1};

const table: readonly (readonly [string, string, Sights])[] = [
	[
		'stopped by hand',
		'stopped-by-hand',
		{
			'service.state': {...exited, 'exit-code': 0, 'is-stopped-on-purpose': true},
			'service.exits': {kind: 'stopped', exits: 1, 'last-exit-code': 0, 'last-exit': 60},
			'stack.services': {down: 1, running: 4, 'first-down': 'app'},
		},
	],
	[
		'container removed',
		'container-removed',
		{
			'service.state': {'is-there': false, state: 'gone', 'is-running': false},
			'stack.services': {missing: 1, 'first-missing': 'app', down: 1, 'first-down': 'app'},
		},
	],
	[
		'port taken',
		'port-taken',
		{
			'service.state': {...exited, state: 'created', 'exit-code': 128},
			'service.exits': {kind: 'port-taken', 'is-start-error': true},
			'service.ports': {'is-taken': true, 'taken-port': 8000, 'taken-by': 'nc'},
			'stack.services': {down: 1, 'first-down': 'app'},
		},
	],
	[
		'image missing',
		'image-missing',
		{
			'service.state': exited,
			'service.exits': {kind: 'image-missing', 'is-start-error': true},
			'service.image': {'is-missing': true},
		},
	],
	[
		'image of another processor',
		'image-wrong-platform',
		{
			'service.state': exited,
			'service.exits': failed,
			'service.image': {'is-wrong-platform': true},
			'service.log': {crash: 1, kind: 'crash', errors: 1, 'is-last-run': true},
		},
	],
	[
		'mount missing',
		'mount-missing',
		{'service.state': exited, 'service.exits': {kind: 'mount-missing', 'is-start-error': true}},
	],
	[
		'command missing',
		'command-missing',
		{'service.state': exited, 'service.exits': {kind: 'command-missing', 'is-start-error': true}},
	],
	[
		'no permission',
		'start-permission',
		{
			'service.state': exited,
			'service.exits': failed,
			'service.log': {'permission-denied': 2, kind: 'permission-denied', errors: 2},
		},
	],
	[
		'network removed',
		'network-gone',
		{
			'service.state': exited,
			'service.exits': {kind: 'network-missing', 'is-start-error': true},
			'network.container': {'lost-networks': 1, 'is-attached': false},
		},
	],
	[
		'bad environment value',
		'setting-wrong',
		{
			'service.state': looping,
			'service.exits': failed,
			'service.log': {'setting-missing': 6, kind: 'setting-missing', errors: 6, 'last-error': 2},
			'service.environment': {empty: 1, 'first-empty': 'POSTGRES_USER'},
		},
	],
	[
		'module missing',
		'code-missing',
		{
			'service.state': looping,
			'service.exits': failed,
			'service.log': {'module-missing': 6, kind: 'module-missing', errors: 6, 'last-error': 2},
		},
	],
	[
		'ended once',
		'failed-at-start',
		{
			'service.state': {...exited, 'restart-policy': 'no'},
			'service.exits': {...failed, exits: 1},
			'service.log': {traceback: 1, kind: 'traceback', errors: 1, 'is-last-run': true},
		},
	],
	[
		'Compose crash loop',
		'crash-loop',
		{
			'service.state': looping,
			'service.exits': failed,
			'service.log': {traceback: 6, kind: 'traceback', errors: 6, 'last-error': 2},
			'stack.services': {'crash-looping': 1},
		},
	],
	[
		'crash for a dependency',
		'crash-on-dependency',
		{
			'service.state': looping,
			'service.exits': failed,
			'service.log': {
				'connection-refused': 6,
				kind: 'connection-refused',
				errors: 6,
				'last-error': 2,
				target: 'payments:9000',
				'target-kind': 'other',
			},
			'service.dependencies': {unreachable: 1},
		},
	],
	[
		'crash for a dependency that is stopped, whose name nobody answers to',
		'crash-on-dependency',
		{
			'service.state': looping,
			'service.exits': failed,
			'service.log': {
				'name-not-resolved': 6,
				kind: 'name-not-resolved',
				errors: 6,
				'last-error': 2,
			},
			'service.dependencies': {'not-running': 1, 'first-not-running': 'index'},
			'stack.services': {down: 1},
		},
	],
	['paused', 'paused', {'service.state': {state: 'paused', 'is-running': false}}],
	[
		'detached from its network',
		'network-cut',
		{
			'network.container': {'is-attached': false, networks: 0, separated: 4},
			'service.dependencies': {separated: 2, unreachable: 2},
			'service.state': {health: 'unhealthy'},
			'service.log': {'name-not-resolved': 9, kind: 'name-not-resolved', 'last-error': 1},
			'stack.services': {unhealthy: 1},
		},
	],
	[
		'a dependency in another network',
		'network-separated',
		{
			'service.dependencies': {separated: 1, unreachable: 1},
			'service.log': {'name-not-resolved': 9, kind: 'name-not-resolved', 'last-error': 1},
		},
	],
	[
		'wrong DNS name',
		'wrong-name',
		{
			'service.state': {health: 'unhealthy'},
			'service.dependencies': {unresolved: 1, 'first-unresolved': 'dbx'},
			'service.log': {'name-not-resolved': 9, kind: 'name-not-resolved', 'last-error': 1},
			'stack.services': {unhealthy: 1},
		},
	],
	[
		'setting to localhost',
		'points-to-itself',
		{
			'service.environment': {'points-to-itself': 1},
			'service.log': {'connection-refused': 4, kind: 'connection-refused', 'last-error': 1},
			'service.state': {health: 'unhealthy'},
		},
	],
	[
		'wrong database password',
		'database-password-wrong',
		{
			'service.state': {health: 'unhealthy'},
			'service.environment': {'is-database-password-equal': false},
			'service.log': {
				'authentication-failed': 20,
				kind: 'authentication-failed',
				'target-kind': 'postgres',
				'last-error': 1,
			},
			'stack.services': {unhealthy: 1},
			'stack.requests': {'server-errors': 40},
			'errors.summary': {'server-errors': 40, 'top-kind': 'database'},
		},
	],
	[
		'wrong Redis password',
		'redis-password-wrong',
		{
			'service.state': {health: 'unhealthy'},
			'service.environment': {'is-redis-password-equal': false},
			'service.log': {
				'authentication-failed': 20,
				kind: 'authentication-failed',
				'target-kind': 'redis',
				'last-error': 1,
			},
		},
	],
	[
		'listens on 127.0.0.1 only',
		'not-listening',
		{'service.ports': {'is-listening': true, 'is-local-only': true, answers: false}},
	],
	[
		'dependency down',
		'dependency-down',
		{
			'service.dependencies': {'not-running': 1, 'first-not-running': 'search'},
			'service.log': {'connection-refused': 3, kind: 'connection-refused', 'last-error': 1},
		},
	],
	[
		'unhealthy',
		'unhealthy',
		{
			'service.state': {health: 'unhealthy', 'health-output': '503'},
			'stack.services': {unhealthy: 1},
			'endpoint.state': {answers: false, failure: 'status', status: 503},
			'stack.requests': {'server-errors': 40, 'bad-gateway': 40},
			'errors.summary': {'server-errors': 20},
		},
	],
	[
		'OOM-killed a quarter of an hour ago, runs since',
		'oom-killed-before',
		{
			'service.exits': {kind: 'oom', 'last-was-oom': true, 'last-exit': 900, exits: 1},
			'service.state': {uptime: 890},
			'service.usage': {'memory-percent': 20, 'has-memory-limit': true},
		},
	],
	[
		'OOM-killed',
		'oom-killed',
		{
			'service.state': {...exited, 'oom-killed': true, 'exit-code': 137},
			'service.exits': {kind: 'oom', 'last-was-oom': true, 'last-exit': 5, exits: 1},
		},
	],
	['memory near its limit', 'memory-near-limit', {'service.usage': {'memory-percent': 91}}],
	[
		'CPU spinner in a container',
		'cpu-busy-service',
		{'host.processes': {'busiest-cpu': 99, 'busiest-share': 49.5}, 'host.load': {cpu: 61}},
	],
	[
		'CPU spinner on the host',
		'cpu-busy-process',
		{
			'host.processes': {'busiest-cpu': 99, 'busiest-share': 49.5, 'busiest-is-stack': false},
			'host.load': {cpu: 61},
		},
	],
	[
		'many programs use up the CPU',
		'cpu-saturated',
		{'host.processes': {'busiest-cpu': 30}, 'host.load': {cpu: 99, 'load-per-core': 4}},
	],
	[
		'memory of the host',
		'host-memory-short',
		{'host.load': {memory: 94, swap: 70}, 'host.processes': {'biggest-share': 60}},
	],
	['host swaps', 'host-swapping', {'host.load': {memory: 86, swap: 66}}],
	[
		'disk busy',
		'disk-io-saturated',
		{'host.load': {'disk-busy': 98, 'load-per-core': 3}, 'host.processes': {stuck: 4}},
	],
	[
		'Docker engine down',
		'engine-down',
		{'docker.engine': {answers: false, failure: 'not-running'}},
	],
	[
		'container missing',
		'container-missing',
		{
			'stack.services': {missing: 1, 'first-missing': 'app'},
			'stack.requests': {'upstream-unresolved': 5},
			'endpoint.state': {answers: false, failure: 'status', status: 502, 'is-proxy-error': true},
		},
	],
	['CORS', 'cors-refused', {'stack.requests': {'preflights-refused': 7, cors: 2}}],
	[
		'proxy refused',
		'upstream-refused',
		{
			'stack.requests': {'upstream-refused': 30, 'bad-gateway': 30, 'server-errors': 30},
			'endpoint.state': {answers: false, failure: 'status', status: 502, 'is-proxy-error': true},
		},
	],
	[
		'proxy finds no name',
		'upstream-unresolved',
		{
			'stack.requests': {'upstream-unresolved': 30, 'bad-gateway': 30, 'server-errors': 30},
			'endpoint.state': {answers: false, failure: 'status', status: 502, 'is-proxy-error': true},
		},
	],
	[
		'CPU limit',
		'cpu-throttled',
		{
			'service.usage': {throttled: 60, 'has-cpu-limit': true, 'cpu-of-limit': 99},
			'endpoint.state': {latency: 700, p95: 800},
		},
	],
	['slow application', 'app-slow', {'endpoint.state': {latency: 1010, p95: 1150}}],
	[
		'5xx of one endpoint',
		'code-fails',
		{
			'stack.requests': {'server-errors': 60, 'top-path': '/predictions', 'top-path-percent': 97},
			'errors.summary': {'server-errors': 12, 'top-kind': 'code'},
		},
	],
	[
		'log storm',
		'log-storm',
		{'errors.summary': {'errors-per-minute': 58_000, 'noisiest-percent': 100, 'top-rate': 58_000}},
	],
	[
		'certificate expired',
		'certificate-expired',
		{
			'endpoint.certificate': {'is-expired': true, 'days-left': -3, 'is-trusted': false},
			'endpoint.state': {answers: false, failure: 'tls'},
		},
	],
	['certificate ends soon', 'certificate-ends-soon', {'endpoint.certificate': {'days-left': 6}}],
	[
		'certificate not reloaded',
		'certificate-not-reloaded',
		{
			'endpoint.certificate': {
				'days-left': -1,
				'is-expired': true,
				'is-file-newer': true,
				'file-days-left': 89,
			},
		},
	],
	[
		'an intermediate certificate ends',
		'certificate-chain-ends',
		{'endpoint.certificate': {'chain-days-left': 3, 'chain-ends-first': 'R3'}},
	],
	[
		'certificate of another name',
		'certificate-untrusted',
		{'endpoint.certificate': {'is-trusted': false, 'trust-problem': 'name'}},
	],
	[
		'worker stopped',
		'worker-stopped',
		{
			'stack.queue': {
				'workers-running': 0,
				waiting: 240,
				length: 240,
				'is-growing': true,
				growth: 4,
			},
			'stack.services': {down: 1, 'first-down': 'worker'},
		},
	],
	[
		'worker stuck',
		'worker-stuck',
		{'stack.queue': {waiting: 240, length: 240, 'is-growing': true, unacked: 4}},
	],
];

test('the files are valid', () => {
	expect(
		read.flatMap(one => (one.ok ? [] : one.errors)).map(error => formatConfigError(error, 'en')),
	).toEqual([]);
	expect(wizards.map(({id}) => id)).toEqual(ids);
});

test('healthy evidence has no cause, not even a possible one', () => {
	expect(weighed().map(({cause, likelihood}) => [cause.id, likelihood])).toEqual([]);
});

test.each(table)('%s', (_name, cause, changes) => {
	const [best] = weighed(changes);
	expect([best?.cause.id, best?.likelihood]).toEqual([cause, 'likely']);
});

test('every cause is the first of some evidence', () => {
	const causes = wizards.flatMap(wizard => Object.keys(wizard.causes));
	const missing = causes.filter(id => !table.some(([, cause]) => cause === id));
	expect(missing).toEqual([]);
});

test('two faults at once are both likely, the consequence after them', () => {
	const list = weighed({
		'stack.services': {down: 1, 'first-down': 'worker'},
		'stack.queue': {'workers-running': 0, waiting: 90},
		'endpoint.certificate': {'is-expired': true, 'days-left': -1},
		'endpoint.state': {latency: 2000, p95: 2100},
		'service.usage': {throttled: 80},
	});
	const likely = list.filter(({likelihood}) => likelihood === 'likely').map(({cause}) => cause.id);
	expect(likely.slice(0, 3).toSorted()).toEqual([
		'certificate-expired',
		'cpu-throttled',
		'worker-stopped',
	]);
	expect(likely.at(-1)).toBe('app-slow');
});

/** The first node at which a person is needed, or the end, by healthy evidence with some changes. */
function stopOf(wizard: Wizard, changes: Sights = {}): Node {
	let seen = nothingSeen;
	let node = nodeOf(wizard, wizard.start);
	for (let steps = 0; steps < 50; steps++) {
		if (node.kind === 'look') {
			const evidence = node.looks.map(look => {
				return {look, atMs: 0, lines: [], values: {...healthy[look], ...changes[look]}};
			});
			seen = withEvidence(seen, evidence);
		} else if (node.kind === 'decide' || node.kind === 'rank') {
			const way = wayAt(wizard, node, seen);
			const branch =
				node.kind === 'decide' && 'branch' in way ? node.branches[way.branch] : undefined;
			const fix = 'cause' in way ? wizard.causes[way.cause]?.fix : undefined;
			const next = branch?.next ?? fix ?? ('other' in way ? node[way.other] : undefined);
			if (next === undefined) return node;
			node = nodeOf(wizard, next);
			continue;
		} else if (node.kind !== 'wait') {
			return node;
		}

		node = nodeOf(wizard, node.next);
	}

	return node;
}

test.each(wizards.map(wizard => [wizard.id, wizard] as const))(
	'%s ends healthy where everything is well',
	(_id, wizard) => {
		expect(stopOf(wizard)).toMatchObject({kind: 'end', outcome: 'healthy'});
	},
);

/** The sight of an application whose own code fails, where the profile names monitoring that was never set up. */
async function failingCode(): Promise<Sights> {
	const expected = (name: string, isCritical: boolean) => ({
		...{name, isCritical, runtime: 'compose' as const, provenance: 'H1-01'},
	});
	const services = [
		...['app', 'db'].map(name => expected(name, true)),
		...['prometheus', 'grafana', 'loki'].map(name => expected(name, false)),
	];
	const containers = ['app', 'db'].map(name => container(name));
	const facts = lookFacts({io: partialIo(), scope: {project: 'shop'}, containers});
	const {values} = await readStackServices({
		...facts,
		settings: {...facts.settings, services},
		lost: lostServices({containers, seen: withSeen([], containers), expected: services}),
	});
	const known = Object.entries(values).flatMap(([name, value]) =>
		value === undefined ? [] : [[name, value] as const],
	);
	return {
		'stack.services': Object.fromEntries(known),
		// The lab was made half an hour before.
		'stack.changes': {'last-change': 1860, kind: 'container', what: 'app'},
		'stack.requests': {
			...{requests: 300, 'server-errors': 120, 'server-error-percent': 40},
			...{'top-path': 'GET /predictions', 'top-path-percent': 98, 'top-service': 'app'},
		},
		'errors.summary': {
			...{'errors-per-minute': 24, 'server-errors': 40, kinds: 1, 'new-kinds': 1},
			...{top: 'RuntimeError: model answered with NaN', 'top-service': 'app'},
			...{'top-count': 96, 'top-rate': 24, 'top-age': 240, 'is-top-new': true},
			...{'top-kind': 'code', noisiest: 'app', 'noisiest-percent': 100},
		},
	};
}

test('code that fails leads where monitoring of the profile was never set up', async () => {
	const list = weighed(await failingCode());
	expect(list.map(({cause}) => cause.id)).toEqual(['code-fails']);
	expect(list[0]?.for).toHaveLength(3);
});

test('the wizard of errors leads to the text of the error', async () => {
	const wizard = wizards.find(({id}) => id === 'error-rate-up');
	if (!wizard) throw new Error('no such wizard');
	const node = stopOf(wizard, await failingCode());
	if (node.kind !== 'note') throw new Error(`it stops at ${node.kind} ${JSON.stringify(node)}`);
	for (const field of ['top', 'top-service', 'top-count', 'top-age']) {
		expect(node.text.en).toContain(`{errors.summary.${field}}`);
		expect(node.text.zh).toContain(`{errors.summary.${field}}`);
	}
});

test.each([
	[60, 1, 'compose.yaml', 1],
	[60, 1, '', 0],
	[1860, 1, 'compose.yaml', 0],
	[60, 0, 'compose.yaml', 0],
])(
	'a change %i s ago speaks for %i removed containers where it has words (%o): %i',
	(age, removed, what, count) => {
		const [best] = weighed({
			'stack.services': {missing: 1, removed, 'first-missing': 'app'},
			'stack.changes': {'last-change': age, what, kind: 'configuration'},
		});
		expect([best?.cause.id, best?.for.length]).toEqual(['container-missing', count]);
	},
);

test('what could not be seen is never called healthy', () => {
	const ways = wizards.flatMap(({nodes}) =>
		Object.values(nodes).flatMap(node =>
			node.kind === 'decide' || node.kind === 'rank' || node.kind === 'ask'
				? [nodes[node.unknown]]
				: [],
		),
	);
	expect(ways.filter(node => node?.kind === 'end' && node.outcome === 'healthy')).toEqual([]);
});

test.each([
	[130, false],
	[400, true],
])('a command of %i ms makes an address slow that takes a second: %s', (slowest, isRedis) => {
	const wizard = wizards.find(({id}) => id === 'api-slow');
	const node = wizard && nodeOf(wizard, 'where');
	if (wizard === undefined || node?.kind !== 'decide') throw new Error('no such node');
	const sights: Sights = {
		...servers,
		'endpoint.state': {answers: true, status: 200, latency: 1000, p95: 1100},
		'redis.latency': {'slow-recent': 1, 'slowest-recent-duration': slowest},
		'host.load': {cpu: 20, 'load-per-core': 0.5},
	};
	const evidence = Object.entries(sights).map(([look, values]) => ({
		look,
		atMs: 0,
		values,
		lines: [],
	}));
	const way = wayAt(wizard, node, withEvidence(nothingSeen, evidence));
	const next = 'branch' in way ? node.branches[way.branch]?.next : undefined;
	expect(next === 'to-redis').toBe(isRedis);
});

/** Where the proof of the memory wizard leads, by what its service used before and uses now. */
function afterMemory(before: Sights[string], now: Sights[string]): string | undefined {
	const wizard = wizards.find(({id}) => id === 'memory-pressure');
	const node = wizard?.nodes['helped'];
	if (!wizard || node?.kind !== 'decide') throw new Error('no proof');
	const sights = (usage: Sights[string]) =>
		(['service.usage', 'service.state', 'host.load'] as const).map(look => {
			const values = {...healthy[look], ...(look === 'service.usage' ? usage : {})};
			return {look, atMs: 0, lines: [], values};
		});
	const seen = withEvidence(withEvidence(nothingSeen, sights(before)), sights(now));
	const way = wayAt(wizard, node, seen);
	return 'branch' in way ? node.branches[way.branch]?.next : undefined;
}

test('a service that runs again with the same limit is not called mended', () => {
	const mib = 2 ** 20;
	const limited = {'memory-limit': 256 * mib, 'memory-percent': 11};
	expect(afterMemory(limited, {...limited, 'memory-percent': 13})).toBe('unchanged');
	expect(afterMemory(limited, {'memory-limit': 512 * mib, 'memory-percent': 6})).toBe('solved');
	expect(afterMemory({...limited, 'memory-percent': 95}, limited)).toBe('freed');
});
