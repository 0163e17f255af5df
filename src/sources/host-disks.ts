import {clean} from '../domain/clean.ts';
import type {Disk, HostValue} from '../domain/host.ts';
import {realMounts, type Mount} from '../domain/mounts.ts';
import {perSecond, type DiskCounters} from '../domain/proc.ts';
import type {Files, Io} from '../io/io.ts';

/** How long one file system may take to say how full it is. */
const mountDeadlineMs = 800;

// A hanging statfs holds one of the few threads that all file access of the process shares (four in Node).
const maxHangingMounts = 2;

/** Why the deadline of a mount that answered is given up. */
const answered = new Error('the file system answered');

type Space = Awaited<ReturnType<Files['statfs']>>;
type UnreadDisk = NonNullable<HostValue['unreadDisks']>[number];
type DiskRates = Pick<Disk, 'busyPercent' | 'readBytesPerSecond' | 'writtenBytesPerSecond'>;

/** Counters of every block device at one moment of the monotonic clock. */
export type DiskSample = {
	readonly atMs: number;
	readonly byNumber: ReadonlyMap<string, DiskCounters>;
};

/** Reads the space of every real mount; one that hangs is reported, never waited for, and not asked twice. */
export type DiskReader = (
	mountinfo: string,
	samples: {readonly before: DiskSample | undefined; readonly now: DiskSample},
	signal: AbortSignal,
) => Promise<{readonly disks: readonly Disk[]; readonly unreadDisks: readonly UnreadDisk[]}>;

/** Leaves out the figures that are not known. */
function known<T extends Readonly<Record<string, number | undefined>>>(
	figures: T,
): {readonly [Key in keyof T]?: number} {
	const result: {[Key in keyof T]?: number} = {};
	for (const key in figures) {
		const figure = figures[key];
		if (figure !== undefined) result[key] = figure;
	}

	return result;
}

/** Counters of the device behind a mount, by its number, else by its name (btrfs has numbers of its own). */
function countersOf(mount: Mount, sample: DiskSample | undefined): DiskCounters | undefined {
	const byNumber = sample?.byNumber.get(mount.deviceNumber);
	if (byNumber || !mount.device.startsWith('/dev/')) return byNumber;
	const name = mount.device.slice('/dev/'.length);
	return [...(sample?.byNumber.values() ?? [])].find(counters => counters.name === name);
}

/** Throughput and busy share since the sample before. */
function ratesOf(
	mount: Mount,
	samples: {readonly before: DiskSample | undefined; readonly now: DiskSample},
): DiskRates {
	const before = countersOf(mount, samples.before);
	const now = countersOf(mount, samples.now);
	const elapsedMs = samples.now.atMs - (samples.before?.atMs ?? samples.now.atMs);
	const busyMsPerSecond = perSecond(before?.busyMs, now?.busyMs, elapsedMs);
	return known({
		busyPercent: busyMsPerSecond === undefined ? undefined : Math.min(100, busyMsPerSecond / 10),
		readBytesPerSecond: perSecond(before?.readBytes, now?.readBytes, elapsedMs),
		writtenBytesPerSecond: perSecond(before?.writtenBytes, now?.writtenBytes, elapsedMs),
	});
}

/** A disk as df shows it; nothing for a file system without space of its own. */
function diskOf(mount: Mount, space: Space, rates: DiskRates): Disk | undefined {
	const usedBytes = (space.blocks - space.blocksFree) * space.blockBytes;
	const availableBytes = Math.max(0, space.blocksAvailable) * space.blockBytes;
	if (space.blocks <= 0 || usedBytes + availableBytes <= 0) return undefined;
	return {
		mount: clean(mount.mount),
		device: clean(mount.device),
		type: clean(mount.type),
		totalBytes: space.blocks * space.blockBytes,
		usedBytes,
		availableBytes,
		usedPercent: (usedBytes / (usedBytes + availableBytes)) * 100,
		...(space.files > 0 && {
			inodesUsedPercent: ((space.files - space.filesFree) / space.files) * 100,
		}),
		...rates,
	};
}

/** Why a mount could not be read, from Node's error code. */
function reasonOf(error: unknown): UnreadDisk['reason'] {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	return code === 'EACCES' || code === 'EPERM' ? 'no-right' : 'failed';
}

/** Asks a mount for its space and remembers those that did not answer in time, until they do. */
function createSpaceReader(io: Io) {
	const late = new Set<string>();

	return async (mount: Mount, signal: AbortSignal): Promise<Space | UnreadDisk['reason']> => {
		// Asking again would hang one more thread.
		if (late.has(mount.mount) || (mount.isRemote && late.size >= maxHangingMounts)) {
			return 'no-answer';
		}

		const stop = new AbortController();
		const onEnd = () => {
			stop.abort(signal.reason);
		};
		signal.addEventListener('abort', onEnd, {once: true});
		if (signal.aborted) onEnd();
		const answer = io.files.statfs(mount.mount);
		const deadline = io.clock.sleep(mountDeadlineMs, stop.signal).then(() => 'no-answer' as const);
		// Stopping the timer rejects it, which nobody waits for.
		deadline.catch(() => undefined);
		late.add(mount.mount);
		const forget = () => late.delete(mount.mount);
		answer.then(forget, forget);
		try {
			return await Promise.race([answer, deadline]);
		} catch (error) {
			signal.throwIfAborted();
			return reasonOf(error);
		} finally {
			signal.removeEventListener('abort', onEnd);
			// With a reason: without one an exception with its stack is made for each mount.
			stop.abort(answered);
		}
	};
}

/** Makes a reader that remembers which mounts hang. */
export function createDiskReader(io: Io): DiskReader {
	const readSpace = createSpaceReader(io);
	let parsed: {readonly text: string; readonly mounts: readonly Mount[]} | undefined;

	return async (mountinfo, samples, signal) => {
		const disks: Disk[] = [];
		const unreadDisks: UnreadDisk[] = [];
		if (parsed?.text !== mountinfo) parsed = {text: mountinfo, mounts: realMounts(mountinfo)};
		for (const mount of parsed.mounts) {
			// One after the other: a remote one that hangs must not take all threads at once; local ones answer in 20 µs.
			const space = await readSpace(mount, signal);
			if (typeof space === 'string') {
				unreadDisks.push({mount: clean(mount.mount), reason: space});
				continue;
			}

			const disk = diskOf(mount, space, ratesOf(mount, samples));
			if (disk) disks.push(disk);
		}

		return {disks, unreadDisks};
	};
}
