import {fixItem} from './check-keys.ts';
import type {Update} from './events.ts';
import {only} from './open-dialog.ts';
import {chooseAndOpen, openRunbook, pushScreen, withRunbook} from './runbook-open.ts';
import {findingRows, runbookRows, selectedFinding, selectedRunbook} from './runbook-state.ts';
import {currentScreen} from './select.ts';
import type {State} from './state.ts';
import {moveOnWalk, skipMove, walkMove} from './walk-keys.ts';

/** Enter on the screens of runbooks; undefined on other screens. */
export function openOnRunbooks(state: State): Update | undefined {
	const {kind} = currentScreen(state);
	if (kind === 'check') return fixItem(state);
	if (kind === 'diagnosis') {
		const row = selectedFinding(state);
		const runbook = row && state.runbook.runbooks?.[row.runbook];
		if (!runbook) return only(state);
		return row.scope ? openRunbook(state, runbook, row.scope) : chooseAndOpen(state, runbook);
	}

	if (kind !== 'runbooks') return undefined;
	const row = selectedRunbook(state);
	if (row?.kind === 'runbook') return chooseAndOpen(state, row.runbook);
	if (row?.kind !== 'walk') return only(state);
	const {id} = row.walk;
	const {walk: before, ...rest} = state.runbook;
	const shown = pushScreen(state, {kind: 'walk'});
	// It is open here already.
	if (before?.walk.id === id) return only(shown);
	return only({...shown, runbook: rest}, {type: 'resume-walk', id});
}

/** What was written in answer to a question about a walk or a checklist. */
export function wordsGiven(
	state: State,
	what: 'skip' | 'remark' | 'hand-over' | 'sign',
	text: string,
): Update {
	const {walk: open, check} = state.runbook;
	if (what === 'sign') {
		return check?.result ? only(state, {type: 'sign-check', note: text}) : only(state);
	}

	if (!open) return only(state);
	if (what === 'skip') {
		const skip = skipMove(open, text);
		return skip ? only(state, walkMove(skip)) : only(state);
	}

	if (text === '') return only(state);
	return only(
		state,
		what === 'remark' ? {type: 'walk-remark', text} : {type: 'walk-hand-over', to: text},
	);
}

/** Moves the selection of a list of runbooks; undefined where the screen has none. */
export function moveOnRunbooks(state: State, step: number): State | undefined {
	const screen = currentScreen(state);
	const {walk: open, check} = state.runbook;
	const stepIn = (keys: readonly string[], now: string | undefined) => {
		const at = Math.max(0, keys.indexOf(now ?? ''));
		return keys[Math.max(0, Math.min(keys.length - 1, at + step))];
	};
	if (screen.kind === 'diagnosis') {
		const keys = findingRows(state).map(({key}) => key);
		const selected = stepIn(keys, selectedFinding(state)?.key);
		return selected === undefined ? state : withRunbook(state, {selectedFinding: selected});
	}

	if (screen.kind === 'runbooks') {
		const keys = runbookRows(state).map(({key}) => key);
		const selected = stepIn(keys, selectedRunbook(state)?.key);
		return selected === undefined ? state : withRunbook(state, {selectedRunbook: selected});
	}

	if (screen.kind === 'check') {
		if (!check) return state;
		const keys = check.checklist.items.map(({id}) => id);
		return withRunbook(state, {check: {...check, selected: stepIn(keys, check.selected) ?? ''}});
	}

	if (screen.kind !== 'walk') return undefined;
	return open ? moveOnWalk(state, open, step) : state;
}
