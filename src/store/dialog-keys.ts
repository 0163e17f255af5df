import type {CommandId, Place} from '../../config/keymap.ts';
import {actionOf, entriesOf, obstacleOf} from './actions.ts';
import {enterGapMs, eraseKey, pasted, type Press, readingMs, tryEnter, typeKey} from './confirm.ts';
import type {
	Ask,
	CardDialog,
	Dialog,
	Form,
	Found,
	Leaving,
	Menu,
	Scopes,
	WordsDialog,
} from './dialog.ts';
import {dwellOf, openJob, tickFor} from './dialog-events.ts';
import type {Update} from './events.ts';
import {type Choice, type Field, isGiven} from './fields.ts';
import {foundJobs} from './jobs.ts';
import {askOrPlan, only, withDialog, withoutDialog} from './open-dialog.ts';
import {readOnly} from './availability.ts';
import {closeWith, incidentWordsGiven} from './incident-keys.ts';
import {wordsGiven} from './runbook-keys.ts';
import {openRunbook} from './runbook-open.ts';
import type {State} from './state.ts';
import {containerOf} from './things.ts';

/** Plans that are remembered so that none starts twice. */
const rememberedStarts = 50;

/** Longest value that a field takes. */
const longestValue = 200;

/** Longest remark. */
const longestWords = 400;

/** Which keys mean something in a dialog. */
export function placeOfDialog(dialog: Dialog): Place {
	switch (dialog.kind) {
		case 'menu':
		case 'found':
		case 'scopes':
			return 'menu';
		case 'words':
			return 'field';
		case 'form':
			return fieldOf(dialog)?.kind === 'choice' ? 'menu' : 'field';
		case 'planning':
		case 'starting':
			return 'wait';
		case 'card':
			return dialog.plan.risk === 'destructive' ? 'confirm' : 'card';
		case 'refused':
		case 'ask':
		case 'leaving':
			return 'card';
	}
}

/** The field that a form asks for now. */
export function fieldOf({entry, at}: Form): Field | undefined {
	return actionOf(entry)?.fields?.[at];
}

/** The choices of a form's field; none for one that is typed. */
export function choicesOf(state: State, form: Form): ReturnType<ChoiceField['choices']> {
	const field = fieldOf(form);
	if (field?.kind !== 'choice') return {kind: 'ready', list: []};
	return field.choices({state, thing: form.entry.thing, values: form.values});
}

type ChoiceField = Field & {readonly kind: 'choice'};

/** The selected choice of a form. */
export function selectedChoice(state: State, form: Form): Choice | undefined {
	const choices = choicesOf(state, form);
	if (choices.kind !== 'ready') return undefined;
	return choices.list.find(({value}) => value === form.input) ?? choices.list[0];
}

/** The key of the selected entry of a menu. */
export function selectedEntry(state: State, menu: Menu): string | undefined {
	const entries = entriesOf(state, menu.things);
	return (entries.find(({key}) => key === menu.selected) ?? entries[0])?.key;
}

/** A key in a dialog; undefined for one that means the same everywhere (leave, redraw, language, help, pause). */
export function pressInDialog(
	state: State,
	dialog: Dialog,
	command: CommandId | undefined,
	press: Press,
): Update | undefined {
	const isBack = command === 'back' || command === 'quit' || command === 'abandon';
	if (isBack) return backFrom(state, dialog);
	const steps = movement(state, command);
	switch (dialog.kind) {
		case 'menu':
		case 'found':
			if (steps !== undefined) return only(withDialog(state, moveIn(state, dialog, steps)));
			return command === 'choose' ? chooseIn(state, dialog) : undefined;
		case 'form':
			return pressInForm(state, dialog, {command, steps}, press);
		case 'card': {
			const moved = steps === undefined ? state : scrolled(state, steps);
			return pressOnCard(moved, dialog, command, press);
		}

		case 'refused':
			if (steps !== undefined) return only(scrolled(state, steps));
			return command === 'confirm' ? backFrom(state, dialog) : undefined;
		case 'ask':
		case 'leaving':
			return pressButton(state, dialog, command);
		case 'scopes':
			return pressInScopes(state, dialog, command, steps);
		case 'words':
			return pressInWords(state, dialog, command, press);
		case 'planning':
		case 'starting':
			return undefined;
	}
}

/** What the keys that move stand for. */
const movements: Readonly<Partial<Record<CommandId, number | 'page-up' | 'page-down'>>> = {
	up: -1,
	'scroll-up': -1,
	down: 1,
	'scroll-down': 1,
	'page-up': 'page-up',
	'scroll-page-up': 'page-up',
	'page-down': 'page-down',
	'scroll-page-down': 'page-down',
	top: Number.NEGATIVE_INFINITY,
	bottom: Number.POSITIVE_INFINITY,
};

/** How far a key moves; undefined for any other key. */
function movement(state: State, command: CommandId | undefined): number | undefined {
	const steps = command && movements[command];
	const page = Math.max(1, state.ui.pageRows - 1);
	return steps === 'page-up' ? -page : steps === 'page-down' ? page : steps;
}

