// Parsers for the files below /proc. They take text as it is and give nothing instead of NaN for what is odd or
// missing: containers, old kernels, hosts without swap (proc(5), Documentation/admin-guide/iostats.rst).

import type {HostValue} from './host.ts';

/** Cumulated CPU time in clock ticks since boot. */
export type CpuTimes = {
	readonly busy: number;
	readonly ioWait: number;
	readonly steal: number;
	readonly total: number;
};

/** A whole number of a file, or nothing where there is none. */
function figure(text: string | undefined): number | undefined {
	if (text === undefined || !/^\d+$/.test(text)) return undefined;
	return Number(text);
}

/** Lines split at white space, without empty ones. */
function rows(text: string): readonly (readonly string[])[] {
	return text
		.split('\n')
		.map(line => line.trim().split(/\s+/))
		.filter(row => row[0] !== '');
}

/** Times of one `cpu` line. Guest time is already part of user time, so the ninth column on is left out. */
function cpuTimes(row: readonly string[]): CpuTimes | undefined {
	const times = row.slice(1, 9).map(figure);
	// Kernels before 2.6 have only four columns.
	if (times.length < 4 || times.some(time => time === undefined)) return undefined;
	const total = times.reduce<number>((sum, time) => sum + (time ?? 0), 0);
	const idle = times[3] ?? 0;
	const ioWait = times[4] ?? 0;
	return {busy: total - idle - ioWait, ioWait, steal: times[7] ?? 0, total};
}

/** /proc/stat: times of the whole machine and of each core (by number), and the time of the start. */
export function parseStat(text: string): {
	readonly all?: CpuTimes;
	readonly cores: ReadonlyMap<number, CpuTimes>;
	readonly bootedAtMs?: number;
} {
	const cores = new Map<number, CpuTimes>();
	let all: CpuTimes | undefined;
	let bootedAtMs: number | undefined;
	// The line of interrupts is longer than all others together, and of no use here.
	for (const row of rows((text.match(/^(cpu|btime ).*/gm) ?? []).join('\n'))) {
		const name = row[0] ?? '';
		if (name === 'btime') bootedAtMs = scaled(figure(row[1]), 1000);
		if (!name.startsWith('cpu')) continue;
		const times = cpuTimes(row);
		if (times === undefined) continue;
		if (name === 'cpu') all = times;
		else cores.set(Number(name.slice(3)), times);
	}

	return {
		...(all && {all}),
		cores,
		...(bootedAtMs !== undefined && {bootedAtMs}),
	};
}

/** A figure times a factor, where there is one. */
function scaled(value: number | undefined, factor: number): number | undefined {
	return value === undefined ? undefined : value * factor;
}

/** Keeps a share between 0 and 100; counters of the kernel may step back a little. */
function share(part: number, whole: number): number {
	return Math.min(100, Math.max(0, (part / whole) * 100));
}

/** Shares in percent between two samples; nothing where no time passed or the counters were reset. */
export function cpuShares(
	before: CpuTimes | undefined,
	after: CpuTimes | undefined,
):
	| {
			readonly busyPercent: number;
			readonly ioWaitPercent: number;
			readonly stealPercent: number;
	  }
	| undefined {
	if (before === undefined || after === undefined) return undefined;
	const total = after.total - before.total;
	if (total <= 0) return undefined;
	return {
		busyPercent: share(after.busy - before.busy, total),
		ioWaitPercent: share(after.ioWait - before.ioWait, total),
		stealPercent: share(after.steal - before.steal, total),
	};
}

/** What /proc/meminfo says, in bytes. */
export type MemoryInfo = Pick<HostValue, 'memory' | 'swap'>;

/** Eight lines of fifty. */
const neededOfMeminfo =
	/^(?:MemTotal|MemFree|MemAvailable|Buffers|Cached|SReclaimable|SwapTotal|SwapFree):.*/gm;

/**
 * /proc/meminfo. Used is total less MemAvailable, as `free` of procps 4 prints it; kernels before 3.14 have no
 * MemAvailable, there it is free + buffers + cached. No swap, no `swap`.
 */
