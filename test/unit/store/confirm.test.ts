import {describe, expect, test} from 'vitest';
import {
	eraseKey,
	nothingTyped,
	pasted,
	remainingDwellMs,
	tryEnter,
	type Typed,
	typeKey,
} from '../../../src/store/confirm.ts';

const wanted = 'prod/shop';

/** Types a text at a pace, in pieces of `together` keys; resolves with the state and the time of the last key. */
function type(text: string, facts: {pace?: number; together?: number} = {}) {
	const {pace = 90, together = 1} = facts;
	let typed: Typed = nothingTyped;
	let atMs = 1000;
	for (const character of Array.from(text)) {
		typed = typeKey(typed, {key: character, text: character, atMs, together}, wanted);
		atMs += pace;
	}

	return {typed, lastMs: atMs - pace};
}

const enter = (atMs?: number, together = 1) => ({
	key: 'return',
	text: '',
	together,
	...(atMs === undefined ? {} : {atMs}),
});

describe('the text that confirms', () => {
	test('counts when it is typed exactly and Enter comes as a key of its own, later', () => {
		const {typed, lastMs} = type(wanted);
		expect(tryEnter(typed, enter(lastMs + 151), wanted, 0).isConfirmed).toBe(true);
	});

	test.each([
		['wrong', 'prod/shoq'],
		['a trailing space', 'prod/shop '],
		['a leading space', ' prod/shop'],
		['capitals', 'Prod/shop'],
		['full-width letters', 'ｐｒｏｄ／ｓｈｏｐ'],
		['a look-alike (Cyrillic o)', 'prod/shоp'],
		['a division slash', 'prod∕shop'],
		['a combining mark', 'prod/shop\u0301'],
		['a part', 'prod/sho'],
		['nothing', ''],
	])('does not count: %s', (_what, text) => {
		const {typed, lastMs} = type(text);
		const result = tryEnter(typed, enter(lastMs + 1000), wanted, 0);
		expect(result).toMatchObject({isConfirmed: false, typed: {notice: 'wrong'}});
	});

	test('an empty text confirms nothing, not even where nothing is asked for', () => {
		expect(tryEnter(nothingTyped, enter(5000), '', 0).isConfirmed).toBe(false);
	});

	test('Enter at once after the last character, or together with other keys, does not count', () => {
		const {typed, lastMs} = type(wanted);
		expect(tryEnter(typed, enter(lastMs + 150), wanted, 0)).toMatchObject({
			isConfirmed: false,
			typed: {text: wanted, notice: 'early'},
		});
		expect(tryEnter(typed, enter(lastMs + 500, 2), wanted, 0).isConfirmed).toBe(false);
		expect(tryEnter(typed, enter(), wanted, 0).isConfirmed).toBe(false);
	});

	test('a piece of many characters is a paste that no terminal marked', () => {
		const {typed} = type(wanted, {together: 9, pace: 0});
		expect(typed).toEqual({text: '', notice: 'pasted'});
		expect(pasted().text).toBe('');
		const {typed: whole, lastMs} = type(wanted);
		const late = tryEnter(whole, enter(lastMs + 900, 9), wanted, 0);
		expect(late).toEqual({isConfirmed: false, typed: pasted()});
	});

	test('what a program feeds key by key is too fast', () => {
		const {typed, lastMs} = type(wanted, {pace: 5});
		expect(tryEnter(typed, enter(lastMs + 1000), wanted, 0)).toEqual({
			isConfirmed: false,
			typed: {text: '', notice: 'too-fast'},
		});
	});

	test('keys without a time never confirm', () => {
		let typed = nothingTyped;
		for (const character of wanted)
			typed = typeKey(typed, {key: character, text: character}, wanted);
		expect(tryEnter(typed, enter(9000), wanted, 0).isConfirmed).toBe(false);
	});

	test('production waits three seconds with the right text', () => {
		const {typed, lastMs} = type(wanted);
		expect(remainingDwellMs(typed, 3000, lastMs + 1000)).toBe(2000);
		expect(tryEnter(typed, enter(lastMs + 2999), wanted, 3000)).toMatchObject({
			isConfirmed: false,
			typed: {notice: 'dwell'},
		});
		expect(tryEnter(typed, enter(lastMs + 3000), wanted, 3000).isConfirmed).toBe(true);
	});

	test('taking a character back starts the wait anew', () => {
		const {typed, lastMs} = type(wanted);
		const shorter = eraseKey(typed, {key: 'backspace', text: '', atMs: lastMs + 100}, wanted);
		expect(shorter.text).toBe('prod/sho');
		expect(remainingDwellMs(shorter, 3000, lastMs + 200)).toBeUndefined();
		const again = typeKey(shorter, {key: 'p', text: 'p', atMs: lastMs + 4000}, wanted);
		expect(tryEnter(again, enter(lastMs + 5000), wanted, 3000).isConfirmed).toBe(false);
		expect(tryEnter(again, enter(lastMs + 7000), wanted, 3000).isConfirmed).toBe(true);
	});
});
