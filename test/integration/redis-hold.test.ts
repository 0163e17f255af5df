import {spawn} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Plan} from '../../src/domain/plan.ts';
import {secret} from '../../src/domain/secret.ts';
import {noTargets, type RedisTarget} from '../../src/domain/targets.ts';
import {createAct} from '../../src/io/create-act.ts';
import {holdInRedis} from '../../src/work/redis-hold.ts';
import {bundleOf} from '../support/bundle.ts';
import {redisMissing, startRedis, type RedisServer} from '../support/redis-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const redis = await requireComponent('Redis', () => redisMissing);
const act = createAct();
const phrase = {code: 'step-check'} as const;

function planWith(id: string): Plan {
	return {
		version: 1,
		operation: 'backup-redis',
		id,
		request: {},
		title: phrase,
		identity: {
			environment: {kind: 'test', name: 't'},
			hostname: 'h',
			machine: '',
			redis: {target: 'cache', runId: 'r', version: '7'},
		},
		risk: 'safe',
		steps: [],
		locks: [{resource: 'redis:cache', mode: 'exclusive'}],
		space: [],
		outages: [],
		deletes: [],
		warnings: [],
		undo: phrase,
	};
}

describe.skipIf(redis.missing !== undefined)(titleWith(redis, 'the lock of a Redis server'), () => {
	let server: RedisServer;
	const hold = (id: string, more: Partial<RedisTarget> = {}) =>
		holdInRedis(
			planWith(id),
			act,
			{targets: {...noTargets, redis: [server.target({id: 'cache', ...more})]}},
			'li@10.0.0.8',
		);

	beforeAll(async () => {
		server = await startRedis({
			aclFile:
				'user default on nopass ~* &* +@all\nuser guest on >geheim ~* +ping +client|setname\n',
		});
	});
	afterAll(() => server.remove());

	test.each([1, 2])(
		'of twenty that want it at once exactly one has it (B21, round %d)',
		async () => {
			const all = await Promise.allSettled(Array.from({length: 20}, (_, n) => hold(`op${n}`)));
			const held = all.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []));
			expect(held).toHaveLength(1);
			const refused = all.flatMap(one =>
				one.status === 'rejected' ? [one.reason as unknown] : [],
			);
			for (const reason of refused) {
				expect(reason).toMatchObject({problem: {code: 'road-busy', params: {who: 'li'}}});
			}
			// Nothing of it is in the data.
			expect(await server.cli(['DBSIZE'])).toBe('0');
			for (const letGo of held) await letGo();
			await (
				await hold('later')
			)();
		},
	);

	test('it is only a hint: who may not list clients, and a server that is gone, do not refuse', async () => {
		const letGo = await hold('first');
		await (
			await hold('guest', {user: 'guest', password: secret('geheim')})
		)();
		await (
			await hold('away', {port: 9})
		)();
		await letGo();
	});

	test('a program of another state folder is refused with status 75 and told who is at it', async () => {
		const root = await mkdtemp(join(tmpdir(), 'opsconsole-hold-'));
		const program = await bundleOf('road-main.ts');
		const letGo = await hold('20261121T000000Z-0000000a');
		try {
			const config = [
				'environment: {kind: test, name: t}',
				'docker: {enabled: false}',
				'discovery: {enabled: false}',
				`redis: [{id: cache, host: 127.0.0.1, port: ${server.port}}]`,
			];
			await writeFile(join(root, 'c.yaml'), config.join('\n'), {mode: 0o600});
			const backUp = () =>
				new Promise<{status: number | null; said: string}>(resolve => {
					const words = ['backup', 'redis', 'cache', '--yes', `--config=${root}/c.yaml`];
					const child = spawn(process.execPath, [program.file, ...words], {
						env: {...process.env, OPSCONSOLE_STATE: join(root, 'state'), LANG: 'C.UTF-8'},
						stdio: ['ignore', 'ignore', 'pipe'],
					});
					let said = '';
					child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
					child.on('close', status => resolve({status, said}));
				});
			const refused = await backUp();
			expect(refused).toMatchObject({status: 75});
			expect(refused.said).toMatch(/li on .*127\.0\.0\.1.* is at it/);
			expect(refused.said).toContain('20261121T000000Z-0000000a');
			await letGo();
			expect(await backUp()).toMatchObject({status: 0});
		} finally {
			await letGo();
			await program.remove();
			await rm(root, {recursive: true, force: true});
		}
	});
});
