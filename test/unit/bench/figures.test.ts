import {describe, expect, test} from 'vitest';
import {formatFigures, median, percentile, slope, spreadOf, verdict} from '../../bench/figures.ts';

test('median of odd, even and no values', () => {
	expect(median([3, 1, 2])).toBe(2);
	expect(median([4, 1, 2, 3])).toBe(2.5);
	expect(median([])).toBeNaN();
});

test('percentile by nearest rank', () => {
	const hundred = Array.from({length: 100}, (_, index) => 100 - index);
	expect(percentile(hundred, 0.95)).toBe(95);
	expect(percentile([7], 0.95)).toBe(7);
	expect(percentile([], 0.95)).toBeNaN();
});

test('the spread of several measurements in one note', () => {
	expect(spreadOf([3, 1, 2])).toBe('p50 2.00, p95 3.00, least 1.00, n 3');
});

test('slope of a line and of nothing', () => {
	expect(
		slope([
			[0, 1],
			[1, 3],
			[2, 5],
		]),
	).toBeCloseTo(2);
	expect(slope([[1, 1]])).toBe(0);
});

describe('verdict', () => {
	const figure = {bench: 'b', what: 'w', unit: 'ms', program: 'p', value: 10};
	test('compares with what was promised, and an unmeasured figure is missed', () => {
		expect(verdict(figure)).toBe('');
		expect(verdict({...figure, limit: 10})).toBe('kept');
		expect(verdict({...figure, limit: 9})).toBe('MISSED');
		expect(verdict({...figure, value: Number.NaN, limit: 9})).toBe('MISSED');
	});

	test('the table shows value, promise and verdict', () => {
		expect(formatFigures([{...figure, limit: 9}])).toContain('10.0 ms   <= 9.00   MISSED');
	});
});
