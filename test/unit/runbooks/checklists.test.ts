import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {loadRunbooks} from '../../../config/load-runbooks.ts';
import {judgeItem} from '../../../src/runbooks/checklist.ts';
import type {Value} from '../../../src/runbooks/field.ts';
import type {Evidence} from '../../../src/runbooks/look.ts';
import type {Item} from '../../../src/runbooks/runbook.ts';
import {declarationOf} from '../../../src/runbooks/say.ts';
import {createRandom} from '../../support/random-walk.ts';

const {runbooks} = await loadRunbooks([join(import.meta.dirname, '../../../config/runbooks')]);
const checklists = Object.values(runbooks).filter(one => one.kind === 'checklist');

/** Figures around the limits of the checklists, in the units of the looks. */
const figures = [
	0,
	0,
	0,
	1,
	3,
	9,
	20,
	60,
	82,
	93,
	99,
	400,
	3000,
	10 ** 6,
	10 ** 8,
	10 ** 10,
	10 ** 12,
];

function thrown(
	item: Item & {readonly by: 'console'},
	roll: (sides: number) => number,
): readonly Evidence[] {
	return item.looks.map(look => {
		const values: Record<string, Value> = {};
		for (const [name, field] of Object.entries(declarationOf(look)?.fields ?? {})) {
			if (field.type === 'number') values[name] = figures[roll(figures.length)] ?? 0;
			else values[name] = field.type === 'truth' ? roll(2) === 1 : (field.values?.[0] ?? 'x');
		}

		return {look, atMs: 0, values, lines: []};
	});
}

describe.each(checklists.map(list => [list.id, list] as const))('%s', (_id, {items, covers}) => {
	const looked = items.filter(item => item.by === 'console');

	test('what was not seen is no pass', () => {
		const outcomes = looked.map(item => judgeItem(item, []).outcome);
		expect(outcomes.filter(outcome => outcome === 'pass' || outcome === 'warn')).toEqual([]);
	});

	test.each(looked.map(item => [item.id, item] as const))(
		'%s can pass and can fail',
		(_item, item) => {
			const random = createRandom(7);
			const roll = (sides: number): number => Math.floor(random() * sides);
			const seen = new Set<string>();
			for (
				let run = 0;
				run < 4000 && !(seen.has('fail') && (seen.has('pass') || seen.has('warn')));
				run++
			) {
				seen.add(judgeItem(item, thrown(item, roll)).outcome);
			}

			expect([...seen]).toContain('fail');
			expect(seen.has('pass') || seen.has('warn')).toBe(true);
		},
	);

	test('it names the rows that it is for', () => {
		expect(covers).not.toEqual([]);
	});
});
