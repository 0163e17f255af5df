import {describe, expect, test} from 'vitest';
import {type Binding, keymap, places, textPlaces} from '../../../config/keymap.ts';
import {update} from '../../../src/store/update.ts';
import type {Effect} from '../../../src/store/events.ts';
import {placeOf} from '../../../src/store/key-place.ts';
import {selectedKey} from '../../../src/store/select-lists.ts';
import {currentScreen} from '../../../src/store/select.ts';
import type {State} from '../../../src/store/state.ts';
import {container, containerAlert, stateWith} from '../../support/state.ts';

const bindings: readonly Binding[] = keymap;

const start = stateWith({
	containers: [container('app'), container('db'), container('web', {state: 'exited', exitCode: 1})],
	alerts: [containerAlert('shop_web_1')],
});

function press(state: State, ...keys: readonly string[]): {state: State; effects: Effect[]} {
	const effects: Effect[] = [];
	let current = state;
	for (const key of keys) {
		const text = key.length === 1 ? key : key === 'space' ? ' ' : '';
		const next = update(current, {type: 'key-pressed', key, text});
		current = next.state;
		effects.push(...next.effects);
	}

	return {state: current, effects};
}

describe('the key table', () => {
	test('gives no key two meanings in one place', () => {
		const seen = new Map<string, string>();
		for (const {command, keys, places} of bindings) {
			for (const place of places) {
				for (const key of keys) {
					const name = `${place} ${key}`;
					expect(seen.get(name), name).toBeUndefined();
					seen.set(name, command);
				}
			}
		}
	});

	test('binds ctrl+c everywhere', () => {
		const leave = bindings.find(binding => binding.command === 'leave');
		expect(leave?.places).toEqual(places);
	});

	test.each(textPlaces)('binds no printable character where text is typed: %s', place => {
		const keys = bindings.filter(binding => binding.places.includes(place));
		const printable = keys.flatMap(binding => binding.keys).filter(key => key.length === 1);
		expect(printable).toEqual([]);
	});

	test.each(places)('has a way out of every place: %s', place => {
		const commands = bindings.filter(binding => binding.places.includes(place));
		expect(commands.some(({keys}) => keys.includes('escape'))).toBe(true);
	});
});

describe('every sequence of keys', () => {
	test('of length three keeps the state whole, and only q at the top and ctrl+c leave', () => {
		// One key of each command: the others are the same by the table.
		const keys = [...new Set(bindings.map(binding => binding.keys[0] ?? '')), '3', '6', 'a', '7'];
		let presses = 0;
		let leaves = 0;
		const explore = (state: State, depth: number) => {
			for (const key of keys) {
				const place = placeOf(state);
				const isTop = state.ui.screens.length === 1 && !state.ui.isHelpOpen;
				const next = press(state, key);
				presses++;
				if (next.state.ui.screens[0]?.kind !== 'dashboard') expect.fail(`${key}: no dashboard`);
				const hasLeft = next.effects.some(effect => effect.type === 'leave');
				const shouldLeave = key === 'ctrl+c' || (key === 'q' && isTop && place === 'dashboard');
				if (hasLeft !== shouldLeave) {
					expect.fail(`${key} in ${place}: leaves ${hasLeft}, should ${shouldLeave}`);
				}

				if (hasLeft) leaves++;
				else if (depth > 1) explore(next.state, depth - 1);
			}
		};
		explore(start, 3);
		expect(presses).toBeGreaterThan(20_000);
		expect(leaves).toBeGreaterThan(500);
	}, 60_000);
});

describe('moving and opening', () => {
	test('the selection starts at the worst container and follows it when the order changes', () => {
		expect(selectedKey(start, 'containers')).toBe('shop/web/1');
		const {state} = press(start, 'j');
		expect(selectedKey(state, 'containers')).toBe('shop/app/1');
		const sorted = press(state, 's').state;
		expect(sorted.ui.sort).toBe('name');
		expect(selectedKey(sorted, 'containers')).toBe('shop/app/1');
	});

	test('two keys lead from the dashboard to the evidence of the worst container', () => {
		const {state} = press(start, 'return', 'return');
		expect(currentScreen(state)).toEqual({kind: 'container', key: 'shop/web/1'});
		expect(state.tail).toMatchObject({key: 'shop/web/1', isFollowing: true});
	});

	test('escape goes back one step: filter, then help, then screen', () => {
		const open = press(start, 'return', '/', 'd', 'b', 'return', '?').state;
		expect(open.ui).toMatchObject({filter: 'db', isHelpOpen: true});
		const one = press(open, 'escape').state;
		expect(one.ui).toMatchObject({filter: 'db', isHelpOpen: false});
		const two = press(one, 'escape').state;
		expect(two.ui.filter).toBe('');
		expect(currentScreen(two).kind).toBe('panel');
		expect(currentScreen(press(two, 'escape').state).kind).toBe('dashboard');
	});

	test('every key in the filter line is text: q does not leave, ? does not help', () => {
		const {state, effects} = press(start, '/', 'q', '?', 'space', 'x');
		expect(state.ui).toMatchObject({filter: 'q? x', isHelpOpen: false, isTroubleOnly: false});
		expect(effects).toEqual([]);
	});

	test('a paste goes only into the filter line, without its line breaks', () => {
		const closed = update(start, {type: 'text-pasted', text: 'q\nx'}).state;
		expect(closed).toBe(start);
		const open = press(start, '/').state;
		const pasted = update(open, {type: 'text-pasted', text: 'db\u001b[2J\nrm'}).state;
		expect(pasted.ui.filter).toBe('db[2J');
	});

	test('freezing keeps the data of that moment on the screen', () => {
		const frozen = press(start, 'z').state;
		const later = update(frozen, {
			type: 'readings-arrived',
			changes: [],
			alerts: [],
			points: {},
			nowMs: start.data.nowMs + 5000,
		}).state;
		expect(later.frozen).toBe(start.data);
		expect(later.data.alerts).toEqual([]);
		expect(press(later, 'z').state.frozen).toBeUndefined();
	});
});

describe('the log tail', () => {
	test('keeps the last lines, counts the dropped ones and ignores another container', () => {
		const {state} = press(start, 'return', 'return');
		const lines = Array.from({length: 3000}, (_, index) => ({
			atMs: index,
			severity: 'info' as const,
			text: `line ${index}`,
		}));
		const twice = [lines, lines].reduce(
			(current, more) =>
				update(current, {type: 'tail-arrived', key: 'shop/web/1', lines: more}).state,
			state,
		);
		expect(twice.tail?.lines).toHaveLength(5000);
		expect(twice.tail?.dropped).toBe(1000);
		const other = update(twice, {type: 'tail-arrived', key: 'shop/db/1', lines}).state;
		expect(other).toBe(twice);
	});

	test('going up stops following, the end follows again', () => {
		const {state} = press(start, 'return', 'return');
		const measured = update(state, {
			type: 'content-measured',
			contentRows: 100,
			pageRows: 10,
		}).state;
		const up = press(measured, 'up').state;
		expect(up.tail?.isFollowing).toBe(false);
		expect(up.ui.scroll).toBe(89);
		expect(press(up, 'G').state.tail?.isFollowing).toBe(true);
	});
});
