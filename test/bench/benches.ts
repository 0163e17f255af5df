import {spawnSync} from 'node:child_process';
import {performance} from 'node:perf_hooks';
import {setTimeout as pause} from 'node:timers/promises';
import type {Screen} from '../support/screen.ts';
import {openTerminal, type Terminal} from '../support/terminal.ts';
import {measureBackups} from './backup.ts';
import type {Containers} from './containers.ts';
import {
	cpuSeconds,
	enginePid,
	median,
	ownCpuSeconds,
	percentile,
	pssMegabytes,
	slope,
	spreadOf,
	type Figure,
} from './figures.ts';
import {measureAttach, measureCorruption, measureJournal} from './operations.ts';
import type {Program} from './programs.ts';
import {measureRedisRestore} from './redis-restore.ts';
import {soakOperations} from './operations-soak.ts';
import {measureCrashes, measureRestore} from './restore.ts';

/** What a bench works with. */
export type BenchContext = {
	readonly program: Program;
	readonly containers: Containers;
	/** Containers of the lab that are watched too. */
	readonly others: number;
	readonly runs: number;
	/** How long a steady state is watched. */
	readonly seconds: number;
	/** How long the memory under load is watched. */
	readonly minutes: number;
	/** Scale of the pgbench database, 15 MB each. */
	readonly scale: number;
	/** Of everything that is chosen at random. */
	readonly seed: number;
};

/** Measures one thing of one program. `limit`s are the promises of the console. */
export type Bench = (context: BenchContext) => Promise<readonly Figure[]>;

const deadlineMs = 15_000;

/** Brings the number of containers that are watched to `count`. */
async function fill({containers, others}: BenchContext, count: number): Promise<void> {
	await containers.fillTo(Math.max(1, count - others));
}

/** From exec to the first frame, to a readable list, and to all panels filled. Medians. */
const start: Bench = async context => {
	const {program} = context;
	await fill(context, 10);
	const steps = await measureStart(context);
	const bare = Array.from({length: 9}, bareNodeMs);
	return [
		figure(
			'start',
			'bare Node, for comparison',
			'ms',
			program,
			median(bare),
			undefined,
			spreadOf(bare),
		),
		figure(
			'start',
			'first frame',
			'ms',
			program,
			median(steps.drawn),
			undefined,
			spreadOf(steps.drawn),
		),
		figure(
			'start',
			'list readable',
			'ms',
			program,
			median(steps.listed),
			200,
			spreadOf(steps.listed),
		),
		figure(
			'start',
			'all panels filled',
			'ms',
			program,
			median(steps.filled),
			1200,
			spreadOf(steps.filled),
		),
	];
};

/** The console through `npm start` where nothing is to be installed or built, to a readable list. */
const again: Bench = async context => {
	const {program} = context;
	if (program.name !== 'opsconsole') return [];
	await fill(context, 10);
	const steps = await measureStart({
		...context,
		program: {...program, command: 'npm', args: ['start', '--', ...program.args]},
	});
	return [
		figure(
			'again',
			'list readable through npm',
			'ms',
			program,
			median(steps.listed),
			1000,
			spreadOf(steps.listed),
		),
	];
};

/** What an idle screen costs: CPU, bytes to the terminal, memory, and work of the engine. */
const idle: Bench = async context => {
	const {program} = context;
	await fill(context, 10);
	const cost = await watchIdle(context);
	return [
		figure('idle', 'CPU, 10 containers', '% of a core', program, cost.cpuPercent, 1.5),
		figure('idle', 'CPU, first half minute', '% of a core', program, cost.firstCpuPercent),
		figure('idle', 'to the terminal', 'bytes/s', program, cost.bytesPerSecond, 1500),
		figure('idle', 'memory (PSS)', 'MB', program, cost.megabytes, 100),
		engineFigure('idle', program, cost),
	];
};

