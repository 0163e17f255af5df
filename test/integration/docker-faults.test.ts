import {execFile} from 'node:child_process';
import {chmod, mkdtemp, rm} from 'node:fs/promises';
import {createServer, type Server} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';

import {ProblemError} from '../../src/domain/problem.ts';
import {createClock} from '../../src/io/clock.ts';
import {createAct} from '../../src/io/create-act.ts';
import {createDocker} from '../../src/io/docker.ts';
import {problemOf, processesWith} from '../support/act.ts';
import {startPrivateEngine, type PrivateEngine} from '../support/engine.ts';
import {followContainers} from '../support/follow.ts';
import {dockerIo} from '../support/io.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {createSandbox, requireEngine, type Sandbox} from '../support/sandbox.ts';

const never = new AbortController().signal;
const clock = createClock();

/** The problem that a first call meets. */
async function problemAt(host: string, environment: Record<string, string> = {}) {
	const engine = createDocker({environment, host, clock});
	return await engine.get('/containers/json', never).then(
		() => undefined,
		(error: unknown) => (error instanceof ProblemError ? error.problem : error),
	);
}

describe('A13: an engine that cannot be used', () => {
	let folder = '';
	let server: Server | undefined;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'opsct-fault-'));
		await chmod(folder, 0o755);
	});
	afterEach(() => server?.close());
	afterAll(() => rm(folder, {recursive: true}));

	/** An engine as far as its ping and its version go. */
	async function fakeEngine(apiVersion: string, minimum: string): Promise<string> {
		const path = join(folder, 'fake.sock');
		await rm(path, {force: true});
		server = createServer((_request, answer) => {
			answer.setHeader('api-version', apiVersion);
			answer.end(JSON.stringify({Version: '99', ApiVersion: apiVersion, MinAPIVersion: minimum}));
		});
		await new Promise<void>(resolve => server?.listen(path, resolve));
		return `unix://${path}`;
	}

	test('no socket: it is not running', async () => {
		expect(await problemAt(`unix://${folder}/none.sock`)).toMatchObject({
			code: 'docker-not-running',
		});
		expect(await problemAt('tcp://127.0.0.1:1')).toMatchObject({code: 'docker-not-running'});
	});

	test('no right: the group is named', async context => {
		if (process.getuid?.() !== 0) {
			context.skip('needs root to become somebody without the right');
		}

		const host = await fakeEngine('1.41', '1.12');
		await chmod(join(folder, 'fake.sock'), 0o660);
		const source = new URL('../../src/io/docker.ts', import.meta.url).href;
		// Loaded first, because the other user may not be allowed to read the sources.
		const script = `
			const {createDocker} = await import(${JSON.stringify(source)});
			process.setgroups([]); process.setgid(65534); process.setuid(65534);
			const engine = createDocker({environment: {}, host: ${JSON.stringify(host)}});
			await engine.get('/info', AbortSignal.timeout(5000)).catch(error => console.log(error.problem.code));
		`;
		const output = await new Promise<string>(resolve => {
			execFile(process.execPath, ['--input-type=module', '-e', script], (_error, stdout, stderr) =>
				resolve(stdout.trim() + stderr.trim()),
			);
		});
		expect(output).toBe('docker-no-permission');
	});

	test('too old and too new are told apart, with both versions', async () => {
		expect(await problemAt(await fakeEngine('1.18', '1.12'))).toEqual({
			code: 'docker-version-too-old',
			params: {server: '1.18', ours: '1.24'},
			retry: 'rarely',
		});
		server?.close();
		expect(await problemAt(await fakeEngine('1.99', '1.90'))).toEqual({
			code: 'docker-version-too-new',
			params: {server: '1.90', ours: '1.51'},
			retry: 'rarely',
		});
		server?.close();
		expect(await problemAt(await fakeEngine('1.99', '1.44'))).toBeUndefined();
	});

	test('ssh and unknown addresses are refused with what to do instead', async () => {
		expect(await problemAt('ssh://me@server')).toMatchObject({code: 'docker-ssh-unsupported'});
		expect(await problemAt('npipe:////./pipe/docker')).toMatchObject({code: 'docker-address'});
		const engine = createDocker({environment: {HOME: folder, DOCKER_CONTEXT: 'gone'}, clock});
		await expect(engine.version(never)).rejects.toMatchObject({
			problem: {code: 'docker-context-missing', params: {context: 'gone'}},
		});
	});

	test('something else on the port is not taken for an engine', async () => {
		const path = join(folder, 'other.sock');
		server = createServer((_request, answer) => answer.end('hello'));
		await new Promise<void>(resolve => server?.listen(path, resolve));
		expect(await problemAt(`unix://${path}`)).toMatchObject({code: 'docker-not-an-engine'});
	});

	test('a request ends when its caller gives up, with the reason of the caller', async () => {
		const path = join(folder, 'silent.sock');
		server = createServer(() => undefined);
		await new Promise<void>(resolve => server?.listen(path, resolve));
		const engine = createDocker({environment: {}, host: `unix://${path}`, clock});
		const abort = new AbortController();
		const asked = engine.get('/info', abort.signal);
		abort.abort(new Error('enough'));
		await expect(asked).rejects.toThrow('enough');
	});
});

