import {describe, expect, test} from 'vitest';
import {createKeyDecoder} from '../../../src/domain/key-decoder.ts';

const escape = '\u001B';

/** The names of the keys in pieces that come one millisecond apart; a paste is `<text>`. */
function decode(...pieces: readonly string[]): readonly string[] {
	const decoder = createKeyDecoder();
	const inputs = pieces.flatMap((piece, index) => [...decoder.push(piece, 1000 + index)]);
	return [...inputs, ...decoder.flush()].map(input =>
		input.type === 'key' ? input.key : `<${input.text}>`,
	);
}

describe('keys', () => {
	test.each([
		['up', ['[A', 'OA']],
		['down', ['[B', 'OB']],
		['right', ['[C', 'OC']],
		['left', ['[D', 'OD']],
		['home', ['[H', 'OH', '[1~', '[7~']],
		['end', ['[F', 'OF', '[4~', '[8~']],
		['pageup', ['[5~']],
		['pagedown', ['[6~']],
		['insert', ['[2~']],
		['delete', ['[3~']],
		['shift+tab', ['[Z']],
		['f1', ['OP', '[11~', '[[A', '[P']],
		['f5', ['[15~', '[[E']],
		['f10', ['[21~']],
		['f12', ['[24~']],
		['return', ['OM']],
		['7', ['Ow']],
		['ctrl+up', ['[1;5A']],
		['shift+alt+pageup', ['[5;4~']],
	])('%s in every form', (name, forms) => {
		for (const form of forms) expect(decode(escape + form), form).toEqual([name]);
	});

	test('every piece that a sequence can be cut into means the same', () => {
		for (const whole of ['[A', 'OP', '[15~', '[1;5A', '[[E']) {
			const text = escape + whole;
			const expected = decode(text);
			for (let at = 1; at < text.length; at++) {
				expect(decode(text.slice(0, at), text.slice(at)), whole).toEqual(expected);
			}
		}
	});

	test('several keys in one piece are keys of their own', () => {
		expect(decode('jjj')).toEqual(['j', 'j', 'j']);
		expect(decode('jj\r')).toEqual(['j', 'j', 'return']);
		expect(decode('/db\r')).toEqual(['/', 'd', 'b', 'return']);
		expect(decode(`j${escape}[Bk${escape}OA\t \u007F`)).toEqual([
			'j',
			'down',
			'k',
			'up',
			'tab',
			'space',
			'backspace',
		]);
		expect(decode('\u0003\u001A\u000C')).toEqual(['ctrl+c', 'ctrl+z', 'ctrl+l']);
	});

	test('Esc alone is a key, and so is each of several', () => {
		expect(decode(escape)).toEqual(['escape']);
		expect(decode(escape + escape)).toEqual(['escape', 'escape']);
		expect(decode(escape, '[A')).toEqual(['up']);
		expect(createKeyDecoder().waitMs()).toBeUndefined();
	});

	test('Alt with a letter is not that letter', () => {
		expect(decode(`${escape}q`)).toEqual([]);
		expect(decode(`${escape}😀j`)).toEqual(['j']);
	});

	test('what it does not know is dropped whole', () => {
		// Focus, cursor position, device attributes, mouse (both forms), colour question, broken sequences.
		const unknown = ['[I', '[O', '[12;40R', '[?64;1;2c', '[M q~', '[<0;10;20M', '[99~', '[27u'];
		for (const text of unknown) expect(decode(`${escape}${text}j`), text).toEqual(['j']);
		expect(decode(`${escape}]11;rgb:00/00/00\u0007j`)).toEqual(['j']);
		expect(decode(`${escape}]11;rgb:00/00/00${escape}\\j`)).toEqual(['j']);
		expect(decode(`${escape}P1$r0q${escape}\\j`)).toEqual(['j']);
		expect(decode(`${escape}[12`)).toEqual([]);
		expect(decode('\u0000\u001C\u0085\u202E\u200B\uFEFFj')).toEqual(['j']);
	});
});

describe('a paste', () => {
	test('comes as one text, wherever it was cut', () => {
		const text = `${escape}[200~one q\r\n${escape}[A two${escape}[201~j`;
		for (let at = 1; at < text.length; at++) {
			expect(decode(text.slice(0, at), text.slice(at))).toEqual(['<one q\n\\x1b[A two>', 'j']);
		}
	});

	test('without an end does not hold the keyboard for ever, and keeps no more than it needs', () => {
		const decoder = createKeyDecoder();
		expect(decoder.push(`${escape}[200~${'q'.repeat(1_000_000)}`, 0)).toEqual([]);
		expect(decoder.waitMs()).toBeGreaterThan(0);
		const [paste] = decoder.flush();
		expect(paste?.text.length).toBeLessThan(5000);
		expect(decoder.push('j', 1)).toEqual([{type: 'key', key: 'j', text: 'j'}]);
	});

	test('that the terminal did not mark is no key, up to its end', () => {
		const line = 'quit; rm x\r\u0003 ';
		expect(decode(line.repeat(10), 'q', 'x')).toEqual([`<${'quit; rm x '.repeat(10)}>`]);
		const decoder = createKeyDecoder();
		decoder.push(line.repeat(10), 0);
		expect(decoder.push('j', 1000)).toEqual([{type: 'key', key: 'j', text: 'j'}]);
	});

	test('is not what a held key looks like', () => {
		expect(decode('j'.repeat(500))).toHaveLength(500);
		expect(decode(`${escape}[B`.repeat(500))).toHaveLength(500);
	});
});