export function parseMeminfo(text: string): MemoryInfo {
	const bytes = new Map<string, number>();
	for (const row of rows((text.match(neededOfMeminfo) ?? []).join('\n'))) {
		const value = figure(row[1]);
		const unit = row[2] === undefined || row[2] === 'kB' ? 1024 : 1;
		if (value !== undefined) bytes.set((row[0] ?? '').replace(/:$/, ''), value * unit);
	}

	const totalBytes = bytes.get('MemTotal') ?? 0;
	const cachedBytes =
		(bytes.get('Buffers') ?? 0) + (bytes.get('Cached') ?? 0) + (bytes.get('SReclaimable') ?? 0);
	const free = bytes.get('MemFree');
	const available = bytes.get('MemAvailable') ?? scaled(free, 1);
	const fallback = bytes.has('MemAvailable') ? 0 : cachedBytes;
	const swapTotalBytes = bytes.get('SwapTotal') ?? 0;
	const swapUsedBytes = swapTotalBytes - Math.min(swapTotalBytes, bytes.get('SwapFree') ?? 0);
	return {
		...(totalBytes > 0 &&
			available !== undefined && {
				memory: memoryOf(totalBytes, Math.min(totalBytes, available + fallback), cachedBytes),
			}),
		...(swapTotalBytes > 0 &&
			bytes.has('SwapFree') && {
				swap: {
					totalBytes: swapTotalBytes,
					usedBytes: swapUsedBytes,
					usedPercent: share(swapUsedBytes, swapTotalBytes),
				},
			}),
	};
}

/** Memory from its total and what is available of it. */
function memoryOf(totalBytes: number, availableBytes: number, cachedBytes: number) {
	const usedBytes = totalBytes - availableBytes;
	return {
		totalBytes,
		availableBytes,
		usedBytes,
		usedPercent: share(usedBytes, totalBytes),
		cachedBytes,
	};
}

/** /proc/loadavg: the averages over 1, 5 and 15 minutes. */
export function parseLoad(text: string): readonly [number, number, number] | undefined {
	const match = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+)\b/.exec(text);
	return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

/** /proc/uptime, in seconds. */
export function parseUptime(text: string): number | undefined {
	const match = /^\d+(\.\d+)?\b/.exec(text);
	return match ? Number(match[0]) : undefined;
}

/** Bytes of one network interface since it came up. */
export type NetworkCounters = {readonly receivedBytes: number; readonly sentBytes: number};

// Inner sides and sums: their traffic is counted again on a real interface, or it never leaves the machine.
const innerInterface =
	/^(lo$|veth|docker|br-|virbr|cni|cali|flannel|ifb|dummy|tunl|sit\d|ip6tnl|gre|erspan|lxc)/;

/** /proc/net/dev: the interfaces that carry traffic of this machine; no loopback and none of Docker's inner ones. */
export function parseNetDev(text: string): ReadonlyMap<string, NetworkCounters> {
	const interfaces = new Map<string, NetworkCounters>();
	for (const line of text.split('\n')) {
		// Large counters stand right behind the colon: `eth0:123`.
		const colon = line.lastIndexOf(':');
		const name = line.slice(0, Math.max(0, colon)).trim();
		if (name === '' || innerInterface.test(name)) continue;
		const counters = line
			.slice(colon + 1)
			.trim()
			.split(/\s+/)
			.map(figure);
		const receivedBytes = counters[0];
		const sentBytes = counters[8];
		if (receivedBytes !== undefined && sentBytes !== undefined) {
			interfaces.set(name, {receivedBytes, sentBytes});
		}
	}

	return interfaces;
}

/** Cumulated work of one block device. */
export type DiskCounters = {
	readonly name: string;
	readonly readBytes: number;
	readonly writtenBytes: number;
	readonly busyMs: number;
};

/** /proc/diskstats by `major:minor`; sectors there are always 512 bytes, field 13 is the busy time. */
export function parseDiskstats(text: string): ReadonlyMap<string, DiskCounters> {
	const disks = new Map<string, DiskCounters>();
	for (const row of rows(text)) {
		const [readSectors, writtenSectors, busyMs] = [row[5], row[9], row[12]].map(figure);
		if (readSectors === undefined || writtenSectors === undefined || busyMs === undefined) continue;
		disks.set(`${row[0] ?? ''}:${row[1] ?? ''}`, {
			name: row[2] ?? '',
			readBytes: readSectors * 512,
			writtenBytes: writtenSectors * 512,
			busyMs,
		});
	}

	return disks;
}

/** One field of the kernel's counters per second; nothing where the counter was reset or no time passed. */
export function perSecond(
	before: number | undefined,
	after: number | undefined,
	elapsedMs: number,
): number | undefined {
	if (before === undefined || after === undefined || elapsedMs <= 0 || after < before) {
		return undefined;
	}

	return ((after - before) / elapsedMs) * 1000;
}
