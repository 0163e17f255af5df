import {randomBytes} from 'node:crypto';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {containerFromList} from '../../src/domain/container-facts.ts';
import {secret} from '../../src/domain/secret.ts';
import type {PostgresTarget} from '../../src/domain/targets.ts';
import {listOf, objectOf} from '../../src/domain/unknown.ts';
import {createAct} from '../../src/io/create-act.ts';
import {createKillService} from '../../src/operations/services/kill-service.ts';
import {createRestartService} from '../../src/operations/services/restart-service.ts';
import {createStartService} from '../../src/operations/services/start-service.ts';
import {createStopService} from '../../src/operations/services/stop-service.ts';
import {docker} from '../lab/docker.ts';
import {ensureBusybox, ensureImages} from '../lab/images.ts';
import {label, runId} from '../lab/run-id.ts';
import {dockerIo} from '../support/io.ts';
import {quickPace} from '../support/pace.ts';
import {
	performNow,
	planNow,
	recoverNow,
	removeFolders,
	type Performed,
} from '../support/perform.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {waitFor} from '../support/wait.ts';

const engine = await requireComponent('docker', prepareEngine);
const act = createAct();
const prefix = `opsct-${randomBytes(4).toString('hex')}`;
const pace = {...quickPace, stableMs: 200};
const restart = createRestartService(pace);
const stop = createStopService(pace);

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'services that misbehave'), () => {
	let image = '';
	let folder = '';
	beforeAll(async () => {
		image = await ensureBusybox();
		folder = await mkdtemp(join(tmpdir(), `${prefix}-`));
	});
	afterAll(async () => {
		const ids = await docker(['ps', '--all', '--quiet', '--filter', `name=${prefix}`]);
		const list = ids.split('\n').filter(id => id !== '');
		if (list.length > 0) await docker(['rm', '--force', '--volumes', ...list]);
		await rm(folder, {recursive: true, force: true});
		await removeFolders();
	});

	const start = async (
		name: string,
		options: readonly string[],
		command: readonly string[] = ['sleep', '1000'],
		from = image,
	): Promise<string> => {
		const own = `${prefix}-${name}`;
		await docker([
			...['run', '--detach', '--name', own, '--label', `${label}=${runId()}`],
			...['--volume', `${folder}:/flags`, ...options, from, ...command],
		]);
		return own;
	};
	/** Ends with status 3 as soon as somebody says so in a file. */
	const fragile = (flag: string) => [
		'sh',
		'-c',
		`test -e /flags/${flag} && { echo it broke with TOKEN=hunter2; exit 3; }; exec sleep 1000`,
	];
	const options = async (targets = {}) => {
		const signal = AbortSignal.timeout(30_000);
		const list = await dockerIo().docker.get('/containers/json?all=1', signal);
		const containers = listOf(list).map(containerFromList);
		return {act, targets, containers: containers.filter(({name}) => name.startsWith(prefix))};
	};
	const ask = (name: string, format: string) => docker(['inspect', '--format', format, name]);
	const startedAt = (name: string) => ask(name, '{{.State.StartedAt}}');
	const codes = (lines: readonly {readonly st: string; readonly d?: unknown}[]) =>
		lines.flatMap(({st, d}) => (st === 'note' || st === 'warn' ? [d] : []));

	/** The facts in front of the log lines that were kept before a run. */
	const evidenceOf = async ({folders, plan}: Performed, name: string) => {
		const path = join(folders.backups, 'evidence', plan.id, `${name}.before.log`);
		const [facts = ''] = (await readFile(path, 'utf8')).split('\n\n');
		return objectOf(JSON.parse(facts) as unknown);
	};

	test('one that does not obey its stop signal is killed, and that is said', async () => {
		const name = await start('deaf', []);
		const done = await performNow(stop, {services: [name]}, await options());
		expect(done.end).toMatchObject({outcome: 'warnings', exitStatus: 5});
		expect(codes(done.lines)).toContainEqual({
			code: 'service-killed-after-grace',
			params: {name, exitCode: 137},
		});
		const again = await performNow(createStartService(pace), {services: [name]}, await options());
		expect(again.outcome).toBe('done');
		// The engine shows no exit code after a restart; it comes from its events.
		const restarted = await performNow(restart, {services: [name]}, await options());
		expect(restarted.outcome).toBe('warnings');
	});

	test('one that ends after its restart is no success, and its last words are kept', async () => {
		const name = await start('fragile', ['--init'], fragile('one'));
		await writeFile(join(folder, 'one'), '');
		const done = await performNow(restart, {services: [name]}, await options());
		expect(done.end).toMatchObject({
			outcome: 'manual',
			exitStatus: 4,
			problem: {code: 'service-exited', params: {name, exitCode: 3}},
		});
		const said = JSON.stringify(codes(done.lines));
		expect(said).toContain('it broke with TOKEN=•••');
		expect(said).not.toContain('hunter2');
		const kept = join(done.folders.backups, 'evidence', done.plan.id);
		expect(await readFile(join(kept, `${name}.before.log`), 'utf8')).toContain(
			'"state": "running"',
		);
		expect(await readFile(join(kept, `${name}.after.log`), 'utf8')).toContain('it broke');
	});

	test('what runs but says that it is broken, or listens nowhere, is done with warnings', async () => {
		const says = 'echo "panic: no PASSWORD=hunter2"; exec sleep 1000';
		const name = await start('liar', ['--init', '--publish', '127.0.0.1::81'], ['sh', '-c', says]);
		await docker(['stop', '--time', '0', name]);
		const starting = createStartService(pace);
		const done = await performNow(starting, {services: [name]}, await options());
		expect(done.end).toMatchObject({outcome: 'warnings', exitStatus: 5});
		const line = 'panic: no PASSWORD=•••';
		const port = expect.any(Number) as number;
		expect(codes(done.lines)).toEqual(
			expect.arrayContaining([
				{code: 'service-fatal-crash', params: {name, count: 1, line}},
				{code: 'service-port-silent', params: {name, port, inside: 81}},
			]),
		);
		const again = await performNow(restart, {services: [name]}, await options());
		expect(codes(again.lines)).toContainEqual({
			code: 'service-port-silent-still',
			params: {name, port, inside: 81},
		});
		const evidence = await evidenceOf(again, name);
		expect(evidence).toMatchObject({usage: {pids: 2}, processes: expect.anything() as unknown});
		expect(JSON.stringify(evidence['processes'])).toContain('sleep 1000');
		expect(JSON.stringify(evidence)).not.toContain('hunter2');
	});

	test('one that crashes over and over is no success', async () => {
		const name = await start('loop', ['--init', '--restart', 'always'], fragile('two'));
		await writeFile(join(folder, 'two'), '');
		const done = await performNow(restart, {services: [name]}, await options());
		expect(done.end).toMatchObject({outcome: 'manual', problem: {code: 'service-restarted'}});
		await docker(['rm', '--force', name]);
	});

	test('one that is never healthy is no success', async () => {
		const check = ['--health-cmd', 'echo no disk; exit 1', '--health-interval', '1s'];
		const name = await start('ill', ['--init', ...check, '--health-retries', '1']);
		const done = await performNow(restart, {services: [name]}, await options());
		expect(done.end).toMatchObject({
			outcome: 'manual',
			problem: {code: 'service-unhealthy', params: {said: 'no disk'}},
		});
	});

	test('of several the first failure is the last that is touched', async () => {
		const names = [
			await start('s1', ['--init']),
			await start('s2', ['--init'], fragile('three')),
			await start('s3', ['--init']),
		];
		const [first = '', , third = ''] = names;
		const before = [await startedAt(first), await startedAt(third)];
		await writeFile(join(folder, 'three'), '');
		const done = await performNow(restart, {services: names}, await options());
		expect(done.end).toMatchObject({outcome: 'manual', problem: {code: 'road-undo-failed'}});
		expect(await startedAt(first)).not.toBe(before[0]);
		expect(await startedAt(third)).toBe(before[1]);
	});

	test.each(['evidence:effect', 'act-1:pre1'])(
		'a worker that dies at %s has restarted nothing, and its recovery neither',
		async failAt => {
			const name = await start(`early-${failAt.replace(':', '-')}`, ['--init']);
			const before = await startedAt(name);
			const died = await performNow(restart, {services: [name]}, {...(await options()), failAt});
			expect(died.outcome).toBe('crashed');
			const taken = await recoverNow(restart, died, await options());
			expect(taken.end).toMatchObject({
				problem: {code: 'road-interrupted'},
			});
			expect(await startedAt(name)).toBe(before);
		},
	);

	test.each(['act-1:mid1', 'prove-1:begun'])(
		'a worker that dies at %s has restarted once, and its recovery only proves it',
		async failAt => {
			const name = await start(`late-${failAt.replace(':', '-')}`, ['--init']);
			const before = await startedAt(name);
			const died = await performNow(restart, {services: [name]}, {...(await options()), failAt});
			const between = await startedAt(name);
			expect(between).not.toBe(before);
			const taken = await recoverNow(restart, died, await options());
			expect(taken.end).toMatchObject({outcome: 'done'});
			expect(await startedAt(name)).toBe(between);
		},
	);

	test('a worker that dies while it stops several leaves them all running', async () => {
		const names = [await start('t1', ['--init']), await start('t2', ['--init'])];
		const died = await performNow(
			stop,
			{services: names},
			{...(await options()), failAt: 'act-2:mid1'},
		);
		expect(await Promise.all(names.map(name => ask(name, '{{.State.Status}}')))).toEqual([
			'exited',
			'exited',
		]);
		const taken = await recoverNow(stop, died, await options());
		expect(taken.end).toMatchObject({outcome: 'undone'});
		expect(await Promise.all(names.map(name => ask(name, '{{.State.Status}}')))).toEqual([
			'running',
			'running',
		]);
	});

	test('a signal reloads or ends', async () => {
		const kill = createKillService(pace);
		const script = 'trap "echo reloaded" HUP; while true; do sleep 0.1; done';
		const name = await start('reload', ['--restart', 'always'], ['sh', '-c', script]);
		const before = await startedAt(name);
		const reloaded = await performNow(kill, {services: [name], signal: 'hup'}, await options());
		expect(reloaded.end).toMatchObject({outcome: 'done'});
		expect(reloaded.plan.warnings).toEqual([{code: 'service-kill-policy', params: {name}}]);
		await waitFor(async () => (await docker(['logs', name])).includes('reloaded') || undefined);
		expect(await startedAt(name)).toBe(before);
		const killed = await performNow(kill, {services: [name]}, await options());
		expect(killed.plan).toMatchObject({risk: 'disruptive', title: {params: {signal: 'SIGKILL'}}});
		expect(killed.outcome).toBe('warnings');
		expect(await ask(name, '{{.State.Status}}')).toBe('exited');
	});

	test('PostgreSQL makes a checkpoint first, and answers again afterwards', async () => {
		const {postgres} = await ensureImages();
		const password = randomBytes(9).toString('hex');
		const name = await start('pg', ['--env', `POSTGRES_PASSWORD=${password}`], [], postgres);
		const [id = '', host = ''] = (await ask(name, '{{.Id}} {{.NetworkSettings.IPAddress}}')).split(
			' ',
		);
		const target: PostgresTarget = {
			id: name,
			origin: 'container',
			container: {containerId: id, containerName: name},
			...{host, port: 5432, database: 'postgres', user: 'postgres', tls: 'off'},
			password: secret(password),
		};
		await waitFor(
			async () => {
				const planned = await planNow(
					restart,
					{services: [name]},
					await options({postgres: [target]}),
				);
				return planned.plan.steps.some(step => step.id === 'save') ? true : undefined;
			},
			{deadlineMs: 60_000, everyMs: 200, what: 'PostgreSQL'},
		);
		const facts = await options({postgres: [target]});
		const done = await performNow(restart, {services: [name]}, facts);
		expect(done.end).toMatchObject({outcome: 'done'});
		expect(codes(done.lines)).toContainEqual({code: 'service-checkpoint-done'});
		const evidence = await evidenceOf(done, name);
		expect(evidence['sessions']).toContainEqual(
			expect.stringContaining('backend_type=checkpointer'),
		);
		expect(JSON.stringify([done.plan, done.lines, evidence])).not.toContain(password);
		expect(done.plan.locks.map(({resource}) => resource)).toContainEqual(
			expect.stringMatching(/^pg:\d+:postgres$/),
		);
	});

	describe('Redis', () => {
		const target = async (name: string) => {
			const [id, host] = (await ask(name, '{{.Id}} {{.NetworkSettings.IPAddress}}')).split(' ');
			return {
				redis: [
					{
						id: name,
						origin: 'container' as const,
						container: {containerId: id ?? '', containerName: name},
						host: host ?? '',
						port: 6379,
						tls: 'off' as const,
					},
				],
			};
		};
		const cli = (name: string, ...words: readonly string[]) =>
			docker(['exec', name, 'redis-cli', ...words]);
		const ready = (name: string) =>
			waitFor(async () => ((await cli(name, 'ping')) === 'PONG' ? true : undefined));

		test('without persistence is lost, says so and asks for its name', async () => {
			const {redis} = await ensureImages();
			const command = ['redis-server', '--protected-mode', 'no', '--save', ''];
			const name = await start('forgetful', [], command, redis);
			await ready(name);
			const empty = await planNow(restart, {services: [name]}, await options(await target(name)));
			expect(empty.plan.risk).toBe('disruptive');
			await cli(name, 'mset', 'a', '1', 'b', '2');
			const {plan} = await planNow(restart, {services: [name]}, await options(await target(name)));
			expect(plan.risk).toBe('destructive');
			expect(plan.confirm).toContain(`/${name}`);
			expect(plan.warnings).toContainEqual({code: 'service-all-lost', params: {name, count: 2}});
			expect(plan.steps.map(({id}) => id)).toEqual(['evidence', 'act-1', 'prove-1']);
			const unknown = await planNow(restart, {services: [name]}, await options());
			expect(unknown.plan.risk).toBe('destructive');
		});

		test('is saved before it is restarted, and keeps its keys', async () => {
			const {redis} = await ensureImages();
			const command = ['redis-server', '--protected-mode', 'no', '--save', '3600 1'];
			const name = await start('saving', [], command, redis);
			await ready(name);
			await cli(name, 'set', 'a', '1');
			const done = await performNow(restart, {services: [name]}, await options(await target(name)));
			expect(done.end).toMatchObject({outcome: 'done'});
			expect(done.plan.risk).toBe('disruptive');
			expect(done.plan.warnings).toContainEqual({
				code: 'service-unsaved',
				params: {name, count: 1},
			});
			expect(codes(done.lines)).toContainEqual({code: 'service-redis-saved'});
			expect(await evidenceOf(done, name)).toMatchObject({
				usage: {memoryUsedBytes: expect.any(Number) as unknown},
				sessions: {
					clients: expect.arrayContaining([expect.stringContaining('name=opsconsole')]) as unknown,
					info: expect.arrayContaining(['# Memory']) as unknown,
				},
			});
			expect(await cli(name, 'get', 'a')).toBe('1');
		});
	});
});
