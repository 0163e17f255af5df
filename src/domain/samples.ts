import type {CheckRunsValue} from './check-runs.ts';
import {containerSamples, usageSamples, type SampleContext} from './container-samples.ts';
import {fallsBelowMs} from './endpoint-window.ts';
import type {EndpointValue} from './endpoint.ts';
import type {ErrorsValue, LogRates} from './errors.ts';
import type {BackupSetValue} from './backups.ts';
import type {HostValue} from './host.ts';
import {everySubject, type MetricId, type Sample} from './metrics.ts';
import type {Part, PostgresActivity, PostgresStorage} from './postgres.ts';
import type {RedisValue} from './redis.ts';
import type {ScheduleRunsValue} from './schedule-runs.ts';
import type {SourceId, SourceValues} from './source-values.ts';

export type {SampleContext} from './container-samples.ts';

/** Which source measures which metrics. */
export const metricsOfSource = {
	'docker.containers': [
		'container.down',
		'container.unhealthy',
		'container.crash-loop',
		'container.oom-killed',
		'container.restarts',
	],
	'docker.usage': ['container.cpu', 'container.memory'],
	'docker.detail': [],
	'host.load': [
		'host.cpu',
		'host.memory',
		'host.swap',
		'host.load-per-core',
		'host.disk',
		'host.inodes',
		'host.disk-busy',
	],
	'host.processes': [],
	'postgres.activity': [
		'postgres.connections',
		'postgres.connections-used',
		'postgres.waiting',
		'postgres.longest-query',
		'postgres.longest-transaction',
		'postgres.idle-in-transaction',
		'postgres.cache-hit',
		'postgres.deadlocks',
		'postgres.checksum-failures',
	],
	'postgres.storage': ['postgres.replication-lag', 'postgres.archive-failing'],
	'redis.server': [
		'redis.memory',
		'redis.memory-used',
		'redis.fragmentation',
		'redis.evictions',
		'redis.hit-rate',
		'redis.clients',
		'redis.ping',
		'redis.refuses-writes',
		'redis.save-failed',
		'redis.replica-link-down',
	],
	'redis.keys': [],
	'http.endpoint': [
		'endpoint.down',
		'endpoint.p95',
		'endpoint.failures',
		'endpoint.certificate-days',
	],
	'logs.errors': ['errors.per-minute', 'errors.server-errors'],
	'backups.set': ['backup.overdue', 'backup.suspicious', 'backup.unproven', 'backup.age'],
	'schedule.runs': ['schedule.missed'],
	'checks.runs': ['checklist.missed'],
} as const satisfies Readonly<Record<SourceId, readonly MetricId[]>>;

/** A metric that no source measures would be a threshold that never fires: this type is then an error below. */
type UnmeasuredMetric = Exclude<MetricId, (typeof metricsOfSource)[SourceId][number]>;
const nothingUnmeasured: readonly UnmeasuredMetric[] = [] satisfies readonly never[];

/** Below this, the allocator's own overhead makes the fragmentation ratio of Redis meaningless. */
const fragmentationFloorBytes = 32 * 1024 * 1024;

type Figure = number | undefined;

/** A state metric: 1 is bad. */
function state(isBad: boolean): number {
	return isBad ? 1 : 0;
}

/** Makes the samples of one target; `put` for a figure that should be known, nothing for what does not apply. */
function collector(target: string) {
	const samples: Sample[] = [];
	return {
		samples,
		put: (metric: MetricId, value: Figure, subject: string = target) => {
			samples.push({metric, target, subject, value});
		},
	};
}

/** Memory and CPU that could not be read are unknown; a host without swap has no swap to watch. */
function hostSamples(target: string, value: HostValue): readonly Sample[] {
	const {samples, put} = collector(target);
	put('host.cpu', value.cpu.busyPercent);
	put('host.memory', value.memory?.usedPercent);
	if (value.swap) put('host.swap', value.swap.usedPercent);
	const isCounted = value.load && value.cpu.cores > 0;
	put('host.load-per-core', isCounted ? value.load[0] / value.cpu.cores : undefined);
	for (const disk of value.disks) {
		put('host.disk', disk.usedPercent, disk.mount);
		if (disk.inodesUsedPercent !== undefined) {
			put('host.inodes', disk.inodesUsedPercent, disk.mount);
		}

		if (disk.busyPercent !== undefined) put('host.disk-busy', disk.busyPercent, disk.mount);
	}

	for (const disk of value.unreadDisks ?? []) put('host.disk', undefined, disk.mount);
	return samples;
}

