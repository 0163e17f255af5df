// Stands in for the caches of ink/build/output.js, which Ink makes anew for every frame. A screen differs in a few
// texts from the one before, so what the last frame measured is kept for the next one, and nothing older than that.
import stringWidth from 'string-width';
import {styledCharsFromTokens, styledCharsToString, tokenize} from '@alcalzone/ansi-tokenize';
import sanitizeAnsi from '../../node_modules/ink/build/sanitize-ansi.js';

const invisible = /^\p{Default_Ignorable_Code_Point}+$/u;

/** Remembers the results of `make` for what was asked in this frame and in the one before. */
export function createFrameCache(make) {
	let before = new Map();
	let now = new Map();
	return {
		get(key) {
			let value = now.get(key);
			if (value !== undefined) return value;
			value = before.get(key) ?? make(key);
			now.set(key, value);
			return value;
		},
		nextFrame() {
			before = now;
			now = new Map();
		},
	};
}

const widths = createFrameCache(stringWidth);
const blockWidths = createFrameCache(text =>
	Math.max(...text.split('\n').map(line => widths.get(line))),
);
// Standalone invisible characters must not occupy terminal cells; the first of them is U+00AD.
const styledChars = createFrameCache(line =>
	styledCharsFromTokens(tokenize(line)).filter(
		({value}) => value < '\u00ad' || !invisible.test(value),
	),
);
const lines = createFrameCache(text => {
	const characterLines = [[]];
	for (const character of styledChars.get(text)) {
		if (character.value === '\n') characterLines.push([]);
		else characterLines.at(-1).push(character);
	}
	return characterLines.map(line => styledCharsToString(line));
});
// How many cells a line takes in the grid: a character without a width of its own takes one all the same.
const cells = createFrameCache(line =>
	styledChars.get(line).reduce((sum, {value}) => sum + Math.max(1, widths.get(value)), 0),
);
const sanitized = createFrameCache(sanitizeAnsi);
const all = [widths, blockWidths, styledChars, lines, cells, sanitized];

const caches = {
	getStringWidth: widths.get,
	getWidestLine: blockWidths.get,
	getStyledChars: styledChars.get,
	getLines: lines.get,
};

/** The caches for one frame. */
export function cachesOfFrame() {
	for (const cache of all) cache.nextFrame();
	return caches;
}

/** Ink's `sanitizeAnsi`, with what it made for the last frame. */
export const sanitizedText = sanitized.get;

/** Whether a line lies whole within a clip, so that it would not be cut. */
function isWithin({x, y, end}, {x1 = 0, x2 = end, y1 = 0, y2 = y + 1}) {
	return x >= x1 && end <= x2 && y >= y1 && y < y2;
}

/** The one line of a write and where it stands, or nothing where the grid of cells is needed to tell what is seen. */
function simpleLine({x, y, text, transformers}, clips) {
	const made = lines.get(text);
	if (made.length !== 1) return undefined;
	const line = transformers.reduce((before, transform) => transform(before, 0), made[0]);
	const place = {x, y, line, end: x + cells.get(line)};
	return Number.isInteger(x) && clips.every(clip => isWithin(place, clip)) ? place : undefined;
}

/** Ends in or begins with a style, which the grid would carry on over the border between two texts. */
const isStyled = {before: text => text.endsWith('m'), after: text => text.startsWith('\u001B')};

/**
 * A frame whose texts stand side by side, put together from their lines: the grid of cells, with an object for every
 * one of them, is only needed for texts that overlap or are cut. Gives nothing where some are; the grid draws them then.
 */
export function frameOfLines({operations, width, height}) {
	const rows = Array.from({length: height}, () => '');
	const ends = new Array(height).fill(0);
	const clips = [];
	for (const operation of operations) {
		if (operation.type === 'clip') {
			clips.push(operation.clip);
		} else if (operation.type === 'unclip') {
			clips.pop();
		} else {
			const drawn = simpleLine(operation, clips);
			if (drawn === undefined || drawn.end > width || !(drawn.y in rows)) return undefined;
			const {x, y, line, end} = drawn;
			const gap = x - ends[y];
			const isTouching = gap === 0 && isStyled.before(rows[y]) && isStyled.after(line);
			if (gap < 0 || isTouching) return undefined;
			rows[y] += ' '.repeat(gap) + line;
			ends[y] = end;
		}
	}

	return {output: rows.map(row => row.trimEnd()).join('\n'), height};
}
