import {expect, test} from 'vitest';
import {unifiedDiff} from '../../../src/domain/unified-diff.ts';

const plain = {isSecret: false};

test('changed lines with two lines around them', () => {
	const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].join('\n');
	const after = ['a', 'b', 'c', 'X', 'e', 'f', 'g', 'h'].join('\n');
	expect(unifiedDiff(before, after, plain)).toEqual({
		lines: ['@@ 2 @@', ' b', ' c', '-d', '+X', ' e', ' f', ' g', '+h'],
		added: 2,
		removed: 1,
		isCut: false,
	});
});

test('nothing changed, everything new, everything gone', () => {
	expect(unifiedDiff('a\n', 'a\n', plain).lines).toEqual([]);
	expect(unifiedDiff('', 'a\nb\n', plain)).toMatchObject({added: 2, removed: 0});
	expect(unifiedDiff('a\nb\n', '', plain)).toMatchObject({added: 0, removed: 2});
});

test('a secret shows that it changed and not what it is', () => {
	const {lines} = unifiedDiff(
		'DB_PASSWORD=alpha-1\nPORT=1\n',
		'DB_PASSWORD=beta-2\nPORT=2\n',
		plain,
	);
	expect(lines).toEqual(['@@ 1 @@', '-DB_PASSWORD=•••', '-PORT=1', '+DB_PASSWORD=•••', '+PORT=2']);
});

test('every value of a secret file is masked, and what has no name', () => {
	const {lines} = unifiedDiff('', '# about\nexport A=one\nB: two\n-----BEGIN\nMIIabc\n', {
		isSecret: true,
	});
	expect(lines).toEqual(['@@ 1 @@', '+# about', '+export A=•••', '+B: •••', '+•••', '+•••']);
});

test('escape sequences are shown, long comparisons are cut', () => {
	expect(unifiedDiff('', 'a\u001b[2J\n', plain).lines.at(-1)).toBe('+a\\x1b[2J');
	const long = Array.from({length: 3000}, (_, n) => `line ${n}`).join('\n');
	const diff = unifiedDiff(long, long.replaceAll('line', 'row'), {...plain, maxLines: 10});
	expect(diff).toMatchObject({added: 3000, removed: 3000, isCut: true});
	expect(diff.lines).toHaveLength(10);
});
