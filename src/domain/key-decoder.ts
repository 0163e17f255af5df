import {clean} from './clean.ts';

/** What the keyboard said: one key with the text that it would type, or a piece of text that was pasted. */
export type KeyInput =
	| {readonly type: 'key'; readonly key: string; readonly text: string}
	| {readonly type: 'paste'; readonly text: string};

/** Turns the bytes of a terminal, in whatever pieces they come, into keys. */
export type KeyDecoder = {
	push(chunk: string, nowMs: number): readonly KeyInput[];
	/** In how many ms `flush` is to be called if nothing else comes; undefined when nothing is held back. */
	waitMs(): number | undefined;
	/** Gives up waiting for the rest of what was held back: a lone Esc becomes the key. */
	flush(): readonly KeyInput[];
};

/** How long Esc may be the start of a longer key: nobody types the rest as fast. */
const escapeMs = 20;

/** How long a begun sequence waits for its rest, which a slow line may bring in a second piece. */
const sequenceMs = 500;

/** How long a paste whose end never came holds the keyboard. */
const pasteMs = 3000;

/** More different keys than this in one piece were not typed, but pasted by a terminal that does not mark a paste. */
const typedAtOnce = 64;

/** What follows such a piece within this time belongs to it. */
const burstMs = 100;

/** Longest text kept of a paste; nothing here takes more. */
const pasteLength = 4096;

const escape = '\u001B';
const pasteStart = `${escape}[200~`;
const pasteEnd = `${escape}[201~`;

// xterm, linux console, screen, tmux, rxvt and PuTTY (application and normal mode).
const letters: Readonly<Record<string, string>> = {
	A: 'up',
	B: 'down',
	C: 'right',
	D: 'left',
	F: 'end',
	H: 'home',
	P: 'f1',
	Q: 'f2',
	R: 'f3',
	S: 'f4',
	Z: 'shift+tab',
};
const keypad: Readonly<Record<string, string>> = {
	M: 'return',
	X: '=',
	j: '*',
	k: '+',
	l: ',',
	m: '-',
	n: '.',
	o: '/',
	...Object.fromEntries(Array.from('pqrstuvwxy', (letter, digit) => [letter, String(digit)])),
};
const numbers: Readonly<Record<string, string>> = {
	1: 'home',
	2: 'insert',
	3: 'delete',
	4: 'end',
	5: 'pageup',
	6: 'pagedown',
	7: 'home',
	8: 'end',
	...Object.fromEntries([11, 12, 13, 14, 15].map((code, at) => [code, `f${at + 1}`])),
	...Object.fromEntries([17, 18, 19, 20, 21].map((code, at) => [code, `f${at + 6}`])),
	23: 'f11',
	24: 'f12',
};
const linuxFunctionKeys: Readonly<Record<string, string>> = {
	A: 'f1',
	B: 'f2',
	C: 'f3',
	D: 'f4',
	E: 'f5',
};

/** A sequence at the start of a text: its length, and the key that it is, if any. */
type Sequence = {readonly length: number; readonly key?: string};

const controlSequence = new RegExp(String.raw`^${escape}\[([0-?]*)[ -/]*([@-~])`);
const begunSequence = new RegExp(
	String.raw`^${escape}(\[(\[|M[^]{0,2}|[0-?]*[ -/]*)?|O|[\]PX^_][^\u0007${escape}]*${escape}?)?$`,
);
// Answers of the terminal: strings up to BEL or ST.
const answer = new RegExp(
	String.raw`^${escape}[\]PX^_][^\u0007${escape}]*(?:\u0007|${escape}\\|(?=${escape}))`,
);

function key(name: string, text = ''): KeyInput {
	return {type: 'key', key: name, text};
}

/** The complete sequence at the start of a text that starts with ESC. */
function readSequence(text: string): Sequence {
	if (text.startsWith(`${escape}[[`)) {
		return {length: 4, ...named(linuxFunctionKeys[text[3] ?? ''])};
	}

	// Where the mouse was moved or clicked: three bytes that would else be keys.
	if (text.startsWith(`${escape}[M`)) return {length: 6};
	const control = controlSequence.exec(text);
	if (control) return {length: control[0].length, ...named(controlKey(control[1], control[2]))};
	const said = answer.exec(text);
	if (said) return {length: said[0].length};
	if (text[1] === 'O')
		return {length: 3, ...named(letters[text[2] ?? ''] ?? keypad[text[2] ?? ''])};
	if (text[1] === escape) return {length: 1, key: 'escape'};
	// A broken control sequence is dropped up to what cannot belong to it.
	if (text[1] === '[') return {length: /^..[0-?]*/.exec(text)?.[0].length ?? 2};
	return {length: 1 + (Array.from(text.slice(1, 3))[0]?.length ?? 0)};
}

