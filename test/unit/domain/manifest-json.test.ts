import {describe, expect, it} from 'vitest';
import {
	manifestText,
	parseManifest,
	parseVerification,
	VersionError,
	verificationText,
} from '../../../src/domain/manifest-json.ts';
import {ShapeError} from '../../../src/domain/shape.ts';
import {manifestOf, verificationOf} from '../../support/manifests.ts';

/** The manifest with one value changed by its path. */
function withValue(path: readonly string[], value: unknown): string {
	const tree: unknown = JSON.parse(manifestText(manifestOf()));
	let at: unknown = tree;
	for (const name of path.slice(0, -1)) at = Reflect.get(Object(at), name);
	Reflect.set(Object(at), path.at(-1) ?? '', value);
	return JSON.stringify(tree);
}

describe('manifests', () => {
	it('come back as they were written', () => {
		const manifest = manifestOf({note: '备份\n"quoted"', isSafety: true});
		expect(parseManifest(manifestText(manifest))).toEqual(manifest);
	});

	it('have one text, whatever the order of their properties', () => {
		const manifest = manifestOf();
		const turned = Object.fromEntries(Object.entries(manifest).reverse());
		expect(manifestText({...manifest, ...turned})).toBe(manifestText(manifest));
	});

	it('of a later major version are refused as such, whatever else is in them', () => {
		expect(() => parseManifest('{"version":2,"new":true}')).toThrow(VersionError);
	});

	it('may have more fields than this version knows', () => {
		expect(parseManifest(withValue(['laterField'], 1))).toEqual(manifestOf());
	});

	it.each([
		[['id'], '../../etc'],
		[['id'], '20261120T093000Z-A1B2C3D4'],
		[['series'], '..'],
		[['series'], 'a/b'],
		[['series'], '.trash'],
		[['artefacts'], []],
		[['artefacts', '0', 'name'], '../dump.pgc'],
		[['artefacts', '0', 'name'], 'a/b'],
		[['artefacts', '0', 'bytes'], -1],
		[['artefacts', '0', 'bytes'], 1.5],
		[['artefacts', '0', 'bytes'], '1000'],
		[['artefacts', '0', 'sha256'], 'A'.repeat(64)],
		[['startedAt'], 'yesterday'],
		[['kind'], 'cassette'],
		[['database'], undefined],
		[['database', 'tables'], {}],
		[['database', 'tables', '0', 'hash'], '1e9'],
		[['database', 'systemIdentifier'], 7],
		[['version'], '1'],
		[['operator'], null],
	])('with a wrong %s are refused', (path, value) => {
		expect(() => parseManifest(withValue(path, value))).toThrow(ShapeError);
	});

	it.each(['', '{', 'null', '[]', '1', '{}'])('are not read from %j', json => {
		expect(() => parseManifest(json)).toThrow(ShapeError);
	});

	it('do not take properties of the prototype for their own', () => {
		expect(() => parseManifest('{"__proto__":{"version":1}}')).toThrow(ShapeError);
	});
});

describe('results of verifications', () => {
	it('come back as they were written', () => {
		const result = verificationOf('20261120T093000Z-a1b2c3d4', 3);
		expect(parseVerification(verificationText(result))).toEqual(result);
	});

	it('of an unknown level are refused', () => {
		expect(() =>
			parseVerification(
				verificationText(verificationOf('20261120T093000Z-a1b2c3d4', 3)).replace(
					'"level": 3',
					'"level": 9',
				),
			),
		).toThrow(ShapeError);
	});
});
