import type {Look} from '../../hooks/use-look.ts';
import {widthOf} from '../../src/domain/format.ts';
import {actionOf, entriesOf, obstacleOf} from '../../src/store/actions.ts';
import type {Entry, Menu} from '../../src/store/dialog.ts';
import {selectedEntry} from '../../src/store/dialog-keys.ts';
import type {State} from '../../src/store/state.ts';
import {type Thing, thingId} from '../../src/store/things.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {problemLines} from '../parts/reading-lines.ts';
import {riskSpan} from '../parts/risk.ts';
import {cell, type Line, selectedLine, span} from '../parts/spans.ts';

/** Rows of a list with the one to keep in sight. */
export type Listed = {readonly lines: readonly Line[]; readonly at: number};

/** What a thing is called: `service app`, `PostgreSQL db`. */
export function thingText(state: State, look: Look, thing: Thing): string {
	switch (thing.kind) {
		case 'container':
			return look.say('actions.container', {name: thing.key});
		case 'postgres':
		case 'redis':
			return look.say(`actions.${thing.kind}`, {name: thing.id});
		case 'stack':
			return look.say('actions.stack', {name: thing.project});
		case 'host':
			return look.say('actions.host', {name: state.hostname});
		case 'backups':
			return look.say('actions.backups');
	}
}

/** The title of an entry's action. */
export function entryTitle(look: Look, entry: Entry): string {
	const action = actionOf(entry);
	return action ? look.say(action.title) : entry.action;
}

/** Cells of the risk, the longest word included. */
const riskWidth = 14;

/** The menu: a heading for each thing, below it what can be done, with its risk or the reason why not now. */
export function menuRows(state: State, look: Look, menu: Menu): Listed {
	const selected = selectedEntry(state, menu);
	const entries = entriesOf(state, menu.things);
	if (entries.length === 0) return {lines: [[span(`  ${look.say('actions.none')}`)]], at: 0};
	const titleWidth = Math.min(
		Math.floor(state.ui.columns * 0.6),
		Math.max(...entries.map(entry => widthOf(entryTitle(look, entry)))) + 2,
	);
	let at = 0;
	const lines: Line[] = [];
	for (const thing of menu.things) {
		const own = entries.filter(entry => thingId(entry.thing) === thingId(thing));
		if (own.length === 0) continue;
		lines.push([span(` ${thingText(state, look, thing)}`, {bold: true})]);
		for (const entry of own) {
			const isSelected = entry.key === selected;
			if (isSelected) at = lines.length;
			lines.push(entryLine(state, look, entry, {titleWidth, isSelected}));
		}
	}

	return {lines, at};
}

function entryLine(
	state: State,
	look: Look,
	entry: Entry,
	facts: {readonly titleWidth: number; readonly isSelected: boolean},
): Line {
	const {titleWidth, isSelected} = facts;
	const problem = obstacleOf(state, entry);
	const risk = riskSpan(look, actionOf(entry)?.risk ?? 'destructive');
	const head = span(isSelected ? ` ${look.glyphs.select} ` : '   ');
	const line: Line = problem
		? [
				head,
				cell(entryTitle(look, entry), titleWidth, {dim: true}),
				cell(risk.text, riskWidth, {dim: true}),
				span(`${look.glyphs.dot} ${sayProblem(look.language, problem).summary}`, {dim: true}),
			]
		: [head, cell(entryTitle(look, entry), titleWidth), {...risk, ...cell(risk.text, riskWidth)}];
	return isSelected ? selectedLine(line) : line;
}

/** Rows below the menu that are kept free, so that it does not move with each reason. */
const reasonRows = 2;

/** Why the selected entry is not possible now, and what to do about it: whole, since its row may be cut. */
export function menuFooter(state: State, look: Look, menu: Menu, width: number): readonly Line[] {
	const key = selectedEntry(state, menu);
	const entry = entriesOf(state, menu.things).find(candidate => candidate.key === key);
	const problem = entry && obstacleOf(state, entry);
	const lines = problem ? problemLines(look, problem, width, 8) : [];
	return [...lines, ...Array.from({length: Math.max(0, reasonRows - lines.length)}, () => [])];
}
