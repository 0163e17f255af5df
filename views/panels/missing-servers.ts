import type {Look} from '../../hooks/use-look.ts';
import {formatAge, widthOf} from '../../src/domain/format.ts';
import type {Missing} from '../../src/domain/targets.ts';
import type {Data, LastKnown} from '../../src/store/state.ts';
import {panelProblemLines} from '../parts/reading-lines.ts';
import {lastCells, levelStyle, type Line, span} from '../parts/spans.ts';

/** What is drawn of a server's figures, in how much room. */
type Facts<T> = {
	readonly id: string;
	readonly value: T;
	readonly width: number;
	readonly height: number;
};

/** Rows of figures that a screen without an end shows. */
const manyRows = 40;

/** Rows from which on the whole problem is said above what was last known. */
const wholeProblemRows = 9;

/** Servers of an area that were looked for and not found: the reason, and dimmed what was last known of them. */
export function missingServers<T>(
	data: Data,
	look: Look,
	panel: 'postgres' | 'redis',
	place: {
		readonly width: number;
		/** Rows that there are; absent where all are shown. */
		readonly height?: number;
		readonly known: LastKnown<T>;
		readonly lines: (facts: Facts<T>) => readonly Line[];
	},
): readonly Line[] {
	const {width, height, known, lines} = place;
	return data.targets.missing
		.filter(missing => missing.area === panel)
		.flatMap(missing => {
			const last = known[missing.name];
			const head = last ? shortHead(look, missing, width) : [span(missing.name, {bold: true})];
			const problemRoom = height === undefined ? undefined : height - 1;
			if (!last) return [head, ...panelProblemLines(look, missing.problem, width, problemRoom)];
			const isLow = height !== undefined && height < wholeProblemRows;
			const problem = isLow ? [] : panelProblemLines(look, missing.problem, width);
			const age = formatAge(Math.max(0, data.nowMs - last.atMs), look.language);
			const above = [head, ...problem, [span(look.say('missing.last-known', {age}), {bold: true})]];
			const room = (height ?? manyRows + above.length) - above.length;
			const figures = lines({id: missing.name, value: last.value, width, height: room});
			return [...above, ...figures.map(line => line.map(part => ({...part, dim: true})))];
		});
}

/** The reason in a word and the server's name, of which the end matters where it is cut. */
function shortHead(look: Look, {name, problem}: Missing, width: number): Line {
	const word = problem.code === 'discovery-stopped' ? 'missing.stopped' : 'missing.not-read';
	const lead = `x ${look.say(word)} `;
	const room = width - widthOf(lead);
	const short =
		widthOf(name) <= room
			? name
			: `${look.glyphs.ellipsis}${lastCells(name, room - widthOf(look.glyphs.ellipsis))}`;
	return [span(lead, levelStyle('crit')), span(short, {bold: true})];
}