function named(name: string | undefined): {readonly key?: string} {
	return name === undefined ? {} : {key: name};
}

function controlKey(parameters = '', final = ''): string | undefined {
	const [first = '', modifier = '1'] = parameters.split(';');
	const isLetter = first === '' || first === '1';
	const name = final === '~' ? numbers[first] : isLetter ? letters[final] : undefined;
	if (name === undefined) return undefined;
	// 2 shift, 3 alt, 5 ctrl and their sums: keys of their own, which mean nothing so far.
	return modifier === '1' || modifier === '' ? name : `${modifierName(Number(modifier))}+${name}`;
}

function modifierName(modifier: number): string {
	const bits = modifier - 1;
	const names = ['shift', 'alt', 'ctrl'].filter((_, bit) => (bits & (1 << bit)) !== 0);
	return names.join('+') || 'other';
}

/** The key of one character that is not part of a sequence. */
function characterKey(character: string): readonly KeyInput[] {
	switch (character) {
		case '\r':
		case '\n':
			return [key('return')];
		case '\t':
			return [key('tab')];
		case '\b':
		case '\u007F':
			return [key('backspace')];
		case ' ':
			return [key('space', ' ')];
	}

	const code = character.codePointAt(0) ?? 0;
	if (code >= 1 && code <= 26) return [key(`ctrl+${String.fromCharCode(code + 96)}`)];
	// What is not shown as it is (control and invisible characters) is no text either.
	if (code < 32 || clean(character) !== character) return [];
	return [key(character, character)];
}

/** Makes a decoder for one terminal. Sequences that it does not know are dropped whole, never read as letters. */
export function createKeyDecoder(): KeyDecoder {
	let held = '';
	/** What was pasted so far, while a marked paste is under way. */
	let pasted: string | undefined;
	let burstUntilMs = 0;

	function endPaste(): readonly KeyInput[] {
		const lines = (pasted ?? '').split(/\r\n|\r|\n/);
		pasted = undefined;
		return [{type: 'paste', text: lines.map(line => clean(line)).join('\n')}];
	}

	/** Takes text of a marked paste out of what is held; the last characters stay, they may begin the end mark. */
	function takePasted(): readonly KeyInput[] {
		const end = held.indexOf(pasteEnd);
		const length = end === -1 ? Math.max(0, held.length - pasteEnd.length + 1) : end;
		pasted = ((pasted ?? '') + held.slice(0, length)).slice(0, pasteLength);
		held = held.slice(end === -1 ? length : end + pasteEnd.length);
		return end === -1 ? [] : endPaste();
	}

	function takeOne(): readonly KeyInput[] {
		if (!held.startsWith(escape)) {
			const character = String.fromCodePoint(held.codePointAt(0) ?? 0);
			held = held.slice(character.length);
			return characterKey(character);
		}

		if (held.startsWith(pasteStart)) {
			held = held.slice(pasteStart.length);
			pasted = '';
			return [];
		}

		const sequence = readSequence(held);
		held = held.slice(sequence.length);
		return sequence.key === undefined ? [] : [key(sequence.key)];
	}

	const isPasting = () => pasted !== undefined;

	function decode(): readonly KeyInput[] {
		const inputs: KeyInput[] = [];
		for (;;) {
			if (isPasting()) {
				inputs.push(...takePasted());
				if (isPasting()) return inputs;
			}

			if (held === '' || begunSequence.test(held)) return inputs;
			inputs.push(...takeOne());
		}
	}

	return {
		push(chunk, nowMs) {
			held += chunk;
			if (held.length > pasteLength * 4 && pasted === undefined && begunSequence.test(held)) {
				held = '';
			}

			const inputs = decode();
			const texts = inputs.flatMap(input =>
				input.type === 'key' && input.text ? [input.text] : [],
			);
			const isBurst = texts.length > typedAtOnce && new Set(texts).size > 1;
			if (!isBurst && nowMs >= burstUntilMs) return inputs;
			burstUntilMs = nowMs + burstMs;
			return isBurst ? [{type: 'paste', text: texts.join('').slice(0, pasteLength)}] : [];
		},
		waitMs() {
			if (pasted !== undefined) return pasteMs;
			if (held === '') return undefined;
			return held === escape ? escapeMs : sequenceMs;
		},
		flush() {
			if (pasted !== undefined) {
				held = '';
				return endPaste();
			}

			const isEscape = held === escape;
			held = '';
			return isEscape ? [key('escape')] : [];
		},
	};
}
