import {type CommandId, commandFor, type Place} from '../../config/keymap.ts';
import type {Job} from '../domain/job.ts';
import {actionOf, entriesOf, obstacleOf} from './actions.ts';
import type {Press} from './confirm.ts';
import {openJob} from './dialog-events.ts';
import {placeOfDialog, pressInDialog} from './dialog-keys.ts';
import type {Effect, Update} from './events.ts';
import {jobOf, jobRows, openJobs, runningJobs, selectedJob} from './jobs.ts';
import {openMenu, withDialog} from './open-dialog.ts';
import {containerOfErrors, evidenceOf} from './select-evidence.ts';
import {alertRows, errorRows, listKeys, selectedKey} from './select-lists.ts';
import {currentScreen, shown, targetIds, visiblePanels} from './select.ts';
import {askForIncident, openIncidents, pressOnIncident} from './incident-keys.ts';
import {
	answerItem,
	askToSign,
	lookAgain,
	moveOnRunbooks,
	openDiagnosis,
	openOnRunbooks,
	openRunbooks,
	pressOnWalk,
} from './runbook-keys.ts';
import {containerSorts, type PanelId, panels, type Screen, type State, type Ui} from './state.ts';
import {stackThings, thingsHere} from './things.ts';

/** How many rows a page is on the dashboard, whose lists are short. */
const dashboardPage = 5;

/** Where the keyboard is now. */
export function placeOf(state: State): Place {
	if (state.ui.isFilterOpen) return 'prompt';
	if (state.ui.isHelpOpen) return 'help';
	if (state.dialog) return placeOfDialog(state.dialog);
	const screen = currentScreen(state);
	if (screen.kind === 'dashboard') return 'dashboard';
	if (screen.kind === 'container') return 'detail';
	if (screen.kind !== 'panel') return screen.kind;
	return isList(screen.panel) ? 'list' : 'facts';
}

function isList(panel: PanelId): boolean {
	return panel === 'containers' || panel === 'errors' || panel === 'backups';
}

/** What a key does: looked up in the one key table, then carried out. In the filter line every other key is text. */
export function pressKey(state: State, press: Press): Update {
	const {key, text} = press;
	const place = placeOf(state);
	const command = commandFor(key, place);
	if (state.dialog && place !== 'help' && place !== 'prompt') {
		const update = pressInDialog(state, state.dialog, command, press);
		if (update) return update;
	}

	const onIncident = place === 'incident' && command ? pressOnIncident(state, command) : undefined;
	if (onIncident) return onIncident;
	const onWalk = place === 'walk' && command ? pressOnWalk(state, command, key) : undefined;
	if (onWalk) return onWalk;
	if (command !== undefined) return carryOut(state, command, key);
	if (place !== 'prompt' || text === '') return only(state);
	return only(withUi(state, {filter: (state.ui.filter + text).slice(0, 200), scroll: 0}));
}

function only(state: State, ...effects: readonly Effect[]): Update {
	return {state, effects};
}

function withUi(state: State, ui: Partial<Ui>): State {
	return {...state, ui: {...state.ui, ...ui}};
}

