import {expect, test} from 'vitest';
import {cacheRecords, chooseRecords} from '../../../src/operations/disk/build-cache.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const id = (name: string) => name.padEnd(25, '0');

function record(name: string, facts: Readonly<Record<string, unknown>> = {}) {
	const LastUsedAt = '2026-11-01T12:00:00.123456789Z';
	const base = {ID: id(name), Type: 'regular', Description: name, Size: 10, LastUsedAt};
	return {...base, InUse: false, Shared: false, ...facts};
}

test('what is old and needed by nothing goes, what is made from something before it', () => {
	const records = cacheRecords({
		BuildCache: [
			record('base'),
			record('layer', {Parent: id('base')}),
			record('top', {Parents: [id('layer')]}),
			record('young', {LastUsedAt: '2026-11-21T11:00:00Z'}),
			record('image', {Shared: true}),
			record('below', {}),
			record('above', {Parent: id('below'), Shared: true}),
			record('building', {InUse: true}),
			record('syntax', {Type: 'frontend'}),
			record('foreign', {ID: '../../x'}),
			record('large', {Size: 999}),
		],
	});
	const chosen = chooseRecords(records, now - 7 * 24 * 3_600_000);
	expect(chosen.map(({description}) => description)).toEqual(['large', 'top', 'layer', 'base']);
});

test('an engine without a build cache has no records', () => {
	expect(cacheRecords({BuildCache: null})).toEqual([]);
	expect(cacheRecords({})).toEqual([]);
});
