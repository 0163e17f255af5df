import {createAppStore, type Store} from '../../src/store/store.ts';
import type {Effect} from '../../src/store/events.ts';
import type {State} from '../../src/store/state.ts';
import {App} from '../../views/app.tsx';
import {drawFrame, type Frame} from './frame.tsx';

/** The whole program's screen for a state, drawn at the size that the state has. */
export async function drawState(
	state: State,
): Promise<{readonly frame: Frame; readonly store: Store; readonly effects: readonly Effect[]}> {
	const effects: Effect[] = [];
	const store = createAppStore(state, effect => effects.push(effect));
	const {columns, rows} = state.ui;
	const frame = await drawFrame(<App store={store} />, {columns, rows});
	return {frame, store, effects};
}

/** The rows of a state's screen, drawn once. */
export async function linesOf(state: State): Promise<readonly string[]> {
	const {frame} = await drawState(state);
	const {lines} = await frame.settled();
	await frame.unmount();
	return lines;
}
