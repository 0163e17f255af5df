import {existsSync} from 'node:fs';
import {readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, afterEach, describe, expect, test} from 'vitest';
import {createAct} from '../../src/io/create-act.ts';
import {backupRedis} from '../../src/operations/redis/backup.ts';
import {redisVerifier} from '../../src/operations/redis/verifier.ts';
import {verifyBackupWith} from '../../src/operations/verify/verify-backup.ts';
import {restoreRedis} from '../../src/operations/redis/restore.ts';
import {
	makeFolders,
	performNow,
	recoverNow,
	removeFolders,
	type Performed,
	type PerformOptions,
} from '../support/perform.ts';
import {infoField, redisMissing, startRedis, type RedisServer} from '../support/redis-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const redis = await requireComponent('redis-server', () => redisMissing ?? true);
const act = createAct();
const servers: RedisServer[] = [];

afterEach(removeFolders);
afterAll(async () => {
	await Promise.all(servers.map(server => server.remove()));
});

async function server(options: Parameters<typeof startRedis>[0] = {}): Promise<RedisServer> {
	const started = await startRedis(options);
	servers.push(started);
	return started;
}

function options(one: RedisServer, more: Partial<PerformOptions> = {}): PerformOptions {
	return {act, targets: {redis: [one.target()]}, ...more};
}

/** All keys with their values, as one text. */
async function contents(one: RedisServer, password?: string): Promise<string> {
	const script = `
		local keys = redis.call('keys', '*')
		table.sort(keys)
		local all = {}
		for _, key in ipairs(keys) do
			table.insert(all, key .. '=' .. redis.sha1hex(redis.call('dump', key)))
		end
		return table.concat(all, ' ')`;
	return one.cli(['EVAL', script, '0'], password === undefined ? {} : {password});
}

async function fill(one: RedisServer, prefix: string, password?: string): Promise<void> {
	const lines = [
		...Array.from({length: 200}, (_, n) => `SET ${prefix}:${n} value-${prefix}-${n}`),
		`RPUSH ${prefix}:queue a b c`,
		`HSET ${prefix}:hash field one`,
		`SET ${prefix}:soon x EX 86400`,
	];
	const input = `${lines.join('\n')}\n`;
	await one.cli([], {input, ...(password !== undefined && {password})});
}

function backupId({plan}: Performed): string {
	return plan.id;
}

