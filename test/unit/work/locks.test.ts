import {spawn} from 'node:child_process';
import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {isLocked} from '../../../src/work/locks.ts';
import {waitFor} from '../../support/wait.ts';

let root = '';

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-locks-'));
});

afterEach(async () => {
	await rm(root, {recursive: true, force: true});
});

test('looking for a lock that nobody made makes no file', async () => {
	expect(await isLocked(join(root, 'alive.lock'))).toBe(false);
	expect(await readdir(root)).toEqual([]);
});

test('many who look at the same moment do not take each other for a holder', async () => {
	const file = join(root, 'alive.lock');
	await writeFile(file, '');
	const looks = await Promise.all(Array.from({length: 12}, () => isLocked(file)));
	expect(looks).toEqual(looks.map(() => false));
});

test('a holder is seen until it ends', async () => {
	const file = join(root, 'alive.lock');
	const holder = spawn('flock', [file, 'cat'], {stdio: ['pipe', 'ignore', 'ignore']});
	try {
		await waitFor(async () => ((await isLocked(file)) ? true : undefined));
	} finally {
		holder.stdin.end();
	}

	await waitFor(async () => ((await isLocked(file)) ? undefined : true));
});
