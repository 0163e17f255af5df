import type {PanelId} from '../../src/store/state.ts';

/** Where a panel stands: its size; the place follows from the order. */
export type Slot = {readonly panel: PanelId; readonly width: number; readonly height: number};

/** Rows of slots from top to bottom, for each column of the window. */
export type Layout = readonly {
	readonly width: number;
	readonly rows: readonly (readonly Slot[])[];
}[];

/** Smallest window in which the dashboard is shown. */
export const minimumColumns = 60;
export const minimumRows = 15;

/** Width from which on the dashboard has two columns. */
const wideColumns = 170;

/** Rows that errors and alerts keep however little there is to say: another one may come at any moment. */
const leastBottom = 4;

/** Divides `total` into parts that differ by one at most, with one cell between them. */
function share(total: number, parts: number): readonly number[] {
	const room = total - (parts - 1);
	return Array.from({length: parts}, (_, index) =>
		index < room % parts ? Math.floor(room / parts) + 1 : Math.floor(room / parts),
	);
}

/**
 * The dashboard's layout for a window of `columns` by `height` rows (without status and key line): in a narrow
 * window containers above, the servers side by side, errors and alerts below; in a wide one two columns.
 */
export function layoutOf(facts: {
	readonly columns: number;
	readonly height: number;
	readonly panels: readonly PanelId[];
	/** Rows that the list of containers would fill. */
	readonly containers: number;
	/** Rows that errors and alerts would fill, headings included. */
	readonly bottom: number;
}): Layout {
	const {columns, height, panels, containers} = facts;
	const tiles = panels.filter(
		panel => panel === 'host' || panel === 'postgres' || panel === 'redis',
	);
	if (columns >= wideColumns) return wide(columns, height, tiles, containers);
	// The list of containers gets what it needs, but never so much that a fact of another panel is lost.
	const most = Math.max(height - 9, 4);
	const least = Math.max(4, Math.min(containers + 2, Math.floor(height * 0.45), most));
	const tileHeight = Math.max(4, Math.min(16, Math.round((height - least) * 0.42)));
	// What errors and alerts leave free goes to the containers that would not be seen otherwise.
	const spare = height - tileHeight - least - Math.max(leastBottom, facts.bottom);
	const top = Math.max(least, Math.min(containers + 1, least + Math.max(0, spare)));
	const bottom = height - tileHeight - top;
	const widths = share(columns, tiles.length);
	const alertsWidth = Math.floor(columns * 0.42);
	return [
		{
			width: columns,
			rows: [
				[{panel: 'containers', width: columns, height: top}],
				tiles.map((panel, index) => ({panel, width: widths[index] ?? 0, height: tileHeight})),
				[
					{panel: 'errors', width: columns - alertsWidth - 1, height: bottom},
					{panel: 'backups', width: alertsWidth, height: bottom},
				],
			],
		},
	];
}

function wide(
	columns: number,
	height: number,
	tiles: readonly PanelId[],
	containers: number,
): Layout {
	const left = Math.floor(columns * 0.62);
	const right = columns - left - 1;
	const top = Math.max(
		Math.floor(height * 0.4),
		Math.min(containers + 8, Math.floor(height * 0.6)),
	);
	const heights = divide(height, [...tiles.map(panel => weights[panel]), weights.backups]);
	return [
		{
			width: left,
			rows: [
				[{panel: 'containers', width: left, height: top}],
				[{panel: 'errors', width: left, height: height - top}],
			],
		},
		{
			width: right,
			rows: [...tiles, 'backups' as const].map((panel, index) => [
				{panel, width: right, height: heights[index] ?? 0},
			]),
		},
	];
}

/** How much of a column each panel gets. */
const weights: Readonly<Record<PanelId, number>> = {
	containers: 5,
	host: 4,
	postgres: 6,
	redis: 4,
	errors: 5,
	backups: 5,
};

/** Divides a height by weights; the last part gets what rounding leaves. */
function divide(height: number, shares: readonly number[]): readonly number[] {
	const sum = shares.reduce((total, part) => total + part, 0);
	const parts = shares.slice(0, -1).map(part => Math.floor((height * part) / sum));
	return [...parts, height - parts.reduce((total, part) => total + part, 0)];
}
