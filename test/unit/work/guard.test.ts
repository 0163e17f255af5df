import {describe, expect, test} from 'vitest';
import type {Command, Plan} from '../../../src/domain/plan.ts';
import {cardOf, cardText} from '../../../src/domain/card.ts';
import {showCommand} from '../../../src/domain/show-command.ts';
import {differenceOf} from '../../../src/work/compare-plans.ts';
import {allowedCommands, checkedCommand} from '../../../src/work/guard.ts';
import {lockedArgv, lockFile, sortedLocks} from '../../../src/work/locks.ts';
import {newId} from '../../../src/work/make-plan.ts';
import {isRunId} from '../../../src/domain/run-id.ts';
import {planText} from '../../../src/work/run-folder.ts';
import {scopedArgv} from '../../../src/work/start.ts';
import {parseFailpoint} from '../../../src/work/failpoint.ts';

const dump: Command = {
	kind: 'sql',
	session: 'snapshot',
	database: 'shop',
	text: "SET TRANSACTION SNAPSHOT '{snapshot}'",
};
const restart: Command = {
	kind: 'engine',
	method: 'POST',
	path: '/containers/{id}/restart?t=30',
	say: 'docker restart --time 30 shop-app-1',
};
const run: Command = {kind: 'program', argv: ['pg_dump', '-p', '{port}', "it's"]};
const planned = [dump, restart, run];

const check = (command: Command, values: Record<string, string | number> = {}) =>
	checkedCommand(command, allowedCommands(planned), {step: 'dump', values});

describe('the guard', () => {
	test('lets through what is planned, with its places filled', () => {
		expect(check(dump, {snapshot: '00000003-0000001B-1'})).toMatchObject({
			text: "SET TRANSACTION SNAPSHOT '00000003-0000001B-1'",
		});
		expect(check(restart, {id: 'a/b?'})).toMatchObject({path: '/containers/a%2Fb%3F/restart?t=30'});
		expect(check(run, {port: 5433})).toMatchObject({argv: ['pg_dump', '-p', '5433', "it's"]});
		const filled: Command = {...run, argv: ['pg_dump', '-p', '5433', "it's"]};
		expect(check(filled, {port: 5433})).toEqual(filled);
	});

	test.each<[string, Command]>([
		['another statement', {...dump, text: 'SELECT 1'}],
		['another database', {...dump, database: 'prod'}],
		['another session', {...dump, session: 'control'}],
		['another container', {...restart, path: '/containers/other/restart?t=30'}],
		['one more argument', {...run, argv: ['pg_dump', '-p', '{port}', "it's", '--clean']}],
		['another folder', {...run, folder: '/'}],
		['a filled place without its value', {...run, argv: ['pg_dump', '-p', '1', "it's"]}],
	])('refuses %s', (_name, command) => {
		expect(() => check(command, {port: 5433, id: 'x'})).toThrow('road-not-planned');
	});

	test('what is changed in the plan afterwards is not let through', () => {
		const argv: [string, string] = ['rm', 'a'];
		const commands: Command[] = [{kind: 'program', argv}];
		const allowed = allowedCommands(commands);
		argv[1] = 'b';
		commands.push(dump);
		for (const command of commands) {
			const facts = {step: 'x', values: {snapshot: '1'}};
			expect(() => checkedCommand(command, allowed, facts)).toThrow('road-not-planned');
		}
	});

	test.each(["x'; SELECT 1; --", 'a b', 'a\0b', 'a\nb', ''])(
		'keeps %j out of statements',
		snapshot => {
			expect(() => check(dump, {snapshot})).toThrow('road-bad-fill');
		},
	);
});

describe('command lines of a card', () => {
	test.each<[Command, string]>([
		[dump, String.raw`psql -d shop -c 'SET TRANSACTION SNAPSHOT '\''{snapshot}'\'''`],
		[restart, 'docker restart --time 30 shop-app-1'],
		[run, String.raw`pg_dump -p '{port}' 'it'\''s'`],
		[{kind: 'redis', server: 'live', argv: ['SET', 'a b', '1']}, "redis-cli SET 'a b' 1"],
		[{kind: 'file', action: 'move', path: '/a', to: '/b c'}, "mv -n /a '/b c'"],
		[
			{
				kind: 'sidecar',
				sidecar: {
					name: 'dump',
					image: 'sha256:1',
					argv: ['pg_dump', '-Fc'],
					network: 'none',
					memoryBytes: 512,
					mounts: [{from: '/b', to: '/out', isReadOnly: true}],
				},
			},
			'docker run --rm --network none --memory 512 --read-only -v /b:/out:ro sha256:1 pg_dump -Fc',
		],
		[{...run, argv: ['a\u001b[31m']}, String.raw`'a\x1b[31m'`],
	])('%#', (command, line) => {
		expect(showCommand(command)).toBe(line);
	});
});

