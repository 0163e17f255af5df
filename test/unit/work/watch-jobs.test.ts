import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Job} from '../../../src/domain/job.ts';
import {writeRunFolder} from '../../../src/work/run-folder.ts';
import {type JobWatch, watchJobs} from '../../../src/work/watch-jobs.ts';
import {planOf} from '../../support/plans.ts';
import {waitFor} from '../../support/wait.ts';

let root = '';
let watch: JobWatch | undefined;
let seen: readonly (readonly Job[])[] = [];

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-watch-'));
	seen = [];
});

afterEach(async () => {
	watch?.stop();
	await rm(root, {recursive: true, force: true});
});

function start(runs: string): void {
	watch = watchJobs(runs, jobs => {
		seen = [...seen, jobs];
	});
}

const latest = (ids: readonly string[]) =>
	waitFor(() =>
		seen
			.at(-1)
			?.map(({id}) => id)
			.join() === ids.join()
			? seen.at(-1)
			: undefined,
	);

const confirmation = {operator: {user: 'li', userId: 1000}, atMs: Date.now()};

test('a folder that is not there has no runs, and is looked at again when asked', async () => {
	const runs = join(root, 'ops');
	start(runs);
	await latest([]);
	await mkdir(runs);
	const plan = planOf({risk: 'safe'});
	await writeRunFolder(runs, plan, confirmation);
	watch?.now();
	expect(await latest([plan.id])).toMatchObject([{operation: plan.operation, state: 'starting'}]);
});

test('a new run is told without asking, and a removed one is forgotten', async () => {
	start(root);
	await latest([]);
	const plan = planOf({risk: 'safe', id: '20261121T101500Z-3f9c2a1b'});
	const folder = await writeRunFolder(root, plan, confirmation);
	await latest([plan.id]);
	await rm(folder, {recursive: true});
	await latest([]);
});
