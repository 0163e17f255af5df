import {jobRows, selectedJob} from './jobs.ts';
import {activePanel, isList, placeOf, withUi} from './key-place.ts';
import {moveOnRunbooks} from './runbook-keys.ts';
import {listKeys, selectedKey} from './select-lists.ts';
import {shown, targetIds} from './select.ts';
import type {State} from './state.ts';

/** Moves the selection, or the text where nothing can be selected, by so many rows. */
export function move(state: State, step: number): State {
	const onRunbooks = moveOnRunbooks(state, step);
	if (onRunbooks) return onRunbooks;
	const place = placeOf(state);
	const panel = activePanel(state);
	if ((place === 'dashboard' || place === 'list') && isList(panel)) {
		const keys = listKeys(state, panel);
		const at = keys.indexOf(selectedKey(state, panel) ?? '');
		const key = keys[clamp(at + step, keys.length - 1)];
		return key === undefined
			? state
			: withUi(state, {selected: {...state.ui.selected, [panel]: key}, scroll: 0});
	}

	if (place === 'jobs') {
		const ids = jobRows(state).map(({id}) => id);
		const at = ids.indexOf(selectedJob(state)?.id ?? '');
		const id = ids[clamp(at + step, ids.length - 1)];
		return id === undefined ? state : withUi(state, {selectedJob: id});
	}

	if (place === 'dashboard') return state;
	const last = state.ui.contentRows - state.ui.pageRows;
	if (place === 'detail' && state.tail && state.ui.detailPart !== 'facts')
		return scrollTail(state, step, last);
	return withUi(state, {scroll: clamp(state.ui.scroll + step, last)});
}

/** The text below a list, such as the trace of the selected error. */
export function scrollDetails(state: State, step: number): State {
	const last = state.ui.contentRows - state.ui.pageRows;
	return withUi(state, {scroll: clamp(state.ui.scroll + step, last)});
}

/** In a log, going up stops following; reaching the end follows again. */
function scrollTail(state: State, step: number, last: number): State {
	const {tail} = state;
	if (!tail) return state;
	const from = tail.isFollowing ? last : state.ui.scroll;
	const scroll = clamp(from + step, last);
	return {...withUi(state, {scroll}), tail: {...tail, isFollowing: scroll >= last}};
}

function clamp(value: number, last: number): number {
	return Math.max(0, Math.min(value, last));
}

/** Shows another server in the panel, where it has several. */
export function nextTarget(state: State, step: number): State {
	const panel = activePanel(state);
	const ids = targetIds(shown(state), panel);
	if (ids.length < 2) return state;
	const at = ids.indexOf(state.ui.chosen[panel] ?? ids[0] ?? '');
	const id = ids[(at + step + ids.length) % ids.length];
	return id === undefined ? state : withUi(state, {chosen: {...state.ui.chosen, [panel]: id}});
}