const phrase = {code: 'step-check'} as const;
const plan: Plan = {
	version: 1,
	operation: 'restore-database',
	id: '20261121T101500Z-3f9c2a1b',
	request: {},
	title: phrase,
	identity: {
		environment: {kind: 'production', name: 'eu-1'},
		hostname: 'db-1',
		machine: '3d1219c7',
		project: 'shop',
		folder: '/srv/shop',
		containers: [
			{
				key: 'shop/db/1',
				name: 'shop-db-1',
				id: 'f'.repeat(64),
				imageId: `sha256:${'a'.repeat(64)}`,
			},
		],
		postgres: {systemIdentifier: '7300', database: 'shop', oid: 16_384, versionNumber: 150_018},
		redis: {runId: 'b'.repeat(40), version: '7.0.15'},
		backup: {id: '20261120T093000Z-11112222', manifestSha256: '00'},
	},
	risk: 'destructive',
	confirm: 'eu-1/shop',
	steps: [
		{id: 'dump', title: phrase, commands: [dump], deadlineMs: 1000},
		{id: 'swap', title: phrase, commands: [restart], deadlineMs: 1000, isCommitPoint: true},
	],
	locks: [],
	space: [{folder: '/var/lib/opsconsole', neededBytes: 2 ** 30, freeBytes: 3 * 2 ** 30}],
	outages: [{what: 'shop', expectedMs: 200, basis: phrase}],
	deletes: [{name: 'shop__o_1', bytes: 2 ** 20, why: phrase}],
	warnings: [phrase],
	undo: phrase,
	expectedMs: 61_000,
};

describe('cards', () => {
	test('in English', () => {
		expect(cardText(cardOf(plan, 'en'))).toMatchInlineSnapshot(`
			"check that everything is still as planned

			Where
			  ! THIS IS PRODUCTION
			  environment: eu-1 (production)
			  host: db-1 (3d1219c7)
			  project: shop (/srv/shop)
			  container: shop-db-1 ffffffffffff, image aaaaaaaaaaaa
			  PostgreSQL: shop (oid 16384), server 15.18, system 7300
			  Redis: 7.0.15, run bbbbbbbbbbbb
			  backup: 20261120T093000Z-11112222

			Risk
			  ! destructive: data is replaced or deleted
			  usually takes 1 m 1 s

			What does not answer meanwhile
			  shop: about 200 ms (check that everything is still as planned)

			What is deleted
			  ! shop__o_1 (1.0 MiB): check that everything is still as planned

			Space
			  /var/lib/opsconsole: needs 1.0 GiB, free 3.0 GiB

			Know before
			  ! check that everything is still as planned

			What is done
			  1. check that everything is still as planned
			     $ psql -d shop -c 'SET TRANSACTION SNAPSHOT '\\''{snapshot}'\\'''
			  2. check that everything is still as planned
			     $ docker restart --time 30 shop-app-1
			     from here on it only goes forward

			How it is taken back
			  check that everything is still as planned

			To confirm
			  ! type eu-1/shop, or --confirm 'eu-1/shop'
			"
		`);
	});

	test('in Chinese', () => {
		expect(cardText(cardOf(plan, 'zh'))).toMatchInlineSnapshot(`
			"确认一切仍与计划一致

			位置
			  ! 这是生产环境
			  环境: eu-1 (生产)
			  主机: db-1 (3d1219c7)
			  项目: shop (/srv/shop)
			  容器: shop-db-1 ffffffffffff，镜像 aaaaaaaaaaaa
			  PostgreSQL: shop（oid 16384），服务器 15.18，系统标识 7300
			  Redis: 7.0.15，run bbbbbbbbbbbb
			  备份: 20261120T093000Z-11112222

			风险
			  ! 破坏性：会替换或删除数据
			  通常需要 1 分 1 秒

			期间不可用
			  shop：约 200 毫秒（确认一切仍与计划一致）

			将删除
			  ! shop__o_1 (1.0 MiB)：确认一切仍与计划一致

			空间
			  /var/lib/opsconsole：需要 1.0 GiB，可用 3.0 GiB

			注意
			  ! 确认一切仍与计划一致

			执行内容
			  1. 确认一切仍与计划一致
			     $ psql -d shop -c 'SET TRANSACTION SNAPSHOT '\\''{snapshot}'\\'''
			  2. 确认一切仍与计划一致
			     $ docker restart --time 30 shop-app-1
			     从这一步起只向前，不再撤销

			如何撤销
			  确认一切仍与计划一致

			确认方式
			  ! 输入 eu-1/shop，或使用 --confirm 'eu-1/shop'
			"
		`);
	});

	test('a safe plan elsewhere says only what there is to say', () => {
		const safe: Plan = {
			...plan,
			identity: {environment: {kind: 'unknown', name: '?'}, hostname: 'h', machine: ''},
			risk: 'safe',
			outages: [],
			deletes: [],
			space: [],
			warnings: [],
		};
		const {sections, isProduction} = cardOf(safe, 'en');
		expect(isProduction).toBe(true);
		expect(sections.map(({id}) => id)).toEqual([
			'where',
			'risk',
			'outage',
			'steps',
			'undo',
			'confirm',
		]);
	});
});