function scrolled(state: State, steps: number): State {
	const last = Math.max(0, state.ui.contentRows - state.ui.pageRows);
	const scroll = Math.max(0, Math.min(state.ui.scroll + steps, last));
	return {...state, ui: {...state.ui, scroll}};
}

function moved(keys: readonly string[], selected: string, steps: number): string {
	const at = Math.max(0, keys.indexOf(selected));
	return keys[Math.max(0, Math.min(at + steps, keys.length - 1))] ?? selected;
}

function moveIn(state: State, dialog: Menu | Found, steps: number): Dialog {
	const keys =
		dialog.kind === 'menu'
			? entriesOf(state, dialog.things).map(({key}) => key)
			: foundJobs(state, dialog).map(({id}) => id);
	return {...dialog, selected: moved(keys, dialog.selected, steps)};
}

/** One step back; a plan that is being made is given up. */
function backFrom(state: State, dialog: Dialog): Update {
	switch (dialog.kind) {
		case 'form': {
			const {menu, at, entry} = dialog;
			const before = actionOf(entry)?.fields?.[at - 1];
			if (!before) return only(withDialog(state, menu));
			const input = dialog.values[before.id] ?? '';
			return only(withDialog(state, {...dialog, at: at - 1, input, isRefused: false}));
		}

		case 'planning':
			return only(withMenu(state, dialog), {
				type: 'stop-planning',
				number: dialog.number,
			});
		case 'card':
		case 'refused':
			return only(withMenu(state, dialog));
		case 'menu':
		case 'starting':
		case 'ask':
		case 'leaving':
		case 'found':
		case 'scopes':
		case 'words':
			return only(withoutDialog(state));
	}
}

/** Back to the menu that it came from, or to the screen below. */
function withMenu(state: State, {menu}: {readonly menu?: Menu}): State {
	return menu ? withDialog(state, menu) : withoutDialog(state);
}

function pressInScopes(
	state: State,
	dialog: Scopes,
	command: CommandId | undefined,
	steps: number | undefined,
): Update | undefined {
	const {scopes, selected, runbook: id} = dialog;
	if (steps !== undefined) {
		const next = Math.max(0, Math.min(selected + steps, scopes.length - 1));
		return only(withDialog(state, {...dialog, selected: next}));
	}

	if (command !== 'choose') return undefined;
	const runbook = state.runbook.runbooks?.[id];
	const scope = scopes[selected];
	return runbook && scope ? openRunbook(withoutDialog(state), runbook, scope) : only(state);
}

function pressInWords(
	state: State,
	dialog: WordsDialog,
	command: CommandId | undefined,
	press: Press,
): Update | undefined {
	const {what, text, cause = '', proposal = ''} = dialog;
	if (command === 'accept') {
		const below = withoutDialog(state);
		const given = text.trim() || proposal;
		// An incident is told by what was written: nothing is no answer, and is never taken for one that was given.
		if (given === '' && what.startsWith('incident')) {
			return only(withDialog(state, {...dialog, text: '', isMissing: true}));
		}

		if (what === 'incident-done') return closeWith(below, cause, given);
		if (what === 'incident' || what === 'incident-note' || what === 'incident-cause') {
			return incidentWordsGiven(below, what, given);
		}

		return wordsGiven(below, what, given);
	}

	if (command === 'erase') {
		const shorter = Array.from(text).slice(0, -1).join('');
		return only(withDialog(state, {...dialog, text: shorter}));
	}

	if (command !== undefined || press.text === '') return undefined;
	return only(withDialog(state, {...dialog, text: (text + press.text).slice(0, longestWords)}));
}

function chooseIn(state: State, dialog: Menu | Found): Update {
	if (dialog.kind === 'found') {
		const jobs = foundJobs(state, dialog);
		const job = jobs.find(({id}) => id === dialog.selected) ?? jobs[0];
		return job ? openJob(withoutDialog(state), job.id) : only(withoutDialog(state));
	}

	const key = selectedEntry(state, dialog);
	const entry = entriesOf(state, dialog.things).find(candidate => candidate.key === key);
	const action = entry && actionOf(entry);
	if (!action || obstacleOf(state, entry)) return only(state);
	const {thing} = entry;
	const menu = {...dialog, selected: entry.key};
	if (action.terminal === undefined) return askOrPlan(state, menu, entry, {values: {}, at: 0});
	if (thing.kind !== 'container' || !containerOf(state, thing)) return only(state);
	return only(withoutDialog(state), {
		type: 'open-terminal',
		program: action.terminal,
		containerId: thing.id,
	});
}

