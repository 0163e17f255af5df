import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {graphemes, simpleWidth} from '../../../src/domain/graphemes.ts';

const icu = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** Every character of the basic plane that stands alone (no halves of pairs). */
const characters = Array.from({length: 0xffff}, (_, index) => index + 1)
	.filter(code => code < 0xd800 || code > 0xdfff)
	.map(code => String.fromCodePoint(code));

/** The same numbers on every run. */
function createRandom(seed: number): (below: number) => number {
	let state = seed;
	return below => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		return Math.floor((state / 2_147_483_648) * below);
	};
}

function piecesOf(segmenter: {segment(text: string): Iterable<{segment: string; index: number}>}) {
	return (text: string) =>
		Array.from(segmenter.segment(text), ({segment, index}) => `${String(index)}:${segment}`);
}

const own = piecesOf(graphemes);
const full = piecesOf(icu);

test('every character is split and measured as by ICU and string-width, alone and between others', () => {
	const wrong: string[] = [];
	let shortcuts = 0;
	for (const character of characters) {
		const text = `a${character}${character}─${character}中`;
		if (own(text).join('|') !== full(text).join('|')) wrong.push(`split ${character}`);
		for (const measured of [character, text]) {
			const width = simpleWidth(measured);
			if (width === undefined) continue;
			shortcuts++;
			if (width !== stringWidth(measured)) wrong.push(`width ${character}`);
		}
	}

	expect(wrong).toEqual([]);
	expect(shortcuts).toBeGreaterThan(40_000);
});

test('mixed texts are split and measured the same way', () => {
	const random = createRandom(7);
	const others = [
		'\r\n',
		'\r',
		'👩‍👩‍👧',
		'é',
		'⚠️',
		'🇩🇪',
		'1️⃣',
		'각',
		'ﾞ',
		'\u200d',
		'\u001B[31m',
		' ',
	];
	const pick = () => {
		if (random(3) === 0) return others[random(others.length)] ?? '';
		return characters[random(random(2) === 0 ? 0x2600 : characters.length)] ?? '';
	};
	for (let round = 0; round < 20_000; round++) {
		const text = Array.from({length: 1 + random(6)}, pick).join('');
		expect(own(text)).toEqual(full(text));
		const width = simpleWidth(text);
		if (width !== undefined) expect(width, JSON.stringify(text)).toBe(stringWidth(text));
	}
});

test('a place in a text is found as by ICU', () => {
	for (const text of ['▶ 容器 ░', '👩‍👩‍👧 x', '']) {
		for (const index of [0, 1, 3, 20]) {
			const found = graphemes.segment(text).containing(index);
			const wanted = icu.segment(text).containing(index);
			expect([found?.segment, found?.index]).toEqual([wanted?.segment, wanted?.index]);
		}
	}
});

test('what a screen is made of takes the short way', () => {
	expect(simpleWidth('▶ db  healthy ██░░ ▁▂▃ 12 %')).toBe(27);
	expect(simpleWidth('─ 1 容器 …')).toBe(10);
	expect(simpleWidth('⚠️')).toBeUndefined();
});
