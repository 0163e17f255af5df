import {widthOf} from '../../src/domain/format.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {type Look, useLook} from '../../hooks/use-look.ts';
import {offeredKeys} from '../../src/store/offered.ts';
import type {State} from '../../src/store/state.ts';
import {Rows} from '../parts/rows.tsx';
import {lastCells, type Line, span} from '../parts/spans.ts';

const keyNames: Readonly<Record<string, string>> = {
	return: 'Enter',
	escape: 'Esc',
	tab: 'Tab',
	'1': '1-6',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	up: 'Up',
	down: 'Down',
	left: 'Left',
	right: 'Right',
	home: 'Home',
	end: 'End',
	space: 'Space',
	backspace: 'Backspace',
	delete: 'Delete',
	'shift+tab': 'Shift-Tab',
	f1: 'F1',
	f5: 'F5',
};

/** How a key is written for people. */
export function keyName(key: string): string {
	return keyNames[key] ?? key.replace('ctrl+', 'Ctrl-');
}

/** The keys that do something now, the rarest dropped first where the line is too short. */
export function keyLine(state: State, look: Look, width: number): Line {
	const entries = offeredKeys(state).map(({keys, short}) => ({
		key: keyName(keys[0] ?? ''),
		text: short[look.language],
	}));
	const result: {readonly key: string; readonly text: string}[] = [];
	let rest = width;
	for (const entry of entries) {
		const cells = widthOf(entry.key) + widthOf(entry.text) + 3;
		if (cells > rest) break;
		result.push(entry);
		rest -= cells;
	}

	return result.flatMap(({key, text}) => [
		span(` ${key}`, {bold: true}),
		span(` ${text} `, {dim: true}),
	]);
}

/** The filter while it is typed, else what is filtered, else the keys. */
export function bottomLine(state: State, look: Look, width: number): Line {
	const {filter, isFilterOpen} = state.ui;
	if ((filter === '' && !isFilterOpen) || state.dialog) return keyLine(state, look, width);
	const prompt = look.say('filter.prompt', {text: filter});
	// While a long filter is typed, its end is what matters.
	const most = width - 26;
	const tail =
		widthOf(prompt) > most ? `${look.glyphs.ellipsis}${lastCells(prompt, most - 1)}` : prompt;
	const shownPrompt = span(` ${tail}${isFilterOpen ? '_' : ''} `, {
		inverse: true,
		bold: isFilterOpen,
	});
	return [shownPrompt, ...keyLine(state, look, width - widthOf(shownPrompt.text))];
}

const reads = (state: State): readonly unknown[] => [
	offeredKeys(state)
		.map(({command}) => command)
		.join(),
	state.dialog === undefined,
	state.ui.filter,
	state.ui.isFilterOpen,
];

/** The last line of every screen. */
export function KeyLine({width}: {readonly width: number}) {
	const look = useLook();
	const state = useStateOf(reads);
	return <Rows lines={[bottomLine(state, look, width)]} width={width} height={1} />;
}
