import {describe, expect, it} from 'vitest';
import {
	compareSequences,
	compareTable,
	compareTables,
	extraTables,
} from '../../../src/domain/compare-tables.ts';

const users = {schema: 'public', name: 'users', rows: 3, hash: '17'};

describe('one table', () => {
	it('is equal where rows and hash are, and without a hash in the manifest where the rows are', () => {
		expect(compareTable(users, {rows: 3, hash: '17'})).toBeUndefined();
		expect(
			compareTable({schema: 'public', name: 'users', rows: 3}, {rows: 3, hash: '17'}),
		).toBeUndefined();
	});

	it.each([
		['missing', undefined, {what: 'missing', wanted: 3}],
		['of other rows', {rows: 2, hash: '17'}, {what: 'rows', wanted: 3, found: 2}],
		['of other content', {rows: 3, hash: '-5'}, {what: 'content', wanted: '17', found: '-5'}],
		['not hashed although it should be', {rows: 3}, {what: 'content', wanted: '17', found: ''}],
	])('differs when it is %s', (_, found, difference) => {
		expect(compareTable(users, found)).toEqual({table: 'public.users', ...difference});
	});
});

describe('all tables', () => {
	it('are equal in any order', () => {
		const other = {schema: 'app', name: 'users', rows: 0};
		expect(compareTables([users, other], [other, users])).toEqual([]);
		expect(compareTables([], [])).toEqual([]);
	});

	it('are told apart by schema and name, also where the two run into each other', () => {
		const left = {schema: 'a.b', name: 'c', rows: 1};
		const right = {schema: 'a', name: 'b.c', rows: 1};
		expect(extraTables([left], [right])).toEqual([right]);
		expect(compareTables([left], [right])).toEqual([
			{table: 'a.b.c', what: 'missing', wanted: 1},
			{table: 'a.b.c', what: 'extra'},
		]);
	});
});

it('finds the sequences that are missing or behind, not those that went on', () => {
	const wanted = ['one', 'two', 'three', 'four'].map(name => ({
		schema: 's',
		name,
		lastValue: '10',
	}));
	const found = [
		{schema: 's', name: 'one', lastValue: '11'},
		{schema: 's', name: 'two', lastValue: '9'},
		{schema: 's', name: 'three', lastValue: ''},
	];
	expect(compareSequences(wanted, found)).toEqual([
		{sequence: 's.two', wanted: '10', found: '9'},
		{sequence: 's.three', wanted: '10', found: ''},
		{sequence: 's.four', wanted: '10', found: undefined},
	]);
});
