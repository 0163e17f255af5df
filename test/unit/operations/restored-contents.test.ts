import {expect, it} from 'vitest';
import {
	compareContents,
	contentsOf,
	differenceOf,
} from '../../../src/operations/postgres/restored-contents.ts';

const users = {schema: 'public', name: 'users', rows: 3, hash: '17', bytes: 1};

it.each([
	[undefined, {expected: '3', found: 'absent'}],
	[{rows: 2}, {expected: '3', found: '2'}],
	[
		{rows: 3, hash: '-5'},
		{expected: '#17', found: '#-5'},
	],
	[{rows: 3}, {expected: '#17', found: '#'}],
])('says how a table differs that is %o', (found, said) => {
	expect(differenceOf(users, found)).toEqual({what: 'public.users', ...said});
	expect(differenceOf(users, users)).toBeUndefined();
});

it('cleans what names say', () => {
	const named = {...users, name: 'a\u001B[2Jb'};
	expect(differenceOf(named, undefined)?.what).not.toContain('\u001B');
});

it('compares which tables, sequences and broken indexes there are', () => {
	const expected = {
		tables: [users],
		sequences: [{schema: 'public', name: 'users_id_seq', lastValue: '10'}],
	};
	const answer = (tables: unknown, last: string, invalid: unknown) =>
		contentsOf({tables, sequences: [['public', 'users_id_seq', last]], invalid});
	// json_agg over nothing is null.
	expect(compareContents(expected, answer([['public', 'users']], '12', null))).toEqual([]);
	expect(compareContents(expected, answer([['public', 'extra']], '9', ['public.broken']))).toEqual([
		{what: 'public.extra', expected: 'absent', found: 'present'},
		{what: 'public.users_id_seq', expected: '10', found: '9'},
		{what: 'public.broken', expected: 'valid', found: 'invalid'},
	]);
	expect(compareContents(expected, contentsOf(null))).toEqual([
		{what: 'public.users_id_seq', expected: '10', found: 'absent'},
	]);
});
