import {expect, test} from 'vitest';
import {type Binding, keymap} from '../../../config/keymap.ts';
import type {Plan} from '../../../src/domain/plan.ts';
import type {Event} from '../../../src/store/events.ts';
import {placeOf} from '../../../src/store/key-place.ts';
import type {State} from '../../../src/store/state.ts';
import {update} from '../../../src/store/update.ts';
import {shopWithOperations} from '../../support/dialogs.ts';
import {planOf} from '../../support/plans.ts';

const bindings: readonly Binding[] = keymap;

// One key of each command (the others are the same by the table), every other Enter-like key, and the letters of `t/s`.
const keys = [
	...new Set([
		...bindings.flatMap(binding => binding.keys.slice(0, 1)),
		'3',
		't',
		'e',
		's',
		'y',
		'Y',
	]),
];

/** The text that confirms the restore of the test. */
const wanted = 't/s';

const buttonKeys = ['tab', 'right', 'shift+tab', 'left'];

const plans: Readonly<Record<string, Plan>> = {
	'backup-database': planOf({risk: 'safe', operation: 'backup-database', id: 'safe'}),
	'analyze-database': planOf({risk: 'disruptive', operation: 'analyze-database', id: 'disruptive'}),
	'restore-database': {
		...planOf({risk: 'destructive', operation: 'restore-database', id: 'destructive'}),
		confirm: wanted,
	},
};

/** A state on the way, and what the operator did on the card that is shown: all that a start may depend on. */
type Node = {
	readonly state: State;
	/** What was typed since the card came, as a person would count it. */
	readonly typed: string;
	readonly moves: number;
	readonly atMs: number;
};

/** The same state, whenever it was reached: times are a second apart everywhere. */
function nameOf({state, typed, moves}: Node): string {
	const {ui, dialog} = state;
	const isTime = (name: string) => name.endsWith('Ms') || name === 'plan' || name === 'number';
	const shown = JSON.stringify(dialog, (name, value: unknown) =>
		isTime(name) ? undefined : value,
	);
	const plan = dialog && 'plan' in dialog ? dialog.plan.id : '';
	const {screens, focus, isHelpOpen, isFilterOpen, filter} = ui;
	return JSON.stringify([
		shown,
		plan,
		screens,
		focus,
		isHelpOpen,
		isFilterOpen,
		filter,
		typed,
		moves % 2,
	]);
}

/** One wrong character more, and a text leads nowhere new: every such text was seen with its first. */
function isEndless({state, typed}: Node): boolean {
	const {dialog, ui} = state;
	const isFarOff = !wanted.startsWith(typed.slice(0, -1));
	const isRemark = dialog?.kind === 'words' && dialog.text.length > 1;
	return (
		isFarOff ||
		isRemark ||
		ui.filter.length > 1 ||
		ui.screens.length > 2 ||
		dialog?.kind === 'starting'
	);
}

test('no sequence of keys starts a destructive operation without its typed text', () => {
	const shop = shopWithOperations({ui: {focus: 'postgres'}, containers: []});
	const start: Node = {
		state: {...shop, operations: Object.keys(plans)},
		typed: '',
		moves: 0,
		atMs: 100_000,
	};
	const seen = new Set([nameOf(start)]);
	const counts = {presses: 0, safe: 0, disruptive: 0, destructive: 0};

	const press = (node: Node, event: Event & {type: 'key-pressed' | 'text-pasted'}): Node => {
		const atMs = node.atMs + 1000;
		const place = placeOf(node.state);
		const before = node.state.dialog;
		const {state: pressed, effects} = update(node.state, event);
		counts.presses++;
		let {typed, moves} = node;
		if (event.type === 'text-pasted') typed = place === 'confirm' ? '' : typed;
		else if (place === 'confirm') {
			if (event.key === 'backspace') typed = typed.slice(0, -1);
			else typed += event.text;
		} else if (place === 'card' && buttonKeys.includes(event.key)) moves++;
		let state = pressed;
		for (const effect of effects) {
			if (effect.type === 'plan') {
				const plan = plans[effect.operation];
				if (!plan) expect.fail(effect.operation);
				state = update(state, {type: 'planned', number: effect.number, plan, atMs}).state;
			}

			if (effect.type !== 'start') continue;
			const {plan, confirm} = effect;
			counts[plan.risk]++;
			if (before?.kind !== 'card' || before.plan !== plan) expect.fail('started without its card');
			if (event.type !== 'key-pressed' || event.key !== 'return')
				expect.fail('started without Enter');
			if (plan.risk === 'disruptive' && moves % 2 !== 1) expect.fail('the focus was on cancel');
			if (plan.risk === 'destructive' && (confirm !== plan.confirm || node.typed !== plan.confirm))
				expect.fail(`started with "${node.typed}"`);
		}

		const isSameCard = state.dialog?.kind === 'card' && before?.kind === 'card';
		return {state, atMs, typed: isSameCard ? typed : '', moves: isSameCard ? moves : 0};
	};

	const isNew = (node: Node): boolean => {
		const name = nameOf(node);
		if (seen.has(name) || isEndless(node)) return false;
		seen.add(name);
		return true;
	};

	const after = (node: Node): readonly Node[] => {
		const typed = keys.map(key => {
			const text = key.length === 1 ? key : key === 'space' ? ' ' : '';
			return {type: 'key-pressed', key, text, atMs: node.atMs + 1000, together: 1} as const;
		});
		const events = [...typed, {type: 'text-pasted', text: `${wanted}\n`} as const];
		return events.map(event => press(node, event)).filter(isNew);
	};

	let nodes: readonly Node[] = [start];
	for (let depth = 0; depth < 10; depth++) nodes = nodes.flatMap(after);
	// The search is not vacuous: everything can be started, each in its own way.
	expect(counts.presses).toBeGreaterThan(100_000);
	expect(Math.min(counts.safe, counts.disruptive, counts.destructive)).toBeGreaterThan(0);
}, 180_000);