/** A role without pg_monitor sees no times of others: then no long query is no knowledge, unless one is seen. */
function activitySamples(target: string, value: PostgresActivity): readonly Sample[] {
	const {samples, put} = collector(target);
	const nothingSeen = value.seesAllSessions ? 0 : undefined;
	put('postgres.connections', value.connections.usedPercent);
	put('postgres.connections-used', value.connections.used);
	put('postgres.waiting', value.waiting);
	put('postgres.longest-query', value.longestQuery?.querySeconds ?? nothingSeen);
	put('postgres.longest-transaction', value.longestTransaction?.transactionSeconds ?? nothingSeen);
	put('postgres.idle-in-transaction', value.idleInTransaction[0]?.stateSeconds ?? nothingSeen);
	if (value.cacheHitPercent !== undefined) put('postgres.cache-hit', value.cacheHitPercent);
	put('postgres.deadlocks', value.deadlocksSeen);
	put('postgres.checksum-failures', value.checksumFailures);
	return samples;
}

/** The value of a part; `undefined` where it could not be read though it should, nothing where it does not apply. */
function whenApplies<T>(part: Part<T>, put: (value: T | undefined) => void): void {
	if (part.available) put(part.value);
	else if (part.reason !== 'not-on-standby' && part.reason !== 'version') put(undefined);
}

function storageSamples(target: string, value: PostgresStorage): readonly Sample[] {
	const {samples, put} = collector(target);
	whenApplies(value.replication, replication => {
		if (replication === undefined) {
			put('postgres.replication-lag', undefined);
			return;
		}

		if (replication.receiverLagSeconds !== undefined) {
			put('postgres.replication-lag', replication.receiverLagSeconds);
		}

		for (const replica of replication.replicas) {
			// A replica that has caught up and is idle has no lag in seconds.
			const isIdle = replica.state === 'streaming' && (replica.lagBytes ?? 0) === 0;
			put('postgres.replication-lag', replica.lagSeconds ?? (isIdle ? 0 : undefined), replica.name);
		}
	});
	whenApplies(value.archiving, archiving => {
		if (archiving?.mode === 'off') return;
		const failedAtMs = archiving?.lastFailedAtMs ?? 0;
		const isFailing = archiving && failedAtMs > (archiving.lastArchivedAtMs ?? 0);
		put('postgres.archive-failing', isFailing === undefined ? undefined : state(isFailing));
	});
	return samples;
}

function redisSamples(target: string, value: RedisValue): readonly Sample[] {
	const {samples, put} = collector(target);
	const {memory, persistence, replication} = value;
	// Without maxmemory there is no share of it.
	if (memory.usedPercent !== undefined) put('redis.memory', memory.usedPercent);
	put('redis.memory-used', memory.usedBytes);
	const ratio = memory.fragmentationRatio;
	if (ratio !== undefined && (ratio < 1 || memory.usedBytes >= fragmentationFloorBytes)) {
		put('redis.fragmentation', ratio);
	}

	put('redis.evictions', value.evictionsPerSecond);
	// No look-ups, no rate.
	if (value.hitPercent !== undefined) put('redis.hit-rate', value.hitPercent);
	put('redis.clients', value.clients.usedPercent);
	put('redis.ping', value.pingMs);
	// A replica is read-only by design.
	const refusals = value.trouble.filter(
		trouble => trouble !== 'read-only' || value.role === 'master',
	);
	put('redis.refuses-writes', state(refusals.length > 0));
	put(
		'redis.save-failed',
		state(!persistence.lastSaveOk || (persistence.aofEnabled && !persistence.aofOk)),
	);
	if (value.role === 'replica') {
		const isUp = replication.masterLinkUp;
		put('redis.replica-link-down', isUp === undefined ? undefined : state(!isUp));
	}

	return samples;
}

function endpointSamples(target: string, value: EndpointValue): readonly Sample[] {
	const {samples, put} = collector(target);
	put('endpoint.down', state(!value.isUp));
	put('endpoint.p95', value.p95Ms);
	samples.push({
		...{metric: 'endpoint.failures', target, subject: target},
		value: value.probes > 0 ? value.failurePercent : undefined,
		fallsBelowMs: limit => fallsBelowMs(value, limit),
	});
	if (value.url.startsWith('https:')) {
		put('endpoint.certificate-days', value.certificateDaysLeft);
	}

	return samples;
}

