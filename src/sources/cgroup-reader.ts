import {
	blockBytesV1,
	blockBytesV2,
	groupPath,
	networkBytes,
	numberAfter,
	numberIn,
} from '../domain/cgroup.ts';
import type {Container} from '../domain/containers.ts';
import {withoutAbsent} from '../domain/unknown.ts';
import {memoryWithoutCache, realLimit, type UsageSample} from '../domain/usage-sample.ts';
import type {FileProbe, Files, Io} from '../io/io.ts';

const root = '/sys/fs/cgroup';

/** What all containers of one round share. */
export type Round = {
	readonly atMs: number;
	readonly systemNanoseconds: number;
	readonly onlineCpus: number;
	readonly hostBytes: number | undefined;
};

/** Reads one running container; undefined when its group is gone. */
export type CgroupReader = {
	/** The process it was opened for; another one means another network namespace. */
	readonly pid: number | undefined;
	read(round: Round): UsageSample | undefined;
	close(): void;
};

/** The files of one container, by what they say; every one but the first two may be missing. */
type Probes = {
	readonly cpu: FileProbe;
	readonly memory: FileProbe;
	readonly memoryDetail: FileProbe | undefined;
	readonly limit: FileProbe | undefined;
	readonly pids: FileProbe | undefined;
	readonly block: FileProbe | undefined;
	readonly network: FileProbe | undefined;
};

type Layout = {readonly isV2: boolean; readonly folderOf: (controller: string) => string};

/** Standard places of a group under the two drivers of the engine, cgroupfs and systemd. */
function standardPaths(id: string): readonly string[] {
	return [`/docker/${id}`, `/system.slice/docker-${id}.scope`];
}

/** Whether the machine has control groups v2 only (the unified hierarchy at the root). */
async function isUnified(files: Files): Promise<boolean> {
	return await files.stat(`${root}/cgroup.controllers`).then(
		() => true,
		() => false,
	);
}

/** `/proc/PID/cgroup`, if that process is of this container: with a remote engine the number means somebody else. */
async function membership(files: Files, {id, pid}: Container): Promise<string | undefined> {
	if (pid === undefined) {
		return undefined;
	}

	const text = await files.readText(`/proc/${pid}/cgroup`).catch(() => '');
	return text.includes(id) ? text : undefined;
}

/** Finds the folders of a container's group. */
async function findLayout(
	files: Files,
	container: Container,
	groups: string | undefined,
): Promise<Layout | undefined> {
	const isV2 = await isUnified(files);
	const base = isV2 ? root : `${root}/memory`;
	const own = groups === undefined ? undefined : groupPath(groups, isV2 ? '' : 'memory');
	for (const path of [...standardPaths(container.id), ...(own === undefined ? [] : [own])]) {
		const isThere = await files.stat(base + path).then(
			() => true,
			() => false,
		);
		if (isThere) {
			return {isV2, folderOf: controller => (isV2 ? root : `${root}/${controller}`) + path};
		}
	}

	return undefined;
}

/** Whether the container has a network of its own: with the host's one the figures would be those of the host. */
async function hasOwnNetwork(files: Files, pid: number): Promise<boolean> {
	const inode = (process: number | string) =>
		files.stat(`/proc/${process}/ns/net`).then(
			entry => entry.inode,
			() => undefined,
		);
	const [own, host] = await Promise.all([inode(pid), inode('self')]);
	return own !== undefined && own !== host;
}

function openProbes(files: Files, {isV2, folderOf}: Layout, networkPid: number | undefined) {
	const kept = (controller: string, v1: string, v2: string) =>
		files.probe(`${folderOf(controller)}/${isV2 ? v2 : v1}`, true);
	const cpu = kept('cpuacct', 'cpuacct.usage', 'cpu.stat');
	const memory = kept('memory', 'memory.usage_in_bytes', 'memory.current');
	const block =
		kept('blkio', 'blkio.throttle.io_service_bytes_recursive', 'io.stat') ??
		kept('blkio', 'blkio.throttle.io_service_bytes', 'io.stat');
	if (!cpu || !memory) {
		cpu?.close();
		memory?.close();
		block?.close();
		return undefined;
	}

	const probes: Probes = {
		cpu,
		memory,
		block,
		memoryDetail: kept('memory', 'memory.stat', 'memory.stat'),
		// With v1 the limit is a line of memory.stat.
		limit: isV2 ? kept('memory', '', 'memory.max') : undefined,
		pids: kept('pids', 'pids.current', 'pids.current'),
		// An open handle would hold the network namespace after the container ended.
		network:
			networkPid === undefined ? undefined : files.probe(`/proc/${networkPid}/net/dev`, false),
	};
	return probes;
}