describe.skipIf(redis.missing !== undefined)(
	titleWith(redis, 'a Redis server of this host'),
	() => {
		test('is backed up by an own save, and what is published is proven', async () => {
			const one = await server();
			await fill(one, 'old');
			const made = await performNow(backupRedis, {}, options(one));
			expect(made.end).toMatchObject({outcome: 'done'});
			const verify = verifyBackupWith({redis: redisVerifier});
			const request = {backup: backupId(made), level: 3};
			const {folders} = made;
			const good = await performNow(verify, request, options(one, {folders}));
			expect(good.end).toMatchObject({outcome: 'done'});
			const folder = join(made.folders.backups, `redis-127%2e0%2e0%2e1_${one.port}`);
			expect(await readdir(folder)).toEqual([backupId(made)]);
			expect((await readdir(join(folder, backupId(made)))).sort()).toEqual([
				'dump.rdb',
				'manifest.json',
				'manifest.sha256',
			]);
			expect(existsSync(join(made.folders.scratch, made.plan.id))).toBe(false);
			const dump = join(folder, backupId(made), 'dump.rdb');
			const bytes = await readFile(dump);
			bytes[40] = (bytes[40] ?? 0) ^ 1;
			await writeFile(dump, bytes);
			const bad = await performNow(verify, request, options(one, {folders}));
			expect(bad.outcome).not.toBe('done');
		});

		test.each([
			['without persistence', {}, undefined],
			['with AOF', {args: ['--appendonly', 'yes']}, undefined],
			[
				'with AOF, save points and a password, also for a master',
				{
					args: ['--appendonly', 'yes', '--save', '60', '1000', '--requirepass', 'Geheim-42'],
					config: 'masterauth Geheim-42',
				},
				'Geheim-42',
			],
		])('is restored %s, and the data survives a restart', async (_case, how, password) => {
			const one = await server(how);
			const {secret} = await import('../../src/domain/secret.ts');
			const target = one.target(password === undefined ? {} : {password: secret(password)});
			const folders = await makeFolders();
			const facts = {act, folders, targets: {redis: [target]}};
			await fill(one, 'old', password);
			const before = await contents(one, password);
			const made = await performNow(backupRedis, {}, facts);
			expect(made.end).toMatchObject({outcome: 'done'});
			await fill(one, 'new', password);
			const auth = password === undefined ? {} : {password};
			await one.cli(['DEL', 'old:1'], auth);
			const restored = await performNow(restoreRedis, {backup: backupId(made)}, facts);
			expect(restored.end).toMatchObject({outcome: 'done'});
			expect(await contents(one, password)).toBe(before);
			const info = await one.cli(['INFO'], auth);
			expect(infoField(info, 'role')).toBe('master');
			const user = await one.cli(['CONFIG', 'GET', 'masteruser'], auth);
			expect(user.trim()).toBe('masteruser');
			await one.stop();
			await one.start();
			expect(await contents(one, password)).toBe(before);
			expect(existsSync(join(folders.scratch, restored.plan.id))).toBe(false);
			expect(JSON.stringify([restored.plan, restored.lines])).not.toContain('Geheim');
		});

		test('that dies at any place is entirely old or entirely new after recovery', async () => {
			const one = await server({args: ['--appendonly', 'yes']});
			await fill(one, 'new');
			const made = await performNow(backupRedis, {}, options(one));
			const fresh = await contents(one);
			const request = {backup: backupId(made)};
			const {folders} = made;
			const dry = await performNow(restoreRedis, request, options(one, {folders}));
			expect(dry.end).toMatchObject({outcome: 'done'});
			// Polling repeats the same commands any number of times; the places up to them are what counts.
			const places = dry.places.filter(place => /:(begun|after|mid\d)$/.test(place));
			const own = places.filter(place => /^(replicate|promote|settle|clean):/.test(place));
			const before = places.filter(place => !own.includes(place)).filter((_, n) => n % 5 === 0);
			const waiting = [...before, ...own.filter(place => !/replicate:mid[89]/.test(place))];
			expect(waiting.length).toBeGreaterThan(18);
			const bad: string[] = [];
			const lane = async () => {
				const mine = await server({args: ['--appendonly', 'yes']});
				for (let failAt = waiting.shift(); failAt; failAt = waiting.shift()) {
					const what = await crashAndRecover({mine, failAt, request, folders, fresh});
					if (what !== undefined) bad.push(`${failAt}: ${what}`);
				}
			};
			await Promise.all([lane(), lane(), lane(), lane()]);
			expect(bad).toEqual([]);
		}, 120_000);
	},
);

/** Lets a restore of other data die at a place and recovers; says what is wrong afterwards. */
async function crashAndRecover(facts: {
	readonly mine: RedisServer;
	readonly failAt: string;
	readonly request: {readonly backup: string};
	readonly folders: Performed['folders'];
	readonly fresh: string;
}): Promise<string | undefined> {
	const {mine, failAt, request, folders, fresh} = facts;
	await mine.cli([], {input: 'FLUSHALL\nSET only old\nRPUSH queue 1 2\n'});
	const old = await contents(mine);
	const died = await performNow(restoreRedis, request, options(mine, {folders, failAt}));
	if (died.outcome !== 'crashed') return `did not die: ${died.outcome}`;
	const after = await recoverNow(restoreRedis, died, options(mine));
	const now = await contents(mine);
	const expected = after.outcome === 'done' ? fresh : old;
	if (!['done', 'undone'].includes(after.outcome)) return JSON.stringify(after.end);
	if (now !== expected) return `${after.outcome}, but the data is ${now === old ? 'old' : 'other'}`;
	const info = await mine.cli(['INFO']);
	if (infoField(info, 'role') !== 'master') return 'no master';
	if (existsSync(join(folders.scratch, died.plan.id))) return 'the scratch server is left';
	return undefined;
}
