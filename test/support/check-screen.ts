import {widthOf} from '../../src/domain/format.ts';
import type {Cell, Screen} from './screen.ts';

/** Cells that a row fills: those of its characters, blanks at the end included. */
function cellsOf(row: readonly Cell[]): number {
	return row.reduce((sum, cell) => sum + cell.width, 0);
}

/**
 * What is wrong with a screen whatever it shows; empty where all is well. Every row is as wide as the window, no row
 * was wrapped or cut in a wide character, and nothing on it is a control character.
 */
export function screenFaults(screen: Screen): readonly string[] {
	const faults: string[] = [];
	for (let row = 0; row < screen.rows; row++) {
		const cells = screen.cells(row);
		const text = screen.lines[row] ?? '';
		const at = `row ${row} (${text})`;
		if (cellsOf(cells) !== screen.columns) faults.push(`${at}: ${cellsOf(cells)} cells`);
		if (widthOf(text) > screen.columns) faults.push(`${at}: text of ${widthOf(text)} cells`);
		const last = cells.at(-1);
		if (last?.width === 2) faults.push(`${at}: a wide character is cut at the edge`);
		if (/\p{Cc}/u.test(text)) faults.push(`${at}: a control character`);
		if (/undefined|NaN|\[object|Infinity|\{[a-z.-]+\}/.test(text))
			faults.push(`${at}: a raw value`);
	}

	return faults;
}

/** The column after the last cell of a text in a row, counted in cells; -1 where it is not there. */
export function endOf(cells: readonly Cell[], text: string): number {
	let line = '';
	const ends: number[] = [];
	for (const [index, cell] of cells.entries()) {
		if (cell.width === 0) continue;
		const characters = cell.text === '' ? ' ' : cell.text;
		for (const _ of characters) ends.push(index + cell.width);
		line += characters;
	}

	const at = line.indexOf(text);
	if (at < 0) return -1;
	const units = Array.from(line.slice(0, at + text.length)).length;
	return ends[units - 1] ?? -1;
}
