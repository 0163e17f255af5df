import type {Usage} from './containers.ts';
import {withoutAbsent} from './unknown.ts';

/** Counters of one container at one moment. Rates come from two of them. */
export type UsageSample = {
	/** Monotonic, or the engine's own time; only differences are used. */
	readonly atMs: number;
	readonly cpuNanoseconds: number;
	/** CPU time of the whole host since its start, all cores together. */
	readonly systemNanoseconds: number;
	readonly onlineCpus: number;
	readonly memoryUsedBytes: number;
	readonly memoryLimitBytes?: number;
	readonly receivedBytes?: number;
	readonly sentBytes?: number;
	readonly readBytes?: number;
	readonly writtenBytes?: number;
	readonly pids?: number;
};

/** Growth per second; absent where a counter is missing or fell back (the container was started anew). */
function rate(before: number | undefined, now: number | undefined, elapsedMs: number) {
	return before === undefined || now === undefined || now < before || elapsedMs <= 0
		? undefined
		: ((now - before) / elapsedMs) * 1000;
}

/**
 * CPU as `docker stats` computes it: share of the container in the CPU time of the whole host, times the number of
 * cores (docker/cli, cli/command/container/stats_helpers.go, calculateCPUPercentUnix).
 */
function cpuPercent(before: UsageSample, now: UsageSample): number | undefined {
	const used = now.cpuNanoseconds - before.cpuNanoseconds;
	const system = now.systemNanoseconds - before.systemNanoseconds;
	return used < 0 || system <= 0 ? undefined : (used / system) * now.onlineCpus * 100;
}

/** What is used now; the rates need the sample before. */
export function usageOf(before: UsageSample | undefined, now: UsageSample): Usage {
	const elapsedMs = before ? now.atMs - before.atMs : 0;
	return withoutAbsent({
		cpuPercent: before && cpuPercent(before, now),
		memoryUsedBytes: now.memoryUsedBytes,
		memoryLimitBytes: now.memoryLimitBytes,
		networkReceivedBytesPerSecond: rate(before?.receivedBytes, now.receivedBytes, elapsedMs),
		networkSentBytesPerSecond: rate(before?.sentBytes, now.sentBytes, elapsedMs),
		blockReadBytesPerSecond: rate(before?.readBytes, now.readBytes, elapsedMs),
		blockWrittenBytesPerSecond: rate(before?.writtenBytes, now.writtenBytes, elapsedMs),
		pids: now.pids,
	});
}

/** Memory without reclaimable page cache, as `docker stats` shows it (calculateMemUsageUnixNoCache). */
export function memoryWithoutCache(usedBytes: number, inactiveFileBytes: number): number {
	return inactiveFileBytes < usedBytes ? usedBytes - inactiveFileBytes : usedBytes;
}

/** A limit that is one: below the memory of the host, which is what the engine reports where none is set. */
export function realLimit(limitBytes: number, hostBytes: number | undefined): number | undefined {
	return limitBytes > 0 && (hostBytes === undefined || limitBytes < hostBytes)
		? limitBytes
		: undefined;
}
