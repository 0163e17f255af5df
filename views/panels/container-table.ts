import type {Look} from '../../hooks/use-look.ts';
import {
	absent,
	formatByteRateShort,
	formatBytesShort,
	formatPercent,
	widthOf,
} from '../../src/domain/format.ts';
import {type ContainerRow, containerRows, urgencyOf} from '../../src/store/select-containers.ts';
import {selectedKey} from '../../src/store/select-lists.ts';
import {shown} from '../../src/store/select.ts';
import type {State} from '../../src/store/state.ts';
import type {ScreenWord} from '../../src/words/screen.ts';
import {
	cell,
	levelSign,
	levelStyle,
	type Line,
	pendingSign,
	shortNames,
	selectedLine,
	type Span,
	span,
} from '../parts/spans.ts';
import {windowed} from '../parts/windowed.ts';
import {
	nameText,
	probeText,
	projectsOf,
	publishedText,
	stateText,
	uptimeText,
	whyText,
} from './container-words.ts';

/** One column of the container table. */
type Column = {
	readonly word: ScreenWord;
	readonly width: number;
	readonly align?: 'right';
	/** The lower, the longer it stays when the table gets narrow. */
	readonly need: number;
	readonly text: (row: ContainerRow, look: Look, nowMs: number) => string;
};

/** In the order on the screen. */
const columns: readonly Column[] = [
	{
		word: 'column.state',
		width: 12,
		need: 0,
		text: ({container}, look) => stateText(container, look),
	},
	{
		word: 'column.cpu',
		width: 6,
		align: 'right',
		need: 1,
		text: ({usage}) => (usage ? formatPercent(usage.cpuPercent) : absent),
	},
	{
		word: 'column.memory',
		width: 6,
		align: 'right',
		need: 2,
		text: ({usage}) => formatBytesShort(usage?.memoryUsedBytes),
	},
	{
		word: 'column.limit',
		width: 6,
		align: 'right',
		need: 6,
		text: ({usage}) => formatBytesShort(usage?.memoryLimitBytes),
	},
	{
		word: 'column.restarts',
		width: 4,
		align: 'right',
		need: 3,
		text: ({container}) => (container.isInspected ? String(container.restartCount) : absent),
	},
	{
		word: 'column.uptime',
		width: 6,
		align: 'right',
		need: 4,
		text: ({container}, _look, nowMs) => uptimeText(container, nowMs),
	},
	{
		word: 'column.network',
		width: 13,
		align: 'right',
		need: 7,
		text: ({usage}) =>
			`${formatByteRateShort(usage?.networkReceivedBytesPerSecond)} ${formatByteRateShort(usage?.networkSentBytesPerSecond)}`,
	},
	{
		word: 'column.blocks',
		width: 13,
		align: 'right',
		need: 9,
		text: ({usage}) =>
			`${formatByteRateShort(usage?.blockReadBytesPerSecond)} ${formatByteRateShort(usage?.blockWrittenBytesPerSecond)}`,
	},
	{
		word: 'column.pids',
		width: 5,
		align: 'right',
		need: 8,
		text: ({usage}) => (usage?.pids === undefined ? absent : String(usage.pids)),
	},
	{word: 'column.probe', width: 12, need: 5, text: probeText},
	{word: 'column.ports', width: 16, need: 10, text: ({container}) => publishedText(container)},
	{word: 'column.image', width: 24, need: 11, text: ({container}) => container.image},
];

/** Selection sign, blank, level sign, blank. */
const signsWidth = 4;

/** Below this width the project of a container is shortened to this many cells, with its slash. */
const wideTable = 100;
const shortProjectWidth = 9;

/** Room that a reason gets before another column does. */
const reasonWidth = 30;

type Widths = {
	readonly columns: readonly Column[];
	readonly name: number;
	/** 0 where there is no column of reasons. */
	readonly why: number;
};

