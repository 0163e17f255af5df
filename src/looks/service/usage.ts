import {numberAfter} from '../../domain/cgroup.ts';
import type {Container} from '../../domain/containers.ts';
import {numberOf, objectOf} from '../../domain/unknown.ts';
import {groupTexts} from '../../sources/cgroup-reader.ts';
import {freshOf} from '../fresh-of.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {subjectOf} from './subject.ts';

const throttleMs = 400;
/** Where the engine's readings live, as in the store. */
const engineTarget = 'engine';

/** CPUs that may be used, by `--cpus`, else by quota and period. */
function cpuLimitOf(inspection: unknown): number | undefined {
	const host = objectOf(objectOf(inspection)['HostConfig']);
	const nano = numberOf(host['NanoCpus']) ?? 0;
	const quota = numberOf(host['CpuQuota']) ?? 0;
	const period = numberOf(host['CpuPeriod']) || 100_000;
	if (nano > 0) return nano / 1e9;
	return quota > 0 ? quota / period : undefined;
}

/** Percent of the scheduler's periods in which the limit held it back, over 0.4 s; and how often memory ended a process. */
async function groupFacts({io, signal}: LookFacts, container: Container, hasLimit: boolean) {
	const read = await groupTexts(io, container);
	if (read === undefined) return {};
	const [events, peakText, before] = await Promise.all([
		read('memory', 'memory.oom_control', 'memory.events'),
		read('memory', 'memory.max_usage_in_bytes', 'memory.peak'),
		hasLimit ? read('cpu', 'cpu.stat', 'cpu.stat') : undefined,
	]);
	const oomKills = numberAfter(events, 'oom_kill');
	// Kernels before 5.19 do not keep it in the unified hierarchy.
	const peak = Number(peakText?.trim()) || undefined;
	if (before === undefined) return {oomKills, peak};
	await io.clock.sleep(throttleMs, signal);
	const after = await read('cpu', 'cpu.stat', 'cpu.stat');
	const grown = (name: string) =>
		(numberAfter(after, name) ?? 0) - (numberAfter(before, name) ?? 0);
	const periods = grown('nr_periods');
	return {oomKills, peak, throttled: periods > 0 ? (grown('nr_throttled') / periods) * 100 : 0};
}

/** What the container uses, from its panel's reading, its limits and its control group. */
export const readServiceUsage: LookReader<'service.usage'> = async facts => {
	const {container, inspection, key} = await subjectOf(facts);
	const isUp = container?.state === 'running' || container?.state === 'paused';
	const host = objectOf(objectOf(inspection)['HostConfig']);
	const cores = cpuLimitOf(inspection);
	const memoryLimit = numberOf(host['Memory']) || undefined;
	const limits = {
		'has-cpu-limit': container && cores !== undefined,
		'has-memory-limit': container && memoryLimit !== undefined,
		'memory-limit': memoryLimit,
	};
	const nothing = {
		cpu: undefined,
		'cpu-of-limit': undefined,
		throttled: undefined,
		memory: undefined,
		'memory-percent': undefined,
		'memory-peak': undefined,
		'oom-kills': undefined,
		pids: undefined,
		'pids-percent': undefined,
	};
	if (container === undefined || !isUp) {
		return {values: {...limits, ...nothing}, lines: [`${key}: does not run`]};
	}

	const [reading, group] = await Promise.all([
		facts.reading('docker.usage', engineTarget),
		groupFacts(facts, container, cores !== undefined),
	]);
	const usage = freshOf('docker.usage', reading).byId[container.id];
	const {cpuPercent: cpu, memoryUsedBytes: memory, pids} = usage ?? {};
	const limit = usage?.memoryLimitBytes ?? memoryLimit;
	const maxPids = numberOf(host['PidsLimit']) ?? 0;
	return {
		values: {
			...limits,
			cpu,
			'cpu-of-limit': cpu === undefined || cores === undefined ? undefined : cpu / cores,
			throttled: group.throttled,
			memory,
			'memory-percent':
				memory === undefined || limit === undefined ? undefined : (memory / limit) * 100,
			'memory-peak': group.peak,
			'oom-kills': group.oomKills,
			pids,
			'pids-percent': pids === undefined || maxPids <= 0 ? undefined : (pids / maxPids) * 100,
		},
	};
};
