import {readFileSync, readdirSync, readlinkSync} from 'node:fs';

/** One measured figure and what was promised. */
export type Figure = {
	readonly bench: string;
	readonly what: string;
	readonly unit: string;
	readonly program: string;
	/** Not a number where it could not be measured; `note` says why. */
	readonly value: number;
	/** The most that was promised; only for the console itself. */
	readonly limit?: number;
	readonly note?: string;
};

/** The middle value; of an even number, the mean of the two in the middle. NaN of nothing. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
	const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
	return (upper + lower) / 2;
}

/** The value that a share of the values (0.95) does not exceed, by nearest rank. NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Growth per unit of x by least squares; 0 for fewer than two points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
	const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
	const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
	const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
	if (points.length < 2 || spread === 0) return 0;
	return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

/** CPU time that a process and its ended children used so far, in seconds; from /proc/PID/stat, 100 ticks a second. */
export function cpuSeconds(pid: number): number {
	return sumOfTicks(pid, [11, 12, 13, 14]);
}

/**
 * As `cpuSeconds` without the children: of the engine they are proxies and helpers for containers of anybody, whose whole
 * life is counted at the moment of their end.
 */
export function ownCpuSeconds(pid: number): number {
	return sumOfTicks(pid, [11, 12]);
}

function sumOfTicks(pid: number, indexes: readonly number[]): number {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return indexes.reduce((sum, index) => sum + Number(fields[index]), 0) / 100;
}

/** Memory that counts for this process (shared pages by their share), in MB of 1,000,000 bytes; from smaps_rollup. */
export function pssMegabytes(pid: number): number {
	const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
	return (Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) * 1024) / 1e6;
}

/** The process of the Docker engine on this machine that DOCKER_HOST means, where there is one. */
export function enginePid(): number | undefined {
	const path =
		(process.env['DOCKER_HOST'] ?? '').replace(/^unix:\/\//, '') || '/var/run/docker.sock';
	const names = [path, path.replace(/^\/var\/run\//, '/run/')];
	const inodes = readFileSync('/proc/net/unix', 'utf8')
		.split('\n')
		.map(line => line.trim().split(/\s+/))
		.filter(([, , , flags, , , , name = '']) => flags === '00010000' && names.includes(name))
		.map(fields => `socket:[${fields[6] ?? ''}]`);
	return readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.map(Number)
		.find(pid => isEngine(pid) && handlesOf(pid).some(handle => inodes.includes(handle)));
}

function isEngine(pid: number): boolean {
	try {
		return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'dockerd';
	} catch {
		return false;
	}
}

function handlesOf(pid: number): readonly string[] {
	const folder = `/proc/${pid}/fd`;
	return readdirSync(folder).flatMap(name => {
		try {
			return [readlinkSync(`${folder}/${name}`)];
		} catch {
			return [];
		}
	});
}

/** Median, 95th percentile and fastest of several measurements, for the note of a figure. */
export function spreadOf(values: readonly number[]): string {
	const [p50, p95, least] = [median(values), percentile(values, 0.95), Math.min(...values)];
	return `p50 ${formatNumber(p50)}, p95 ${formatNumber(p95)}, least ${formatNumber(least)}, n ${values.length}`;
}

/** A table for people: one line per figure, with what was promised and whether it was kept. */
export function formatFigures(figures: readonly Figure[]): string {
	const rows = figures.map(figure => [
		figure.bench,
		figure.what,
		figure.program,
		`${formatNumber(figure.value)} ${figure.unit}`,
		figure.limit === undefined ? '' : `<= ${formatNumber(figure.limit)}`,
		verdict(figure),
		figure.note ?? '',
	]);
	const table = [['bench', 'figure', 'program', 'measured', 'promised', '', ''], ...rows];
	const widths = [0, 1, 2, 3, 4, 5, 6].map(column =>
		Math.max(...table.map(row => (row[column] ?? '').length)),
	);
	return table
		.map(row =>
			row
				.map((text, column) => text.padEnd(widths[column] ?? 0))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

/** `kept`, `MISSED`, or nothing where nothing was promised. A figure that could not be measured is missed. */
export function verdict({value, limit}: Figure): '' | 'kept' | 'MISSED' {
	if (limit === undefined) return '';
	return value <= limit ? 'kept' : 'MISSED';
}

function formatNumber(value: number): string {
	if (Number.isNaN(value)) return '-';
	if (Math.abs(value) >= 100) return value.toFixed(0);
	return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
