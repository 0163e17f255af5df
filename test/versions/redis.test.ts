import {randomBytes} from 'node:crypto';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {createRedis} from '../../src/io/redis.ts';
import {backupRedis} from '../../src/operations/redis/backup.ts';
import {restoreRedis} from '../../src/operations/redis/restore.ts';
import {redisVerifier} from '../../src/operations/redis/verifier.ts';
import {verifyBackupWith} from '../../src/operations/verify/verify-backup.ts';
import {redisKeys} from '../../src/sources/redis-keys.ts';
import {redisServer} from '../../src/sources/redis-server.ts';
import {docker} from '../lab/docker.ts';
import {realClock} from '../support/clock.ts';
import {partialIo} from '../support/io.ts';
import {makeFolders, performNow, removeFolders, type PerformOptions} from '../support/perform.ts';
import {makePlace} from '../support/program.ts';
import {infoField} from '../support/redis-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {statusDocumentOf} from '../support/status-document.ts';
import {startRedisContainer, type RedisContainer} from './redis-container.ts';
import {redisImages, serverImage} from './server-images.ts';

const act = createAct();
const verifyBackup = verifyBackupWith({redis: redisVerifier});

/** All keys with their values, as one text. */
const contents = `
	local keys = redis.call('keys', '*')
	table.sort(keys)
	local all = {}
	for _, key in ipairs(keys) do
		table.insert(all, key .. '=' .. redis.sha1hex(redis.call('dump', key)))
	end
	return table.concat(all, ' ')`;

for (const image of redisImages) {
	const {kind, version} = image;
	const title = `${kind === 'redis' ? 'Redis' : 'Valkey'} ${version}`;
	let name = '';
	const there = await requireComponent(title, async () => {
		name = await serverImage(image);
		return true;
	});
	describe.skipIf(there.missing !== undefined)(titleWith(there, title), () => {
		const project = `opsct-${randomBytes(4).toString('hex')}`;
		const redis = createRedis({clock: realClock});
		let server: RedisContainer;
		let options: PerformOptions;

		beforeAll(async () => {
			server = await startRedisContainer(kind, name, project);
			options = {
				act,
				io: createIo(),
				folders: await makeFolders(),
				targets: {redis: [server.target]},
				containers: [server.container],
			};
			await server.cli('MSET', ...Array.from({length: 200}, (_, n) => [`user:${n}`, 'x']).flat());
			await server.cli('RPUSH', 'queue', 'a'.repeat(500), 'b', 'c');
			await server.cli('HSET', 'hash', 'field', 'one');
			await server.cli('ZADD', 'board', '1', 'one', '2', 'two');
			await server.cli('XADD', 'stream', '*', 'field', 'value');
			await server.cli('SET', 'soon', 'x', 'EX', '86400');
		});
		afterAll(async () => {
			await redis(server.target).close();
			await server.remove();
			await removeFolders();
		});

		it('tells its state as its own client does', async () => {
			await server.cli('GET', 'soon');
			const value = await redisServer
				.open(partialIo({redis}), server.target)
				.read(AbortSignal.timeout(10_000));
			const info = await server.cli('INFO', 'everything');
			const field = (one: string) => infoField(info, one);
			expect(value).toMatchObject({
				flavour: kind,
				version: field(`${kind}_version`),
				runId: field('run_id'),
				role: 'master',
				keys: {total: 205, expiring: 1},
				clients: {max: Number((await server.cli('CONFIG', 'GET', 'maxclients')).split('\n')[1])},
				memory: {maxBytes: 200 * 2 ** 20, policy: 'volatile-lru'},
				persistence: {aofEnabled: true, aofOk: true, lastSaveOk: true, isLoading: false},
				replication: {replicas: 0},
				slowLogDenied: false,
				trouble: [],
				hitPercent: 100,
			});
			expect(value.version.startsWith(`${version}.`)).toBe(true);
			expect(Math.abs(value.memory.usedBytes - Number(field('used_memory')))).toBeLessThan(2 ** 19);
			// Its own client was there for a moment more.
			expect(value.clients.connected).toBe(Number(field('connected_clients')) - 1);
		});

		it('has its keys sampled', async () => {
			const sample = await redisKeys.read(
				partialIo({redis}),
				server.target,
				AbortSignal.timeout(20_000),
			);
			expect(sample).toMatchObject({
				total: 205,
				scanned: 205,
				isComplete: true,
				withoutExpiry: 204,
			});
			const queue = sample.largest.find(({key}) => key === 'queue');
			expect(queue).toMatchObject({
				type: 'list',
				bytes: Number(await server.cli('MEMORY', 'USAGE', 'queue')),
			});
		});

		it('is found and read by the program without any configuration', async () => {
			const place = await makePlace();
			const {document} = await place.status(['-p', project]);
			await place.remove();
			expect(statusDocumentOf(document).redis).toMatchObject([
				{id: `${project}/cache`, reading: 'fresh', flavour: kind, keys: {total: 205}},
			]);
			expect(JSON.stringify(document)).not.toContain(server.target.password?.reveal());
		});

		it('is backed up, proven and restored, also after a restart', async () => {
			const before = await server.cli('EVAL', contents, '0');
			const made = await performNow(backupRedis, {}, options);
			expect(made.end).toEqual({outcome: 'done', exitStatus: 0});
			const request = {backup: made.plan.id, level: 3};
			const proven = await performNow(verifyBackup, request, options);
			expect(proven.end).toEqual({outcome: 'done', exitStatus: 0});
			await server.cli('DEL', 'user:1', 'queue');
			await server.cli('SET', 'later', '1');
			const restored = await performNow(restoreRedis, {backup: made.plan.id}, options);
			expect(restored.end).toEqual({outcome: 'done', exitStatus: 0});
			expect(await server.cli('EVAL', contents, '0')).toBe(before);
			await server.restart();
			expect(await server.cli('EVAL', contents, '0')).toBe(before);
			expect(infoField(await server.cli('INFO'), 'role')).toBe('master');
			expect(JSON.stringify([restored.plan, restored.lines])).not.toContain('Geheim');
			const own = ['ps', '--all', '--quiet', '--filter', `label=opsconsole.op=${restored.plan.id}`];
			expect(await docker(own)).toBe('');
		});
	});
}