/** What only changes where something of the group runs: the rounds for which it may be kept, and between which counters. */
type Kept = {
	readonly cpuTime: number;
	readonly used: number;
	readonly sample: UsageSample;
	readonly roundsLeft: number;
};

/**
 * In how many rounds after a full one a group in which nothing ran is not read in full: the kernel may still write its
 * pages back, or the limit be changed from outside.
 */
const keptRounds = 4;

/** One reading of all files; of a group in which nothing ran and no page changed since the last one, only of some. */
function sampleOf(
	probes: Probes,
	isV2: boolean,
	round: Round,
	kept: Kept | undefined,
): Kept | undefined {
	const cpu = probes.cpu.read();
	const used = numberIn(probes.memory.read());
	const cpuTime = isV2 ? numberAfter(cpu, 'usage_usec') : numberIn(cpu);
	if (used === undefined || cpuTime === undefined) {
		return undefined;
	}

	// Packets arrive without anything running in the group.
	const networkText = probes.network?.read();
	const network = networkText === undefined ? undefined : networkBytes(networkText);
	const {atMs, systemNanoseconds, onlineCpus, hostBytes} = round;
	const measured = {
		atMs,
		systemNanoseconds,
		onlineCpus,
		...(network && {receivedBytes: network.received, sentBytes: network.sent}),
	};
	if (kept && kept.roundsLeft > 0 && kept.cpuTime === cpuTime && kept.used === used) {
		const {receivedBytes: _received, sentBytes: _sent, ...same} = kept.sample;
		return {...kept, sample: {...same, ...measured}, roundsLeft: kept.roundsLeft - 1};
	}

	const detail = probes.memoryDetail?.read();
	const inactive = numberAfter(detail, isV2 ? 'inactive_file' : 'total_inactive_file') ?? 0;
	const limit = isV2
		? numberIn(probes.limit?.read())
		: numberAfter(detail, 'hierarchical_memory_limit');
	const blockText = probes.block?.read();
	const block = isV2 ? blockBytesV2(blockText) : blockBytesV1(blockText);
	const sample = withoutAbsent({
		...measured,
		cpuNanoseconds: isV2 ? cpuTime * 1000 : cpuTime,
		memoryUsedBytes: memoryWithoutCache(used, inactive),
		memoryLimitBytes: realLimit(limit ?? 0, hostBytes),
		readBytes: probes.block && block.read,
		writtenBytes: probes.block && block.written,
		pids: numberIn(probes.pids?.read()),
	});
	return {cpuTime, used, sample, roundsLeft: keptRounds};
}

/** Opens the control group of a running container; undefined where this process cannot see it. */
export async function openCgroup(io: Io, container: Container): Promise<CgroupReader | undefined> {
	const {files} = io;
	const groups = await membership(files, container);
	const layout = await findLayout(files, container, groups);
	if (!layout) {
		return undefined;
	}

	const {pid} = container;
	const isOwn = pid !== undefined && groups !== undefined && (await hasOwnNetwork(files, pid));
	const probes = openProbes(files, layout, isOwn ? pid : undefined);
	let kept: Kept | undefined;
	return (
		probes && {
			pid,
			read(round) {
				kept = sampleOf(probes, layout.isV2, round, kept);
				return kept?.sample;
			},
			close() {
				for (const probe of Object.values(probes)) {
					probe?.close();
				}
			},
		}
	);
}

/**
 * Reads files of a running container's control group by controller and by their names in v1 and v2; undefined where this
 * process cannot see the group. A file that is not there is undefined.
 */
export async function groupTexts(
	io: Io,
	container: Container,
): Promise<
	((controller: string, v1: string, v2: string) => Promise<string | undefined>) | undefined
> {
	const {files} = io;
	const layout = await findLayout(files, container, await membership(files, container));
	if (!layout) return undefined;
	const {isV2, folderOf} = layout;
	return (controller, v1, v2) =>
		files.readText(`${folderOf(controller)}/${isV2 ? v2 : v1}`, 64 * 1024).catch(() => undefined);
}
