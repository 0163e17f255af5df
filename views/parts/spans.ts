import {fit, truncate, widthOf} from '../../src/domain/format.ts';
import type {Level} from '../../src/domain/level.ts';
import type {Look} from '../../hooks/use-look.ts';

/** How a piece of text looks. Colour only supports what words and signs already say. */
export type Style = {
	readonly color?: string;
	readonly bold?: boolean;
	readonly dim?: boolean;
	readonly inverse?: boolean;
};

/** A piece of text in one style. */
export type Span = Style & {readonly text: string};

/** One row of the screen. */
export type Line = readonly Span[];

/** A piece of text. */
export function span(text: string, style: Style = {}): Span {
	return {text, ...style};
}

/** A table cell of exactly `width` cells. */
export function cell(
	text: string,
	width: number,
	style: Style & {readonly align?: 'left' | 'right'} = {},
): Span {
	const {align, ...rest} = style;
	return {text: fit(text, width, align), ...rest};
}

/** The style of a level; `ok` has none, so that trouble stands out. */
export function levelStyle(level: Level): Style {
	switch (level) {
		case 'ok':
			return {};
		case 'unknown':
			return {color: 'magenta'};
		case 'warn':
			return {color: 'yellow', bold: true};
		case 'crit':
			return {color: 'red', bold: true};
	}
}

/** The sign of a level, readable without colour. */
export const levelSign: Readonly<Record<Level, string>> = {
	ok: ' ',
	unknown: '?',
	warn: '!',
	crit: 'x',
};

/** The sign of what crossed its threshold, but not yet for its hold time. */
export const pendingSign = '~';

/** The word of a level. */
export function levelWord(look: Look, level: Level): string {
	return look.say(`level.${level}`);
}

/** A bar of `width` cells for a share of 0 to 100. */
export function bar(look: Look, percent: number | undefined, width: number): string {
	if (percent === undefined || !Number.isFinite(percent)) return ' '.repeat(width);
	const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width);
	return look.glyphs.barFull.repeat(full) + look.glyphs.barEmpty.repeat(width - full);
}

/** A sparkline of the last `width` points, scaled to `max` or to the largest point. */
export function spark(
	look: Look,
	points: readonly number[] | undefined,
	width: number,
	max?: number,
): string {
	const last = (points ?? []).slice(-width);
	const top = max ?? Math.max(1e-9, ...last);
	const steps = look.glyphs.spark;
	return last
		.map(point => {
			const step = Math.floor((Math.max(0, point) / top) * steps.length);
			return steps[Math.min(steps.length - 1, step)] ?? ' ';
		})
		.join('')
		.padStart(width);
}

/** A label in front of a value: `label value`, the label dim. */
export function labelled(label: string, value: string, style: Style = {}): Line {
	return [span(`${label} `, {dim: true}), span(value, style)];
}

/** Joins groups of spans with a separator of blanks. */
export function joined(groups: readonly Line[], separator = '  '): Line {
	return groups.flatMap((group, index) => (index === 0 ? group : [span(separator), ...group]));
}

/** Width of a line in cells. */
export function lineWidth(line: Line): number {
	return line.reduce((sum, part) => sum + widthOf(part.text), 0);
}

/**
 * Rows of at most `width` cells made of whole groups: one that does not fit goes to the next row, so that no group is
 * cut. Empty groups are left out.
 */
export function flow(groups: readonly Line[], width: number, separator = '  '): readonly Line[] {
	const rows: Line[] = [];
	let row: Line = [];
	for (const group of groups) {
		if (group.length === 0) continue;
		const longer = row.length === 0 ? group : [...row, span(separator), ...group];
		if (row.length > 0 && lineWidth(longer) > width) {
			rows.push(row);
			row = group;
		} else {
			row = longer;
		}
	}

	return row.length === 0 ? rows : [...rows, row];
}

/** One row of the groups that fit, most important first: one that does not fit is left out whole. */
export function fitting(groups: readonly Line[], width: number, separator = '  '): Line {
	let row: Line = [];
	for (const group of groups) {
		if (group.length === 0) continue;
		const longer = row.length === 0 ? group : [...row, span(separator), ...group];
		if (lineWidth(longer) <= width) row = longer;
	}

	return row;
}

/** A row with its parts inverse in one colour, for the selected one of a list. */
export function selectedLine(line: Line): Line {
	const color = line.find(part => part.color !== undefined)?.color;
	return line.map(part => ({
		...part,
		inverse: true,
		dim: false,
		...(color === undefined ? {} : {color}),
	}));
}

/** A sparkline with its label and current value: `cpu ▁▂▃█ 12%`. Without points only the label and the value. */
export function labelledSpark(
	look: Look,
	facts: {
		readonly label: string;
		readonly value: string;
		readonly points: readonly number[] | undefined;
		readonly width: number;
		readonly max?: number;
	},
): Line {
	const {label, value, points, width, max} = facts;
	const room = Math.min(60, width - widthOf(label) - widthOf(value) - 2);
	return [
		span(`${label} `, {dim: true}),
		...(room < 4 ? [] : [span(`${spark(look, points, room, max)} `)]),
		span(value),
	];
}

/** Least cells of a project before a name goes without it. */
const leastProject = 4;

/** The end of a text in at most `cells`, with a sign for what went before it. */
function cutBeginning(text: string, cells: number): string {
	return widthOf(text) <= cells ? text : `…${lastCells(text, cells - 1)}`;
}

/**
 * A name like `project/service/1` in at most `cells`: the service stays whole as long as it fits and the project is cut
 * by `cut`; a name without a project loses its beginning.
 */
function shortName(name: string, cells: number, cut: (text: string, cells: number) => string) {
	if (widthOf(name) <= cells) return name;
	const at = name.indexOf('/');
	const rest = at === -1 ? name : name.slice(at);
	const room = cells - widthOf(rest);
	if (at > 0 && room >= leastProject) return cut(name.slice(0, at), room) + rest;
	const own = at === -1 ? name : name.slice(at + 1);
	return cutBeginning(own, cells);
}

/**
 * Names of one list, each in at most `cells`, by the name: a project is cut at its end, and at its beginning where two
 * names would look alike otherwise.
 */
export function shortNames(names: readonly string[], cells: number): ReadonlyMap<string, string> {
	const all = [...new Set(names)];
	const short = new Map(all.map(name => [name, shortName(name, cells, truncate)]));
	const seen = new Set<string>();
	const twice = new Set<string>();
	for (const text of short.values()) (seen.has(text) ? twice : seen).add(text);
	for (const [name, text] of short) {
		if (twice.has(text)) short.set(name, shortName(name, cells, cutBeginning));
	}

	return short;
}

/** The end of a text in at most this many cells. */
export function lastCells(text: string, cells: number): string {
	let kept = '';
	for (const character of Array.from(text).toReversed()) {
		if (widthOf(character + kept) > cells) break;
		kept = character + kept;
	}

	return kept;
}
