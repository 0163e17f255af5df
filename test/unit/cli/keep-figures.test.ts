import {chmod, mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {beforeEach, expect, test} from 'vitest';
import {keepFigures} from '../../../src/keep-figures.ts';
import type {Io} from '../../../src/io/io.ts';
import {container, stateWith} from '../../support/state.ts';

let root = '';
const state = stateWith({containers: [container('app')]});

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-keep-'));
	return () => rm(root, {recursive: true, force: true});
});

/** Only what says where the state is. */
function io(folder: string): Io {
	const known = {
		environment: {OPSCONSOLE_STATE: folder},
		host: {userId: () => process.getuid?.() ?? -1},
	};
	return known as unknown as Io;
}

test('a reading is remembered where there is a state folder of our own', async () => {
	const folder = join(root, 'state');
	await mkdir(folder, {mode: 0o700});
	await keepFigures(io(folder), state);
	expect(await readdir(join(folder, 'figures'))).toContain('2026-11.jsonl');
});

test('looking makes no folder, writes into none of others, and never fails', async () => {
	await keepFigures(io(join(root, 'none')), state);
	expect(await readdir(root)).toEqual([]);
	const open = join(root, 'open');
	await mkdir(open);
	await chmod(open, 0o755);
	await keepFigures(io(open), state);
	expect(await readdir(open)).toEqual([]);
	const blocked = join(root, 'blocked');
	await mkdir(blocked, {mode: 0o700});
	await writeFile(join(blocked, 'figures'), '');
	await keepFigures(io(blocked), state);
	expect(await readdir(blocked)).toEqual(['figures']);
});
