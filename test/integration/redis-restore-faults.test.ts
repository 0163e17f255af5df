import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, afterEach, describe, expect, test} from 'vitest';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {readCatalogue} from '../../src/sources/catalogue.ts';
import {backupRedis} from '../../src/operations/redis/backup.ts';
import {restoreRedis} from '../../src/operations/redis/restore.ts';
import {docker} from '../lab/docker.ts';
import {ensureImages} from '../lab/images.ts';
import {label, runId} from '../lab/run-id.ts';
import {freePort} from '../support/free-port.ts';
import {
	performNow,
	planNow,
	recoverNow,
	removeFolders,
	type PerformOptions,
} from '../support/perform.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {infoField, redisMissing, startRedis, type RedisServer} from '../support/redis-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {waitFor} from '../support/wait.ts';

const redis = await requireComponent('redis-server', () => redisMissing ?? true);
const engine = await requireComponent('docker', prepareEngine);
const act = createAct();
const servers: RedisServer[] = [];

afterEach(removeFolders);
afterAll(async () => {
	await Promise.all(servers.map(server => server.remove()));
});

async function server(args: readonly string[] = []) {
	const one = await startRedis({args});
	servers.push(one);
	const options: PerformOptions = {act, targets: {redis: [one.target()]}};
	return {one, options};
}

async function fill(one: RedisServer, count: number, value = 'x'): Promise<void> {
	const lines = Array.from({length: count}, (_, n) => `SET key:${n} ${value}`);
	await one.cli([], {input: `${lines.join('\n')}\n`});
}

