/** Unit of a metric's value, for display and for key names. */
export type Unit =
	| 'percent'
	| 'bytes'
	| 'seconds'
	| 'milliseconds'
	| 'count'
	| 'per-second'
	| 'per-minute'
	| 'days'
	| 'ratio'
	| 'state';

/** Every value that a threshold can be set on, with its unit. A `state` is 0 (good) or 1 (bad). */
export const metrics = {
	'host.cpu': 'percent',
	'host.memory': 'percent',
	'host.swap': 'percent',
	'host.load-per-core': 'ratio',
	'host.disk': 'percent',
	'host.inodes': 'percent',
	'host.disk-busy': 'percent',
	'container.down': 'state',
	'container.unhealthy': 'state',
	'container.crash-loop': 'state',
	'container.oom-killed': 'state',
	'container.restarts': 'count',
	'container.cpu': 'percent',
	'container.memory': 'percent',
	'postgres.connections': 'percent',
	'postgres.connections-used': 'count',
	'postgres.waiting': 'count',
	'postgres.longest-query': 'seconds',
	'postgres.longest-transaction': 'seconds',
	'postgres.idle-in-transaction': 'seconds',
	'postgres.cache-hit': 'percent',
	'postgres.deadlocks': 'count',
	'postgres.checksum-failures': 'count',
	'postgres.replication-lag': 'seconds',
	'postgres.archive-failing': 'state',
	'redis.memory': 'percent',
	'redis.memory-used': 'bytes',
	'redis.fragmentation': 'ratio',
	'redis.evictions': 'per-second',
	'redis.hit-rate': 'percent',
	'redis.clients': 'percent',
	'redis.ping': 'milliseconds',
	'redis.refuses-writes': 'state',
	'redis.save-failed': 'state',
	'redis.replica-link-down': 'state',
	'endpoint.down': 'state',
	'endpoint.p95': 'milliseconds',
	'endpoint.failures': 'percent',
	'endpoint.certificate-days': 'days',
	'errors.per-minute': 'per-minute',
	'errors.server-errors': 'percent',
	'backup.overdue': 'state',
	'backup.suspicious': 'state',
	'backup.unproven': 'state',
	'backup.age': 'seconds',
	'schedule.missed': 'state',
	'checklist.missed': 'state',
} as const satisfies Readonly<Record<string, Unit>>;

export type MetricId = keyof typeof metrics;

/** One measured value of a metric; `undefined` means that it is not known, which is not ok. */
export type Sample = {
	readonly metric: MetricId;
	readonly target: string;
	/** Container, mount, endpoint, replica or set; the target itself where it has only one; `everySubject`. */
	readonly subject: string;
	/** Other names of the subject that a rule may use (Compose service, stable key). */
	readonly aliases?: readonly string[];
	readonly value: number | undefined;
	/** Since when it is so (wall-clock ms), where the source knows better than whoever looks at it. */
	readonly sinceMs?: number;
	/** Until when (wall-clock ms) the value counts if nothing new happens; it is 0 after that. */
	readonly heldUntilMs?: number;
	/** What it tells of is over: it is only held for a while. */
	readonly isOver?: true;
	/** How long until the value is below a limit, if nothing bad happens any more, in ms; undefined where it does not fall. */
	readonly fallsBelowMs?: (limit: number) => number | undefined;
};

/** The value of a sample at a moment (wall-clock ms): what was only held until then is over. */
export function valueAt({value, heldUntilMs}: Sample, nowMs: number): number | undefined {
	return heldUntilMs !== undefined && nowMs >= heldUntilMs ? 0 : value;
}

/**
 * Subject of a sample that stands for all subjects of a metric at a target: its source has no value at all, so even
 * which subjects there are is not known.
 */
export const everySubject = '*';