/** From a key to the moved selection on the screen. */
const key: Bench = async context => {
	await fill(context, 10);
	return keyFigures('key', context);
};

/** From the engine's own event to the screen, for a death and a return. */
const event: Bench = async context => {
	const {program, containers, runs} = context;
	await fill(context, 10);
	const name = containers.name(0);
	const gone: number[] = [];
	const back: number[] = [];
	const lost: string[] = [];
	await withProgram(context, async terminal => {
		await terminal.waitForScreen(program.isFilled, {deadlineMs});
		for (let run = 0; run < runs; run++) {
			const steps = [
				['kill', 'die', program.deadLine, gone],
				['start', 'start', program.aliveLine, back],
			] as const;
			for (const [command, action, line, delays] of steps) {
				const seen = terminal
					.waitForScreen(screen => line.test(lineOf(screen, name)), {
						deadlineMs,
						what: `${name} ${String(line)}`,
					})
					.catch((error: unknown) => error);
				const happened = await containers.eventAfter(name, action, () =>
					containers.docker(command, name),
				);
				const result = await seen;
				if (isSeen(result)) delays.push(performance.timeOrigin + result.atMs - happened.atMs);
				else lost.push(action);
				await pause(300);
			}
		}
	});
	const note = lost.length > 0 ? `, ${lost.length} of ${2 * runs} never seen` : '';
	return [
		figure('event', 'death on the screen', 'ms', program, median(gone), 50, spreadOf(gone) + note),
		figure('event', 'return on the screen', 'ms', program, median(back), 50, spreadOf(back) + note),
	];
};

/** 200 containers: the list and the keys. */
const many: Bench = async context => {
	await fill(context, 200);
	const steps = await measureStart(context);
	return [
		figure(
			'many',
			'list of 200 readable',
			'ms',
			context.program,
			median(steps.listed),
			400,
			spreadOf(steps.listed),
		),
		...(await keyFigures('many', context)),
	];
};

/** 50 containers: what the console and, because of it, the engine cost. */
const fifty: Bench = async context => {
	await fill(context, 50);
	const cost = await watchIdle(context);
	return [
		figure('fifty', 'CPU, 50 containers', '% of a core', context.program, cost.cpuPercent, 2),
		figure('fifty', 'CPU, first half minute', '% of a core', context.program, cost.firstCpuPercent),
		engineFigure('fifty', context.program, cost),
	];
};

/** A container that floods its log: the keys must not feel it. */
const storm: Bench = async context => {
	await context.containers.fillTo(10);
	const end = await context.containers.startStorm();
	try {
		return await keyFigures('storm', context);
	} finally {
		await end();
	}
};

/** Memory under 1,000 log lines a second: growth per minute after the first third of the time. */
const soak: Bench = async context => {
	const {program, containers, minutes} = context;
	await containers.startLogging(1000);
	const points: [minute: number, megabytes: number][] = [];
	await withProgram(context, async terminal => {
		const startMs = performance.now();
		const everyMs = Math.min(10_000, minutes * 2000);
		while (performance.now() - startMs < minutes * 60_000) {
			await pause(everyMs);
			points.push([(performance.now() - startMs) / 60_000, pssMegabytes(terminal.pid)]);
		}
	});
	const settled = points.filter(([minute]) => minute >= minutes / 3);
	const note = `${minutes} min, highest ${Math.max(...points.map(([, mb]) => mb)).toFixed(0)} MB`;
	return [figure('soak', 'growth of memory', 'MB/min', program, slope(settled), 0.5, note)];
};

/** Backing up a pgbench database against bare pg_dump, as ratios; `--scale 68` is 1 GB. Of no other program. */
const backup: Bench = async ({program, scale, runs}) => {
	if (program.name !== 'opsconsole') return [];
	const {bytes, bare, counted, hashed} = await measureBackups(scale, Math.min(runs, 3));
	const note = `${(bytes / 1e9).toFixed(2)} GB, bare ${bare.toFixed(1)} s`;
	return [
		figure('backup', 'with counts', 'x pg_dump', program, counted / bare, 1.15, note),
		figure('backup', 'with content hashes', 'x pg_dump', program, hashed / bare, 1.6, note),
	];
};

