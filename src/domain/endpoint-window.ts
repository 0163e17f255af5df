import type {EndpointValue} from './endpoint.ts';

/** One probe: how long the answer took, if there was one, and why it counts as failed, if it does. */
export type Probe = {readonly latencyMs?: number; readonly failure?: string};

/** How often an address is probed, in ms. */
export const probeEveryMs = 5000;

/** How many probes the window holds: 12.5 minutes at one in 5 s. */
export const windowSize = 150;

/** The nearest-rank percentile (the smallest value that at least `percent` of the values do not exceed). */
export function percentile(values: readonly number[], percent: number): number | undefined {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

/** Figures of the window: latencies of every answered probe, and the share that failed. */
export function summariseProbes(
	probes: readonly Probe[],
): Pick<
	EndpointValue,
	'p50Ms' | 'p95Ms' | 'probes' | 'failures' | 'failurePercent' | 'goodSinceFailure'
> {
	const latencies = probes.flatMap(({latencyMs}) => (latencyMs === undefined ? [] : [latencyMs]));
	const p50Ms = percentile(latencies, 50);
	const p95Ms = percentile(latencies, 95);
	const lastFailure = probes.findLastIndex(({failure}) => failure !== undefined);
	const failures = probes.filter(({failure}) => failure !== undefined).length;
	return {
		...(p50Ms === undefined ? {} : {p50Ms}),
		...(p95Ms === undefined ? {} : {p95Ms}),
		probes: probes.length,
		failures,
		failurePercent: probes.length === 0 ? 0 : (failures / probes.length) * 100,
		...(lastFailure !== -1 && {goodSinceFailure: probes.length - 1 - lastFailure}),
	};
}

/**
 * When the failed share of the window is below a limit (percent) at the latest, if every probe from now on is good; in ms
 * from now. Undefined while the last probe failed. Until the window is full the share falls with each probe; afterwards
 * only as failures leave it, the last of them at the end.
 */
export function fallsBelowMs(
	{
		probes,
		failures,
		goodSinceFailure,
	}: Pick<EndpointValue, 'probes' | 'failures' | 'goodSinceFailure'>,
	limit: number,
): number | undefined {
	if (goodSinceFailure === undefined || goodSinceFailure === 0) return undefined;
	const wanted = Math.floor((failures * 100) / Math.max(limit, 0.001)) + 1;
	const isInWindow = wanted <= windowSize;
	const more = isInWindow ? wanted - probes : windowSize - goodSinceFailure;
	return Math.max(1, more) * probeEveryMs;
}
