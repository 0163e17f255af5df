import type {Alert} from '../domain/alerts.ts';
import {type Level, worst} from '../domain/level.ts';
import type {MetricId} from '../domain/metrics.ts';
import type {Reading} from '../domain/reading.ts';
import type {SourceId} from '../domain/source-values.ts';
import {raisedAlerts} from '../store/select-alerts.ts';
import {overallLevel, readingLevel} from '../store/select-levels.ts';
import type {Data, State} from '../store/state.ts';

/** Figures of which a single sample says little: their hold time is what tells a peak from trouble. */
const momentary: ReadonlySet<MetricId> = new Set([
	'host.cpu',
	'host.load-per-core',
	'host.disk-busy',
	'container.cpu',
	'redis.ping',
	'redis.evictions',
	'postgres.cache-hit',
	'endpoint.p95',
]);

/** Whether an alert counts for the level of a single reading, which cannot wait for hold times. */
export function countsNow(alert: Alert): boolean {
	return !alert.isPending || !momentary.has(alert.metric);
}

/**
 * The same state with every condition that holds now raised at once: a single reading cannot wait for hold times, and
 * a server that is down must not pass for well because it may be down for less than a minute. Momentary figures stay
 * pending.
 */
export function judgedNow(state: State): State {
	const alerts = state.data.alerts.map(alert =>
		countsNow(alert) ? {...alert, isPending: false} : alert,
	);
	return {...state, data: {...state.data, alerts}};
}

/** Whether there is nothing here but the machine itself. */
function isBare({targets, readings}: Data): boolean {
	const hasEngine = Object.values(readings['docker.containers']).some(
		reading => reading.kind === 'fresh' || reading.kind === 'stale',
	);
	const {postgres, redis, endpoints, logs, backups} = targets;
	return (
		!hasEngine && [postgres, redis, endpoints, logs, backups].every(found => found.length === 0)
	);
}

/** The level of a single reading: of all panels without hold times; `unknown` where there is nothing to watch. */
export function levelNow(state: State): Level {
	const {data} = judgedNow(state);
	return worst([overallLevel(data), isBare(data) || !data.isDiscovered ? 'unknown' : 'ok']);
}

/** The level of one target: of its reading and of its alerts, by the area of their metrics. */
export function targetLevel(
	data: Data,
	source: SourceId,
	{id, reading}: {readonly id: string; readonly reading: Reading<unknown> | undefined},
): Level {
	const area = areas[source];
	const alerts = raisedAlerts(data).filter(
		alert => alert.target === id && alert.metric.split('.')[0] === area,
	);
	return worst([readingLevel(source, reading), ...alerts.map(alert => alert.level)]);
}

/** The first part of the names of a source's metrics. */
const areas: Readonly<Partial<Record<SourceId, string>>> = {
	'postgres.activity': 'postgres',
	'redis.server': 'redis',
	'http.endpoint': 'endpoint',
	'backups.set': 'backup',
};
