import type {Look} from '../../hooks/use-look.ts';
import type {Alert} from '../../src/domain/alerts.ts';
import {formatAge, formatMetric} from '../../src/domain/format.ts';
import {everySubject, metrics} from '../../src/domain/metrics.ts';
import {oomHoldMs} from '../../src/domain/oom-kill.ts';
import {valueOf} from '../../src/domain/reading.ts';
import {unknownCount} from '../../src/store/select-alerts.ts';
import {allContainerRows} from '../../src/store/select-containers.ts';
import type {Data} from '../../src/store/state.ts';
import {metricWords} from '../../src/words/metrics.ts';
import {nameText, pathOf, projectsOf} from './container-words.ts';

/** What the metric of an alert is called. */
export function metricName(look: Look, alert: Alert): string {
	return metricWords[alert.metric]?.[look.language] ?? alert.metric;
}

/** What the alert is about, as the table of containers calls it: a service, the path of a probe, a mount, a set. */
export function alertSubject(data: Data, alert: Alert): string {
	const {subject, target, metric} = alert;
	const rows = allContainerRows(data);
	const nameOf = (name: string | undefined) => {
		const row = rows.find(({container}) => container.name === name);
		return row && nameText(row.container, projectsOf(rows));
	};
	if (metric.startsWith('container.') && subject !== everySubject) {
		return nameOf(subject) ?? subject;
	}

	if (metric.startsWith('endpoint.')) {
		const probe = data.targets.endpoints.find(({id}) => id === target);
		const service = nameOf(probe?.container?.containerName);
		if (!probe || service === undefined) return probe?.url ?? target;
		return `${service} ${pathOf(probe.url)}`;
	}

	return subject === '' || subject === everySubject ? target : subject;
}

/** What an address says instead of what it should: nothing, or a status that counts as failed. */
function probeComplaint(data: Data, look: Look, {target}: Alert): string | undefined {
	const value = valueOf(data.readings['http.endpoint'][target]);
	if (!value || value.isUp) return undefined;
	const {status} = value;
	return status === undefined
		? look.say('endpoint.silent')
		: look.say('endpoint.answers', {status});
}

/** When the last kill for lack of memory was; empty for every other alert. */
function lastKill(data: Data, look: Look, {metric, recovery}: Alert): string {
	if (metric !== 'container.oom-killed' || recovery?.untilMs === undefined) return '';
	const ageMs = Math.max(0, data.nowMs - (recovery.untilMs - oomHoldMs));
	return look.say('comma') + look.say('alerts.last', {age: formatAge(ageMs, look.language)});
}

/** What is wrong with the subject: `connections 92% (limit 90%)`, of a pending one without the limit. */
export function alertComplaint(data: Data, look: Look, alert: Alert, hasLimit: boolean): string {
	const name = metricName(look, alert);
	const unit = metrics[alert.metric];
	if (alert.level === 'unknown') {
		const others = unknownCount(data, alert.target) - 1;
		return `${name} ${look.say('level.unknown')}${others > 0 ? ` +${others}` : ''}`;
	}

	if (alert.metric === 'endpoint.down') return probeComplaint(data, look, alert) ?? name;
	const held = alert.recovery ? look.say('comma') + look.say('status.recovering') : '';
	if (unit === 'state') return name + held + (hasLimit ? lastKill(data, look, alert) : '');
	const value = formatMetric(alert.value, unit, look.language);
	const limit = formatMetric(alert.threshold, unit, look.language);
	if (alert.isPending || !hasLimit) return `${name} ${value}`;
	return `${name} ${look.say('alerts.over', {value, limit})}${held}`;
}