/** Every bench by name, in the order in which they disturb each other least. */
export const benches: Readonly<Record<string, Bench>> = {
	start,
	again,
	idle,
	key,
	event,
	fifty,
	many,
	storm,
	soak,
	restore: ({runs}) => measureRestore(runs),
	'redis-restore': ({runs}) => measureRedisRestore(runs),
	crash: measureCrashes,
	backup,
	attach: ({runs}) => measureAttach(Math.min(runs, 5)),
	journal: ({scale, runs}) => measureJournal(scale, Math.min(runs, 3)),
	corruption: ({seed}) => measureCorruption(seed),
	'operations-soak': ({minutes, seed}) => soakOperations(minutes, seed),
};

/** How long this machine takes now for a Node that does nothing. */
function bareNodeMs(): number {
	const startMs = performance.now();
	spawnSync(process.execPath, ['-e', '0']);
	return performance.now() - startMs;
}

async function measureStart(
	context: BenchContext,
): Promise<Readonly<Record<'drawn' | 'listed' | 'filled', readonly number[]>>> {
	const {program, runs} = context;
	const drawn: number[] = [];
	const listed: number[] = [];
	const filled: number[] = [];
	for (let run = 0; run <= runs; run++) {
		await withProgram(context, async terminal => {
			// All three at once: one may be true in the same frame as the next.
			const [first, second, third] = await Promise.allSettled(
				[program.isDrawn, program.isListed, program.isFilled].map(check =>
					terminal.waitForScreen(check, {deadlineMs}),
				),
			);
			// The first start reads the disk and is not counted. It is left by its key, because only a console that ends by
			// itself keeps its compiled code for the next start.
			if (run === 0) {
				terminal.press('q');
				await Promise.race([terminal.exit, pause(deadlineMs)]);
				return;
			}

			const steps = [
				[first, drawn],
				[second, listed],
				[third, filled],
			] as const;
			for (const [result, times] of steps) {
				const isThere = result?.status === 'fulfilled';
				times.push(isThere ? result.value.atMs - terminal.startedAtMs : Number.NaN);
			}
		});
	}
	return {drawn, listed, filled};
}

/**
 * What watching costs once it is idle: a minute after the start, when no code is compiled any more, over the bench's
 * seconds. What the first half minute costs is told beside it.
 */
async function watchIdle(context: BenchContext): Promise<{
	readonly cpuPercent: number;
	readonly firstCpuPercent: number;
	readonly bytesPerSecond: number;
	readonly megabytes: number;
	readonly engineExtraPercent: number;
	readonly engineNote: string;
}> {
	const {program, seconds} = context;
	const engine = enginePid();
	const engineBefore = await cpuPercent(engine, seconds, ownCpuSeconds);
	let result = {
		cpuPercent: Number.NaN,
		firstCpuPercent: Number.NaN,
		bytesPerSecond: Number.NaN,
		megabytes: Number.NaN,
		engine: Number.NaN,
	};
	await withProgram(context, async terminal => {
		await terminal.waitForScreen(program.isFilled, {deadlineMs}).catch(() => undefined);
		await pause(3000);
		const first = await cpuPercent(terminal.pid, 27);
		await pause(30_000);
		const bytes = terminal.rawBytes();
		const [own, engineDuring] = await Promise.all([
			cpuPercent(terminal.pid, seconds),
			cpuPercent(engine, seconds, ownCpuSeconds),
		]);
		result = {
			cpuPercent: own,
			firstCpuPercent: first,
			bytesPerSecond: (terminal.rawBytes() - bytes) / seconds,
			megabytes: pssMegabytes(terminal.pid),
			engine: engineDuring,
		};
	});
	const engineAfter = await cpuPercent(engine, seconds, ownCpuSeconds);
	const [before, during, after] = [engineBefore, result.engine, engineAfter];
	return {
		...result,
		engineExtraPercent: during - (before + after) / 2,
		engineNote: `before ${before.toFixed(2)}, during ${during.toFixed(2)}, after ${after.toFixed(2)}`,
	};
}

