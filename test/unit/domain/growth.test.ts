import {expect, test} from 'vitest';
import {growthOf, middleOf, shareOf} from '../../../src/domain/growth.ts';
import {figuresLine, parseFigures, seriesOf, type Figures} from '../../../src/domain/figures.ts';
import {alertFacts} from '../../support/incidents.ts';
import {nowMs} from '../../support/state.ts';

const dayMs = 86_400_000;
const points = (values: readonly number[], everyMs = dayMs) =>
	values.map((value, index) => ({atMs: nowMs + index * everyMs, value}));

test('a straight line is found exactly, with the days until it is full', () => {
	const growth = growthOf(points([10, 12, 14, 16, 18, 20, 22]), 100);
	expect(growth).toMatchObject({kind: 'line', count: 7, days: 6});
	if (growth.kind !== 'line') throw new Error('it is a line');
	expect(growth.perDay).toBeCloseTo(2);
	expect(growth.now).toBeCloseTo(22);
	expect(growth.fit).toBeCloseTo(1);
	expect(growth.daysUntilFull).toBeCloseTo(39);
});

test.each([
	['nothing', []],
	['five readings', [1, 2, 3, 4, 5]],
])('%s are too little to tell', (_name, values) => {
	expect(growthOf(points(values), 10)).toMatchObject({kind: 'too-little', count: values.length});
});

test('many readings of one day are too little as well', () => {
	const many = points(
		Array.from({length: 100}, (_, index) => index),
		600_000,
	);
	expect(growthOf(many, 1000).kind).toBe('too-little');
});

test.each([
	['shrinks', [9, 8, 7, 6, 5, 4], 10],
	['stays', [5, 5, 5, 5, 5, 5], 10],
	['grows without a limit', [1, 2, 3, 4, 5, 6], undefined],
	['would need more than ten years', [1, 1.0001, 1.0002, 1.0003, 1.0004, 1.0005], 1000],
])('what %s has no day on which it is full', (_name, values, limit) => {
	const growth = growthOf(points(values), limit);
	expect(growth.kind).toBe('line');
	expect('daysUntilFull' in growth).toBe(false);
});

test('what is over its limit already is full now; jumps have a bad fit', () => {
	expect(growthOf(points([90, 94, 98, 102, 106, 110]), 100)).toMatchObject({daysUntilFull: 0});
	const jumping = growthOf(points([50, 10, 60, 5, 55, 12, 58]), 100);
	expect(jumping.kind === 'line' && jumping.fit < 0.5).toBe(true);
});

test('shares of values', () => {
	expect(middleOf([])).toBeUndefined();
	expect(middleOf([3, 1, 2])).toBe(2);
	expect(shareOf([1, 2, 3, 4], 0.95)).toBe(4);
	expect(shareOf([7], 0.05)).toBe(7);
});

test('a reading comes back from its line; what is not known stays so', () => {
	const figures: Figures = {
		atMs: nowMs,
		level: 'warn',
		values: {'host.cpu': {host: 12.3456}, 'host.disk': {'/': 91, '/odd "name"\n': null}},
		alerts: [alertFacts('host.disk')],
	};
	const back = parseFigures(figuresLine(figures));
	expect(back).toEqual({...figures, values: {...figures.values, 'host.cpu': {host: 12.35}}});
	const bytes = {...figures, values: {'capacity.disk-used': {'/': 123_456_789_012}}};
	expect(parseFigures(figuresLine(bytes))?.values['capacity.disk-used']).toEqual({
		'/': 123_456_800_000,
	});
	const series = seriesOf([figures, {...figures, atMs: nowMs + 1}], 'host.disk');
	expect(series).toMatchObject([
		{subject: '/', unknownCount: 0, points: [{value: 91}, {value: 91}]},
		{unknownCount: 2, points: []},
	]);
});

test.each(['', '{', '[]', '{"v":2}', '{"v":1,"t":"x","level":"ok"}', '{"v":1,"t":"2026-01-01"}'])(
	'%j is no reading',
	text => {
		expect(parseFigures(text)).toBeUndefined();
	},
);