/**
 * No errors are good news only where at least one log is followed. Where logs of several Compose projects are, each has
 * its own figures: what one project writes is no trouble of another. The logs of none stay the target's.
 */
function errorSamples(target: string, value: ErrorsValue): readonly Sample[] {
	const {samples, put} = collector(target);
	const putRates = (rates: LogRates, followed: ErrorsValue['followed'], subject?: string) => {
		const isFollowing = followed.some(log => log.isFollowing);
		put('errors.per-minute', isFollowing ? rates.errorsPerMinute : undefined, subject);
		if (rates.serverErrorPercent !== undefined) {
			put('errors.server-errors', rates.serverErrorPercent, subject);
		}
	};
	const books: readonly (LogRates & {readonly project?: string})[] = value.projects ?? [value];
	const known = [...value.followed, ...books].flatMap(({project}) => project ?? []);
	if (new Set(known).size < 2 || value.followed.length === 0) {
		putRates(value, value.followed);
		return samples;
	}

	for (const project of new Set(value.followed.map(log => log.project))) {
		const rates = books.find(book => book.project === project) ?? {errorsPerMinute: 0};
		const followed = value.followed.filter(log => log.project === project);
		putRates(rates, followed, project);
	}

	return samples;
}

/** A list that was cut may lack the newest file, so being overdue is then not known. */
function backupSamples(target: string, value: BackupSetValue): readonly Sample[] {
	const {samples, put} = collector(target);
	const isBlind = value.isTruncated === true && value.isOverdue;
	put('backup.overdue', isBlind ? undefined : state(value.isOverdue), value.id);
	put(
		'backup.suspicious',
		value.newest === undefined ? undefined : state(value.isSuspicious),
		value.id,
	);
	if (value.isUnproven !== undefined) put('backup.unproven', state(value.isUnproven), value.id);
	put('backup.age', isBlind ? undefined : value.ageSeconds, value.id);
	return samples;
}

/** One for each job that is installed; what leaves no trace of its runs cannot be missed. */
function scheduleSamples(target: string, {jobs}: ScheduleRunsValue): readonly Sample[] {
	const {samples, put} = collector(target);
	for (const {id, isMissed} of jobs) put('schedule.missed', state(isMissed), id);
	return samples;
}

/** One for each checklist that was ever gone through here: nobody is reminded of what they never took up. */
function checkSamples(target: string, {checklists}: CheckRunsValue): readonly Sample[] {
	const {samples, put} = collector(target);
	for (const {id, isMissed} of checklists) put('checklist.missed', state(isMissed), id);
	return samples;
}

type Makers = {
	readonly [Id in SourceId]: (
		target: string,
		value: SourceValues[Id],
		context: SampleContext,
	) => readonly Sample[];
};

const nothing = (): readonly Sample[] => nothingUnmeasured;

const makers: Makers = {
	'docker.containers': containerSamples,
	'docker.usage': usageSamples,
	'docker.detail': nothing,
	'host.load': hostSamples,
	'host.processes': nothing,
	'postgres.activity': activitySamples,
	'postgres.storage': storageSamples,
	'redis.server': redisSamples,
	'redis.keys': nothing,
	'http.endpoint': endpointSamples,
	'logs.errors': errorSamples,
	'backups.set': backupSamples,
	'schedule.runs': scheduleSamples,
	'checks.runs': checkSamples,
};

/**
 * The samples that thresholds are judged on, from one source's value. Without a value every metric of the source is
 * unknown for `everySubject`. A value that should be known but is not gives an `undefined` sample; what does not apply
 * here (no swap, no maxmemory, no certificate) gives none.
 */
export function samplesOf<Id extends SourceId>(
	sourceId: Id,
	targetId: string,
	value: SourceValues[Id] | undefined,
	context: SampleContext = {},
): readonly Sample[] {
	if (value !== undefined) return makers[sourceId](targetId, value, context);
	return metricsOfSource[sourceId].map(metric => ({
		metric,
		target: targetId,
		subject: everySubject,
		value: undefined,
	}));
}