function engineFigure(
	bench: string,
	program: Program,
	cost: {readonly engineExtraPercent: number; readonly engineNote: string},
): Figure {
	const {engineExtraPercent, engineNote} = cost;
	return figure(
		bench,
		'engine, extra work',
		'% of a core',
		program,
		engineExtraPercent,
		1,
		engineNote,
	);
}

async function cpuPercent(
	pid: number | undefined,
	seconds: number,
	used: (pid: number) => number = cpuSeconds,
): Promise<number> {
	if (pid === undefined) return Number.NaN;
	const before = used(pid);
	const startMs = performance.now();
	await pause(seconds * 1000);
	return ((used(pid) - before) / ((performance.now() - startMs) / 1000)) * 100;
}

async function keyFigures(bench: string, context: BenchContext): Promise<readonly Figure[]> {
	const {program} = context;
	const delays: number[] = [];
	let lost = 0;
	await withProgram(context, async terminal => {
		await terminal.waitForScreen(program.isFilled, {deadlineMs}).catch(() => undefined);
		await pause(500);
		for (let press = 0; press < 100; press++) {
			const before = selectionOf(terminal.screen());
			const atMs = performance.now();
			terminal.press(press % 8 < 4 ? program.downKey : program.upKey);
			const seen = await terminal
				.waitForScreen(screen => selectionOf(screen) !== before, {deadlineMs: 1000})
				.catch(() => undefined);
			if (seen === undefined) lost++;
			else delays.push(seen.atMs - atMs);
			// Away from the rhythm of the screen's own ticks.
			await pause(20 + ((press * 37) % 60));
		}
	});
	const note = spreadOf(delays) + (lost > 0 ? `, ${lost} of 100 without effect` : '');
	return [
		figure(bench, 'key to screen, p50', 'ms', program, median(delays)),
		figure(bench, 'key to screen, p95', 'ms', program, percentile(delays, 0.95), 30, note),
	];
}

/** Where the selection is: the highlighting of every row, and the marks at its beginning. Values may change meanwhile. */
function selectionOf(screen: Screen): string {
	return Array.from({length: screen.rows}, (_, row) => {
		const marks = screen.cells(row).map(cell => (cell.isInverse ? 'i' : String(cell.background)));
		return `${(screen.lines[row] ?? '').slice(0, 3)}${[...new Set(marks)].join()}`;
	}).join('\n');
}

function lineOf(screen: Screen, name: string): string {
	// A narrow column cuts the name; its number is at the front.
	const number = name.slice(0, 'bench-001'.length);
	return screen.lines.find(line => line.includes(number)) ?? '';
}

async function withProgram(
	{program}: BenchContext,
	work: (terminal: Terminal) => Promise<void>,
): Promise<void> {
	const terminal = openTerminal({
		command: program.command,
		args: program.args,
		columns: 120,
		rows: 40,
	});
	try {
		await work(terminal);
	} finally {
		await terminal.close();
	}
}

function isSeen(value: unknown): value is {readonly atMs: number} {
	return typeof value === 'object' && value !== null && 'atMs' in value;
}

/** One row of the table, its arguments in the order of the columns; promises are the console’s alone. */
function figure(
	...[bench, what, unit, program, value, limit, note]: readonly [
		string,
		string,
		string,
		Program,
		number,
		number?,
		string?,
	]
): Figure {
	const isOwn = program.name === 'opsconsole';
	return {
		bench,
		what,
		unit,
		program: program.name,
		value,
		...(limit !== undefined && isOwn && {limit}),
		...(note !== undefined && {note}),
	};
}
