import {clean} from '../domain/clean.ts';
import type {HostProcess} from '../domain/host.ts';
import {maskArguments} from '../domain/mask.ts';
import {ProblemError} from '../domain/problem.ts';
import {parseStat} from '../domain/proc.ts';
import {
	parsePasswd,
	parseProcessStat,
	parseProcessStatus,
	ticksPerSecond,
	type ProcessStat,
} from '../domain/proc-pid.ts';
import type {Io} from '../io/io.ts';
import type {OnDemandSource} from './source.ts';

/** Between the two samples; shorter and the ticks of 10 ms are too coarse. */
const intervalMs = 500;

/** Processes that are shown: this many by CPU and this many by memory. */
const topCount = 30;

// More would hold all threads that read files for too long at once.
const batchSize = 64;

/** Reads a file that may vanish at any moment, because its process ends. */
async function readGone(io: Io, path: string, maxBytes = 4096): Promise<string> {
	try {
		return await io.files.readText(path, maxBytes);
	} catch {
		return '';
	}
}

/** The stat of every process that lives now. */
async function sampleAll(io: Io, signal: AbortSignal): Promise<ReadonlyMap<number, ProcessStat>> {
	const entries = await io.files.list('/proc', 100_000);
	const pids = entries.map(entry => entry.name).filter(name => /^\d+$/.test(name));
	const stats = new Map<number, ProcessStat>();
	for (let start = 0; start < pids.length; start += batchSize) {
		const batch = pids.slice(start, start + batchSize);
		const texts = await Promise.all(batch.map(pid => readGone(io, `/proc/${pid}/stat`)));
		signal.throwIfAborted();
		for (const text of texts) {
			const stat = parseProcessStat(text);
			if (stat) stats.set(stat.pid, stat);
		}
	}

	return stats;
}

type Used = {readonly stat: ProcessStat; readonly cpuPercent: number};

/** CPU of the processes that were there both times; one that started meanwhile counts from its start. */
function usedBetween(
	before: ReadonlyMap<number, ProcessStat>,
	after: ReadonlyMap<number, ProcessStat>,
	elapsedMs: number,
): readonly Used[] {
	return [...after.values()].map(stat => {
		const last = before.get(stat.pid);
		// A pid may have been given to another process meanwhile.
		const lastTicks = last?.startTicks === stat.startTicks ? last.ticks : 0;
		const seconds = Math.max(0, stat.ticks - lastTicks) / ticksPerSecond;
		return {stat, cpuPercent: elapsedMs > 0 ? (seconds / (elapsedMs / 1000)) * 100 : 0};
	});
}

/** The top ones by CPU and by memory, most CPU first. */
function topOf(used: readonly Used[]): readonly Used[] {
	const byMemory = [...used].sort((a, b) => b.stat.residentPages - a.stat.residentPages);
	const byCpu = [...byMemory].sort((a, b) => b.cpuPercent - a.cpuPercent);
	const top = new Set([...byCpu.slice(0, topCount), ...byMemory.slice(0, topCount)]);
	return byCpu.filter(process => top.has(process));
}

/** What is the same for all processes. */
type Facts = {
	readonly users: ReadonlyMap<number, string>;
	readonly bootedAtMs: number | undefined;
};

/** Names, owner, memory and the masked command line of one process. */
async function describe(io: Io, {stat, cpuPercent}: Used, facts: Facts): Promise<HostProcess> {
	const [status, commandLine] = await Promise.all([
		readGone(io, `/proc/${stat.pid}/status`),
		readGone(io, `/proc/${stat.pid}/cmdline`),
	]);
	const {userId, residentBytes} = parseProcessStatus(status);
	const argv = commandLine.replace(/\0+$/, '').split('\0');
	const name = clean(stat.name);
	return {
		pid: stat.pid,
		user: clean((userId === undefined ? undefined : facts.users.get(userId)) ?? `${userId ?? '?'}`),
		name,
		// Kernel threads have no command line.
		command: commandLine === '' ? `[${name}]` : clean(maskArguments(argv).join(' '), 1000),
		cpuPercent,
		memoryBytes: residentBytes ?? 0,
		...(facts.bootedAtMs !== undefined && {
			startedAtMs: facts.bootedAtMs + (stat.startTicks / ticksPerSecond) * 1000,
		}),
	};
}

/**
 * The processes that use most CPU or memory, from two samples of /proc half a second apart; no programs are started.
 * Processes that this user may not see (hidepid) are left out.
 */
export const hostProcesses: OnDemandSource<'host.processes', undefined> = {
	id: 'host.processes',
	kind: 'on-demand',
	timeoutMs: 5000,
	async read(io, _target, signal) {
		if (io.host.platform() !== 'linux') {
			throw new ProblemError({code: 'host-no-processes', params: {}, retry: 'rarely'});
		}

		const startMs = io.clock.monotonic();
		const before = await sampleAll(io, signal);
		await io.clock.sleep(intervalMs, signal);
		const endMs = io.clock.monotonic();
		const after = await sampleAll(io, signal);
		const [passwd, stat] = await Promise.all([
			readGone(io, '/etc/passwd', 1024 * 1024),
			readGone(io, '/proc/stat', 1024 * 1024),
		]);
		const facts = {users: parsePasswd(passwd), bootedAtMs: parseStat(stat).bootedAtMs};
		const top = topOf(usedBetween(before, after, endMs - startMs));
		return {processes: await Promise.all(top.map(used => describe(io, used, facts)))};
	},
};
