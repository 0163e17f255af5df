import type {Rule} from '../src/domain/alerts.ts';
import type {MetricId} from '../src/domain/metrics.ts';

// TypeScript, not YAML: a start without any configuration file reads no file and loads no parser for these.

/** Thresholds of one metric. Values in the metric's unit, hold time in seconds. */
type Default = {readonly warn?: number; readonly crit?: number; readonly forSeconds?: number};

const minute = 60;

const thresholds: Readonly<Partial<Record<MetricId, Default>>> = {
	'host.cpu': {warn: 70, crit: 90, forSeconds: 5 * minute},
	'host.memory': {warn: 80, crit: 95, forSeconds: minute},
	'host.swap': {warn: 50, crit: 80, forSeconds: 5 * minute},
	'host.load-per-core': {warn: 2, crit: 4, forSeconds: 5 * minute},
	'host.disk': {warn: 80, crit: 90},
	'host.inodes': {warn: 80, crit: 90},
	'host.disk-busy': {warn: 80, crit: 95, forSeconds: 5 * minute},
	'container.down': {crit: 1},
	'container.unhealthy': {crit: 1},
	'container.crash-loop': {crit: 1},
	'container.oom-killed': {warn: 1},
	'container.restarts': {warn: 2},
	// No default for container.cpu: how many cores a service may use is its own affair.
	'container.memory': {warn: 80, crit: 95, forSeconds: minute},
	'postgres.connections': {warn: 70, crit: 90},
	'postgres.waiting': {warn: 1, crit: 10, forSeconds: 30},
	'postgres.longest-query': {warn: minute, crit: 10 * minute},
	'postgres.longest-transaction': {warn: 5 * minute, crit: 30 * minute},
	'postgres.idle-in-transaction': {warn: minute, crit: 10 * minute},
	'postgres.cache-hit': {warn: 90, crit: 70, forSeconds: 10 * minute},
	'postgres.deadlocks': {warn: 1},
	'postgres.checksum-failures': {crit: 1},
	'postgres.replication-lag': {warn: 30, crit: 5 * minute, forSeconds: minute},
	'postgres.archive-failing': {crit: 1, forSeconds: minute},
	'redis.memory': {warn: 80, crit: 95, forSeconds: minute},
	// No default for redis.fragmentation (meaningless on a small server), redis.evictions and redis.hit-rate (what a
	// cache does) and redis.memory-used (a matter of the machine).
	'redis.clients': {warn: 70, crit: 90},
	'redis.ping': {warn: 50, crit: 500, forSeconds: minute},
	'redis.refuses-writes': {crit: 1},
	'redis.save-failed': {crit: 1},
	'redis.replica-link-down': {crit: 1, forSeconds: minute},
	'endpoint.down': {crit: 1},
	'endpoint.p95': {warn: 500, crit: 2000, forSeconds: 5 * minute},
	'endpoint.failures': {warn: 5, crit: 25, forSeconds: minute},
	'endpoint.certificate-days': {warn: 30, crit: 7},
	'errors.per-minute': {warn: 10, crit: 60, forSeconds: minute},
	'errors.server-errors': {warn: 1, crit: 5, forSeconds: 2 * minute},
	'backup.overdue': {warn: 1},
	'backup.suspicious': {warn: 1},
	'backup.unproven': {warn: 1},
	'schedule.missed': {warn: 1},
	'checklist.missed': {warn: 1},
	// No default for backup.age: each set has its own, which backup.overdue watches.
};

const belowMetrics: ReadonlySet<string> = new Set([
	'postgres.cache-hit',
	'redis.hit-rate',
	'endpoint.certificate-days',
] satisfies readonly MetricId[]);

/** Whether trouble with a metric is above or below its threshold, unless a rule says otherwise. */
export function directionOf(metric: MetricId): Rule['direction'] {
	return belowMetrics.has(metric) ? 'below' : 'above';
}

/** Share of a threshold that a value must be away from it before the alert clears. */
export const defaultHysteresis = 0.05;

/** A rule with nothing but its defaults. */
export function emptyRule(metric: MetricId, subject?: string): Rule {
	return {
		id: subject === undefined ? metric : `${metric}:${subject}`,
		metric,
		...(subject === undefined ? {} : {subject}),
		direction: directionOf(metric),
		forMs: 0,
		hysteresis: defaultHysteresis,
		provenance: 'built in',
	};
}

function isMetric(key: string): key is MetricId {
	return Object.hasOwn(thresholds, key);
}

/** The rules that hold where nothing is configured. */
export const defaultRules: readonly Rule[] = Object.entries(thresholds).flatMap(
	([metric, limits]) => {
		if (!isMetric(metric)) return [];
		const {forSeconds = 0, ...levels} = limits;
		return [{...emptyRule(metric), ...levels, forMs: forSeconds * 1000}];
	},
);
