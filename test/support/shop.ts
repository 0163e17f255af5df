import type {Alert} from '../../src/domain/alerts.ts';
import type {Container} from '../../src/domain/containers.ts';
import type {Language} from '../../src/domain/settings.ts';
import type {Targets} from '../../src/domain/targets.ts';
import type {Data, Readings, State, Ui} from '../../src/store/state.ts';
import {engineTarget, hostTarget, logsTarget, nowMs, stateWith} from './state.ts';
import {
	alerts,
	backupSet,
	backupTarget,
	blockingForest,
	endpoint,
	endpointDown,
	endpointTarget,
	errorsValue,
	fresh,
	hostValue,
	mixedContainers,
	postgresActivity,
	postgresStorage,
	postgresTarget,
	processesValue,
	redisInTrouble,
	redisKeys,
	redisTarget,
	redisValue,
	usage,
} from './values.ts';

/** What the shop's screen can be asked for. */
export type ShopFacts = {
	readonly columns?: number;
	readonly rows?: number;
	readonly isAscii?: boolean;
	readonly language?: Language;
	readonly containers?: readonly Container[];
	readonly alerts?: readonly Alert[];
	readonly readings?: Partial<Readings>;
	readonly targets?: Partial<Targets>;
	readonly ui?: Partial<Ui>;
};

const emptyTargets: Targets = {
	postgres: [postgresTarget],
	redis: [redisTarget],
	endpoints: [endpointTarget],
	logs: [],
	backups: [backupTarget('database'), backupTarget('配置')],
	missing: [],
};

function shop(
	facts: ShopFacts,
	base: {readonly containers: readonly Container[]; readonly alerts: readonly Alert[]},
	readings: Partial<Readings>,
): State {
	const containers = facts.containers ?? base.containers;
	const wave = Array.from({length: 300}, (_, index) => 40 + 30 * Math.sin(index / 9));
	const data: Partial<Data> = {
		alerts: facts.alerts ?? base.alerts,
		targets: {...emptyTargets, ...facts.targets},
		history: {
			[`host.cpu@${hostTarget}`]: wave,
			[`host.memory@${hostTarget}`]: wave,
			'postgres.connections@db': wave,
			'redis.memory@cache': wave,
		},
	};
	const size = {
		columns: facts.columns ?? 80,
		rows: facts.rows ?? 24,
		isAscii: facts.isAscii ?? false,
	};
	const state = stateWith({...data, containers}, size);
	const usages = Object.fromEntries(
		containers
			.filter(({state: word}) => word === 'running')
			.map((item, index) => [item.id, usage({cpuPercent: index * 13.7})]),
	);
	return {
		...state,
		data: {
			...state.data,
			readings: {
				...state.data.readings,
				'docker.usage': {[engineTarget]: fresh({via: 'cgroup' as const, byId: usages})},
				'host.load': {[hostTarget]: fresh(hostValue)},
				'host.processes': {[hostTarget]: fresh(processesValue)},
				...readings,
				...facts.readings,
			},
		},
		ui: {...state.ui, language: facts.language ?? 'en', ...facts.ui},
	};
}

/** A shop where all is well. */
export function calmShop(facts: ShopFacts = {}): State {
	const calm = mixedContainers
		.filter(({state}) => state === 'running')
		.map((item): Container => ({...item, health: item.health === 'none' ? 'none' : 'healthy'}));
	return shop(
		facts,
		{containers: calm, alerts: []},
		{
			'postgres.activity': {db: fresh(postgresActivity)},
			'postgres.storage': {db: fresh(postgresStorage)},
			'redis.server': {cache: fresh(redisValue)},
			'redis.keys': {cache: fresh(redisKeys)},
			'http.endpoint': {[endpointTarget.id]: fresh(endpoint(endpointTarget.url))},
			'logs.errors': {
				[logsTarget]: fresh({
					...errorsValue,
					groups: [],
					errorsPerMinute: 0,
					followed: errorsValue.followed.slice(0, 1),
				}),
			},
			'backups.set': {
				database: fresh(backupSet('database')),
				配置: fresh(backupSet('配置', {kind: 'configuration'})),
			},
		},
	);
}

/** A shop in which everything that can go wrong does. */
export function troubledShop(facts: ShopFacts = {}): State {
	return shop(
		facts,
		{containers: mixedContainers, alerts},
		{
			'postgres.activity': {
				db: fresh({...postgresActivity, waiting: 4, blocking: blockingForest}),
			},
			'postgres.storage': {db: fresh(postgresStorage)},
			'redis.server': {cache: fresh(redisInTrouble)},
			'redis.keys': {cache: fresh(redisKeys)},
			'http.endpoint': {
				[endpointTarget.id]: fresh(endpoint(endpointTarget.url, endpointDown)),
			},
			'logs.errors': {[logsTarget]: fresh(errorsValue)},
			'backups.set': {
				database: fresh(
					backupSet('database', {
						isOverdue: true,
						isSuspicious: true,
						newest: {name: 'db_1.sql.gz', atMs: nowMs - 300_000_000, bytes: 12},
					}),
				),
				配置: {
					kind: 'failed',
					problem: {
						code: 'backups-folder-missing',
						params: {folder: '/opt/shop/backups'},
						retry: 'soon',
					},
					sinceMs: nowMs - 1000,
					retryAtMs: nowMs + 4000,
				},
			},
		},
	);
}