const shared = await requireEngine();
const root = await requireComponent('root', () => process.getuid?.() === 0 || 'not root');
const missing = [shared, root].find(one => one.missing !== undefined);

describe.skipIf(missing)(
	titleWith(missing ?? root, 'A14: the engine goes away and comes back'),
	() => {
		let engine: PrivateEngine;
		let sandbox: Sandbox;
		beforeAll(async () => {
			engine = await startPrivateEngine();
			sandbox = await createSandbox(engine.host);
		});
		afterAll(() => engine.dispose());

		test('B34: what runs inside fails with the engine, and can be cleaned up after it', async () => {
			const act = createAct({host: engine.host}).docker;
			const containerId = await sandbox.start('busy', [], ['sleep', '600']);
			const argv = ['sh', '-c', 'echo up; sleep 5001; echo'] as const;
			const up = [0, 1].map(() => Promise.withResolvers<undefined>());
			const follow = (index: number) => ({
				signal: never,
				onOutput: () => up[index]?.resolve(undefined),
			});
			const order = {operation: 'b34', name: 'side', image: sandbox.image, network: 'none', argv};
			const running = [
				act.exec({containerId, argv}, follow(0)),
				act.sidecar({...order, memoryBytes: 2 ** 25}, follow(1)),
			].map(problemOf);
			await Promise.all(up.map(one => one.promise));
			await engine.kill();
			const codes = (await Promise.all(running)).map(problem => problem.code);
			for (const code of codes) expect(code).toMatch(/^docker-(not-running|connection-lost)$/);
			await engine.start();
			expect(await act.removeSidecars('b34', never)).toBe(1);
			expect(await processesWith('sleep\u00005001')).toEqual([]);
		});

		test.each(['kill', 'stop'] as const)('after a %s all states are read anew', async how => {
			const io = dockerIo(engine.host);
			await sandbox.start(`mortal-${how}`, [], ['sleep', '600']);
			await sandbox.start(`immortal-${how}`, ['--restart', 'always'], ['sleep', '600']);
			const before = followContainers(io);
			await before.until(
				sandbox.nameOf(`mortal-${how}`),
				c => c?.isInspected === true,
				'the first list',
			);
			await engine[how]();
			expect(await before.ended).toMatchObject({problem: {code: 'docker-connection-lost'}});
			const during = followContainers(io);
			expect(await during.ended).toBeInstanceOf(ProblemError);
			await engine.start();
			const after = followContainers(io);
			await after.until(
				sandbox.nameOf(`immortal-${how}`),
				c => c?.state === 'running' && c.isInspected,
				'the return',
			);
			const state = ['inspect', '--format', '{{.State.Status}}', sandbox.nameOf(`mortal-${how}`)];
			const told = await engine.docker(state);
			await after.until(
				sandbox.nameOf(`mortal-${how}`),
				c => c?.state === told,
				'the state of the engine',
			);
			after.stop();
		});
	},
);
