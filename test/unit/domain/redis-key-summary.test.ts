import {expect, test} from 'vitest';
import {prefixOf, summariseKeys} from '../../../src/domain/redis-key-summary.ts';

test.each([
	['user:1:name', 'user:'],
	['cache|page|1', 'cache|'],
	['a/b', 'a/'],
	['job123', 'job#'],
	[':odd1', ':odd#'],
	['x\u001b', String.raw`x\x1b`],
])('%j belongs to %s', (name, prefix) => {
	expect(prefixOf(name)).toBe(prefix);
});

test('a key that could not be measured counts only in its prefix', () => {
	const keys = [{name: 'gone:1', type: 'none', bytes: 0}];
	expect(summariseKeys(keys, {total: 1, database: 0, isComplete: true})).toMatchObject({
		scanned: 1,
		largest: [],
		byPrefix: [{prefix: 'gone:', keys: 1, bytes: 0}],
		withoutExpiry: 0,
	});
});

test('largest keys and prefixes by bytes', () => {
	const keys = [
		{name: 'a:1', type: 'string', bytes: 10},
		{name: 'a:2', type: 'string', bytes: 20, ttlSeconds: 5},
		{name: 'b', type: 'list', bytes: 25},
	];
	expect(summariseKeys(keys, {total: 9, database: 2, isComplete: false})).toEqual({
		database: 2,
		scanned: 3,
		total: 9,
		isComplete: false,
		largest: [
			{key: 'b', type: 'list', bytes: 25},
			{key: 'a:2', type: 'string', bytes: 20, ttlSeconds: 5},
			{key: 'a:1', type: 'string', bytes: 10},
		],
		byPrefix: [
			{prefix: 'a:', keys: 2, bytes: 30},
			{prefix: 'b', keys: 1, bytes: 25},
		],
		withoutExpiry: 2,
	});
});
