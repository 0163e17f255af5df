import {hostname, platform, release} from 'node:os';
import process from 'node:process';

import {clean} from '../domain/clean.ts';
import type {Disk, HostValue} from '../domain/host.ts';
import {ProblemError} from '../domain/problem.ts';
import type {Host} from './io.ts';

/** A figure of systeminformation, which writes null, negative numbers or NaN where it does not know. */
function known(figure: unknown): number | undefined {
	return typeof figure === 'number' && Number.isFinite(figure) && figure >= 0 ? figure : undefined;
}

/** Keeps one figure under a name where it is known. */
function entry<Key extends string>(key: Key, figure: unknown): {readonly [K in Key]?: number} {
	const value = known(figure);
	// A computed name widens to `string`; the shape is the one promised.
	const result: {[K in Key]?: number} = {};
	if (value !== undefined) result[key] = value;
	return result;
}

type Information = typeof import('systeminformation');
type FileSystem = Awaited<ReturnType<Information['fsSize']>>[number];

/** A disk from systeminformation; inodes and busy share are not known there. */
function diskOf(disk: FileSystem): Disk | undefined {
	const {size, used, available} = disk;
	if (![size, used, available].every(figure => known(figure) !== undefined)) return undefined;
	if (used + available <= 0) return undefined;
	return {
		mount: clean(disk.mount),
		device: clean(disk.fs),
		type: clean(disk.type),
		totalBytes: size,
		usedBytes: used,
		availableBytes: available,
		usedPercent: (used / (used + available)) * 100,
	};
}

/** Reads what systeminformation can tell without starting hundreds of programs (not processes, not interfaces). */
async function readFallback(): Promise<HostValue> {
	const {default: information} = await import('systeminformation');
	const [load, memory, disks, network] = await Promise.all([
		information.currentLoad(),
		information.mem(),
		information.fsSize(),
		information.networkStats(),
	]);
	const uptime = known(information.time().uptime);
	const usedBytes = memory.total - memory.available;
	return {
		hostname: clean(hostname()),
		kernel: clean(release()),
		...(uptime !== undefined && {uptimeSeconds: uptime}),
		cpu: {
			cores: load.cpus.length,
			...entry('busyPercent', load.currentLoad),
			...entry('stealPercent', load.currentLoadSteal),
			perCorePercent: load.cpus.flatMap(core => known(core.load) ?? []),
		},
		...(known(memory.total) && {
			memory: {
				totalBytes: memory.total,
				availableBytes: memory.available,
				usedBytes,
				usedPercent: (usedBytes / memory.total) * 100,
				cachedBytes: known(memory.buffcache) ?? 0,
			},
		}),
		...(known(memory.swaptotal) && {
			swap: {
				totalBytes: memory.swaptotal,
				usedBytes: memory.swapused,
				usedPercent: (memory.swapused / memory.swaptotal) * 100,
			},
		}),
		disks: disks.flatMap(disk => diskOf(disk) ?? []),
		network: network.map(card => ({
			name: clean(card.iface),
			...entry('receivedBytesPerSecond', card.rx_sec),
			...entry('sentBytesPerSecond', card.tx_sec),
		})),
	};
}

/** Facts of this machine that are not in a file. `fallback` loads systeminformation only when it is called. */
export function createHost(): Host {
	return {
		hostname,
		kernel: release,
		platform,
		userId: () => process.getuid?.() ?? -1,
		async fallback(signal) {
			try {
				const value = await readFallback();
				signal.throwIfAborted();
				return value;
			} catch (error) {
				signal.throwIfAborted();
				throw new ProblemError(
					{
						code: 'host-unreadable',
						params: {cause: clean(error instanceof Error ? error.message : 'unknown')},
						retry: 'soon',
					},
					{cause: error},
				);
			}
		},
	};
}
