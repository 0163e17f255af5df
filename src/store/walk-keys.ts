import type {CommandId} from '../../config/keymap.ts';
import {canGoBack, isOver, rankingAt, type WalkMove} from '../runbooks/walk.ts';
import type {WordsDialog} from './dialog.ts';
import type {Effect, Update} from './events.ts';
import {only, withDialog} from './open-dialog.ts';
import {openNext, pushScreen, withRunbook} from './runbook-open.ts';
import {askForPlan} from './runbook-plan.ts';
import {nodeAt, type OpenWalk, walkChoices} from './runbook-state.ts';
import type {State} from './state.ts';

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
		return only(state, ...(canStepBack(state, open) ? [walkMove({type: 'went-back'})] : []));
	if (command === 'walk-note') return askWords(state, 'remark');
	if (command === 'walk-skip') return canSkip(state, open) ? askWords(state, 'skip') : only(state);
	if (command !== 'walk-hand-over') return undefined;
	return isOver(walk) ? only(state) : askWords(state, 'hand-over');
}

/** A choice by its number; Enter then takes it. */
function pickChoice(state: State, open: OpenWalk, index: number): State {
	return index < walkChoices(state, open).length ? selectChoice(state, open, index) : state;
}

/** Asks for words about the walk or the checklist. */
export function askWords(state: State, what: WordsDialog['what']): Update {
	return only(withDialog(state, {kind: 'words', what, text: ''}));
}

/** A move of the walk as something to do. */
export function walkMove(what: WalkMove): Effect {
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
			return only(state, walkMove({type: 'answered', node: at, ...choice}));
		}

		case 'rank': {
			const ranking = rankingAt(wizard, node, walk.seen);
			const chosen = ranking[selected];
			if (!chosen) return only(state);
			const way = {cause: chosen.cause.id};
			const isOwn = selected > 0 ? ({isOwnChoice: true} as const) : {};
			return only(state, walkMove({type: 'decided', node: at, way, ...isOwn}));
		}

		case 'do':
			return walk.run === undefined
				? askForPlan(state, {
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
			return only(state, walkMove({type: 'noted', node: at}));
		case 'look':
		case 'decide':
		case 'wait':
			return only(state, {type: 'walk-go'});
	}
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

/** One step moves between choices; pages, and everything where nothing can be chosen, move through what was done. */
export function moveOnWalk(state: State, open: OpenWalk, step: number): State {
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
