import {systemCpu} from '../domain/cgroup.ts';
import type {Container, ContainerUsageValue, Usage} from '../domain/containers.ts';
import {usageOf, type UsageSample} from '../domain/usage-sample.ts';
import type {Io} from '../io/io.ts';
import {openCgroup, type CgroupReader, type Round} from './cgroup-reader.ts';
import type {LiveList, PolledSource} from './source.ts';
import {engineMemory, openStats, type StatsReader} from './stats-reader.ts';

const everyMs = 2000;
/** Between the two samples of the very first reading, so that CPU is there from the start. */
const firstGapMs = 300;
/** Nobody reads any more after this time: handles and streams are given back until the next reading. */
const idleMs = 15_000;

/** One way to read one container; `before` is the sample of the round before. */
type Meter =
	| {readonly kind: 'cgroup'; readonly reader: CgroupReader; before: UsageSample | undefined}
	| {readonly kind: 'stats'; readonly reader: StatsReader};

/** What a round needs from the host: one read each. */
function createRounds(io: Io): () => Round {
	const stat = io.files.probe('/proc/stat', true);
	const memory = io.files.probe('/proc/meminfo', true);
	const kilobytes = memTotal(memory?.read());
	memory?.close();
	return () => {
		const {nanoseconds, cpus} = systemCpu(stat?.read() ?? '');
		return {
			atMs: io.clock.monotonic(),
			systemNanoseconds: nanoseconds,
			onlineCpus: cpus,
			hostBytes: kilobytes === undefined ? undefined : kilobytes * 1024,
		};
	};
}

function memTotal(text: string | undefined): number | undefined {
	const digits = /^MemTotal:\s+(\d+)/m.exec(text ?? '')?.[1];
	return digits === undefined ? undefined : Number(digits);
}

/** Gives up a meter that no longer fits its container. */
function isOutdated(meter: Meter, {pid}: Container): boolean {
	return meter.kind === 'stats'
		? meter.reader.isOver
		: pid !== undefined && meter.reader.pid !== pid;
}

/** Reads the containers that run now, with one meter each that is kept from round to round. */
function open(io: Io, target: LiveList<Container>) {
	const meters = new Map<string, Meter>();
	let round: (() => Round) | undefined;
	let hostBytes: Promise<number | undefined> | undefined;
	let readAtMs = 0;
	let isWatching = false;
	// Never aborted: an abort for each reading costs more than the reading.
	const endless = new AbortController().signal;

	const drop = (id: string) => {
		meters.get(id)?.reader.close();
		meters.delete(id);
	};

	/** One sleep after the other instead of a new one for each reading. */
	const watchIdle = async () => {
		for (;;) {
			const leftMs = readAtMs + idleMs - io.clock.monotonic();
			if (leftMs <= 0) break;
			await io.clock.sleep(leftMs, endless);
		}

		isWatching = false;
		[...meters.keys()].forEach(drop);
	};

	const openMeter = async (
		container: Container,
		before: UsageSample | undefined,
		signal: AbortSignal,
	): Promise<Meter> => {
		const reader = await openCgroup(io, container);
		if (reader) {
			return {kind: 'cgroup', reader, before};
		}

		hostBytes ??= engineMemory(io, signal).catch(() => undefined);
		return {kind: 'stats', reader: openStats(io, container.id, await hostBytes)};
	};

	/** Brings the meters in line with the containers that run. */
	const prepare = async (running: readonly Container[], signal: AbortSignal) => {
		const byId = new Map(running.map(container => [container.id, container]));
		// A meter that is opened anew goes on from the sample that it had.
		const samples = new Map<string, UsageSample>();
		for (const [id, meter] of meters) {
			const container = byId.get(id);
			if (!container || isOutdated(meter, container)) {
				if (meter.kind === 'cgroup' && meter.before) {
					samples.set(id, meter.before);
				}

				drop(id);
			}
		}

		const missing = running.filter(({id}) => !meters.has(id));
		await Promise.all(
			missing.map(async container => {
				meters.set(container.id, await openMeter(container, samples.get(container.id), signal));
			}),
		);
	};

	const measure = (id: string, meter: Meter, now: Round): Usage | undefined => {
		if (meter.kind === 'stats') {
			const {latest, before} = meter.reader;
			return latest && usageOf(before, latest);
		}

		const sample = meter.reader.read(now);
		if (!sample) {
			drop(id);
			return undefined;
		}

		const usage = usageOf(meter.before, sample);
		meter.before = sample;
		return usage;
	};

	const readAll = (): ContainerUsageValue => {
		const now = (round ??= createRounds(io))();
		const byId: Record<string, Usage> = {};
		let via: ContainerUsageValue['via'] = 'cgroup';
		for (const [id, meter] of meters) {
			const usage = measure(id, meter, now);
			via = meter.kind === 'stats' ? 'stats' : via;
			if (usage) {
				byId[id] = usage;
			}
		}

		return {via, byId};
	};

	let isFirst = true;
	return {
		async read(signal: AbortSignal): Promise<ContainerUsageValue> {
			readAtMs = io.clock.monotonic();
			if (!isWatching) {
				isWatching = true;
				void watchIdle();
			}

			const running = target
				.current()
				.filter(({state}) => state === 'running' || state === 'paused');
			await prepare(running, signal);
			if (isFirst && running.length > 0) {
				isFirst = false;
				readAll();
				await io.clock.sleep(firstGapMs, signal);
			}

			return readAll();
		},
	};
}

/**
 * What the running containers use, every two seconds: from control group files, which costs the engine nothing, else
 * from one stats stream per container.
 */
export const containerUsageSource: PolledSource<'docker.usage', LiveList<Container>> = {
	id: 'docker.usage',
	kind: 'polled',
	everyMs,
	timeoutMs: 5000,
	open,
};
