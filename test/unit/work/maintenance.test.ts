import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeEach, describe, expect, test} from 'vitest';
import {raiseMaintenance, readMaintenance} from '../../../src/work/maintenance.ts';
import {planOf} from '../../support/plans.ts';
import {requireComponent, titleWith} from '../../support/require-component.ts';

const flock = await requireComponent('flock', () => existsSync('/usr/bin/flock'));
const atMs = Date.UTC(2026, 10, 20, 12);
const ids = ['20261120T120000Z-00000001', '20261120T120000Z-00000002'] as const;

let root = '';
let workers: readonly ChildProcess[] = [];
const places = () => ({maintenance: join(root, 'maintenance.json'), runs: join(root, 'ops')});
const plan = (id: string) => planOf({risk: 'disruptive', id});

/** Holds the lock of a run as its worker does, until it is ended. */
async function live(id: string): Promise<ChildProcess> {
	const folder = join(root, 'ops', id);
	await mkdir(folder, {recursive: true});
	const argv = [join(folder, 'alive.lock'), '/bin/sh', '-c', 'echo; read x'];
	const child = spawn('flock', argv, {stdio: ['pipe', 'pipe', 'ignore']});
	workers = [...workers, child];
	await once(child.stdout, 'data');
	return child;
}

async function die(child: ChildProcess): Promise<void> {
	const gone = once(child, 'exit');
	child.stdin?.end();
	await gone;
}

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-maintenance-'));
	workers = [];
	return async () => {
		await Promise.all(workers.filter(({exitCode}) => exitCode === null).map(die));
		await rm(root, {recursive: true, force: true});
	};
});

describe.skipIf(flock.missing !== undefined)(titleWith(flock, 'the maintenance flag'), () => {
	test('is there while operations run, and gone after the last', async () => {
		await Promise.all(ids.map(live));
		const lower = await Promise.all(ids.map(id => raiseMaintenance(places(), plan(id), atMs)));
		const text = await readFile(places().maintenance, 'utf8');
		expect(JSON.parse(text)).toMatchObject({version: 1, operations: [{}, {}]});
		expect(await readMaintenance(places())).toContainEqual({
			id: ids[0],
			operation: 'restart-service',
			target: expect.stringMatching(/^test\//) as string,
			risk: 'disruptive',
			since: '2026-11-20T12:00:00.000Z',
			pid: process.pid,
		});
		await lower[0]?.();
		expect((await readMaintenance(places())).map(({id}) => id)).toEqual([ids[1]]);
		await lower[1]?.();
		expect(existsSync(places().maintenance)).toBe(false);
	});

	test('what a crash left is not believed, and goes with the next operation', async () => {
		const [dead, next] = ids;
		const worker = await live(dead);
		await raiseMaintenance(places(), plan(dead), atMs);
		expect(await readMaintenance(places())).toHaveLength(1);
		await die(worker);
		expect(await readMaintenance(places())).toEqual([]);
		await live(next);
		const lower = await raiseMaintenance(places(), plan(next), atMs);
		expect(JSON.parse(await readFile(places().maintenance, 'utf8'))).toMatchObject({
			operations: [{id: next}],
		});
		await lower();
		expect(existsSync(places().maintenance)).toBe(false);
	});

	test('nonsense in the file, or a folder that is none, stops nobody', async () => {
		await writeFile(places().maintenance, '{"operations": [{"id": "../..", "pid": 1}, 7');
		expect(await readMaintenance(places())).toEqual([]);
		const elsewhere = join(root, 'link');
		await symlink(join(root, 'ops'), elsewhere);
		const linked = {...places(), maintenance: join(elsewhere, 'maintenance.json')};
		await mkdir(places().runs);
		const lower = await raiseMaintenance(linked, plan(ids[0]), atMs);
		await lower();
		expect(existsSync(linked.maintenance)).toBe(false);
	});
});
