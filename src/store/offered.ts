import {type Binding, type CommandId, keymap, type Place} from '../../config/keymap.ts';
import {actionOf, entriesOf, obstacleOf} from './actions.ts';
import {fieldOf, selectedChoice, selectedEntry} from './dialog-keys.ts';
import {selectedJob} from './jobs.ts';
import {jobFor} from './key-jobs.ts';
import {activePanel, placeOf} from './key-place.ts';
import {evidenceOnTop} from './key-screens.ts';
import {listKeys, selectedKey} from './select-lists.ts';
import {currentScreen} from './select.ts';
import {pressOnIncident, shownIncident} from './incident-keys.ts';
import {openOnRunbooks} from './runbook-keys.ts';
import {pressOnWalk} from './walk-keys.ts';
import type {State} from './state.ts';

/** Whether `enter` takes something in a menu, a list of found operations or a choice of a form. */
function canChoose(state: State): boolean {
	const {dialog} = state;
	if (dialog?.kind === 'menu') {
		const key = selectedEntry(state, dialog);
		const entry = entriesOf(state, dialog.things).find(candidate => candidate.key === key);
		return entry !== undefined && actionOf(entry) !== undefined && !obstacleOf(state, entry);
	}

	if (dialog?.kind !== 'form' || fieldOf(dialog)?.kind !== 'choice') return true;
	return selectedChoice(state, dialog) !== undefined;
}

/** Whether `enter` leads anywhere from the screen on top. */
function canOpen(state: State): boolean {
	const screen = currentScreen(state);
	if (screen.kind === 'dashboard') return true;
	if (screen.kind === 'jobs') return selectedJob(state) !== undefined;
	const onRunbooks = openOnRunbooks(state);
	if (onRunbooks) return onRunbooks.effects.length > 0 || onRunbooks.state !== state;
	if (screen.kind !== 'panel') return false;
	if (screen.panel === 'containers') return selectedKey(state, 'containers') !== undefined;
	return evidenceOnTop(state, screen.panel) !== undefined;
}

/** Whether there is a container whose facts or log a key opens. */
function hasContainer(state: State): boolean {
	return (
		placeOf(state) === 'detail' ||
		(activePanel(state) === 'containers' && listKeys(state, 'containers').length > 0)
	);
}

/** Whether a log is on the screen. */
function hasLog({tail, ui}: State): boolean {
	return tail !== undefined && ui.detailPart !== 'facts';
}

/** Whether the text of a dialog goes on below its end. */
function canScroll({ui}: State): boolean {
	return ui.contentRows > ui.pageRows;
}

/** Whether the selected line of a checklist waits for a person. */
function isAsked({runbook: {check}}: State): boolean {
	const item = check?.checklist.items.find(({id}) => id === check.selected);
	return check?.result !== undefined && item?.by === 'person';
}

/** Whether a key does something in a walk: `enter` may also open another runbook or ask which one it is about. */
function hasEffect(state: State, command: CommandId): boolean {
	const update = pressOnWalk(state, command);
	return update !== undefined && (update.effects.length > 0 || update.state !== state);
}

/** When a command does something; the others always do. */
const conditions: Readonly<Partial<Record<CommandId, (state: State, place: Place) => boolean>>> = {
	'cancel-job': state => jobFor(state, 'cancel') !== undefined,
	'recover-job': state => jobFor(state, 'recover') !== undefined,
	back: ({ui}, place) => place !== 'dashboard' || ui.filter !== '',
	open: canOpen,
	detail: hasContainer,
	logs: hasContainer,
	follow: hasLog,
	wrap: hasLog,
	filter: (state, place) => (place === 'detail' ? hasLog(state) : place !== 'facts'),
	sort: (state, place) => place === 'dashboard' || activePanel(state) === 'containers',
	trouble: (state, place) =>
		place === 'dashboard' || (place === 'list' && activePanel(state) !== 'backups'),
	choose: canChoose,
	'walk-next': state => hasEffect(state, 'walk-next'),
	'walk-skip': state => pressOnWalk(state, 'walk-skip')?.state.dialog !== undefined,
	'walk-back': state => hasEffect(state, 'walk-back'),
	'walk-note': state => pressOnWalk(state, 'walk-note')?.state.dialog !== undefined,
	'walk-hand-over': state => pressOnWalk(state, 'walk-hand-over')?.state.dialog !== undefined,
	'walk-take': state => hasEffect(state, 'walk-take'),
	'answer-yes': isAsked,
	'answer-no': isAsked,
	'answer-not-applicable': isAsked,
	'incident-acknowledge': state => pressOnIncident(state, 'incident-acknowledge') !== undefined,
	'incident-note': state => shownIncident(state) !== undefined,
	'incident-phase': state => pressOnIncident(state, 'incident-phase') !== undefined,
	'incident-close': state => pressOnIncident(state, 'incident-close') !== undefined,
	'incident-report': state => shownIncident(state) !== undefined,
	sign: ({runbook: {check}}) => check?.result !== undefined,
	'next-button': ({dialog}) => dialog?.kind !== 'refused',
	'scroll-down': canScroll,
	'scroll-page-down': canScroll,
};

/** Whether a command would do something now; the key line offers no other ones. */
export function isOffered(state: State, command: CommandId): boolean {
	return conditions[command]?.(state, placeOf(state)) ?? true;
}

/** The keys that do something now, as the key line names them, those that matter most first. */
export function offeredKeys(state: State): readonly Binding[] {
	const place = placeOf(state);
	const bindings: readonly (Binding & {readonly command: CommandId})[] = keymap;
	return bindings
		.filter(
			({footer, places, footerPlaces = places}) =>
				footer !== undefined && places.includes(place) && footerPlaces.includes(place),
		)
		.filter(({command}) => isOffered(state, command))
		.toSorted((a, b) => (a.footer ?? 0) - (b.footer ?? 0));
}
