import {expect, test} from 'vitest';
import {joined} from '../../views/parts/row.tsx';
import {span} from '../../views/parts/spans.ts';

test('pieces of one style become one piece, and nothing else is changed', () => {
	expect(
		joined([
			span('a'),
			span('b', {}),
			span('', {bold: true}),
			span('c', {bold: false}),
			span('d', {dim: true}),
			span('e', {dim: true}),
			span('f', {dim: true, color: 'red'}),
			span('g'),
		]),
	).toEqual([
		{text: 'abc'},
		{text: 'de', dim: true},
		{text: 'f', dim: true, color: 'red'},
		{text: 'g'},
	]);
	expect(joined([])).toEqual([]);
});
