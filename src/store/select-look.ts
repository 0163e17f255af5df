import {compareLevels, type Level, worst} from '../domain/level.ts';
import type {Reading} from '../domain/reading.ts';
import {alertIndex} from './select-alerts.ts';
import {readingLevel} from './select-levels.ts';
import {currentScreen, shown, targetIds} from './select.ts';
import type {State} from './state.ts';

/** The target that a panel shows: the chosen one, else the one in the worst state. */
export function chosenTarget(state: State, panel: 'postgres' | 'redis'): string | undefined {
	const data = shown(state);
	const ids = targetIds(data, panel);
	const chosen = state.ui.chosen[panel];
	if (chosen !== undefined && ids.includes(chosen)) return chosen;
	const source = panel === 'postgres' ? 'postgres.activity' : 'redis.server';
	const index = alertIndex(data);
	const level = (id: string): Level => {
		const reading: Reading<unknown> | undefined = data.readings[source][id];
		return worst([readingLevel(source, reading), index.ofTarget(id)]);
	};
	return ids.toSorted((a, b) => compareLevels(level(a), level(b)))[0];
}

/** What the operator looks at in depth, beyond what is always read. */
export type Look =
	| {readonly kind: 'nothing'}
	| {readonly kind: 'container'; readonly key: string}
	| {readonly kind: 'host'}
	| {readonly kind: 'redis'; readonly id: string};

/** What has to be read on demand for the screen on top. */
export function lookOf(state: State): Look {
	const screen = currentScreen(state);
	if (screen.kind === 'container') return {kind: 'container', key: screen.key};
	if (screen.kind === 'panel' && screen.panel === 'host') return {kind: 'host'};
	if (screen.kind === 'panel' && screen.panel === 'redis') {
		const id = chosenTarget(state, 'redis');
		if (id !== undefined) return {kind: 'redis', id};
	}

	return {kind: 'nothing'};
}
