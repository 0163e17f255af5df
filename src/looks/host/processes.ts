import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import type {HostProcess} from '../../domain/host.ts';
import {parseMeminfo, parseStat} from '../../domain/proc.ts';
import {hostProcesses} from '../../sources/host-processes.ts';
import {most, percentOf} from '../figures.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {ownerOfProcess, type Owner} from './process-place.ts';

const batchSize = 64;
const shownCount = 10;

const nobody: Owner = {container: undefined, unit: undefined, isStack: undefined};

/** How many processes wait for a disk or have ended without anybody who asked for it. */
async function countStates(pids: readonly string[], {io, signal}: LookFacts) {
	const counts = {D: 0, Z: 0};
	for (let start = 0; start < pids.length; start += batchSize) {
		const batch = pids.slice(start, start + batchSize);
		const texts = await Promise.all(
			batch.map(pid => io.files.readText(`/proc/${pid}/stat`, 4096).catch(() => '')),
		);
		signal.throwIfAborted();
		for (const text of texts) {
			const state = text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3);
			if (state === 'D' || state === 'Z') counts[state] += 1;
		}
	}

	return counts;
}

function lineOf(process: HostProcess): string {
	const cpu = `${process.cpuPercent.toFixed(0)} %`;
	return clean(
		`${process.pid} ${process.user} ${cpu} ${formatBytes(process.memoryBytes)} ${process.command}`,
		200,
	);
}

/** The busiest process besides this one and the biggest, from two samples half a second apart. */
export const readHostProcesses: LookReader<'host.processes'> = async facts => {
	const {io, signal} = facts;
	const {processes} = await hostProcesses.read(io, undefined, signal);
	const names = await io.files.names('/proc', 200_000);
	const pids = names.map(({name}) => name).filter(name => /^\d+$/.test(name));
	const [stat, meminfo, own, counts] = await Promise.all([
		io.files.readText('/proc/stat'),
		io.files.readText('/proc/meminfo'),
		io.files.readLink('/proc/self').catch(() => ''),
		countStates(pids, facts),
	]);
	// What is looked at is not who looks: looking at everything takes a core for a second.
	const busiest = processes.find(({pid}) => String(pid) !== own);
	const biggest = most(processes, ({memoryBytes}) => memoryBytes);
	const ownerOf = (one: HostProcess | undefined) =>
		one === undefined ? Promise.resolve(nobody) : ownerOfProcess(one.pid, facts);
	const [busy, big] = await Promise.all([ownerOf(busiest), ownerOf(biggest)]);
	const byMemory = processes.toSorted((a, b) => b.memoryBytes - a.memoryBytes);
	const shown = new Set([...processes.slice(0, shownCount), ...byMemory.slice(0, shownCount)]);
	return {
		values: {
			count: pids.length,
			'is-complete': pids.includes('1'),
			busiest: busiest?.name,
			'busiest-pid': busiest?.pid,
			'busiest-cpu': busiest?.cpuPercent,
			'busiest-share': percentOf(busiest?.cpuPercent, 100 * parseStat(stat).cores.size),
			'busiest-container': busy.container,
			'busiest-unit': busy.unit,
			'busiest-is-stack': busy.isStack,
			biggest: biggest?.name,
			'biggest-pid': biggest?.pid,
			'biggest-memory': biggest?.memoryBytes,
			'biggest-share': percentOf(biggest?.memoryBytes, parseMeminfo(meminfo).memory?.totalBytes),
			'biggest-container': big.container,
			'biggest-unit': big.unit,
			'biggest-is-stack': big.isStack,
			stuck: counts.D,
			zombies: counts.Z,
		},
		lines: [...shown].map(lineOf),
	};
};
