import {type Look, useLook} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {
	formatByteRateShort,
	formatBytesShort,
	formatDurationShort,
	formatPercent,
	truncate,
	widthOf,
} from '../../src/domain/format.ts';
import type {Disk, HostValue} from '../../src/domain/host.ts';
import type {Level} from '../../src/domain/level.ts';
import {alertIndex} from '../../src/store/select-alerts.ts';
import {panelLevel} from '../../src/store/select-levels.ts';
import {hostTarget, shown, single} from '../../src/store/select.ts';
import type {Data, State} from '../../src/store/state.ts';
import {readingLines} from '../parts/reading-lines.ts';
import {
	bar,
	cell,
	flow,
	labelled,
	labelledSpark,
	levelSign,
	levelStyle,
	type Line,
	span,
} from '../parts/spans.ts';
import {timed} from '../parts/timed.ts';
import {Panel} from './panel.tsx';

/** Cells of the label in front of a bar. */
const labelWidth = 6;

/** A label, a bar, the share, the sign of its level, and a note where there is room for all of it. */
export function gauge(
	look: Look,
	facts: {
		readonly label: string;
		readonly percent: number | undefined;
		readonly level: Level;
		readonly note: string;
		readonly width: number;
	},
): Line {
	const {label, percent, level, note, width} = facts;
	const style = levelStyle(level);
	const fixed = labelWidth + 6 + 2;
	const wanted = Math.max(4, Math.min(30, Math.floor(width * 0.34)));
	const barWidth = Math.max(3, Math.min(wanted, width - fixed - Math.min(widthOf(note) + 1, 11)));
	const room = width - fixed - barWidth - 1;
	return [
		cell(label, labelWidth, {dim: true}),
		span(bar(look, percent, barWidth), style),
		cell(formatPercent(percent), 6, {align: 'right', ...style}),
		span(` ${levelSign[level]}`, style),
		span(room < 3 ? '' : ` ${truncate(note, room)}`),
	];
}

/** The disks, those that matter most first: by level, then the fullest. */
function disksByNeed(data: Data, disks: readonly Disk[]): readonly Disk[] {
	const index = alertIndex(data);
	const rank = (disk: Disk) =>
		(index.levelOf('host.disk', hostTarget, disk.mount) === 'ok' ? 0 : 1000) + disk.usedPercent;
	return disks.toSorted((a, b) => rank(b) - rank(a));
}

function networkSum(value: HostValue): {readonly received?: number; readonly sent?: number} {
	const known = value.network.filter(nic => nic.receivedBytesPerSecond !== undefined);
	if (known.length === 0) return {};
	return {
		received: known.reduce((sum, nic) => sum + (nic.receivedBytesPerSecond ?? 0), 0),
		sent: known.reduce((sum, nic) => sum + (nic.sentBytesPerSecond ?? 0), 0),
	};
}

function diskGauge(data: Data, look: Look, disk: Disk, width: number): Line {
	const free = `${look.say('host.free')} ${formatBytesShort(disk.availableBytes)}`;
	return gauge(look, {
		label: look.say('host.disk'),
		percent: disk.usedPercent,
		level: alertIndex(data).levelOf('host.disk', hostTarget, disk.mount),
		note: width >= 44 ? `${disk.mount} ${free}` : disk.mount,
		width,
	});
}

/** CPU and memory as bars. */
export function cpuAndMemory(
	data: Data,
	look: Look,
	value: HostValue,
	width: number,
): readonly Line[] {
	const {memory, cpu} = value;
	const index = alertIndex(data);
	const cores = look.say('host.cores', {count: cpu.cores});
	return [
		gauge(look, {
			label: look.say('host.cpu'),
			percent: cpu.busyPercent,
			level: index.levelOf('host.cpu', hostTarget),
			note: width >= 40 ? cores : '',
			width,
		}),
		gauge(look, {
			label: look.say('host.memory'),
			percent: memory?.usedPercent,
			level: index.levelOf('host.memory', hostTarget),
			note: memory
				? `${formatBytesShort(memory.usedBytes)}/${formatBytesShort(memory.totalBytes)}`
				: '',
			width,
		}),
	];
}

