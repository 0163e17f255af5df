import {type Look, useLook} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {formatLatencyShort, formatPercent} from '../../src/domain/format.ts';
import {valueOf} from '../../src/domain/reading.ts';
import {
	allContainerRows,
	type ContainerRow,
	containerRows,
	isStopped,
	urgencyOf,
} from '../../src/store/select-containers.ts';
import {panelLevel} from '../../src/store/select-levels.ts';
import {type Probe, probeRows} from '../../src/store/select-probes.ts';
import {shown, single} from '../../src/store/select.ts';
import type {Data, State} from '../../src/store/state.ts';
import {readingLines, wrapped} from '../parts/reading-lines.ts';
import {cell, levelSign, levelStyle, type Line, span} from '../parts/spans.ts';
import {secondOf, timed} from '../parts/timed.ts';
import {partNote} from '../parts/windowed.ts';
import {containerTable, type ShownPart} from './container-table.ts';
import {Panel} from './panel.tsx';

/** Counts for the heading, and which part of a longer list is shown. */
export function containerNote(state: State, look: Look, part: ShownPart | undefined): string {
	// What was never read is not zero.
	if (!valueOf(single(shown(state), 'docker.containers'))) return '';
	const rows = containerRows(state);
	const running = rows.filter(row => row.container.state === 'running').length;
	const troubled = rows.filter(row => row.level !== 'ok').length;
	const rest = part ? restText(rows, look, part, state.ui.columns) : '';
	// How those are that are not seen matters more than how many run.
	const isNarrow = state.ui.columns < narrowColumns;
	const notes = isNarrow && rest !== '' ? [] : [look.say('container.running', {count: running})];
	if (troubled > 0) notes.push(look.say('container.troubled', {count: troubled}));
	const place = part ? partNote(look, part.first, part.height, part.count) : '';
	if (rest !== '') notes.push(rest);
	if (place !== '') notes.push(place);
	if (state.ui.sort !== 'trouble') {
		notes.push(look.say('sorted-by', {column: look.say(`sort.${state.ui.sort}`)}));
	}

	return notes.join(', ');
}

/** Below this width the heading has no room for everything. */
const narrowColumns = 70;

/** How those are that are not on the screen: nothing is hidden without a word. */
function restText(
	rows: readonly ContainerRow[],
	look: Look,
	part: ShownPart,
	columns: number,
): string {
	const hidden = [...rows.slice(0, part.first), ...rows.slice(part.first + part.height)];
	const count = hidden.length;
	if (count === 0) return '';
	const troubled = hidden.filter(row => urgencyOf(row) !== 'ok').length;
	if (troubled > 0) return look.say('container.rest-troubled', {count, troubled});
	const stopped = hidden.filter(row => isStopped(row.container)).length;
	if (stopped > 0 && columns >= narrowColumns)
		return look.say('container.rest-stopped', {count, stopped});
	return look.say('container.rest-well', {count});
}

type Size = {readonly width: number; readonly height: number; readonly isActive: boolean};

/** The table or what stands in its place: waiting, failed, nothing there, nothing matches; below it the probes. */
export function containerLines(
	state: State,
	look: Look,
	size: Size,
): {readonly lines: readonly Line[]; readonly part?: ShownPart} {
	const data = shown(state);
	const {width, height} = size;
	let part: ShownPart | undefined;
	const lines = readingLines(
		look,
		single(data, 'docker.containers'),
		{nowMs: data.nowMs, width, height},
		(value, room) => {
			if (value.containers.length === 0) {
				return wrapped(emptyText(state, look), width, room).map(text => [span(text)]);
			}

			const probes = probeLines(data, look, width, room);
			if (containerRows(state).length === 0) return [[span(nothingText(state, look))], ...probes];
			const table = containerTable(state, look, {...size, height: room - probes.length});
			part = table.part;
			return [...table.lines, ...probes];
		},
	);
	return part ? {lines, part} : {lines};
}

