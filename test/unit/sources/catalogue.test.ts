import {createHash} from 'node:crypto';
import {mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {markerText} from '../../../src/domain/catalogue.ts';
import {manifestText, verificationText} from '../../../src/domain/manifest-json.ts';
import type {Manifest} from '../../../src/domain/manifest.ts';
import {readCatalogue} from '../../../src/sources/catalogue.ts';
import {localIo} from '../../support/io.ts';
import {manifestOf, verificationOf} from '../../support/manifests.ts';

let folder = '';
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'opsct-catalogue-'));
});
afterEach(() => rm(folder, {recursive: true, force: true}));

async function put(manifest: Manifest, name = manifest.id): Promise<string> {
	const at = join(folder, manifest.series, name);
	await mkdir(at, {recursive: true});
	const text = manifestText(manifest);
	await writeFile(join(at, 'manifest.json'), text);
	const sum = createHash('sha256').update(text).digest('hex');
	await writeFile(join(at, 'manifest.sha256'), `${sum}  manifest.json\n`);
	return at;
}

it('reads backups with their proofs and pins, newest first', async () => {
	const old = manifestOf({startedAt: '2026-11-19T00:00:00.000Z'});
	const young = manifestOf();
	await put(old);
	await put(young);
	await writeFile(join(folder, '.opsconsole'), markerText(young.id, 0));
	await writeFile(join(folder, 'pg-shop', `${old.id}.pin`), '');
	await mkdir(join(folder, 'verify'));
	const result = verificationOf(young.id, 3);
	await writeFile(join(folder, 'verify', 'a.json'), verificationText(result));
	const catalogue = await readCatalogue(localIo(), folder);
	expect(catalogue.backups.map(({id, isPinned}) => [id, isPinned])).toEqual([
		[young.id, false],
		[old.id, true],
	]);
	expect(catalogue.backups[0]).toMatchObject({verifications: [result], bytes: 1000});
	expect(catalogue).toMatchObject({marker: {id: young.id}, damaged: [], foreignCount: 0});
});

it('is empty where there is no folder yet', async () => {
	const catalogue = await readCatalogue(localIo(), join(folder, 'none'));
	expect(catalogue).toMatchObject({backups: [], isForeign: false, isTruncated: false});
});

it('tells what is damaged, unfinished, foreign and in the trash', async () => {
	const good = manifestOf();
	const at = await put(good);
	await writeFile(join(at, 'manifest.json'), manifestText({...good, note: 'changed'}));
	await put(good, '20261120T093000Z-00000001');
	await mkdir(join(folder, 'pg-shop', '20261120T093000Z-00000002.part'));
	await mkdir(join(folder, 'pg-shop', '20261120T093000Z-00000003'));
	await mkdir(join(folder, '.trash', `20261120T093000Z-00000004.pg-shop.${good.id}`), {
		recursive: true,
	});
	await mkdir(join(folder, 'pg-shop', 'mine'));
	await writeFile(join(folder, 'notes.txt'), '');
	await writeFile(join(folder, '.opsconsole'), 'another program');
	const catalogue = await readCatalogue(localIo(), folder);
	expect(catalogue).toMatchObject({backups: [], isForeign: true, foreignCount: 2});
	expect(catalogue.damaged.map(({cause}) => cause).toSorted()).toEqual([
		expect.stringContaining('ENOENT'),
		'manifest belongs to another backup',
		'manifest does not fit its checksum',
	]);
	expect(catalogue.unfinished).toEqual([{series: 'pg-shop', id: '20261120T093000Z-00000002'}]);
	expect(catalogue.trash.map(({id}) => id)).toEqual([good.id]);
});

it('follows no links: of series, backups or manifests', async () => {
	const at = await put(manifestOf());
	await symlink(join(folder, 'pg-shop'), join(folder, 'pg-linked'));
	await symlink(at, join(folder, 'pg-shop', '20261120T093000Z-00000001'));
	const fake = join(folder, 'pg-shop', '20261120T093000Z-00000002');
	await mkdir(fake);
	for (const name of ['manifest.json', 'manifest.sha256'])
		await symlink(join(at, name), join(fake, name));
	const catalogue = await readCatalogue(localIo(), folder);
	expect(catalogue.backups).toHaveLength(1);
	expect(catalogue.foreignCount).toBe(2);
	expect(catalogue.damaged).toMatchObject([{cause: 'manifest is no file'}]);
});

it('finds its backups among 50,000 files of others', async () => {
	await put(manifestOf());
	const files = Array.from({length: 50_000}, (_, index) => join(folder, 'pg-shop', `f${index}`));
	for (let start = 0; start < files.length; start += 500)
		await Promise.all(files.slice(start, start + 500).map(path => writeFile(path, '')));
	const catalogue = await readCatalogue(localIo(), folder);
	expect(catalogue).toMatchObject({foreignCount: 50_000, isTruncated: false});
	expect(catalogue.backups).toHaveLength(1);
});