function carryOut(state: State, command: CommandId, key: string): Update {
	const page = placeOf(state) === 'dashboard' ? dashboardPage : Math.max(1, state.ui.pageRows - 1);
	switch (command) {
		case 'up':
			return only(move(state, -1));
		case 'down':
			return only(move(state, 1));
		case 'page-up':
			return only(move(state, -page));
		case 'page-down':
			return only(move(state, page));
		case 'top':
			return only(move(state, Number.NEGATIVE_INFINITY));
		case 'bottom':
			return only(move(state, Number.POSITIVE_INFINITY));
		case 'details-down':
			return only(scrollDetails(state, 1));
		case 'details-up':
			return only(scrollDetails(state, -1));
		case 'next-panel':
			return nextPanel(state, 1);
		case 'previous-panel':
			return nextPanel(state, -1);
		case 'next-target':
			return only(nextTarget(state, 1));
		case 'previous-target':
			return only(nextTarget(state, -1));
		case 'panel':
			return goTo(state, panels[Number(key) - 1]);
		case 'open':
			return open(state);
		case 'detail':
			return openPart(state, 'facts');
		case 'logs':
			return openPart(state, 'log');
		case 'wrap':
			return only(withUi(state, {isWrapped: !state.ui.isWrapped}));
		case 'back':
		case 'abandon':
			return back(state);
		case 'quit':
			return quit(state);
		case 'filter':
			return only(withUi(state, {isFilterOpen: true}));
		case 'accept':
			return only(withUi(state, {isFilterOpen: false}));
		case 'erase':
			return only(withUi(state, {filter: Array.from(state.ui.filter).slice(0, -1).join('')}));
		case 'sort':
			return only(withUi(state, {sort: nextSort(state.ui.sort), isReversed: false}));
		case 'reverse':
			return only(withUi(state, {isReversed: !state.ui.isReversed}));
		case 'trouble':
			return only(withUi(state, {isTroubleOnly: !state.ui.isTroubleOnly}));
		case 'freeze':
			return only(freeze(state));
		case 'follow':
			return only(follow(state));
		case 'language':
			return only(withUi(state, {language: state.ui.language === 'en' ? 'zh' : 'en'}));
		case 'help':
			return only(withUi(state, {isHelpOpen: !state.ui.isHelpOpen, scroll: 0}));
		case 'actions':
			return openMenu(state, thingsHere(state));
		case 'stack-actions':
			return openMenu(state, stackThings(state));
		case 'shell':
			return openShell(state);
		case 'jobs':
			return openJobList(state);
		case 'incidents':
			return openIncidents(state);
		case 'incident-start':
			return askForIncident(state);
		case 'incident-acknowledge':
		case 'incident-note':
		case 'incident-phase':
		case 'incident-close':
		case 'incident-report':
		case 'incident-next':
			// Only on the screen of incidents, which takes them before.
			return only(state);
		case 'diagnose':
			return openDiagnosis(state);
		case 'runbooks':
		case 'runbooks-next':
			return openRunbooks(state);
		case 'answer-yes':
			return answerItem(state, 'yes');
		case 'answer-no':
			return answerItem(state, 'no');
		case 'answer-not-applicable':
			return answerItem(state, 'not-applicable');
		case 'sign':
			return askToSign(state);
		case 'walk-next':
		case 'walk-choice':
		case 'walk-skip':
		case 'walk-back':
		case 'walk-note':
		case 'walk-hand-over':
		case 'walk-take':
			// Only on an open walk, which takes them before.
			return only(state);
		case 'cancel-job':
			return only(askJob(state, 'cancel'));
		case 'recover-job':
			return only(askJob(state, 'recover'));
		case 'choose':
		case 'confirm':
		case 'next-button':
		case 'scroll-up':
		case 'scroll-down':
		case 'scroll-page-up':
		case 'scroll-page-down':
			// Only in dialogs, which take them before.
			return only(state);
		case 'refresh':
			return only(state, {type: 'refresh'});
		case 'look-again':
			return lookAgain(state);
		case 'redraw':
			return only(state, {type: 'redraw'});
		case 'suspend':
			return only(state, {type: 'suspend'});
		case 'leave':
			return only(state, {type: 'leave'});
	}
}

function freeze(state: State): State {
	const {frozen, ...rest} = state;
	return frozen ? rest : {...rest, frozen: state.data};
}

function follow(state: State): State {
	if (!state.tail) return state;
	return {...state, tail: {...state.tail, isFollowing: !state.tail.isFollowing}};
}

function nextSort(sort: Ui['sort']): Ui['sort'] {
	return containerSorts[(containerSorts.indexOf(sort) + 1) % containerSorts.length] ?? 'trouble';
}

/** The shell of the selected container, or why there is none now. */
function openShell(state: State): Update {
	const entry = entriesOf(state, thingsHere(state)).find(({action}) => action === 'shell');
	if (entry?.thing.kind !== 'container' || !actionOf(entry)) return only(state);
	const problem = obstacleOf(state, entry);
	if (problem) return only(withDialog(state, {kind: 'refused', problem}));
	return only(state, {
		type: 'open-terminal',
		program: 'shell',
		containerId: entry.thing.id,
	});
}

