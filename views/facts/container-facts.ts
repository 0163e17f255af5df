import type {Look} from '../../hooks/use-look.ts';
import type {Container, ContainerDetail} from '../../src/domain/containers.ts';
import {
	formatByteRate,
	formatBytes,
	formatBytesOf,
	formatDateTime,
	formatDuration,
	formatPercent,
} from '../../src/domain/format.ts';
import type {Level} from '../../src/domain/level.ts';
import {allContainerRows, type ContainerRow} from '../../src/store/select-containers.ts';
import {probeRows} from '../../src/store/select-probes.ts';
import type {Data} from '../../src/store/state.ts';
import {stateText, whyText} from '../panels/container-words.ts';
import {probeLine} from '../panels/containers.tsx';
import {readingLines, wrapped} from '../parts/reading-lines.ts';
import {flow, labelled, levelSign, levelStyle, levelWord, type Line, span} from '../parts/spans.ts';

/** All that is known about one container, by its key; without a level where it is gone. */
export function containerFacts(
	data: Data,
	look: Look,
	key: string,
	width: number,
): {readonly level?: Level; readonly lines: readonly Line[]} {
	const row = allContainerRows(data).find(({container}) => container.key === key);
	if (!row) return {lines: [[span(look.say('container.gone'), {color: 'red'})]]};
	const detail = data.readings['docker.detail'][key];
	return {
		level: row.level,
		lines: [
			...stateLines(data, row, look, width),
			...readingLines(look, detail, {nowMs: data.nowMs, width}, value =>
				detailLines(look, value, width),
			),
		],
	};
}

function usageGroups({usage}: ContainerRow, look: Look): readonly Line[] {
	if (!usage) return [];
	const pair = (a: number | undefined, b: number | undefined) =>
		`${formatByteRate(a)} / ${formatByteRate(b)}`;
	return [
		labelled(look.say('column.cpu'), formatPercent(usage.cpuPercent)),
		labelled(
			look.say('column.memory'),
			formatBytesOf(usage.memoryUsedBytes, usage.memoryLimitBytes),
		),
		labelled(
			look.say('column.network'),
			pair(usage.networkReceivedBytesPerSecond, usage.networkSentBytesPerSecond),
		),
		labelled(
			look.say('column.blocks'),
			pair(usage.blockReadBytesPerSecond, usage.blockWrittenBytesPerSecond),
		),
		...(usage.pids === undefined ? [] : [labelled(look.say('column.pids'), String(usage.pids))]),
	];
}

/** State, cause, usage, probes, image and times. */
function stateLines(data: Data, row: ContainerRow, look: Look, width: number): readonly Line[] {
	const {container, level} = row;
	const style = levelStyle(level);
	const why = whyText(row, look, data.nowMs);
	const sign = level === 'ok' ? '' : `${levelSign[level]} `;
	return [
		...flow(
			[
				[span(`${sign}${levelWord(look, level)} ${stateText(container, look)}`, style)],
				labelled(look.say('detail.restarts'), String(container.restartCount)),
				...(container.restartPolicy === undefined
					? []
					: [labelled(look.say('detail.policy'), container.restartPolicy)]),
				...timeGroups(container, look, data.nowMs),
			],
			width,
		),
		...wrapped(why, width, 3).map((text): Line => [span(text, style)]),
		...flow(usageGroups(row, look), width),
		...probeRows(data)
			.filter(probe => probe.containerName === container.name)
			.map(probe => probeLine(look, probe, width).slice(1)),
		...flow(
			[
				labelled(look.say('detail.image'), container.image),
				labelled(look.say('detail.id'), container.id.slice(0, 12)),
				...(container.ports.length === 0
					? []
					: [labelled(look.say('detail.ports'), portsText(container))]),
				...(container.addresses.length === 0
					? []
					: [labelled(look.say('detail.addresses'), container.addresses.join(' '))]),
			],
			width,
		),
	];
}

function timeGroups(container: Container, look: Look, nowMs: number): readonly Line[] {
	const {state, startedAtMs, finishedAtMs} = container;
	const at = (word: 'detail.started' | 'detail.finished', atMs: number) =>
		labelled(
			look.say(word),
			`${formatDateTime(atMs)} (${formatDuration(Math.max(0, nowMs - atMs) / 1000, look.language)})`,
		);
	return [
		...(startedAtMs === undefined ? [] : [at('detail.started', startedAtMs)]),
		...(state === 'running' || finishedAtMs === undefined
			? []
			: [at('detail.finished', finishedAtMs)]),
	];
}

function portsText(container: Container): string {
	return container.ports
		.map(port => {
			const host = port.hostPort === undefined ? '' : `${port.hostAddress ?? ''}:${port.hostPort}>`;
			return `${host}${port.containerPort}/${port.protocol}`;
		})
		.join(' ');
}

function detailLines(look: Look, detail: ContainerDetail, width: number): readonly Line[] {
	return [
		labelled(look.say('detail.command'), detail.entrypoint),
		...(detail.healthCheck === undefined
			? []
			: [labelled(look.say('detail.health-check'), detail.healthCheck)]),
		...flow(
			[
				...(detail.user === '' ? [] : [labelled(look.say('detail.user'), detail.user)]),
				...(detail.memoryLimitBytes === undefined
					? []
					: [labelled(look.say('column.limit'), formatBytes(detail.memoryLimitBytes))]),
				...detail.networks.map(({name, address}) =>
					labelled(look.say('detail.networks'), `${name} ${address}`),
				),
				...detail.mounts.map(mount =>
					labelled(
						look.say('detail.mounts'),
						`${mount.source} > ${mount.destination}${mount.isReadOnly ? ' (ro)' : ''}`,
					),
				),
			],
			width,
		),
		[span(look.say('detail.environment'), {bold: true})],
		...detail.environment.map(({name, value, isMasked}) => [
			span(`  ${name}=`, {dim: true}),
			span(value, isMasked ? {dim: true} : {}),
		]),
	];
}