/** Why the list is empty: no container at all, or none of the wanted projects. */
function emptyText(state: State, look: Look): string {
	const {projects = []} = state.settings.docker;
	if (projects.length === 0) return look.say('nothing-else');
	return look.say('project.none', {projects: projects.join(', ')});
}

function nothingText(state: State, look: Look): string {
	const {filter} = state.ui;
	return filter === '' ? look.say('trouble.none') : look.say('filter.none', {text: filter});
}

/**
 * The probed addresses below the table: all of them where there is room, else those that no row of the table speaks
 * for and that are in trouble.
 */
function probeLines(data: Data, look: Look, width: number, height: number): readonly Line[] {
	const probes = probeRows(data);
	const names = new Set(allContainerRows(data).map(row => row.container.name));
	const spare = height - 1 - allContainerRows(data).length;
	if (probes.length > 0 && spare >= probes.length + 2) {
		return [
			[],
			[span(look.say('endpoints.title'), {bold: true})],
			...probes.map(probe => probeLine(look, probe, width)),
		];
	}

	return probes
		.filter(({level, containerName}) => level !== 'ok' && !names.has(containerName ?? ''))
		.slice(0, Math.floor(height / 3))
		.map(probe => probeLine(look, probe, width));
}

/** An address with its last answer and its latencies. */
export function probeLine(look: Look, probe: Probe, width: number): Line {
	const {value, level, url} = probe;
	const style = levelStyle(level);
	const sign = span(`  ${levelSign[level]} `, style);
	if (!value) return [sign, span(`${url} `), span(look.say('reading.waiting'), {dim: true})];
	const word = look.say(value.isUp ? 'endpoint.up' : 'endpoint.down');
	const cause = value.isUp ? String(value.status ?? '') : (value.failure ?? '');
	const urlWidth = Math.max(16, Math.min(44, width - 44));
	return [
		sign,
		cell(url, urlWidth, {...style, bold: !value.isUp}),
		span(` ${word} ${cause}`, style),
		span('  p50 ', {dim: true}),
		span(formatLatencyShort(value.p50Ms)),
		span('  p95 ', {dim: true}),
		span(formatLatencyShort(value.p95Ms)),
		...(value.failures > 0
			? [span(`  ${look.say('endpoint.failed', {share: formatPercent(value.failurePercent)})}`)]
			: []),
		...(value.certificateDaysLeft === undefined
			? []
			: [
					span(
						`  ${look.say('endpoint.certificate', {days: Math.floor(value.certificateDaysLeft)})}`,
						{dim: true},
					),
				]),
	];
}

/** How many rows the table and the probes would fill. */
export function containerNeed(data: Data): number {
	const reading = single(data, 'docker.containers');
	// A cause with its next step takes three rows more than the list would.
	const forProblem = reading?.kind === 'failed' || reading?.kind === 'stale' ? 3 : 0;
	return (valueOf(reading)?.containers.length ?? 0) + 1 + forProblem;
}

const reads = (state: State): readonly unknown[] => {
	const data = shown(state);
	return [
		...timed(data, data.readings['docker.containers'], data.readings['docker.usage']),
		containerRows(state),
		probeRows(data),
		data.alerts,
		// Uptimes are in minutes or, in the first five, in seconds.
		Math.floor(secondOf(data) / 5),
		state.settings,
		state.ui.focus,
		state.ui.selected.containers,
	];
};

/** Every container of the host, worst first. */
export function ContainersPanel(props: {readonly width: number; readonly height: number}) {
	const {width, height} = props;
	const look = useLook();
	const state = useStateOf(reads);
	const {lines, part} = containerLines(state, look, {
		width,
		height: height - 1,
		isActive: state.ui.focus === 'containers',
	});
	return (
		<Panel
			panel="containers"
			note={containerNote(state, look, part)}
			level={panelLevel(shown(state), 'containers')}
			lines={lines}
			width={width}
			height={height}
		/>
	);
}