/** Which columns there are, and how wide the name and the reason are: a reason matters more than figures. */
function widthsOf(
	rows: readonly ContainerRow[],
	look: Look,
	{width, nowMs}: {readonly width: number; readonly nowMs: number},
): Widths {
	const projects = projectsOf(rows);
	const longest = Math.max(8, ...rows.map(row => widthOf(nameText(row.container, projects))));
	const longestReason = Math.max(0, ...rows.map(row => widthOf(whyText(row, look, nowMs))));
	// In steps, so that a growing age does not move the columns each time.
	const reason = Math.ceil(longestReason / 10) * 10;
	const longestOwn = Math.max(...rows.map(row => widthOf(nameText(row.container, 1))), 0);
	// Of several projects a few letters are enough where figures and reasons need the room.
	const shortest = width < wideTable ? longestOwn + shortProjectWidth : longest;
	const name = Math.min(longest, 40, shortest, Math.max(8, Math.floor(width * 0.3)));
	const wanted = reason === 0 ? 0 : Math.min(reason, reasonWidth);
	let rest = width - signsWidth - name - (wanted === 0 ? 0 : wanted + 1);
	const chosen = new Set<Column>();
	for (const column of columns.toSorted((a, b) => a.need - b.need)) {
		// What no container has takes no room.
		if (column.need > 4 && rows.every(row => isBlank(column.text(row, look, 0)))) continue;
		if (column.width + 1 > rest && column.need > 0) break;
		chosen.add(column);
		rest -= column.width + 1;
	}

	return {
		columns: columns.filter(column => chosen.has(column)),
		name,
		why: wanted === 0 ? 0 : Math.max(0, wanted + rest),
	};
}

function isBlank(text: string): boolean {
	return text.replaceAll(absent, '').trim() === '';
}

/** The part of the list that is on the screen. */
export type ShownPart = {readonly first: number; readonly height: number; readonly count: number};

/** The heading row and the rows of the table, `height` in all, with the selected row in sight. */
export function containerTable(
	state: State,
	look: Look,
	size: {readonly width: number; readonly height: number; readonly isActive: boolean},
): {readonly lines: readonly Line[]; readonly part: ShownPart} {
	const {nowMs} = shown(state);
	const rows = containerRows(state);
	const {width, height, isActive} = size;
	const widths = widthsOf(rows, look, {width, nowMs});
	const projects = projectsOf(rows);
	const selected = selectedKey(state, 'containers');
	const at = rows.findIndex(row => row.container.key === selected);
	const first = windowed(rows.length, at, height - 1);
	const names = shortNames(
		rows.map(({container}) => nameText(container, projects)),
		widths.name,
	);
	const lines = rows.slice(first, first + height - 1).map(row => {
		const isSelected = row.container.key === selected;
		const name = names.get(nameText(row.container, projects)) ?? '';
		const line = rowLine(row, look, {nowMs, widths, name, isSelected: isActive && isSelected});
		return isActive && isSelected ? selectedLine(line) : line;
	});
	return {
		lines: [headLine(look, widths), ...lines],
		part: {first, height: height - 1, count: rows.length},
	};
}

function headLine(look: Look, widths: Widths): Line {
	return [
		span(' '.repeat(signsWidth)),
		cell(look.say('column.name'), widths.name, {dim: true}),
		...widths.columns.flatMap(({word, width, align}) => [
			span(' '),
			cell(look.say(word), width, {dim: true, ...(align ? {align} : {})}),
		]),
		...(widths.why > 0 ? [span(' '), cell(look.say('column.why'), widths.why, {dim: true})] : []),
	];
}

function rowLine(
	row: ContainerRow,
	look: Look,
	facts: {
		readonly nowMs: number;
		readonly widths: Widths;
		readonly name: string;
		readonly isSelected: boolean;
	},
): Line {
	const {nowMs, widths, name, isSelected} = facts;
	const style = levelStyle(row.level);
	return [
		span(isSelected ? `${look.glyphs.select} ` : '  '),
		span(
			`${row.level === 'ok' && urgencyOf(row) !== 'ok' ? pendingSign : levelSign[row.level]} `,
			style,
		),
		cell(name, widths.name, {
			...style,
			bold: true,
		}),
		...widths.columns.flatMap(({width, align, text}): Span[] => [
			span(' '),
			cell(text(row, look, nowMs), width, {...style, ...(align ? {align} : {})}),
		]),
		...(widths.why > 0 ? [span(' '), cell(whyText(row, look, nowMs), widths.why, style)] : []),
	];
}
