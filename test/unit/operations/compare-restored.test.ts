import {expect, it} from 'vitest';
import {compareRestored} from '../../../src/operations/verify/compare-restored.ts';
import {manifestOf} from '../../support/manifests.ts';

const {database} = manifestOf();
if (!database) throw new Error('no database');
const facts = {...database, largeObjects: 0, unvalidatedConstraints: 1};

const good = {
	tables: [{schema: 'public', name: 'users', proof: '<row><c>10</c><h>-42</h></row>'}],
	sequences: [{schema: 'public', name: 'users_id_seq', lastValue: '10'}],
	largeObjects: 0,
	unvalidatedConstraints: 1,
	invalidIndexes: 0,
};
const table = (name: string, proof: string) => ({schema: 'public', name, proof});

it('finds nothing where everything is as in the manifest', () => {
	expect(compareRestored(facts, good)).toEqual([]);
	// What a manifest does not tell is not compared.
	const {largeObjects: _objects, ...older} = facts;
	expect(compareRestored(older, {...good, largeObjects: 7})).toEqual([]);
});

it.each([
	[
		{tables: [table('users', '<row><c>9</c><h>-42</h></row>')]},
		'public.users: 9 rows, 10 in the snapshot',
	],
	[{tables: [table('users', '<row><c>10</c><h>1</h></row>')]}, 'public.users: content'],
	[{tables: []}, 'public.users: missing'],
	[{tables: [...good.tables, table('new', '<row><c>0</c></row>')]}, 'public.new: extra'],
	[{sequences: []}, 'sequence public.users_id_seq: missing'],
	[
		{sequences: [{schema: 'public', name: 'users_id_seq', lastValue: '9'}]},
		'sequence public.users_id_seq: 9',
	],
	[{largeObjects: 2}, 'largeObjects: 2, not 0'],
	[{unvalidatedConstraints: 0}, 'unvalidatedConstraints: 0, not 1'],
	[{invalidIndexes: 1}, 'invalidIndexes: 1, not 0'],
	[{invalidIndexes: 'none'}, 'invalidIndexes: -1, not 0'],
])('tells %o', (change, line) => {
	expect(compareRestored(facts, {...good, ...change})).toEqual([line]);
});

it('refuses a table that was not counted', () => {
	expect(() => compareRestored(facts, {...good, tables: [table('users', 'no')]})).toThrow(
		'the table was not counted',
	);
});
