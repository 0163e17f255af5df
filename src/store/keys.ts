import {commandFor, type CommandId} from '../../config/keymap.ts';
import {actionOf, entriesOf, obstacleOf} from './actions.ts';
import type {Press} from './confirm.ts';
import {pressInDialog} from './dialog-keys.ts';
import type {Update} from './events.ts';
import {askForIncident, openIncidents, pressOnIncident} from './incident-keys.ts';
import {askJob} from './key-jobs.ts';
import {move, nextTarget, scrollDetails} from './key-moves.ts';
import {placeOf, withUi} from './key-place.ts';
import {back, goTo, nextPanel, open, openJobList, openPart, quit} from './key-screens.ts';
import {only, openMenu, withDialog} from './open-dialog.ts';
import {answerItem, askToSign} from './check-keys.ts';
import {lookAgain, openDiagnosis, openRunbooks} from './runbook-open.ts';
import {pressOnWalk} from './walk-keys.ts';
import {containerSorts, panels, type State, type Ui} from './state.ts';
import {stackThings, thingsHere} from './things.ts';

/** How many rows a page is on the dashboard, whose lists are short. */
const dashboardPage = 5;

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
