import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {debianMirror} from '../../lab/base-image.ts';

let folder = '';

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'opsct-apt-'));
	await mkdir(join(folder, 'sources.list.d'));
});
afterAll(() => rm(folder, {recursive: true}));

it("takes the machine's own Debian mirror, in both formats, and Debian's otherwise", async () => {
	expect(await debianMirror(folder)).toBe('http://deb.debian.org/debian');
	await writeFile(
		join(folder, 'sources.list.d/debian.sources'),
		'Types: deb\nURIs: http://mirror.example/debian-security\n\nTypes: deb\nURIs: http://mirror.example/debian\n',
	);
	expect(await debianMirror(folder)).toBe('http://mirror.example/debian');
	await writeFile(
		join(folder, 'sources.list'),
		'# deb http://no.example/debian x\ndeb [signed-by=/a] https://near.example/debian/ bookworm main\n',
	);
	expect(await debianMirror(folder)).toBe('https://near.example/debian/');
});
