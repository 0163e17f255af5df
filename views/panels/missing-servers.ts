import type {Look} from '../../hooks/use-look.ts';
import {formatAge} from '../../src/domain/format.ts';
import type {Missing} from '../../src/domain/targets.ts';
import type {Data, LastKnown} from '../../src/store/state.ts';
import {panelProblemLines} from '../parts/reading-lines.ts';
import {levelStyle, type Line, span} from '../parts/spans.ts';

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
			const head = headLine(look, missing, last !== undefined);
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

/** The server's name; where its figures take the place of the reason, with the reason in a word before it. */
function headLine(look: Look, {name, problem}: Missing, isShort: boolean): Line {
	if (!isShort) return [span(name, {bold: true})];
	const word = problem.code === 'discovery-stopped' ? 'missing.stopped' : 'missing.not-read';
	return [span(`x ${look.say(word)} `, levelStyle('crit')), span(name, {bold: true})];
}
