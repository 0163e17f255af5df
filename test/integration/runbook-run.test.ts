import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {beforeEach, describe, expect, test} from 'vitest';
import {holderOf, listWalks} from '../../src/work/walks.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const proc = await requireComponent('/proc', () => existsSync('/proc/self/stat'));
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const wizard = `id: crowded
kind: wizard
title: {en: The room is crowded, zh: 房间拥挤}
symptoms: [{en: no air, zh: 没有空气}]
covers: [H1-01]
on: host
causes: {}
start: see
nodes:
  see: {look: [host.load], next: who}
  who:
    ask: {en: 'Is anybody there?', zh: 有人吗？}
    choices:
      - {label: {en: 'yes', zh: 有}, next: fine}
      - {label: {en: 'no', zh: 没有}, next: away}
    unknown: away
  fine: {end: healthy, says: {en: somebody is, zh: 有人}}
  away: {end: not-found, says: {en: nobody is, zh: 没人}}
`;

let root = '';
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-run-'));
	await mkdir(join(root, 'runbooks'));
	await writeFile(join(root, 'runbooks', 'crowded.yaml'), wizard, {mode: 0o600});
	const off = ['environment: {kind: test, name: t}', 'docker: {enabled: false}'];
	const config = [...off, 'discovery: {enabled: false}'].join('\n');
	await writeFile(join(root, 'opsconsole.yaml'), config, {mode: 0o600});
	return () => rm(root, {recursive: true, force: true});
});

async function ops(...words: readonly string[]) {
	const environment = {...process.env, OPSCONSOLE_STATE: join(root, 'state')};
	return new Promise<{status: unknown; said: string; noticed: string}>(resolve => {
		execFile(
			process.execPath,
			[main, '--lang=en', 'runbook', ...words],
			{cwd: root, env: environment},
			(error, said, noticed) => resolve({status: error?.code ?? 0, said, noticed}),
		);
	});
}

describe.skipIf(proc.missing !== undefined)(titleWith(proc, 'runbook run'), () => {
	test('that needs a person leaves a walk that waits for one, and never blocks the next', async () => {
		const first = await ops('run', 'crowded');
		expect(first).toMatchObject({status: 1, noticed: ''});
		expect(first.said).toContain('A person is needed (exit status 1)');
		// Nothing new is brought: it looks anew, and the old one waits no longer.
		const second = await ops('run', 'crowded');
		expect(second).toMatchObject({status: 1});
		expect(second.noticed).toContain('looks anew');
		const kept = await listWalks(join(root, 'state'));
		expect(kept.map(({events}) => events.at(-1))).toMatchObject([
			{type: 'paused', reason: 'person'},
			{type: 'abandoned', reason: 'begun anew'},
		]);
		for (const {folder} of kept) expect(await holderOf(folder)).toBeUndefined();
	}, 60_000);
});