describe.skipIf(redis.missing !== undefined)(titleWith(redis, 'a Redis that misbehaves'), () => {
	test('a save that is running already is not taken for ours (B24)', async () => {
		const {one, options} = await server();
		await fill(one, 100);
		await one.cli(['CONFIG', 'SET', 'rdb-key-save-delay', '5000']);
		await one.cli(['BGSAVE']);
		await one.cli(['CONFIG', 'SET', 'rdb-key-save-delay', '0']);
		await one.cli(['SET', 'written-after-that-save', '1']);
		const made = await performNow(backupRedis, {}, options);
		expect(made.outcome).toBe('done');
		const {backups} = await readCatalogue(createIo(), made.folders.backups);
		expect(backups[0]?.manifest.redis?.databases).toEqual([{index: 0, keys: 101, expires: 0}]);
	});

	test('a save that fails publishes nothing, not even the old dump (B24)', async () => {
		const {one, options} = await server();
		await fill(one, 10);
		await one.cli(['SAVE']);
		// The folder of its dumps vanishes under it, as a disk that is no longer mounted.
		rmSync(one.folder, {recursive: true});
		const failed = await performNow(backupRedis, {}, options);
		expect(failed.end).toMatchObject({problem: {code: 'redis-own-save-failed'}});
		const {backups, unfinished} = await readCatalogue(createIo(), failed.folders.backups);
		expect([backups, unfinished]).toEqual([[], []]);
	});

	test('too little maxmemory and attached replicas are refused (B25)', async () => {
		const {one, options} = await server();
		await fill(one, 2000, 'y'.repeat(2000));
		const {folders} = await performNow(backupRedis, {}, options);
		const request = {backup: 'latest'};
		await one.cli(['CONFIG', 'SET', 'maxmemory', '3mb']);
		await expect(planNow(restoreRedis, request, {...options, folders})).rejects.toMatchObject({
			problem: {code: 'redis-maxmemory-too-small'},
		});
		await one.cli(['CONFIG', 'SET', 'maxmemory', '0']);
		const {one: replica} = await server(['--replicaof', '127.0.0.1', String(one.port)]);
		await waitFor(
			async () =>
				infoField(await one.cli(['INFO']), 'connected_slaves') === '1' ? true : undefined,
			{what: 'the replica'},
		);
		await expect(planNow(restoreRedis, request, {...options, folders})).rejects.toMatchObject({
			problem: {code: 'redis-has-replicas'},
		});
		const asReplica = {act, folders, targets: {redis: [replica.target()]}};
		const {backups} = await readCatalogue(createIo(), folders.backups);
		const own = {backup: backups[0]?.id ?? ''};
		await expect(planNow(restoreRedis, own, asReplica)).rejects.toMatchObject({
			problem: {code: 'redis-is-replica'},
		});
	});

	test('the scratch server dies: the old data stays and the server is a master (B26)', async () => {
		const {one, options} = await server(['--appendonly', 'yes']);
		await fill(one, 50);
		const {folders} = await performNow(backupRedis, {}, options);
		await one.cli(['SET', 'later', '1']);
		const onPlace = (step: string, place: string, count: number) => {
			if (step === 'replicate' && place === 'mid' && count === 2) {
				const own = join(folders.scratch, readdirSync(folders.scratch)[0] ?? '', 'pid');
				process.kill(Number(readFileSync(own, 'utf8')), 'SIGKILL');
			}

			return Promise.resolve();
		};
		const failed = await performNow(
			restoreRedis,
			{backup: 'latest'},
			{...options, folders, onPlace},
		);
		expect(failed.end).toMatchObject({outcome: 'undone', problem: {code: 'redis-scratch-failed'}});
		expect(await one.cli(['DBSIZE'])).toBe('51');
		expect(infoField(await one.cli(['INFO']), 'role')).toBe('master');
		expect(await readdir(folders.scratch)).toEqual([]);
	});

	test('the server restarts before recovery: its data is of one side and it is a master (B27)', async () => {
		for (const failAt of ['replicate:mid2', 'replicate:effect']) {
			const {one, options} = await server(['--appendonly', 'yes']);
			await fill(one, 50);
			const {folders} = await performNow(backupRedis, {}, options);
			await one.cli(['SET', 'later', '1']);
			const died = await performNow(
				restoreRedis,
				{backup: 'latest'},
				{...options, folders, failAt},
			);
			await one.stop();
			await one.start();
			const after = await recoverNow(restoreRedis, died, options);
			const keys = await one.cli(['DBSIZE']);
			expect({failAt, outcome: after.outcome, keys}).toEqual(
				keys === '51'
					? {failAt, outcome: 'undone', keys: '51'}
					: {failAt, outcome: 'done', keys: '50'},
			);
			expect(infoField(await one.cli(['INFO']), 'role')).toBe('master');
		}
	});
});

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'a Redis in a container'), () => {
	test('is backed up and restored by sidecars of its own image', async () => {
		const images = await ensureImages();
		const port = await freePort();
		const name = `opsconsole-test-redis-${process.pid}`;
		await docker([
			...['run', '--detach', '--name', name, '--label', `${label}=${runId()}`],
			...['--publish', `127.0.0.1:${port}:6379`, images.redis],
			...['redis-server', '--appendonly', 'yes', '--protected-mode', 'no'],
		]);
		try {
			const [id = '', imageId = ''] = (
				await docker(['inspect', '--format', '{{.Id}} {{.Image}}', name])
			).split(' ');
			const cli = (...args: readonly string[]) => docker(['exec', name, 'redis-cli', ...args]);
			await waitFor(
				() =>
					cli('PING').then(
						answer => answer === 'PONG' || undefined,
						() => undefined,
					),
				{
					what: 'redis in its container',
				},
			);
			const ref = {containerId: id, containerName: name};
			const target = {
				id: name,
				origin: 'container',
				host: '127.0.0.1',
				port,
				tls: 'off',
				container: ref,
			} as const;
			const container = {
				id,
				key: name,
				name,
				image: images.redis,
				imageId,
				command: '',
				state: 'running',
				health: 'none',
				restartCount: 0,
				recentRestarts: 0,
				isCrashLooping: false,
				oomKilled: false,
				createdAtMs: 0,
				ports: [],
				addresses: [],
				isInspected: true,
			} as const;
			await cli('MSET', 'a', '1', 'b', '2');
			const options = {act, targets: {redis: [target]}, containers: [container]};
			const made = await performNow(backupRedis, {}, options);
			expect(made.end).toMatchObject({outcome: 'done'});
			await cli('MSET', 'a', 'changed', 'c', '3');
			const {folders} = made;
			const restored = await performNow(restoreRedis, {backup: 'latest'}, {...options, folders});
			expect(restored.end).toMatchObject({outcome: 'done'});
			await docker(['restart', '--time', '10', name]);
			await waitFor(
				() =>
					cli('PING').then(
						answer => answer === 'PONG' || undefined,
						() => undefined,
					),
				{
					what: 'redis after its restart',
				},
			);
			expect(await cli('MGET', 'a', 'b', 'c')).toBe('1\n2\n');
			const left = [
				'ps',
				'--all',
				'--quiet',
				'--filter',
				`label=opsconsole.op=${restored.plan.id}`,
			];
			expect(await docker(left)).toBe('');
		} finally {
			await docker(['rm', '--force', '--volumes', name]);
		}
	});
});
