import type {CommandId} from '../../config/keymap.ts';
import {lostServers} from '../domain/lost-servers.ts';
import {canGoBack, isOver, rankingAt, type WalkMove} from '../runbooks/walk.ts';
import {valuesOf} from '../runbooks/evidence.ts';
import {requestOf} from '../runbooks/request.ts';
import type {Argued, Runbook} from '../runbooks/runbook.ts';
import type {Scope} from '../runbooks/scope.ts';
import {nothingSeen} from '../runbooks/evidence.ts';
import {nextScopes, type Before} from '../runbooks/next-scopes.ts';
import {scopesOf} from '../runbooks/scopes.ts';
import type {WordsDialog} from './dialog.ts';
import type {Effect, Update} from './events.ts';
import {only, withDialog} from './open-dialog.ts';
import {
	findingRows,
	hereOf,
	nodeAt,
	runbookRows,
	selectedFinding,
	selectedRunbook,
	walkChoices,
	type AlertRef,
	type OpenCheck,
	type OpenWalk,
	type RunbookState,
} from './runbook-state.ts';
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

/** Opens the list of wizards and checklists. */
export function openRunbooks(state: State): Update {
	return only(pushScreen(state, {kind: 'runbooks'}), {type: 'read-runbooks'});
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

function openOneOf(state: State, runbook: Runbook, scopes: readonly Scope[]): Update {
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

/** What can be done about the selected line of a checklist that did not pass. */
function fixItem(state: State): Update {
	const {check, runbooks = {}} = state.runbook;
	const item = check?.checklist.items.find(({id}) => id === check.selected);
	const {outcome, scope} = check?.result?.items.find(({id}) => id === item?.id) ?? {};
	if (!check || !item?.fix || outcome === 'pass' || outcome === 'not-applicable')
		return only(state);
	const {fix} = item;
	if (fix.kind === 'runbook') {
		const runbook = Object.hasOwn(runbooks, fix.runbook) ? runbooks[fix.runbook] : undefined;
		const before = {scope: check.scope, on: check.checklist.on};
		return runbook ? openNext(state, runbook, before) : only(state);
	}

	// Of several servers the one that is worst is mended, not the first.
	const about = scope ?? check.scope;
	return plan(state, {operation: fix.operation, request: fix.request, scope: about});
}

/** Asks what an operation would do, as the menu does. */
function plan(
	state: State,
	wanted: {
		readonly operation: string;
		readonly request: Readonly<Record<string, Argued>>;
		readonly scope: Scope;
		readonly walk?: OpenWalk;
	},
): Update {
	const {operation, scope, walk} = wanted;
	const valueOf = valuesOf(walk?.walk.seen ?? nothingSeen);
	const made = requestOf(wanted, {scope, here: hereOf(state), valueOf});
	if (!made.ok) {
		const params = {operation, parts: made.missing.join(', ')};
		const problem = {code: 'runbook-request', params, retry: 'rarely'} as const;
		return only(withDialog(state, {kind: 'refused', problem}));
	}

	const number = state.planCount + 1;
	const next = walk ? withRunbook(state, {walk: {...walk, planNumber: number}}) : state;
	return only(
		{...withDialog(next, {kind: 'planning', operation, number}), planCount: number},
		{type: 'plan', number, operation: made.operation, request: made.request},
	);
}

/** A key on the screen of a walk; undefined where it means nothing of its own there. */
export function pressOnWalk(state: State, command: CommandId, key = ''): Update | undefined {
	const open = state.runbook.walk;
	if (!open) return undefined;
	const {walk, heldBy} = open;
	if (heldBy !== undefined) {
		return command === 'walk-take'
			? only(state, {type: 'resume-walk', id: walk.id, isForced: true})
			: undefined;
	}

	// Paused or handed over: nothing happens in it before it is taken up again.
	if (walk.status !== 'walking' && !isOver(walk)) {
		return command === 'walk-next' ? only(state, {type: 'resume-walk', id: walk.id}) : undefined;
	}

	if (command === 'walk-next') return next(state, open);
	if (command === 'walk-choice') return only(pickChoice(state, open, Number(key) - 1));
	if (command === 'walk-back')
		return only(state, ...(canStepBack(state, open) ? [move({type: 'went-back'})] : []));
	if (command === 'walk-note') return askWords(state, 'remark');
	if (command === 'walk-skip') return canSkip(state, open) ? askWords(state, 'skip') : only(state);
	if (command !== 'walk-hand-over') return undefined;
	return isOver(walk) ? only(state) : askWords(state, 'hand-over');
}

/** A choice by its number; Enter then takes it. */
function pickChoice(state: State, open: OpenWalk, index: number): State {
	return index < walkChoices(state, open).length ? selectChoice(state, open, index) : state;
}

function askWords(state: State, what: WordsDialog['what']): Update {
	return only(withDialog(state, {kind: 'words', what, text: ''}));
}

function move(what: WalkMove): Effect {
	return {type: 'walk-move', move: what};
}

/** What Enter does at the node that the walk is at. */
function next(state: State, open: OpenWalk): Update {
	const {walk, wizard, selected, activity} = open;
	const {at} = walk;
	const node = nodeAt(open);
	if (node.kind === 'end') {
		const go = node.go === undefined ? undefined : state.runbook.runbooks?.[node.go];
		return go ? openNext(state, go, {scope: walk.scope, on: wizard.on}) : only(state);
	}

	if (isOver(walk) || activity.kind !== 'nothing') return only(state);
	switch (node.kind) {
		case 'ask': {
			const choice = selected < node.choices.length ? {choice: selected} : {};
			return only(state, move({type: 'answered', node: at, ...choice}));
		}

		case 'rank': {
			const ranking = rankingAt(wizard, node, walk.seen);
			const chosen = ranking[selected];
			if (!chosen) return only(state);
			const way = {cause: chosen.cause.id};
			const isOwn = selected > 0 ? ({isOwnChoice: true} as const) : {};
			return only(state, move({type: 'decided', node: at, way, ...isOwn}));
		}

		case 'do':
			return walk.run === undefined
				? plan(state, {
						operation: node.operation,
						request: node.request,
						scope: walk.scope,
						walk: open,
					})
				: only(pushScreen(state, {kind: 'job', id: walk.run}), {
						type: 'read-job-plan',
						id: walk.run,
					});
		case 'note':
			return only(state, move({type: 'noted', node: at}));
		case 'look':
		case 'decide':
		case 'wait':
			return only(state, {type: 'walk-go'});
	}
}

/** Another runbook goes on, about what belongs to the thing before; where that cannot be told, it is asked. */
function openNext(state: State, runbook: Runbook, before: Before): Update {
	const here = hereOf(state);
	const scopes = nextScopes(before, runbook.on, here);
	if (scopes.length > 0) return openOneOf(state, runbook, scopes);
	// Something of another project is never meant without a question, also where it is the only one.
	return askWhich(state, runbook, scopesOf(runbook.on, here));
}

/** Whether the operation of the present step runs; the folder of an old run may be cleared away. */
function isRunning({jobs}: State, {walk: {run}}: OpenWalk): boolean {
	return run !== undefined && (jobs === undefined || jobs.some(({id}) => id === run));
}

function canSkip(state: State, open: OpenWalk): boolean {
	const {kind} = nodeAt(open);
	const isPassed = kind === 'end' || kind === 'decide';
	return open.walk.status === 'walking' && !isPassed && !isRunning(state, open);
}

/** Back goes nobody from an operation that runs: its end would be told to no step. */
function canStepBack(state: State, open: OpenWalk): boolean {
	return canGoBack(open.walk) && !isRunning(state, open);
}

/** What leaving out the present node with a reason is. */
export function skipMove(open: OpenWalk, reason: string): WalkMove | undefined {
	const node = nodeAt(open);
	const common = {node: open.walk.at, ...(reason !== '' && {reason})};
	switch (node.kind) {
		case 'look':
			return {...common, type: 'looked', evidence: [], reason};
		case 'ask':
			return {...common, type: 'answered'};
		case 'do':
			return {...common, type: 'acted', end: 'skipped'};
		case 'wait':
			return {...common, type: 'waited'};
		case 'note':
			return {node: open.walk.at, type: 'noted', ...(reason !== '' && {text: reason})};
		case 'rank':
			return {node: open.walk.at, type: 'decided', way: {other: 'unknown'}, isOwnChoice: true};
		case 'decide':
		case 'end':
			return undefined;
	}
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
		return skip ? only(state, move(skip)) : only(state);
	}

	if (text === '') return only(state);
	return only(
		state,
		what === 'remark' ? {type: 'walk-remark', text} : {type: 'walk-hand-over', to: text},
	);
}

/** Answers the selected line of a checklist, where a person answers it. */
export function answerItem(state: State, value: 'yes' | 'no' | 'not-applicable'): Update {
	const {check} = state.runbook;
	const item = check?.checklist.items.find(({id}) => id === check.selected);
	if (!check?.result || item?.by !== 'person') return only(state);
	return only(state, {type: 'answer-check', item: item.id, value});
}

/** Asks for what the operator has to say before a checklist is signed. */
export function askToSign(state: State): Update {
	return state.runbook.check?.result ? askWords(state, 'sign') : only(state);
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

/** One step moves between choices; pages, and everything where nothing can be chosen, move through what was done. */
function moveOnWalk(state: State, open: OpenWalk, step: number): State {
	const count = walkChoices(state, open).length;
	if (count > 0 && Math.abs(step) === 1) return selectChoice(state, open, open.selected + step);
	const {isScrolledBack, ...rest} = open;
	const last = Math.max(0, state.ui.contentRows - state.ui.pageRows);
	const from = isScrolledBack ? state.ui.scroll : last;
	const scroll = Math.max(0, Math.min(from + step, last));
	const walk = {...rest, ...(scroll < last && {isScrolledBack: true as const})};
	return {...withRunbook(state, {walk}), ui: {...state.ui, scroll}};
}

function selectChoice(state: State, open: OpenWalk, wanted: number): State {
	const count = walkChoices(state, open).length;
	const selected = Math.max(0, Math.min(count - 1, wanted));
	return withRunbook(state, {walk: {...open, selected}});
}
