import {lostServers} from '../domain/lost-servers.ts';
import {type Before, nextScopes} from '../runbooks/next-scopes.ts';
import type {Runbook} from '../runbooks/runbook.ts';
import type {Scope} from '../runbooks/scope.ts';
import {scopesOf} from '../runbooks/scopes.ts';
import type {Update} from './events.ts';
import {only, withDialog} from './open-dialog.ts';
import {type AlertRef, hereOf, type OpenCheck, type RunbookState} from './runbook-state.ts';
import {raisedAlerts} from './select-alerts.ts';
import {alertRows, selectedKey} from './select-lists.ts';
import {chosenTarget} from './select-look.ts';
import {currentScreen, shown} from './select.ts';
import type {Screen, State} from './state.ts';

/** Changes what is known about runbooks. */
export function withRunbook(state: State, change: Partial<RunbookState>): State {
	return {...state, runbook: {...state.runbook, ...change}};
}

/** Puts a screen on top; one of the same kind is replaced. */
export function pushScreen(state: State, screen: Screen): State {
	const {tail: _closed, ...rest} = state;
	const screens = rest.ui.screens.filter(({kind}) => kind !== screen.kind);
	return {
		...rest,
		ui: {...rest.ui, screens: [...screens, screen], scroll: 0, filter: '', isFilterOpen: false},
	};
}

/** The alert on top of the screen: the selected one of the alerts, else the first of a server that cannot be read. */
function alertInSight(state: State): AlertRef | undefined {
	const screen = currentScreen(state);
	const panel = screen.kind === 'panel' ? screen.panel : state.ui.focus;
	if (panel === 'backups') {
		return alertRows(state).find(({id}) => id === selectedKey(state, 'backups'));
	}

	if (panel !== 'postgres' && panel !== 'redis') return undefined;
	const target = chosenTarget(state, panel);
	const [lost] = lostServers(shown(state).targets, panel);
	if (target === undefined && lost !== undefined) {
		const {containerName} = lost.container;
		return raisedAlerts(shown(state)).find(({subject}) => subject === containerName);
	}

	const source = panel === 'postgres' ? 'postgres.activity' : 'redis.server';
	const reading = target === undefined ? undefined : shown(state).readings[source][target];
	const isRead = reading?.kind === 'fresh' || reading?.kind === 'waiting';
	if (target === undefined || isRead) return undefined;
	return raisedAlerts(shown(state)).find(alert => alert.target === target);
}

/** Opens "What is wrong?" and looks at everything; the row of the alert in sight is selected. */
export function openDiagnosis(state: State): Update {
	const alert = alertInSight(state);
	const {selectedFinding: _chosen, wanted: _before, ...known} = state.runbook;
	const wanted = alert && {metric: alert.metric, subject: alert.subject, target: alert.target};
	const runbook = {...known, isDiagnosing: true, ...(wanted && {wanted})};
	return only({...pushScreen(state, {kind: 'diagnosis'}), runbook}, {type: 'diagnose'});
}

/** Opens the list of wizards and checklists, its first row selected: the walk that was left last. */
export function openRunbooks(state: State): Update {
	const {selectedRunbook: _before, ...runbook} = state.runbook;
	const isThere = currentScreen(state).kind === 'runbooks';
	const next = isThere ? state : {...state, runbook};
	return only(pushScreen(next, {kind: 'runbooks'}), {type: 'read-runbooks'});
}

/** Looks again at what the screen shows. */
export function lookAgain(state: State): Update {
	const screen = currentScreen(state);
	if (screen.kind === 'diagnosis') {
		return only(withRunbook(state, {isDiagnosing: true}), {type: 'diagnose'});
	}

	const {check} = state.runbook;
	return screen.kind === 'check' && check ? runCheck(state, check) : only(state);
}

function runCheck(state: State, check: OpenCheck): Update {
	const {result: _before, problem: _problem, ...rest} = check;
	const {checklist, scope, answers} = check;
	return only(withRunbook(state, {check: {...rest, isSigned: false}}), {
		type: 'run-check',
		checklist,
		scope,
		answers,
	});
}

/** Opens a runbook about something: a walk begins, a checklist is gone through. */
export function openRunbook(state: State, runbook: Runbook, scope: Scope): Update {
	if (runbook.kind === 'wizard') {
		const {walk: _before, ...rest} = state.runbook;
		const next = {...pushScreen(state, {kind: 'walk'}), runbook: rest};
		return only(next, {type: 'open-walk', runbook: runbook.id, scope});
	}

	const check: OpenCheck = {
		checklist: runbook,
		scope,
		answers: {},
		selected: runbook.items[0]?.id ?? '',
		isSigned: false,
	};
	return runCheck(withRunbook(pushScreen(state, {kind: 'check'}), {check}), check);
}

/** Opens a runbook about the only thing that it can be about, or asks which. */
export function chooseAndOpen(state: State, runbook: Runbook): Update {
	return openOneOf(state, runbook, scopesOf(runbook.on, hereOf(state)));
}

/** Opens a runbook about the only scope of these, or asks which. */
export function openOneOf(state: State, runbook: Runbook, scopes: readonly Scope[]): Update {
	const [only_] = scopes;
	if (scopes.length === 1 && only_) return openRunbook(state, runbook, only_);
	return askWhich(state, runbook, scopes);
}

function askWhich(state: State, runbook: Runbook, scopes: readonly Scope[]): Update {
	if (scopes.length === 0) {
		const params = {subject: runbook.on};
		const problem = {code: 'look-nothing-here', params, retry: 'rarely'} as const;
		return only(withDialog(state, {kind: 'refused', problem}));
	}

	return only(withDialog(state, {kind: 'scopes', runbook: runbook.id, scopes, selected: 0}));
}

/** Another runbook goes on, about what belongs to the thing before; where that cannot be told, it is asked. */
export function openNext(state: State, runbook: Runbook, before: Before): Update {
	const here = hereOf(state);
	const scopes = nextScopes(before, runbook.on, here);
	if (scopes.length > 0) return openOneOf(state, runbook, scopes);
	// Something of another project is never meant without a question, also where it is the only one.
	return askWhich(state, runbook, scopesOf(runbook.on, here));
}
