import * as v from 'valibot';
import {type MetricId, metrics} from '../src/domain/metrics.ts';
import {metricDescriptions} from './metric-descriptions.ts';
import {choice, duration, text, thresholdValue} from './scalars.ts';
import {from, may} from './schema-parts.ts';

function ruleIn(unit: Parameters<typeof thresholdValue>[0]) {
	return v.strictObject({
		subject: may(text('Only subjects that match this glob (a container, mount, endpoint or set).')),
		warn: may(thresholdValue(unit)),
		crit: may(thresholdValue(unit)),
		for: may(duration('How long it must hold before it is an alert.')),
		direction: may(choice('Trouble at or over the value, or at or under it.', ['above', 'below'])),
		hysteresis: may(
			v.pipe(
				v.number('share'),
				v.description('Cleared only this share of the threshold away from it (0.05 unless set).'),
				v.minValue(0, 'share'),
				v.maxValue(0.5, 'share'),
			),
		),
		from,
	});
}

/** The rules by unit, each made once; the JSON Schema refers to them as definitions. */
export const ruleSchemas = {
	percent: ruleIn('percent'),
	'cpu-percent': ruleIn('cpu-percent'),
	bytes: ruleIn('bytes'),
	seconds: ruleIn('seconds'),
	milliseconds: ruleIn('milliseconds'),
	days: ruleIn('days'),
	state: ruleIn('state'),
	count: ruleIn('count'),
	'per-second': ruleIn('per-second'),
	'per-minute': ruleIn('per-minute'),
	ratio: ruleIn('ratio'),
};

function thresholdFor(metric: MetricId) {
	const rule = ruleSchemas[metric === 'container.cpu' ? 'cpu-percent' : metrics[metric]];
	return may(
		v.pipe(
			v.union([rule, v.array(rule), v.literal('off')], 'threshold'),
			v.description(metricDescriptions[metric]),
		),
	);
}

/** The thresholds by metric; one entry per metric, so that a new metric without a place here does not compile. */
export function thresholdEntries() {
	const entry = thresholdFor;
	return {
		'host.cpu': entry('host.cpu'),
		'host.memory': entry('host.memory'),
		'host.swap': entry('host.swap'),
		'host.load-per-core': entry('host.load-per-core'),
		'host.disk': entry('host.disk'),
		'host.inodes': entry('host.inodes'),
		'host.disk-busy': entry('host.disk-busy'),
		'container.down': entry('container.down'),
		'container.unhealthy': entry('container.unhealthy'),
		'container.crash-loop': entry('container.crash-loop'),
		'container.oom-killed': entry('container.oom-killed'),
		'container.restarts': entry('container.restarts'),
		'container.cpu': entry('container.cpu'),
		'container.memory': entry('container.memory'),
		'postgres.connections': entry('postgres.connections'),
		'postgres.connections-used': entry('postgres.connections-used'),
		'postgres.waiting': entry('postgres.waiting'),
		'postgres.longest-query': entry('postgres.longest-query'),
		'postgres.longest-transaction': entry('postgres.longest-transaction'),
		'postgres.idle-in-transaction': entry('postgres.idle-in-transaction'),
		'postgres.cache-hit': entry('postgres.cache-hit'),
		'postgres.deadlocks': entry('postgres.deadlocks'),
		'postgres.checksum-failures': entry('postgres.checksum-failures'),
		'postgres.replication-lag': entry('postgres.replication-lag'),
		'postgres.archive-failing': entry('postgres.archive-failing'),
		'redis.memory': entry('redis.memory'),
		'redis.memory-used': entry('redis.memory-used'),
		'redis.fragmentation': entry('redis.fragmentation'),
		'redis.evictions': entry('redis.evictions'),
		'redis.hit-rate': entry('redis.hit-rate'),
		'redis.clients': entry('redis.clients'),
		'redis.ping': entry('redis.ping'),
		'redis.refuses-writes': entry('redis.refuses-writes'),
		'redis.save-failed': entry('redis.save-failed'),
		'redis.replica-link-down': entry('redis.replica-link-down'),
		'endpoint.down': entry('endpoint.down'),
		'endpoint.p95': entry('endpoint.p95'),
		'endpoint.failures': entry('endpoint.failures'),
		'endpoint.certificate-days': entry('endpoint.certificate-days'),
		'errors.per-minute': entry('errors.per-minute'),
		'errors.server-errors': entry('errors.server-errors'),
		'backup.overdue': entry('backup.overdue'),
		'backup.suspicious': entry('backup.suspicious'),
		'backup.unproven': entry('backup.unproven'),
		'backup.age': entry('backup.age'),
		'schedule.missed': entry('schedule.missed'),
		'checklist.missed': entry('checklist.missed'),
	} satisfies Readonly<Record<MetricId, unknown>>;
}
