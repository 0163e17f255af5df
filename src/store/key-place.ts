import type {Place} from '../../config/keymap.ts';
import {placeOfDialog} from './dialog-keys.ts';
import {currentScreen} from './select.ts';
import type {PanelId, State, Ui} from './state.ts';

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

/** Whether a panel has rows to choose from. */
export function isList(panel: PanelId): boolean {
	return panel === 'containers' || panel === 'errors' || panel === 'backups';
}

/** Changes what the operator has done with the screen. */
export function withUi(state: State, ui: Partial<Ui>): State {
	return {...state, ui: {...state.ui, ...ui}};
}

/** The panel whose list or text the arrows move in now. */
export function activePanel(state: State): PanelId {
	const screen = currentScreen(state);
	return screen.kind === 'panel' ? screen.panel : state.ui.focus;
}