describe('plans', () => {
	test('are compared by what matters', () => {
		const [first] = plan.steps;
		const moved: Plan = {...plan, space: [], expectedMs: 5, warnings: [], id: 'x'};
		expect(differenceOf(plan, moved)).toBeUndefined();
		expect(differenceOf(plan, {...plan, risk: 'safe'})).toBe('risk');
		expect(differenceOf(plan, {...plan, steps: first ? [first] : []})).toBe('steps');
		const {containers: _gone, ...identity} = plan.identity;
		expect(differenceOf(plan, {...plan, identity})).toBe('containers');
		expect(differenceOf(plan, {...plan, deletes: []})).toBe('deletes');
		const keys = (count: number) => ({
			...plan,
			deletes: [{name: 'session:…', count, why: {code: 'undo-redis-delete'} as const}],
		});
		expect(differenceOf(keys(2000), keys(2150))).toBeUndefined();
		expect(differenceOf(keys(2000), keys(3))).toBeUndefined();
		expect(differenceOf(keys(2000), keys(2250))).toBe('deletes');
		expect(differenceOf(keys(1), keys(11))).toBeUndefined();
	});

	test('what a server holds may move: the memory of a scratch container is no difference', () => {
		const scratch = (memoryBytes: number, image = 'sha256:a'): Plan => ({
			...plan,
			steps: plan.steps.map(step => ({
				...step,
				commands: [
					{
						kind: 'sidecar',
						sidecar: {name: 'proof', image, argv: ['redis-server'], network: 'none', memoryBytes},
					},
				],
			})),
		});
		expect(differenceOf(scratch(1000), scratch(1001))).toBeUndefined();
		expect(differenceOf(scratch(1000), scratch(1000, 'sha256:b'))).toBe('steps');
	});

	test('have one text, whatever the order of their keys', () => {
		const turned = Object.fromEntries(Object.entries(plan).toReversed()) as unknown as Plan;
		expect(planText(turned)).toBe(planText(plan));
		expect(planText({...plan, confirm: 'eu-1/shoq'})).not.toBe(planText(plan));
	});

	test('have ids that are names of folders and nothing else', () => {
		expect(isRunId(newId(Date.UTC(2026, 10, 21, 10, 15)))).toBe(true);
		expect(newId(Date.UTC(2026, 10, 21, 10, 15))).toMatch(/^20261121T101500Z-[0-9a-f]{8}$/);
		expect(isRunId('../20261121T101500Z-3f9c2a1b')).toBe(false);
	});
});

describe('locks', () => {
	test('are taken in one order, each once, exclusively where anybody asks for that', () => {
		expect(
			sortedLocks([
				{resource: 'stack:shop', mode: 'shared'},
				{resource: 'pg:1:shop', mode: 'exclusive'},
				{resource: 'stack:shop', mode: 'exclusive'},
			]),
		).toEqual([
			{resource: 'pg:1:shop', mode: 'exclusive'},
			{resource: 'stack:shop', mode: 'exclusive'},
		]);
	});

	test('are nested flock commands', () => {
		const locks = [
			{resource: 'b', mode: 'shared'},
			{resource: 'a', mode: 'exclusive'},
		] as const;
		expect(lockedArgv(locks, '/run/l', ['node', 'x'])).toEqual([
			...['flock', '-n', '-E', '75', lockFile('/run/l', 'a')],
			...['flock', '-n', '-E', '75', '-s', lockFile('/run/l', 'b'), 'node', 'x'],
		]);
	});

	test('of different resources are different files inside the folder', () => {
		const names = ['a/b', 'a_b', '../a', 'a b', '数据'].map(name => lockFile('/run/l', name));
		expect(new Set(names).size).toBe(5);
		expect(names.every(name => /^\/run\/l\/[^/]+\.lock$/.test(name))).toBe(true);
	});
});

test('systemd gets a scope of its own, and only where it is there and we are root', () => {
	const facts = {id: '1', userId: 0, hasSystemd: true};
	expect(scopedArgv(['flock', 'x'], facts)).toEqual([
		...['systemd-run', '--scope', '--quiet', '--collect', '--slice=system.slice'],
		...['--unit=opsconsole-1', '--', 'flock', 'x'],
	]);
	expect(scopedArgv(['flock'], {...facts, userId: 1000})).toEqual(['flock']);
	expect(scopedArgv(['flock'], {...facts, hasSystemd: false})).toEqual(['flock']);
});

test('failpoints', () => {
	expect(parseFailpoint('swap:mid2:enospc')).toEqual({
		step: 'swap',
		place: 'mid',
		count: 2,
		action: 'enospc',
	});
	expect(parseFailpoint('undo/load:begun')).toMatchObject({step: 'undo/load', action: 'kill'});
	expect(parseFailpoint('swap:nowhere')).toBeUndefined();
});
