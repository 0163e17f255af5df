import type {EndpointValue} from '../domain/endpoint.ts';
import {compareLevels, type Level, worst} from '../domain/level.ts';
import {type Reading, valueOf} from '../domain/reading.ts';
import {remember} from './remember.ts';
import {alertIndex} from './select-alerts.ts';
import type {Data} from './state.ts';

/** One probed address with what is known about it. */
export type Probe = {
	readonly id: string;
	readonly url: string;
	readonly containerName: string | undefined;
	readonly reading: Reading<EndpointValue> | undefined;
	readonly value: EndpointValue | undefined;
	readonly level: Level;
};

/** Every probed address, those in trouble first. */
export const probeRows: (data: Data) => readonly Probe[] = remember(
	data => [data.readings['http.endpoint'], data.targets.endpoints, data.alerts],
	data => {
		const index = alertIndex(data);
		return data.targets.endpoints
			.map((target): Probe => {
				const reading = data.readings['http.endpoint'][target.id];
				const value = valueOf(reading);
				return {
					id: target.id,
					url: value?.url ?? target.id,
					containerName: target.container?.containerName,
					reading,
					value,
					level: worst([
						index.ofTarget(target.id),
						value && !value.isUp ? 'warn' : 'ok',
						value ? 'ok' : 'unknown',
					]),
				};
			})
			.toSorted((a, b) => compareLevels(a.level, b.level));
	},
);

/** The probed addresses of each container, by its name. */
export function probesByContainer(data: Data): ReadonlyMap<string, readonly Probe[]> {
	const result = new Map<string, Probe[]>();
	for (const probe of probeRows(data)) {
		if (probe.containerName === undefined) continue;
		result.set(probe.containerName, [...(result.get(probe.containerName) ?? []), probe]);
	}

	return result;
}
