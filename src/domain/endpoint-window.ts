import type {EndpointValue} from './endpoint.ts';

/** One probe: how long the answer took, if there was one, and why it counts as failed, if it does. */
export type Probe = {readonly latencyMs?: number; readonly failure?: string};

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
): Pick<EndpointValue, 'p50Ms' | 'p95Ms' | 'probes' | 'failures' | 'failurePercent'> {
	const latencies = probes.flatMap(({latencyMs}) => (latencyMs === undefined ? [] : [latencyMs]));
	const p50Ms = percentile(latencies, 50);
	const p95Ms = percentile(latencies, 95);
	const failures = probes.filter(({failure}) => failure !== undefined).length;
	return {
		...(p50Ms === undefined ? {} : {p50Ms}),
		...(p95Ms === undefined ? {} : {p95Ms}),
		probes: probes.length,
		failures,
		failurePercent: probes.length === 0 ? 0 : (failures / probes.length) * 100,
	};
}
