import {listOf, numberOf, objectOf, textOf, withoutAbsent, type Json} from './unknown.ts';
import {memoryWithoutCache, realLimit, type UsageSample} from './usage-sample.ts';

function number(value: unknown): number {
	return numberOf(value) ?? 0;
}

/** Bytes of one operation, summed over the devices. */
function blockBytes(stats: Json, operation: string): number {
	return listOf(objectOf(stats['blkio_stats'])['io_service_bytes_recursive'])
		.map(objectOf)
		.filter(entry => textOf(entry['op']).toLowerCase() === operation)
		.reduce((total, entry) => total + number(entry['value']), 0);
}

/** Bytes of one direction, summed over the networks; absent where there is none. */
function networkBytes(stats: Json, field: string): number | undefined {
	const networks = Object.values(objectOf(stats['networks'])).map(objectOf);
	return networks.length === 0
		? undefined
		: networks.reduce((total, network) => total + number(network[field]), 0);
}

/** One message of `GET /containers/{id}/stats`. Undefined for the empty ones that come before the first measurement. */
export function sampleFromStats(
	value: unknown,
	hostBytes: number | undefined,
): UsageSample | undefined {
	const stats = objectOf(value);
	const cpu = objectOf(stats['cpu_stats']);
	const memory = objectOf(stats['memory_stats']);
	const usedBytes = numberOf(memory['usage']);
	const atMs = Date.parse(textOf(stats['read']));
	if (usedBytes === undefined || !(atMs > 0)) {
		return undefined;
	}

	const detail = objectOf(memory['stats']);
	const usage = objectOf(cpu['cpu_usage']);
	const inactive = numberOf(detail['total_inactive_file']) ?? number(detail['inactive_file']);
	return withoutAbsent({
		atMs,
		cpuNanoseconds: number(usage['total_usage']),
		systemNanoseconds: number(cpu['system_cpu_usage']),
		onlineCpus: numberOf(cpu['online_cpus']) ?? (listOf(usage['percpu_usage']).length || 1),
		memoryUsedBytes: memoryWithoutCache(usedBytes, inactive),
		memoryLimitBytes: realLimit(number(memory['limit']), hostBytes),
		receivedBytes: networkBytes(stats, 'rx_bytes'),
		sentBytes: networkBytes(stats, 'tx_bytes'),
		readBytes: blockBytes(stats, 'read'),
		writtenBytes: blockBytes(stats, 'write'),
		pids: numberOf(objectOf(stats['pids_stats'])['current']),
	});
}
