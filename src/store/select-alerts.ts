import type {Alert, Recovery} from '../domain/alerts.ts';
import {compareLevels, type Level, worst} from '../domain/level.ts';
import {remember} from './remember.ts';
import type {Data} from './state.ts';

/** The raised alerts, worst first, then oldest. */
export const raisedAlerts: (data: Data) => readonly Alert[] = remember(
	data => [data.alerts],
	({alerts}) =>
		alerts
			.filter(alert => !alert.isPending && alert.level !== 'ok')
			.toSorted((a, b) => compareLevels(a.level, b.level) || a.sinceMs - b.sinceMs),
);

/** What crosses its threshold but not yet for its hold time, worst first, then oldest. */
export const pendingAlerts: (data: Data) => readonly Alert[] = remember(
	data => [data.alerts],
	({alerts}) =>
		alerts
			.filter(alert => alert.isPending && alert.level !== 'ok')
			.toSorted((a, b) => compareLevels(a.level, b.level) || a.sinceMs - b.sinceMs),
);

/** How many thresholds are crossed, but not yet for their hold time; what is only unknown is not counted. */
export function pendingCount(data: Data): number {
	return pendingAlerts(data).filter(({level}) => level !== 'unknown').length;
}

/** The raised alerts by what they are about, so that a view does not search all of them for each of its rows. */
export type AlertIndex = {
	/** Worst level of a metric of a target, over one subject or all of them. */
	levelOf(metric: string, target?: string, subject?: string): Level;
	/** Worst level of a container's own metrics, by the name of the container. */
	ofContainer(name: string): Level;
	/** Worst level of a container and of the addresses of its probes whose hold time is not over. */
	pendingOf(name: string, targets: readonly string[]): Level;
	/** Worst level of everything about a target. */
	ofTarget(target: string): Level;
};

/** Indexes the raised alerts; computed once for each set of alerts. */
export const alertIndex: (data: Data) => AlertIndex = remember(
	data => [data.alerts],
	data => {
		const levels = new Map<string, Level>();
		const add = (key: string, level: Level) => {
			levels.set(key, worst([level, levels.get(key) ?? 'ok']));
		};
		for (const {metric, target, subject, level} of raisedAlerts(data)) {
			add(`metric ${metric}`, level);
			add(`metric ${metric} ${target}`, level);
			add(`metric ${metric} ${target} ${subject}`, level);
			add(`target ${target}`, level);
			if (metric.startsWith('container.')) add(`container ${subject}`, level);
		}

		for (const {metric, target, subject, level} of pendingAlerts(data)) {
			if (metric.startsWith('container.')) add(`pending container ${subject}`, level);
			if (metric.startsWith('endpoint.')) add(`pending endpoint ${target}`, level);
		}

		const get = (...parts: readonly (string | undefined)[]) =>
			levels.get(parts.filter(part => part !== undefined).join(' ')) ?? 'ok';
		return {
			levelOf: (metric, target, subject) => get('metric', metric, target, subject),
			ofContainer: name => get('container', name),
			pendingOf: (name, targets) =>
				worst([
					get('pending', 'container', name),
					...targets.map(target => get('pending', 'endpoint', target)),
				]),
			ofTarget: target => get('target', target),
		};
	},
);

/** The recovery of a set of alerts: only where all of them fall back, until the last of them is over. */
export function recoveryOfAll(alerts: readonly Alert[]): Recovery | undefined {
	const recoveries = alerts.map(({recovery}) => recovery);
	if (recoveries.length === 0 || recoveries.includes(undefined)) return undefined;
	const ends = recoveries.map(recovery => recovery?.untilMs);
	return ends.every(end => end !== undefined) ? {untilMs: Math.max(...ends)} : {};
}

/** How many figures of a target are not known. */
export function unknownCount(data: Data, target: string): number {
	return raisedAlerts(data).filter(alert => alert.level === 'unknown' && alert.target === target)
		.length;
}
