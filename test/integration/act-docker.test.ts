import {randomBytes} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Sidecar} from '../../src/domain/plan.ts';
import {createAct} from '../../src/io/create-act.ts';
import {docker, linesOf} from '../lab/docker.ts';
import {feedOf, never, problemOf, textOfFeed} from '../support/act.ts';
import {titleWith} from '../support/require-component.ts';
import {createSandbox, requireEngine, type Sandbox} from '../support/sandbox.ts';
import {waitFor} from '../support/wait.ts';

const engine = await requireEngine();

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'changes of an engine'), () => {
	const {docker: act} = createAct();
	const operation = `test-${randomBytes(4).toString('hex')}`;
	let sandbox: Sandbox;
	let containerId: string;

	beforeAll(async () => {
		sandbox = await createSandbox();
		containerId = await sandbox.start('act', [], ['sleep', '3600']);
	});
	afterAll(async () => {
		await act.removeSidecars(operation, never);
		await sandbox.remove();
	});

	/** Programs in the container beside its first one. */
	const programs = async () =>
		linesOf(await docker(['top', containerId, '-o', 'pid,args'])).slice(2);
	const order = (name: string, argv: Sidecar['argv'], more: Partial<Sidecar> = {}) => ({
		operation,
		name,
		image: sandbox.image,
		argv,
		network: 'none',
		memoryBytes: 32 * 2 ** 20,
		...more,
	});
	const left = async () =>
		linesOf(await docker(['ps', '-aq', '--filter', `label=opsconsole.op=${operation}`]));

	describe('exec', () => {
		test('gives the exit code and both outputs, with user and environment', async () => {
			const script = 'echo "out $A $(id -u)"; echo "err $1" >&2; exit 7';
			const result = await act.exec(
				{
					containerId,
					argv: ['sh', '-c', script, '_', '-Fc $(touch /hit)'],
					user: '12:13',
					environment: {A: 'b c'},
				},
				{signal: never},
			);
			expect(result).toEqual({
				exitCode: 7,
				stdout: 'out b c 12\n',
				stderr: 'err -Fc $(touch /hit)\n',
			});
			const missing = await act.exec({containerId, argv: ['no-such']}, {signal: never});
			expect(missing.exitCode).toBeGreaterThanOrEqual(126);
		});

		test('passes 3 MB on in order and keeps the end, however slowly it is taken', async () => {
			let bytes = 0;
			let running = 0;
			const result = await act.exec(
				{containerId, argv: ['sh', '-c', 'yes 0123456 | head -c 3000000; echo end']},
				{
					signal: never,
					async onOutput(chunk) {
						running += 1;
						expect(running).toBe(1);
						await Promise.resolve();
						bytes += chunk.length;
						running -= 1;
					},
				},
			);
			expect([result.exitCode, bytes, result.stdout.length]).toEqual([0, 3_000_004, 65_536]);
			expect(result.stdout.endsWith('\nend\n')).toBe(true);
		});

		test('feeds the input and closes it, and lets a program leave it', async () => {
			const counted = await act.exec(
				{containerId, argv: ['sh', '-c', 'wc -c; echo done']},
				{signal: never, input: feedOf(1_000_000)},
			);
			expect(counted).toMatchObject({exitCode: 0, stdout: '1000000\ndone\n'});
			const early = await act.exec(
				{containerId, argv: ['sh', '-c', 'exit 5']},
				{signal: never, input: feedOf(20_000_000)},
			);
			expect(early.exitCode).toBe(5);
		});

		test('waits for a program that closed its output', async () => {
			const argv = ['sh', '-c', 'exec >&- 2>&-; sleep 0.3; exit 4'];
			expect((await act.exec({containerId, argv}, {signal: never})).exitCode).toBe(4);
		});

		test('when it is aborted nothing of it is left, also what ignores SIGTERM in another session', async () => {
			const stop = new AbortController();
			const script = 'sleep 3001 & setsid sleep 3002 & echo up; wait';
			const running = act.exec(
				{containerId, argv: ['sh', '-c', script]},
				{signal: stop.signal, onOutput: () => stop.abort(new Error('stop'))},
			);
			await expect(running).rejects.toThrow('stop');
			expect(await programs()).toEqual([]);
		});

		test('where the engine is asked for by someone without rights on its processes', async () => {
			// The process numbers mean nothing here: as for an engine on another machine.
			const stop = new AbortController();
			const blind = createAct();
			const kill = process.kill.bind(process);
			process.kill = () => {
				throw Object.assign(new Error('not permitted'), {code: 'EPERM'});
			};
			try {
				const running = blind.docker.exec(
					{containerId, argv: ['sh', '-c', 'echo up; sleep 3003; echo'], user: '12'},
					{signal: stop.signal, onOutput: () => stop.abort(new Error('stop'))},
				);
				await expect(running).rejects.toThrow('stop');
			} finally {
				process.kill = kill;
			}

			expect(await programs()).toEqual([]);
		});

		test('a failing callback or input is the failure, and ends the program', async () => {
			const argv = ['sh', '-c', 'echo up; cat >/dev/null; sleep 3004'];
			const mine = new Error('disk full');
			const reading = act.exec(
				{containerId, argv},
				{signal: never, onOutput: () => Promise.reject(mine)},
			);
			await expect(reading).rejects.toBe(mine);
			async function* broken(): AsyncGenerator<Uint8Array> {
				yield await Promise.resolve(Buffer.from('part'));
				throw mine;
			}

			await expect(act.exec({containerId, argv}, {signal: never, input: broken()})).rejects.toBe(
				mine,
			);
			expect(await programs()).toEqual([]);
		});

		test('says that a container is not there, not running or paused', async () => {
			const run = (id: string) => act.exec({containerId: id, argv: ['true']}, {signal: never});
			expect((await problemOf(run('no-such-container'))).code).toBe('docker-not-found');
			const stopped = await sandbox.create('stopped', [], ['true']);
			expect(await problemOf(run(stopped))).toMatchObject({
				code: 'act-docker-conflict',
				params: {status: 409},
			});
		});
	});

	describe('sidecars', () => {
		test('run with what they were given and nothing else, and are removed', async () => {
			const folder = await mkdtemp(join(tmpdir(), 'opsct-side-'));
			const script = [
				'echo "$A $(id -u):$(id -g)"; cat /in/*; touch /out/made',
				'touch /no 2>/dev/null || echo read-only; touch /in/no 2>/dev/null || echo read-only',
				'echo "$(grep -c Cap.*0000000000000000 /proc/self/status)"; echo text > /t/x; cat /t/x',
				'grep NoNewPrivs /proc/self/status; echo bad >&2; exit 9',
			].join('; ');
			try {
				const result = await act.sidecar(
					order('plain', ['sh', '-c', script], {
						user: '0:0',
						environment: {A: '-x'},
						mounts: [
							{from: folder, to: '/in', isReadOnly: true},
							{from: folder, to: '/out', isReadOnly: false},
						],
						tmpfs: {'/t': 2 ** 20},
					}),
					{signal: never},
				);
				expect(result).toMatchObject({exitCode: 9, wasOutOfMemory: false});
				expect(result.stdout).toBe('-x 0:0\nread-only\nread-only\n5\ntext\nNoNewPrivs:\t1\n');
				expect(result.stderr).toContain('bad\n');
				expect(await left()).toEqual([]);
			} finally {
				await rm(folder, {recursive: true});
			}
		});

		test('may be written to where they must, and take input', async () => {
			let seen = 0;
			const result = await act.sidecar(
				order('input', ['sh', '-c', 'cat > /file; wc -c < /file; yes | head -c 1000000'], {
					isWritable: true,
				}),
				{signal: never, input: feedOf(100_000), onOutput: chunk => void (seen += chunk.length)},
			);
			expect(result).toMatchObject({exitCode: 0});
			expect(seen).toBe(1_000_007);
		});

		test('say that they ran out of memory', async () => {
			const result = await act.sidecar(order('oom', ['tail', '/dev/zero']), {signal: never});
			expect(result).toMatchObject({exitCode: 137, wasOutOfMemory: true});
			expect(await left()).toEqual([]);
		});

		test('when aborted nothing is left, nor where a callback fails', async () => {
			const stop = new AbortController();
			const argv: Sidecar['argv'] = ['sh', '-c', 'trap "" TERM; echo up; sleep 3005'];
			const running = act.sidecar(order('abort', argv), {
				signal: stop.signal,
				onOutput: () => stop.abort(new Error('stop')),
			});
			await expect(running).rejects.toThrow('stop');
			const mine = new Error('disk full');
			const failing = act.sidecar(order('fail', argv), {
				signal: never,
				onOutput: () => Promise.reject(mine),
			});
			await expect(failing).rejects.toBe(mine);
			await expect(
				act.sidecar(order('early', argv), {signal: AbortSignal.abort(new Error('no'))}),
			).rejects.toThrow('no');
			expect(await left()).toEqual([]);
		});

		test('are refused where image, program or folder are missing, and leave nothing', async () => {
			const refused = (more: Partial<Sidecar>, argv: Sidecar['argv'] = ['true']) =>
				problemOf(act.sidecar(order('refused', argv, more), {signal: never}));
			expect((await refused({image: 'opsct/no-such:1'})).code).toBe('act-image-missing');
			expect((await refused({}, ['/no/such'])).code).toBe('act-sidecar-start');
			expect((await refused({network: 'container:no-such'})).code).toBe('act-sidecar-start');
			const mounts = [{from: '/no/such/folder', to: '/x', isReadOnly: true}];
			expect((await refused({mounts})).code).toBe('act-sidecar-start');
			expect(await left()).toEqual([]);
		});

		test('in the background they stay, keep their name, and are removed by label', async () => {
			const argv: Sidecar['argv'] = ['sleep', '3006'];
			const first = await act.sidecar(order('kept', argv, {isBackground: true}), {signal: never});
			expect(await problemOf(act.sidecar(order('kept', argv), {signal: never}))).toMatchObject({
				code: 'act-sidecar-exists',
				params: {name: `opsconsole-${operation}-kept`},
			});
			const state = ['inspect', '--format', '{{.State.Status}}', first.containerId];
			expect(await docker(state)).toBe('running');
			expect(await act.removeSidecars('', never)).toBe(0);
			expect(await act.removeSidecars(`${operation}x`, never)).toBe(0);
			expect(await act.removeSidecars(operation, never)).toBe(1);
			expect(await act.removeSidecars(operation, never)).toBe(0);
			expect(await left()).toEqual([]);
		});
	});

	describe('files of a container', () => {
		test('are read whole, and only regular ones', async () => {
			const script =
				'yes abc | head -c 2000001 > "/d -x"; ln -s "/d -x" /link; mkfifo /fifo; : > /empty';
			await act.exec({containerId, argv: ['sh', '-c', script]}, {signal: never});
			const file = await act.readFile(containerId, '/d -x', never);
			expect(file.bytes).toBe(2_000_001);
			expect((await textOfFeed(file.content)).length).toBe(2_000_001);
			const empty = await act.readFile(containerId, '/empty', never);
			expect(await textOfFeed(empty.content)).toBe('');
			const causes = ['/link', '/fifo', '/etc', 'relative'].map(async path => {
				const problem = await problemOf(act.readFile(containerId, path, never));
				return `${problem.code} ${String(problem.params['cause'])}`;
			});
			expect(await Promise.all(causes)).toEqual([
				'act-container-file a link, not a regular file',
				expect.stringMatching('act-container-file'),
				'act-container-file a folder, not a regular file',
				'act-container-file not an absolute path',
			]);
			expect((await problemOf(act.readFile(containerId, '/none', never))).code).toBe(
				'docker-not-found',
			);
		});

		test('may be left in the middle', async () => {
			const {content} = await act.readFile(containerId, '/bin/busybox', never);
			for await (const chunk of content) {
				expect(chunk.length).toBeGreaterThan(0);
				break;
			}
		});
	});

	describe('requests', () => {
		test('give every answer of the engine, and a problem without one', async () => {
			const name = sandbox.nameOf('act');
			const post = (path: string) => act.request('POST', path, {signal: never});
			expect((await post(`/containers/${name}/start`)).status).toBe(304);
			expect(await post('/containers/no-such/start')).toMatchObject({
				status: 404,
				json: {message: expect.stringContaining('no-such') as string},
			});
			// The engine of this age says 500 where nothing is paused.
			expect((await problemOf(post(`/containers/${name}/unpause`))).code).toBe('docker-refused');
			const nobody = createAct({host: 'unix:///no/such.sock'}).docker;
			expect((await problemOf(nobody.request('POST', '/x', {signal: never}))).code).toBe(
				'docker-not-running',
			);
		});

		test('take a stream, refuse it early, and give the failure of the feed', async () => {
			const archive = `/containers/${containerId}/archive?path=/tmp`;
			const put = (path: string, feed: AsyncIterable<Uint8Array>) =>
				act.request('PUT', path, {feed, signal: never});
			await act.exec({containerId, argv: ['mkdir', '-p', '/tmp']}, {signal: never});
			async function* empty(): AsyncGenerator<Uint8Array> {
				yield await Promise.resolve(Buffer.alloc(1024));
			}

			expect((await put(archive, empty())).status).toBe(200);
			const missing = archive.replace(containerId, 'no-such');
			expect((await put(missing, feedOf(50_000_000))).status).toBe(404);
			const mine = new Error('feed');
			async function* broken(): AsyncGenerator<Uint8Array> {
				yield await Promise.resolve(Buffer.alloc(512));
				throw mine;
			}

			await expect(put(archive, broken())).rejects.toBe(mine);
		});

		test('an engine that breaks off is a lost connection, and the request is not sent again', async () => {
			let requests = 0;
			const folder = await mkdtemp(join(tmpdir(), 'opsct-eng-'));
			const sockets = new Set<Socket>();
			const server = createServer(socket => {
				sockets.add(socket);
				socket.on('error', () => undefined);
				socket.on('data', data => {
					if (data.toString().includes('/_ping')) {
						socket.write('HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK');
					} else {
						requests += 1;
						socket.destroy();
					}
				});
			});
			const path = join(folder, 'engine.sock');
			await new Promise<void>(resolve => server.listen(path, resolve));
			try {
				const breaking = createAct({host: `unix://${path}`}).docker;
				const problem = await problemOf(
					breaking.request('POST', '/containers/x/restart', {signal: never}),
				);
				expect([problem.code, requests]).toEqual(['docker-connection-lost', 1]);
			} finally {
				for (const socket of sockets) socket.destroy();
				await new Promise(resolve => server.close(resolve));
				await rm(folder, {recursive: true});
			}
		});
	});

	test('nothing that was started here is still there', async () => {
		await waitFor(async () => ((await programs()).length === 0 ? true : undefined));
		expect(await left()).toEqual([]);
	});
});