function pressInForm(
	state: State,
	form: Form,
	meaning: {readonly command: CommandId | undefined; readonly steps: number | undefined},
	press: Press,
): Update | undefined {
	const field = fieldOf(form);
	const {command, steps} = meaning;
	if (!field) return only(withDialog(state, form.menu));
	if (field.kind === 'choice') {
		const choice = selectedChoice(state, form);
		if (command === 'choose') {
			const isFree = choice !== undefined && choice.obstacle === undefined;
			return isFree ? give(state, form, field, choice.value) : only(state);
		}

		if (steps === undefined || !choice) return undefined;
		const choices = choicesOf(state, form);
		const values = choices.kind === 'ready' ? choices.list.map(({value}) => value) : [];
		return only(withDialog(state, {...form, input: moved(values, choice.value, steps)}));
	}

	if (command === 'accept') {
		return isGiven(field, form.input)
			? give(state, form, field, form.input)
			: only(withDialog(state, {...form, isRefused: true}));
	}

	if (command === 'erase') {
		const input = Array.from(form.input).slice(0, -1).join('');
		return only(withDialog(state, {...form, input, isRefused: false}));
	}

	if (command !== undefined || press.text === '') return undefined;
	return only(withDialog(state, typedInto(form, press.text)));
}

function typedInto(form: Form, text: string): Form {
	return {...form, input: (form.input + text).slice(0, longestValue), isRefused: false};
}

function give(state: State, form: Form, field: Field, value: string): Update {
	const values = {...form.values, [field.id]: value};
	return askOrPlan(state, form.menu, form.entry, {values, at: form.at + 1});
}

/** A paste goes into a value of a form; for the text that confirms it never counts. */
export function pasteIntoDialog(state: State, dialog: Dialog, text: string): State {
	if (dialog.kind === 'card' && dialog.plan.risk === 'destructive') {
		return {...state, dialog: {...dialog, typed: pasted()}};
	}

	const line = text.split('\n', 1)[0] ?? '';
	if (dialog.kind === 'words') {
		return {...state, dialog: {...dialog, text: (dialog.text + line).slice(0, longestWords)}};
	}

	if (dialog.kind !== 'form' || fieldOf(dialog)?.kind === 'choice') return state;
	return {...state, dialog: typedInto(dialog, line)};
}

function pressOnCard(
	state: State,
	card: CardDialog,
	command: CommandId | undefined,
	press: Press,
): Update | undefined {
	const {notice: _before, ...rest} = card;
	const at = press.atMs ?? card.lastKeyAtMs;
	const seen: CardDialog = {...rest, lastKeyAtMs: at, nowMs: Math.max(card.nowMs, at)};
	const put = (next: CardDialog): Update => only({...state, dialog: next}, ...tickFor(next));
	const {plan, typed} = card;
	const {confirm = ''} = plan;
	if (plan.risk === 'destructive') {
		if (command === 'confirm') {
			const result = tryEnter(typed, press, confirm, dwellOf(card));
			return result.isConfirmed && at - card.shownAtMs >= readingMs
				? start(state, card, typed.text)
				: only({...state, dialog: {...seen, typed: result.typed}});
		}

		if (command === 'erase') return put({...seen, typed: eraseKey(typed, press, confirm)});
		if (command !== undefined)
			return movement(state, command) === undefined ? undefined : put(seen);
		return press.text === '' && (press.together ?? 1) <= 1
			? put(seen)
			: put({...seen, typed: typeKey(typed, press, confirm)});
	}

	if (command === 'next-button')
		return put({...seen, focus: card.focus === 'run' ? 'cancel' : 'run'});
	if (command !== 'confirm')
		return command !== undefined && movement(state, command) === undefined ? undefined : put(seen);
	if (card.focus === 'cancel') return backFrom(state, card);
	const notice = enterNotice(card, press);
	return notice === undefined ? start(state, card) : put({...seen, notice});
}

/** Why an Enter on a card does not count: meant for what stood there before, or one of a held or pasted series. */
function enterNotice(card: CardDialog, press: Press): CardDialog['notice'] {
	const {atMs, together = 1} = press;
	if (atMs === undefined || atMs - card.shownAtMs < readingMs) return 'unread';
	return together > 1 || atMs - card.lastKeyAtMs <= enterGapMs ? 'early' : undefined;
}

function start(state: State, {plan}: CardDialog, confirm?: string): Update {
	const problem = readOnly(state, {kind: 'host'});
	if (problem) return only(withDialog(state, {kind: 'refused', problem}));
	if (state.started.includes(plan.id)) return only(state);
	return only(
		{
			...withDialog(state, {kind: 'starting', plan}),
			started: [...state.started, plan.id].slice(-rememberedStarts),
		},
		{type: 'start', plan, ...(confirm === undefined ? {} : {confirm})},
	);
}

function pressButton(
	state: State,
	dialog: Ask | Leaving,
	command: CommandId | undefined,
): Update | undefined {
	if (command === 'next-button') {
		const focus = dialog.focus === 'yes' ? 'no' : 'yes';
		return only(withDialog(state, {...dialog, focus}));
	}

	if (command !== 'confirm') return undefined;
	const closed = withoutDialog(state);
	if (dialog.focus === 'no') return only(closed);
	if (dialog.kind === 'leaving') return only(closed, {type: 'leave'});
	return dialog.what === 'cancel'
		? only(closed, {type: 'cancel-job', id: dialog.id})
		: only(closed, {type: 'recover-job', id: dialog.id});
}