/** The rows of the tile, most important first. */
export function hostLines(
	data: Data,
	look: Look,
	value: HostValue,
	size: {readonly width: number; readonly height: number},
): readonly Line[] {
	const {width, height} = size;
	const {swap, load, cpu} = value;
	const network = networkSum(value);
	const [disk, ...others] = disksByNeed(data, value.disks);
	const index = alertIndex(data);
	const loadStyle = levelStyle(index.levelOf('host.load-per-core', hostTarget));
	const top: readonly Line[] = [
		...cpuAndMemory(data, look, value, width),
		...(disk ? [diskGauge(data, look, disk, width)] : []),
	];
	const facts = flow(
		[
			load ? labelled(look.say('host.load'), `${load[0].toFixed(1)}/${cpu.cores}`, loadStyle) : [],
			[
				span(`${look.say('host.network')} `, {dim: true}),
				span(`${look.glyphs.down}${formatByteRateShort(network.received)} `),
				span(`${look.glyphs.up}${formatByteRateShort(network.sent)}`),
			],
			labelled(
				look.say('host.swap'),
				swap
					? `${formatBytesShort(swap.usedBytes)}/${formatBytesShort(swap.totalBytes)}`
					: look.say('host.no-swap'),
				levelStyle(index.levelOf('host.swap', hostTarget)),
			),
			disk?.busyPercent === undefined
				? []
				: labelled(
						`${look.say('host.disk')} ${look.say('host.busy')}`,
						formatPercent(disk.busyPercent),
						levelStyle(index.levelOf('host.disk-busy', hostTarget)),
					),
			labelled(look.say('host.uptime'), formatDurationShort(value.uptimeSeconds)),
			(cpu.ioWaitPercent ?? 0) >= 1
				? labelled(look.say('host.io-wait'), formatPercent(cpu.ioWaitPercent))
				: [],
			(cpu.stealPercent ?? 0) >= 1
				? labelled(look.say('host.steal'), formatPercent(cpu.stealPercent))
				: [],
		],
		width,
	);
	const troubled = others.filter(
		other => index.levelOf('host.disk', hostTarget, other.mount) !== 'ok',
	);
	const calm = others.filter(other => !troubled.includes(other));
	const gauges = (disks: readonly Disk[]) =>
		disks.map(other => diskGauge(data, look, other, width));
	const base = [...top, ...gauges(troubled), ...facts];
	const history = (label: string, series: string, percent: number | undefined): Line =>
		labelledSpark(look, {
			label,
			value: formatPercent(percent),
			points: data.history[series],
			width,
			max: 100,
		});
	const sparks: readonly Line[] = [
		history(look.say('host.cpu'), `host.cpu@${hostTarget}`, cpu.busyPercent),
		...(data.history[`host.memory@${hostTarget}`]
			? [history(look.say('host.memory'), `host.memory@${hostTarget}`, value.memory?.usedPercent)]
			: []),
	];
	const cores = height - base.length - sparks.length >= 3 ? coreLines(look, value, width) : [];
	return [
		...base,
		...gauges(calm.slice(0, Math.max(0, height - base.length - 2))),
		...sparks,
		...cores,
	];
}

/** Each core with its bar, as many in a row as fit. */
export function coreLines(look: Look, value: HostValue, width: number): readonly Line[] {
	const perRow = Math.max(1, Math.floor((width + 2) / 22));
	const cores = value.cpu.perCorePercent.map((percent, index): Line => [
		cell(String(index), 3, {align: 'right', dim: true}),
		span(' '),
		span(bar(look, percent, 10)),
		cell(formatPercent(percent), 6, {align: 'right'}),
		span('  '),
	]);
	return Array.from({length: Math.ceil(cores.length / perRow)}, (_, row) =>
		cores.slice(row * perRow, (row + 1) * perRow).flat(),
	);
}

const reads = (state: State): readonly unknown[] => {
	const data = shown(state);
	return [
		...timed(data, data.readings['host.load']),
		data.alerts,
		data.history[`host.cpu@${hostTarget}`],
		state.ui.focus,
	];
};

/** CPU, memory, disks and network of the machine. */
export function HostPanel({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const data = shown(useStateOf(reads));
	const lines = readingLines(
		look,
		single(data, 'host.load'),
		{nowMs: data.nowMs, width, height: height - 1},
		(value, room) => hostLines(data, look, value, {width, height: room}),
	);
	return (
		<Panel
			panel="host"
			level={panelLevel(data, 'host')}
			lines={lines}
			width={width}
			height={height}
		/>
	);
}
