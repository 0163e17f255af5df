import type {Look} from '../../hooks/use-look.ts';
import {
	absent,
	formatByteRate,
	formatByteRateShort,
	formatBytes,
	formatBytesShort,
	formatDuration,
	formatPercent,
} from '../../src/domain/format.ts';
import type {HostValue, ProcessesValue} from '../../src/domain/host.ts';
import {alertIndex} from '../../src/store/select-alerts.ts';
import {hostTarget, single} from '../../src/store/select.ts';
import type {Data} from '../../src/store/state.ts';
import {coreLines, cpuAndMemory} from '../panels/host.tsx';
import {readingLines} from '../parts/reading-lines.ts';
import {
	cell,
	flow,
	labelled,
	labelledSpark,
	levelSign,
	levelStyle,
	type Line,
	span,
} from '../parts/spans.ts';

/** All facts of the machine, for the full screen. */
export function hostFacts(data: Data, look: Look, width: number): readonly Line[] {
	const place = {nowMs: data.nowMs, width};
	return [
		...readingLines(look, single(data, 'host.load'), place, value =>
			machineLines(data, look, value, width),
		),
		[],
		[span(look.say('host.processes'), {bold: true})],
		...readingLines(look, single(data, 'host.processes'), place, value =>
			processLines(look, value),
		),
	];
}

function machineLines(data: Data, look: Look, value: HostValue, width: number): readonly Line[] {
	const {cpu, load, memory, swap} = value;
	return [
		...flow(
			[
				[span(value.hostname, {bold: true})],
				labelled(look.say('host.kernel'), value.kernel),
				labelled(look.say('host.uptime'), formatDuration(value.uptimeSeconds, look.language)),
			],
			width,
		),
		...cpuAndMemory(data, look, value, width),
		...flow(
			[
				labelled(look.say('host.load'), load?.map(part => part.toFixed(2)).join(' ') ?? absent),
				labelled(look.say('host.io-wait'), formatPercent(cpu.ioWaitPercent)),
				labelled(look.say('host.steal'), formatPercent(cpu.stealPercent)),
				labelled(look.say('host.cached'), formatBytes(memory?.cachedBytes)),
				labelled(
					look.say('host.swap'),
					swap
						? `${formatBytes(swap.usedBytes)} / ${formatBytes(swap.totalBytes)}`
						: look.say('host.no-swap'),
				),
			],
			width,
		),
		labelledSpark(look, {
			label: look.say('host.cpu'),
			value: formatPercent(cpu.busyPercent),
			points: data.history[`host.cpu@${hostTarget}`],
			width,
			max: 100,
		}),
		[],
		[span(look.say('host.cores-title'), {bold: true})],
		...coreLines(look, value, width),
		[],
		[span(look.say('host.disks-title'), {bold: true})],
		...diskLines(data, look, value),
		[],
		[span(look.say('host.network-title'), {bold: true})],
		...value.network.map(nic => [
			cell(nic.name, 16),
			span(` ${look.glyphs.down} `, {dim: true}),
			cell(formatByteRate(nic.receivedBytesPerSecond), 12, {align: 'right'}),
			span(` ${look.glyphs.up} `, {dim: true}),
			cell(formatByteRate(nic.sentBytesPerSecond), 12, {align: 'right'}),
		]),
	];
}

function diskLines(data: Data, look: Look, value: HostValue): readonly Line[] {
	const head: Line = [
		span('  '),
		cell(look.say('column.mount'), 16, {dim: true}),
		cell(look.say('column.size'), 9, {align: 'right', dim: true}),
		cell(look.say('column.used'), 6, {align: 'right', dim: true}),
		cell(look.say('host.free'), 9, {align: 'right', dim: true}),
		cell(look.say('host.inodes'), 7, {align: 'right', dim: true}),
		cell(look.say('host.busy'), 6, {align: 'right', dim: true}),
		cell(look.say('column.blocks'), 15, {align: 'right', dim: true}),
	];
	const rows = value.disks.map((disk): Line => {
		const level = alertIndex(data).levelOf('host.disk', hostTarget, disk.mount);
		const style = levelStyle(level);
		return [
			span(`${levelSign[level]} `, style),
			cell(disk.mount, 16, style),
			cell(formatBytes(disk.totalBytes), 9, {align: 'right'}),
			cell(formatPercent(disk.usedPercent), 6, {align: 'right', ...style}),
			cell(formatBytes(disk.availableBytes), 9, {align: 'right'}),
			cell(formatPercent(disk.inodesUsedPercent), 7, {align: 'right'}),
			cell(formatPercent(disk.busyPercent), 6, {align: 'right'}),
			cell(
				`${formatByteRateShort(disk.readBytesPerSecond)} ${formatByteRateShort(disk.writtenBytesPerSecond)}`,
				15,
				{align: 'right'},
			),
			span(` ${disk.device} ${disk.type}`, {dim: true}),
		];
	});
	const unread = (value.unreadDisks ?? []).map((disk): Line => [
		span('? ', levelStyle('unknown')),
		cell(disk.mount, 16, levelStyle('unknown')),
		span(` ${look.say(`host.disk-${disk.reason}`)}`),
	]);
	return [head, ...rows, ...unread];
}

function processLines(look: Look, value: ProcessesValue): readonly Line[] {
	const head: Line = [
		cell('PID', 8, {align: 'right', dim: true}),
		span(' '),
		cell(look.say('column.user'), 12, {dim: true}),
		cell(look.say('column.cpu'), 7, {align: 'right', dim: true}),
		cell(look.say('column.memory'), 8, {align: 'right', dim: true}),
		span(`  ${look.say('column.command')}`, {dim: true}),
	];
	return [
		head,
		...value.processes
			.slice(0, 15)
			.map((process): Line => [
				cell(String(process.pid), 8, {align: 'right'}),
				span(' '),
				cell(process.user, 12),
				cell(formatPercent(process.cpuPercent), 7, {align: 'right'}),
				cell(formatBytesShort(process.memoryBytes), 8, {align: 'right'}),
				span(`  ${process.command}`),
			]),
	];
}
