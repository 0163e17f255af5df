import {describe, expect, it} from 'vitest';
import {
	fileNameOf,
	markerText,
	parseMarker,
	parseTrashName,
	proofOf,
	timeOfId,
	trashFolder,
} from '../../../src/domain/catalogue.ts';
import {seriesPattern} from '../../../src/domain/manifest-json.ts';
import {verificationOf} from '../../support/manifests.ts';

const id = '20261120T093000Z-a1b2c3d4';
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();
const good = (level: 0 | 1 | 2 | 3 | 4, minute: number) =>
	verificationOf(id, level, {at: at(minute)});
const bad = (level: 0 | 1 | 2 | 3 | 4, minute: number) =>
	verificationOf(id, level, {at: at(minute), isGood: false});

describe('the proof of a backup', () => {
	it('is nothing without a verification', () => {
		expect(proofOf([])).toEqual({});
	});

	it('is the highest level, and when it was last reached', () => {
		expect(proofOf([good(3, 1), good(2, 2), good(3, 5), good(1, 9)])).toEqual({
			level: 3,
			atMs: Date.parse(at(5)),
		});
	});

	it('is taken back by a failure at its level or below, in whatever order the results are read', () => {
		const wrong = bad(1, 5);
		expect(proofOf([wrong, good(3, 1)])).toEqual({failure: wrong});
	});

	it('keeps what lies below a failure', () => {
		const wrong = bad(3, 5);
		expect(proofOf([good(2, 1), good(3, 2), wrong])).toEqual({
			level: 2,
			atMs: Date.parse(at(1)),
			failure: wrong,
		});
	});

	it('comes back with a good result of the failed level', () => {
		expect(proofOf([good(2, 1), bad(2, 2), good(3, 3)])).toEqual({
			level: 3,
			atMs: Date.parse(at(3)),
		});
		expect(proofOf([good(3, 1), bad(2, 2), good(1, 3)])).toMatchObject({
			level: 1,
			failure: {level: 2},
		});
	});
});

describe('names in a catalogue', () => {
	it.each([
		['shop', 'shop'],
		['../etc', '%2e%2e%2fetc'],
		['-Fc', '-Fc'],
		['$(touch x)', '%24%28touch%20x%29'],
		['库', '%e5%ba%93'],
	])('of %j is %j', (name, expected) => {
		expect(fileNameOf(name)).toBe(expected);
		expect(`pg-${fileNameOf(name)}`).toMatch(seriesPattern);
	});

	it('of different databases differ', () => {
		expect(fileNameOf('a.b')).not.toBe(fileNameOf('a%2eb'));
	});

	it('of 63 bytes of any kind fit into a file name', () => {
		expect(`pg-${fileNameOf('库'.repeat(21))}`).toMatch(seriesPattern);
	});

	it('of the trash tell operation, series and backup', () => {
		const folder = trashFolder({folder: '/b', series: 'pg-a.b', id}, '20261121T000000Z-00000001');
		expect(parseTrashName(folder.slice('/b/.trash/'.length))).toMatchObject({
			operation: '20261121T000000Z-00000001',
			series: 'pg-a.b',
			id,
			sinceMs: Date.UTC(2026, 10, 21),
		});
		expect(parseTrashName('old')).toBeUndefined();
	});

	it('hold their time', () => {
		expect(timeOfId(id)).toBe(Date.UTC(2026, 10, 20, 9, 30));
		expect(timeOfId('20269920T093000Z-a1b2c3d4')).toBeUndefined();
	});
});

it('a marker is read as it was written, and nothing else is one', () => {
	expect(parseMarker(markerText(id, 0))).toEqual({
		version: 1,
		id,
		createdAt: '1970-01-01T00:00:00.000Z',
	});
	for (const text of ['', '{}', '{"version":2}', 'null']) expect(() => parseMarker(text)).toThrow();
});