function openJobList(state: State): Update {
	const screen = currentScreen(state);
	if (screen.kind === 'jobs') return only(state);
	const screens = state.ui.screens.filter(({kind}) => kind !== 'job' && kind !== 'jobs');
	return closeTail(withUi(state, {screens: [...screens, {kind: 'jobs'}], scroll: 0, filter: ''}));
}

/** The operation on the screen that can be cancelled or recovered now; undefined where it cannot be. */
export function jobFor(state: State, what: 'cancel' | 'recover'): Job | undefined {
	if (state.settings.isReadOnly) return undefined;
	const screen = currentScreen(state);
	const job = screen.kind === 'job' ? jobOf(state, screen.id) : selectedJob(state);
	const wanted = what === 'cancel' ? runningJobs(state) : openJobs(state);
	if (job === undefined || !wanted.includes(job)) return undefined;
	const isPossible = what === 'cancel' ? !job.isCancelRequested : job.state === 'unfinished';
	return isPossible ? job : undefined;
}

/** Asks before an operation is cancelled or recovered; nothing where it cannot be. */
function askJob(state: State, what: 'cancel' | 'recover'): State {
	const job = jobFor(state, what);
	return job ? withDialog(state, {kind: 'ask', what, id: job.id, focus: 'no'}) : state;
}

/** The panel whose list or text the arrows move in now. */
export function activePanel(state: State): PanelId {
	const screen = currentScreen(state);
	return screen.kind === 'panel' ? screen.panel : state.ui.focus;
}

function move(state: State, step: number): State {
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
function scrollDetails(state: State, step: number): State {
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

function nextPanel(state: State, step: number): Update {
	const visible = visiblePanels(shown(state));
	const at = visible.indexOf(activePanel(state));
	const panel = visible[(at + step + visible.length) % visible.length];
	return goTo(state, panel);
}

/** Moves the focus on the dashboard; on a full screen it shows the other panel instead. */
function goTo(state: State, panel: PanelId | undefined): Update {
	if (panel === undefined || !visiblePanels(shown(state)).includes(panel)) return only(state);
	if (currentScreen(state).kind === 'dashboard') return only(withUi(state, {focus: panel}));
	const screens = [...state.ui.screens.slice(0, 1), {kind: 'panel', panel} as const];
	const closed = closeTail(withUi(state, {screens, focus: panel, scroll: 0}));
	return hasWalk(state) ? leaveWalk(closed.state) : closed;
}

function nextTarget(state: State, step: number): State {
	const panel = activePanel(state);
	const ids = targetIds(shown(state), panel);
	if (ids.length < 2) return state;
	const at = ids.indexOf(state.ui.chosen[panel] ?? ids[0] ?? '');
	const id = ids[(at + step + ids.length) % ids.length];
	return id === undefined ? state : withUi(state, {chosen: {...state.ui.chosen, [panel]: id}});
}

function push(state: State, screen: Screen): State {
	return withUi(state, {screens: [...state.ui.screens, screen], scroll: 0});
}

function open(state: State): Update {
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

function openSelected(state: State, part: Ui['detailPart']): Update {
	if (activePanel(state) !== 'containers') return only(state);
	const key = selectedKey(state, 'containers');
	return key === undefined ? only(state) : only(show(state, {kind: 'container', key}, part));
}

/** From a list to the facts or the log of the selected container; in its view, this part on the whole screen or not. */
function openPart(state: State, part: 'facts' | 'log'): Update {
	if (placeOf(state) !== 'detail') return openSelected(state, part);
	const isOpen = state.ui.detailPart === part;
	return only(withUi(state, {detailPart: isOpen ? 'both' : part, scroll: 0}));
}

/** One step back: the filter first, then help, then the screen. */
function back(state: State): Update {
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
function quit(state: State): Update {
	const isTop = state.ui.screens.length === 1 && !state.ui.isHelpOpen;
	if (isTop && runningJobs(state).length > 0)
		return only(withDialog(state, {kind: 'leaving', focus: 'yes'}));
	if (isTop) return only(state, {type: 'leave'});
	return back(withUi(state, {filter: ''}));
}
