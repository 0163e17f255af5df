import xterm from '@xterm/headless';
import type {Terminal as Emulator} from '@xterm/headless';

/** One character cell of an emulated terminal. A wide character has width 2 and is followed by a cell of width 0. */
export type Cell = {
	readonly text: string;
	readonly width: number;
	readonly foreground: Colour;
	readonly background: Colour;
	readonly isBold: boolean;
	readonly isDim: boolean;
	readonly isItalic: boolean;
	readonly isUnderlined: boolean;
	readonly isInverse: boolean;
};

/** `default`, a palette number (0 to 255), or a full colour as `#rrggbb`. */
export type Colour = 'default' | number | `#${string}`;

/** What an emulated terminal shows, as a value that no longer changes. */
export type Screen = {
	readonly columns: number;
	readonly rows: number;
	/** One text per row, without trailing blanks. */
	readonly lines: readonly string[];
	/** All rows joined by line ends. */
	readonly text: string;
	/** The cells of one row (from 0); empty for a row that is not on the screen. */
	cells(row: number): readonly Cell[];
	readonly isAlternateScreen: boolean;
	readonly isBracketedPaste: boolean;
	readonly isAutowrap: boolean;
	readonly isMouseTracked: boolean;
	readonly cursor: {readonly column: number; readonly row: number};
};

/** Makes an emulated terminal of a size. `convertLineEnds` is for programs that are not behind a real terminal. */
export function openEmulator(columns: number, rows: number, convertLineEnds = false): Emulator {
	return new xterm.Terminal({
		cols: columns,
		rows,
		scrollback: 2000,
		allowProposedApi: true,
		convertEol: convertLineEnds,
	});
}

/** Reads what the emulated terminal shows now. */
export function readScreen(emulator: Emulator): Screen {
	const {cols: columns, rows, modes} = emulator;
	const buffer = emulator.buffer.active;
	const grid = Array.from({length: rows}, (_, row) => readRow(emulator, buffer.viewportY + row));
	const lines = grid.map(cells =>
		cells
			.map(cell => (cell.width === 0 ? '' : cell.text || ' '))
			.join('')
			.trimEnd(),
	);
	return {
		columns,
		rows,
		lines,
		text: lines.join('\n'),
		cells: row => grid[row] ?? [],
		isAlternateScreen: buffer.type === 'alternate',
		isBracketedPaste: modes.bracketedPasteMode,
		isAutowrap: modes.wraparoundMode,
		isMouseTracked: modes.mouseTrackingMode !== 'none',
		cursor: {column: buffer.cursorX, row: buffer.cursorY},
	};
}

function readRow(emulator: Emulator, line: number): readonly Cell[] {
	const row = emulator.buffer.active.getLine(line);
	if (row === undefined) return [];
	const cells: Cell[] = [];
	for (let column = 0; column < emulator.cols; column++) {
		const cell = row.getCell(column);
		if (cell === undefined) break;
		cells.push({
			text: cell.getChars(),
			width: cell.getWidth(),
			foreground: colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
			background: colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
			isBold: cell.isBold() !== 0,
			isDim: cell.isDim() !== 0,
			isItalic: cell.isItalic() !== 0,
			isUnderlined: cell.isUnderline() !== 0,
			isInverse: cell.isInverse() !== 0,
		});
	}
	return cells;
}

function colour(isDefault: boolean, isFull: boolean, value: number): Colour {
	if (isDefault) return 'default';
	return isFull ? `#${value.toString(16).padStart(6, '0')}` : value;
}
