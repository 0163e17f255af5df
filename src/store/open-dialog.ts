import type {JsonValue} from '../domain/plan.ts';
import {actionOf, entriesOf} from './actions.ts';
import type {Action} from './actions/action.ts';
import type {Dialog, Entry, Menu} from './dialog.ts';
import type {Effect, Update} from './events.ts';
import type {FieldFacts} from './fields.ts';
import type {State} from './state.ts';
import type {Thing} from './things.ts';

/** A state and what has to be done because of it. */
export function only(state: State, ...effects: readonly Effect[]): Update {
	return {state, effects};
}

/** Puts a dialog on top; the screen below keeps its place. */
export function withDialog(state: State, dialog: Dialog): State {
	const scrollBelow = state.dialog ? state.ui.scrollBelow : state.ui.scroll;
	const isSame = state.dialog?.kind === dialog.kind;
	return {
		...state,
		dialog,
		ui: {...state.ui, scrollBelow, scroll: isSame ? state.ui.scroll : 0},
	};
}

/** Back to the screen below. */
export function withoutDialog(state: State): State {
	const {dialog, ...rest} = state;
	return dialog ? {...rest, ui: {...rest.ui, scroll: rest.ui.scrollBelow}} : state;
}

/** Actions whose form or reason needs the catalogue of backups. */
const ofBackups = /^(restore|verify|prune)-/;

/** Opens the menu of some things. */
export function openMenu(state: State, things: readonly Thing[]): Update {
	const entries = entriesOf(state, things);
	const menu: Menu = {kind: 'menu', things, selected: entries[0]?.key ?? ''};
	const needsBackups = entries.some(({action}) => ofBackups.test(action));
	return only(withDialog(state, menu), ...(needsBackups ? [{type: 'read-backups'} as const] : []));
}

/** What a field of a form starts with. */
export function firstInput(action: Action, at: number, facts: FieldFacts): string {
	return action.fields?.[at]?.initial?.(facts) ?? '';
}

/** Asks for the next value of an action, or for its plan where there is none left. */
export function askOrPlan(
	state: State,
	menu: Menu,
	entry: Entry,
	given: {readonly values: Readonly<Record<string, string>>; readonly at: number},
): Update {
	const action = actionOf(entry);
	if (!action) return only(state);
	const {values, at} = given;
	if (at < (action.fields?.length ?? 0)) {
		const input = firstInput(action, at, {state, thing: entry.thing, values});
		const form = {kind: 'form', menu, entry, values, at, input, isRefused: false} as const;
		return only(withDialog(state, form));
	}

	return plan(state, menu, entry, action.request(entry.thing, values));
}

function plan(state: State, menu: Menu, entry: Entry, request: JsonValue): Update {
	const number = state.planCount + 1;
	const {action: operation} = entry;
	const planning = {kind: 'planning', menu, entry, operation, number} as const;
	return only(
		{...withDialog(state, planning), planCount: number},
		{type: 'plan', number, operation: entry.action, request},
	);
}
