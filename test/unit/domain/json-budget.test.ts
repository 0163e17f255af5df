import {expect, test} from 'vitest';
import {isWithinBudget} from '../../../src/domain/json-budget.ts';

const budget = {depth: 3, values: 5};

test.each([
	['{"a": [1, {"b": 2}]}', true],
	['[[[1]]]', true],
	['[[[[1]]]]', false],
	['[1,2,3,4]', true],
	['[1,2,3,4,5]', false],
	// What stands in a text is no bracket, whatever quotes and backslashes there are.
	['["[[[[[[[,,,,,,,"]', true],
	[String.raw`["a\"[[[[[[", "\\"]`, true],
	[String.raw`["\\", [[[[1]]]]]`, false],
	['["[[[[[[[', true],
])('%s', (json, expected) => {
	expect(isWithinBudget(json, budget)).toBe(expected);
});
