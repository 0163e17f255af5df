import {clean} from '../domain/clean.ts';
import type {HostValue, NetworkInterface} from '../domain/host.ts';
import {
	cpuShares,
	parseDiskstats,
	parseLoad,
	parseMeminfo,
	parseNetDev,
	parseStat,
	parseUptime,
	perSecond,
	type NetworkCounters,
} from '../domain/proc.ts';
import type {Io} from '../io/io.ts';
import {createDiskReader, type DiskReader, type DiskSample} from './host-disks.ts';
import type {PolledSource} from './source.ts';

/** Everything cumulative that was read at one moment of the monotonic clock. */
type Sample = {
	readonly atMs: number;
	readonly stat: ReturnType<typeof parseStat>;
	readonly network: ReadonlyMap<string, NetworkCounters>;
	readonly disks: DiskSample;
};

/** A file of /proc, or nothing where it is missing or not readable. */
async function readProc(io: Io, path: string): Promise<string> {
	try {
		return await io.files.readText(path);
	} catch {
		return '';
	}
}

/** CPU shares since the sample before; without it only the number of cores. */
function cpuOf(before: Sample | undefined, now: Sample): HostValue['cpu'] {
	const cores = [...now.stat.cores].flatMap(([number, times]) => {
		const shares = cpuShares(before?.stat.cores.get(number), times);
		return shares ? [shares.busyPercent] : [];
	});
	return {
		cores: now.stat.cores.size,
		...cpuShares(before?.stat.all, now.stat.all),
		perCorePercent: cores,
	};
}

/** Rates of every interface since the sample before. */
function networkOf(before: Sample | undefined, now: Sample): readonly NetworkInterface[] {
	const elapsedMs = now.atMs - (before?.atMs ?? now.atMs);
	return [...now.network].map(([name, counters]) => {
		const last = before?.network.get(name);
		const received = perSecond(last?.receivedBytes, counters.receivedBytes, elapsedMs);
		const sent = perSecond(last?.sentBytes, counters.sentBytes, elapsedMs);
		return {
			name: clean(name),
			...(received !== undefined && {receivedBytesPerSecond: received}),
			...(sent !== undefined && {sentBytesPerSecond: sent}),
		};
	});
}

/** Reads /proc once and puts it against the sample before. */
async function readLinux(
	io: Io,
	before: Sample | undefined,
	readDisks: DiskReader,
	signal: AbortSignal,
): Promise<{readonly sample: Sample; readonly value: HostValue} | undefined> {
	const files = ['stat', 'meminfo', 'loadavg', 'uptime', 'net/dev', 'diskstats', 'self/mountinfo'];
	const texts = await Promise.all(files.map(file => readProc(io, `/proc/${file}`)));
	const [stat = '', meminfo = '', load = '', uptime = '', network = '', disks = '', mounts = ''] =
		texts;
	signal.throwIfAborted();
	if (stat === '' && meminfo === '') return undefined;
	const atMs = io.clock.monotonic();
	const sample: Sample = {
		atMs,
		stat: parseStat(stat),
		network: parseNetDev(network),
		disks: {atMs, byNumber: parseDiskstats(disks)},
	};
	const {disks: diskValues, unreadDisks} = await readDisks(
		mounts,
		{before: before?.disks, now: sample.disks},
		signal,
	);
	const loadAverage = parseLoad(load);
	const uptimeSeconds = parseUptime(uptime);
	return {
		sample,
		value: {
			hostname: clean(io.host.hostname()),
			kernel: clean(io.host.kernel()),
			...(uptimeSeconds !== undefined && {uptimeSeconds}),
			cpu: cpuOf(before, sample),
			...(loadAverage && {load: loadAverage}),
			...parseMeminfo(meminfo),
			disks: diskValues,
			...(unreadDisks.length > 0 && {unreadDisks}),
			network: networkOf(before, sample),
		},
	};
}

/**
 * The machine itself, every 2 s, from /proc and statfs (2 ms of CPU, no programs started). Rates need two samples, so the
 * first value has none. Where there is no /proc, the fallback of `io.host` answers. A file that is missing or odd
 * makes its part absent, never the whole reading fail.
 */
export const hostLoad: PolledSource<'host.load', undefined> = {
	id: 'host.load',
	kind: 'polled',
	everyMs: 2000,
	timeoutMs: 3000,
	open(io) {
		const readDisks = createDiskReader(io);
		let before: Sample | undefined;
		return {
			async read(signal) {
				if (io.host.platform() === 'linux') {
					const reading = await readLinux(io, before, readDisks, signal);
					if (reading) {
						before = reading.sample;
						return reading.value;
					}
				}

				return await io.host.fallback(signal);
			},
		};
	},
};
