import {alertFactsOf} from '../domain/alert-facts.ts';
import {maxAlerts, maxFigures, type Figures} from '../domain/figures.ts';
import {valueAt, type Sample} from '../domain/metrics.ts';
import {type Reading, valueOf} from '../domain/reading.ts';
import {samplesOf} from '../domain/samples.ts';
import type {SourceId} from '../domain/source-values.ts';
import {raisedAlerts} from '../store/select-alerts.ts';
import {single} from '../store/select.ts';
import type {State} from '../store/state.ts';
import {judgedNow, levelNow} from './judged.ts';

/** Areas in the order in which they are kept where a line would be too long. */
const areas = ['host', 'capacity', 'endpoint', 'errors', 'postgres', 'redis', 'backup', 'schedule'];

function rankOf(name: string): number {
	const at = areas.indexOf(name.split('.')[0] ?? '');
	return at === -1 ? areas.length : at;
}

/** The samples of everything that was read; only what is fresh counts as known. */
function samplesNow({data, settings}: State): readonly Sample[] {
	const {services} = settings;
	const containers = valueOf(single(data, 'docker.containers'));
	const context = {services, ...(containers && {containers})};
	return Object.entries(data.readings).flatMap(([source, byTarget]) =>
		Object.entries(byTarget as Readonly<Record<string, Reading<unknown>>>).flatMap(
			([target, reading]) => {
				const value = reading.kind === 'fresh' ? reading.value : undefined;
				return samplesOf(source as SourceId, target, value as never, context);
			},
		),
	);
}

type Named = readonly [name: string, subject: string, value: number | null];

/** Sizes in bytes that are no metrics, because no threshold can be set on them. */
function capacityNow({data}: State): readonly Named[] {
	const disks = valueOf(single(data, 'host.load'))?.disks ?? [];
	const databases = Object.entries(data.readings['postgres.storage']).flatMap(
		([target, reading]) => {
			const part = valueOf(reading)?.databases;
			return part?.available === true
				? part.value.map(
						({name, bytes}) => ['capacity.database', `${target}/${name}`, bytes] as const,
					)
				: [];
		},
	);
	const limits = Object.entries(data.readings['redis.server']).flatMap(([target, reading]) => {
		const bytes = valueOf(reading)?.memory.maxBytes ?? 0;
		return bytes > 0 ? [['capacity.redis-limit', target, bytes] as const] : [];
	});
	const sets = Object.values(data.readings['backups.set']).flatMap(reading => {
		const value = valueOf(reading);
		return value === undefined ? [] : [['capacity.backups', value.id, value.totalBytes] as const];
	});
	return [
		...disks.flatMap(({mount, usedBytes, totalBytes}) => [
			['capacity.disk-used', mount, usedBytes] as const,
			['capacity.disk-total', mount, totalBytes] as const,
		]),
		...databases,
		...limits,
		...sets,
	];
}

/** What of a state is remembered for the reports of a period: every sample, the sizes, and the raised alerts. */
export function figuresOf(state: State): Figures {
	const samples = samplesNow(state).map((sample): Named => {
		const {metric, target, subject} = sample;
		const isWhole = subject === target || subject === '*';
		// There is one host; of its parts the mount alone is the name.
		const name = isWhole ? target : metric.startsWith('host.') ? subject : `${target}/${subject}`;
		return [metric, name, valueAt(sample, state.data.nowMs) ?? null];
	});
	const named = [...samples, ...capacityNow(state)]
		.toSorted(([a], [b]) => rankOf(a) - rankOf(b))
		.slice(0, maxFigures);
	const values: Record<string, Record<string, number | null>> = {};
	for (const [name, subject, value] of named) {
		const own = (values[name] ??= {});
		own[subject] = value;
	}

	return {
		atMs: state.data.nowMs,
		level: levelNow(state),
		values,
		alerts: raisedAlerts(judgedNow(state).data)
			.filter(({level}) => level !== 'ok')
			.slice(0, maxAlerts)
			.map(alertFactsOf),
	};
}
