import {writeFile} from 'node:fs/promises';
import {Resvg} from '@resvg/resvg-js';
import type {Terminal as Emulator} from '@xterm/headless';
import {readScreen, type Cell, type Colour, type Screen} from './screen.ts';

const cellWidth = 9;
const cellHeight = 19;
const baseline = 14.5;
const fontSize = 15;
const margin = 12;
const paper = '#16181d';
const ink = '#d7dae0';

/** The sixteen named colours, readable on the dark paper. */
const named = [
	'#3b4048',
	'#f0646c',
	'#7cc77c',
	'#e5c168',
	'#6aa9f0',
	'#c58be0',
	'#5cc3cc',
	'#c8ccd4',
	'#7f8794',
	'#ff8a90',
	'#9be29b',
	'#f5d88c',
	'#8fc3ff',
	'#dcaaf2',
	'#83dfe6',
	'#ffffff',
] as const;

/** A stretch of cells that look the same. */
type Stretch = {
	readonly column: number;
	readonly width: number;
	readonly cell: Cell;
	readonly text: string;
};

/** What the screen shows as an SVG document, every column exactly in its place. */
export function drawSvg(screen: Screen): string {
	const width = screen.columns * cellWidth + 2 * margin;
	const height = screen.rows * cellHeight + 2 * margin;
	const rows = Array.from({length: screen.rows}, (_, row) => drawRow(screen.cells(row), row));
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
		`<rect width="${width}" height="${height}" rx="8" fill="${paper}"/>`,
		`<g font-family="DejaVu Sans Mono, WenQuanYi Micro Hei Mono, WenQuanYi Micro Hei, monospace" font-size="${fontSize}" xml:space="preserve">`,
		...rows,
		'</g>',
		'</svg>',
		'',
	].join('\n');
}

/** Writes what an emulated terminal shows: a PNG, or an SVG where the path ends so. */
export async function writePicture(
	terminal: {readonly emulator: Emulator},
	path: string,
): Promise<void> {
	const svg = drawSvg(readScreen(terminal.emulator));
	if (path.endsWith('.svg')) {
		await writeFile(path, svg);
		return;
	}
	const picture = new Resvg(svg, {
		fitTo: {mode: 'zoom', value: 1.5},
		font: {loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans Mono'},
	});
	await writeFile(path, picture.render().asPng());
}

function drawRow(cells: readonly Cell[], row: number): string {
	const top = margin + row * cellHeight;
	const parts: string[] = [];
	const stretches = splitRow(cells);
	for (const stretch of stretches) {
		const {background} = coloursOf(stretch.cell);
		if (background === paper) continue;
		parts.push(
			`<rect x="${left(stretch.column)}" y="${top}" width="${stretch.width * cellWidth}" height="${cellHeight}" fill="${background}"/>`,
		);
	}
	for (const stretch of stretches) {
		if (stretch.text.trim() === '') continue;
		parts.push(drawText(stretch, top + baseline));
	}
	return parts.join('');
}

function drawText({column, width, cell, text}: Stretch, y: number): string {
	const {foreground} = coloursOf(cell);
	const style = [
		cell.isBold ? ' font-weight="bold"' : '',
		cell.isItalic ? ' font-style="italic"' : '',
		cell.isUnderlined ? ' text-decoration="underline"' : '',
		cell.isDim ? ' fill-opacity="0.6"' : '',
	].join('');
	return `<text x="${left(column)}" y="${y}" textLength="${width * cellWidth}" lengthAdjust="spacingAndGlyphs" fill="${foreground}"${style}>${escapeXml(text)}</text>`;
}

/** Cuts a row where the look changes; a wide character stands alone, so that its columns stay exact. */
function splitRow(cells: readonly Cell[]): readonly Stretch[] {
	const stretches: Stretch[] = [];
	for (const [column, cell] of cells.entries()) {
		if (cell.width === 0) continue;
		const last = stretches.at(-1);
		const text = cell.text || ' ';
		if (
			last !== undefined &&
			last.cell.width === 1 &&
			cell.width === 1 &&
			looksLike(last.cell, cell)
		) {
			stretches[stretches.length - 1] = {
				...last,
				width: last.width + 1,
				text: last.text + text,
			};
		} else {
			stretches.push({column, width: cell.width, cell, text});
		}
	}
	return stretches;
}

function looksLike(a: Cell, b: Cell): boolean {
	return (
		a.foreground === b.foreground &&
		a.background === b.background &&
		a.isBold === b.isBold &&
		a.isDim === b.isDim &&
		a.isItalic === b.isItalic &&
		a.isUnderlined === b.isUnderlined &&
		a.isInverse === b.isInverse
	);
}

function coloursOf(cell: Cell): {readonly foreground: string; readonly background: string} {
	const foreground = toHex(cell.foreground, ink);
	const background = toHex(cell.background, paper);
	return cell.isInverse
		? {foreground: background, background: foreground}
		: {foreground, background};
}

function toHex(colour: Colour, otherwise: string): string {
	if (typeof colour === 'string') return colour === 'default' ? otherwise : colour;
	const fromName = named[colour];
	if (fromName !== undefined) return fromName;
	if (colour >= 232) return rgb(...grey(8 + (colour - 232) * 10));
	const index = colour - 16;
	const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
	return rgb(level(Math.floor(index / 36)), level(Math.floor(index / 6) % 6), level(index % 6));
}

function grey(value: number): readonly [number, number, number] {
	return [value, value, value];
}

function rgb(red: number, green: number, blue: number): string {
	return `#${[red, green, blue].map(part => part.toString(16).padStart(2, '0')).join('')}`;
}

function left(column: number): number {
	return margin + column * cellWidth;
}

function escapeXml(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
