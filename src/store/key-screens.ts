import {openJob} from './dialog-events.ts';
import type {Update} from './events.ts';
import {runningJobs, selectedJob} from './jobs.ts';
import {activePanel, placeOf, withUi} from './key-place.ts';
import {only, withDialog} from './open-dialog.ts';
import {openOnRunbooks} from './runbook-keys.ts';
import {containerOfErrors, evidenceOf} from './select-evidence.ts';
import {alertRows, errorRows, selectedKey} from './select-lists.ts';
import {currentScreen, shown, targetIds, visiblePanels} from './select.ts';
import type {PanelId, Screen, State, Ui} from './state.ts';

/** Opens the list of operations; those that were open below it are left. */
export function openJobList(state: State): Update {
	const screen = currentScreen(state);
	if (screen.kind === 'jobs') return only(state);
	const screens = state.ui.screens.filter(({kind}) => kind !== 'job' && kind !== 'jobs');
	return closeTail(withUi(state, {screens: [...screens, {kind: 'jobs'}], scroll: 0, filter: ''}));
}

/** Goes to another panel that is shown. */
export function nextPanel(state: State, step: number): Update {
	const visible = visiblePanels(shown(state));
	const at = visible.indexOf(activePanel(state));
	const panel = visible[(at + step + visible.length) % visible.length];
	return goTo(state, panel);
}

/** Moves the focus on the dashboard; on a full screen it shows the other panel instead. */
export function goTo(state: State, panel: PanelId | undefined): Update {
	if (panel === undefined || !visiblePanels(shown(state)).includes(panel)) return only(state);
	if (currentScreen(state).kind === 'dashboard') return only(withUi(state, {focus: panel}));
	const screens = [...state.ui.screens.slice(0, 1), {kind: 'panel', panel} as const];
	const closed = closeTail(withUi(state, {screens, focus: panel, scroll: 0}));
	return hasWalk(state) ? leaveWalk(closed.state) : closed;
}

function push(state: State, screen: Screen): State {
	return withUi(state, {screens: [...state.ui.screens, screen], scroll: 0});
}

/** What Enter does: opens what is selected. */
export function open(state: State): Update {
	const screen = currentScreen(state);
	if (screen.kind === 'dashboard') {
		return only(push(state, {kind: 'panel', panel: state.ui.focus}));
	}

	if (screen.kind === 'jobs') {
		const job = selectedJob(state);
		return job ? openJob(state, job.id) : only(state);
	}

	const onRunbooks = openOnRunbooks(state);
	if (onRunbooks) return onRunbooks;
	if (screen.kind !== 'panel') return only(state);
	if (screen.panel === 'containers') return openSelected(state, 'both');
	const evidence = evidenceOnTop(state, screen.panel);
	return evidence ? only(show(state, evidence, 'both')) : only(state);
}

/** What the selected row of a list is about. */
export function evidenceOnTop(state: State, panel: PanelId): Screen | undefined {
	const data = shown(state);
	const selected = selectedKey(state, panel);
	if (panel === 'errors') {
		const group = errorRows(state).find(candidate => candidate.id === selected);
		return group && containerOfErrors(data, group);
	}

	const alert = alertRows(state).find(candidate => candidate.id === selected);
	if (panel !== 'backups' || !alert) return undefined;
	const screen = evidenceOf(data, alert);
	return screen.kind === 'panel' && screen.panel === 'backups' ? undefined : screen;
}

/** Opens a screen on top: the filter belonged to the list below, and the server in question is chosen. */
function show(state: State, screen: Screen, detailPart: Ui['detailPart']): State {
	const next = withUi(push(state, screen), {filter: '', detailPart});
	if (screen.kind === 'container') {
		return {...next, tail: {key: screen.key, lines: [], dropped: 0, isFollowing: true}};
	}

	if (screen.kind !== 'panel') return next;
	const alert = alertRows(state).find(({id}) => id === selectedKey(state, 'backups'));
	const isTarget = alert && targetIds(shown(state), screen.panel).includes(alert.target);
	const chosen = isTarget ? {...next.ui.chosen, [screen.panel]: alert.target} : next.ui.chosen;
	return withUi(next, {focus: screen.panel, chosen});
}

/** Opens the selected container, with these parts of its view. */
export function openSelected(state: State, part: Ui['detailPart']): Update {
	if (activePanel(state) !== 'containers') return only(state);
	const key = selectedKey(state, 'containers');
	return key === undefined ? only(state) : only(show(state, {kind: 'container', key}, part));
}

/** From a list to the facts or the log of the selected container; in its view, this part on the whole screen or not. */
export function openPart(state: State, part: 'facts' | 'log'): Update {
	if (placeOf(state) !== 'detail') return openSelected(state, part);
	const isOpen = state.ui.detailPart === part;
	return only(withUi(state, {detailPart: isOpen ? 'both' : part, scroll: 0}));
}

/** One step back: the filter first, then help, then the screen. */
export function back(state: State): Update {
	if (state.ui.isFilterOpen) return only(withUi(state, {isFilterOpen: false, filter: ''}));
	if (state.ui.isHelpOpen) return only(withUi(state, {isHelpOpen: false, scroll: 0}));
	if (state.ui.filter !== '') return only(withUi(state, {filter: ''}));
	if (state.ui.screens.length === 1) return only(state);
	const closed = closeTail(withUi(state, {screens: state.ui.screens.slice(0, -1), scroll: 0}));
	return hasWalk(state) && !hasWalk(closed.state) ? leaveWalk(closed.state) : closed;
}

/** Whether a walk is among the screens; one that is on none of them must not stay open unseen. */
function hasWalk({ui}: State): boolean {
	return ui.screens.some(({kind}) => kind === 'walk');
}

/** A walk that is left is paused; it can be taken up again, by anybody. */
function leaveWalk(state: State): Update {
	const {walk: _left, ...rest} = state.runbook;
	// What was mended on the way must not stand there as the cause any more.
	const isAsked = currentScreen(state).kind === 'diagnosis';
	const runbook = {...rest, ...(isAsked && {isDiagnosing: true})};
	return only(
		{...state, runbook},
		{type: 'close-walk'},
		...(isAsked ? [{type: 'diagnose'} as const] : []),
	);
}

function closeTail(state: State): Update {
	if (!state.tail) return only(state);
	const {tail: _closed, ...rest} = state;
	return only(rest);
}

/** `q` goes back from a full screen and leaves only at the top; what goes on without the console is said before. */
export function quit(state: State): Update {
	const isTop = state.ui.screens.length === 1 && !state.ui.isHelpOpen;
	if (isTop && runningJobs(state).length > 0)
		return only(withDialog(state, {kind: 'leaving', focus: 'yes'}));
	if (isTop) return only(state, {type: 'leave'});
	return back(withUi(state, {filter: ''}));
}
