import {once} from 'node:events';
import {mkdtemp, readFile, realpath, rm, writeFile} from 'node:fs/promises';
import {createServer, type IncomingMessage, type Server} from 'node:http';
import {createServer as createTcpServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {createPrograms} from '../../src/io/act-programs.ts';
import {createAct} from '../../src/io/create-act.ts';
import {feedOf, never, problemOf} from '../support/act.ts';
import {waitFor} from '../support/wait.ts';

const act = createAct({
	environment: {
		PATH: process.env['PATH'],
		HOME: '/home/x',
		LANG: 'zh_CN.UTF-8',
		DOCKER_HOST: 'unix:///x',
		SECRET: 'canary',
		PGPASSWORD: 'canary',
	},
});

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

describe('programs', () => {
	let folder: string;
	beforeEach(async () => {
		folder = await realpath(await mkdtemp(join(tmpdir(), 'opsct-run-')));
	});
	afterEach(() => rm(folder, {recursive: true}));

	test('get their arguments as they are, a small environment, no input and their folder', async () => {
		const script =
			'printf "%s|" "$@"; pwd; env | cut -d= -f1 | sort | tr "\\n" " "; cat; echo "$LC_ALL" >&2; exit 3';
		const result = await act.program(
			{
				argv: ['sh', '-c', script, '_', '-rf', '$(touch hit) "', ''],
				folder,
				environment: {EXTRA: 'x'},
			},
			{signal: never},
		);
		expect(result).toEqual({
			exitCode: 3,
			stdout: `-rf|$(touch hit) "||${folder}\nDOCKER_HOST EXTRA HOME LANG LC_ALL PATH PWD `,
			stderr: 'C\n',
		});
		await expect(readFile(join(folder, 'hit'))).rejects.toThrow('ENOENT');
	});

	test('pass 5 MB on in order, not faster than they are taken, and keep the end', async () => {
		let bytes = 0;
		let running = 0;
		const result = await act.program(
			{argv: ['sh', '-c', 'yes 0123456 | head -c 5000000; echo end; yes e | head -c 100000 >&2']},
			{
				signal: never,
				async onOutput(chunk) {
					expect((running += 1)).toBe(1);
					await Promise.resolve();
					bytes += chunk.length;
					running -= 1;
				},
			},
		);
		expect([result.exitCode, bytes]).toEqual([0, 5_000_004]);
		expect([result.stdout.length, result.stderr.length]).toEqual([65_536, 65_536]);
		expect(result.stdout.endsWith('\nend\n')).toBe(true);
	});

	test('take input, or leave it', async () => {
		const count = await act.program(
			{argv: ['wc', '-c']},
			{signal: never, input: feedOf(3_000_000)},
		);
		expect(count.stdout.trim()).toBe('3000000');
		const early = await act.program(
			{argv: ['sh', '-c', 'exit 4']},
			{signal: never, input: feedOf(30_000_000)},
		);
		expect(early.exitCode).toBe(4);
	});

	test('that a signal ended say so', async () => {
		expect((await act.program({argv: ['sh', '-c', 'kill -9 $$']}, {signal: never})).exitCode).toBe(
			137,
		);
	});

	test('when aborted end with their whole group', async () => {
		const stop = new AbortController();
		const script = 'sh -c "sleep 4001; echo" & echo $! $$; wait';
		let pids: number[] = [];
		const running = act.program(
			{argv: ['sh', '-c', script]},
			{
				signal: stop.signal,
				onOutput(chunk) {
					pids = Buffer.from(chunk).toString().trim().split(' ').map(Number);
					stop.abort(new Error('stop'));
				},
			},
		);
		await expect(running).rejects.toThrow('stop');
		expect(pids).toHaveLength(2);
		await waitFor(() => (pids.some(isAlive) ? undefined : true));
		await expect(act.program({argv: ['true']}, {signal: stop.signal})).rejects.toThrow('stop');
	});

	test('a failing callback or input is the failure', async () => {
		const mine = new Error('disk full');
		const argv = ['sh', '-c', 'echo up; cat; sleep 4002'] as const;
		await expect(
			act.program({argv}, {signal: never, onOutput: () => Promise.reject(mine)}),
		).rejects.toBe(mine);
		async function* broken(): AsyncGenerator<Uint8Array> {
			yield await Promise.resolve(Buffer.from('part'));
			throw mine;
		}

		await expect(act.program({argv}, {signal: never, input: broken()})).rejects.toBe(mine);
	});

	test('that are missing or cannot run are named', async () => {
		const run = (program: string, more = {}) =>
			problemOf(act.program({argv: [program], ...more}, {signal: never}));
		expect(await run('opsct-no-such')).toMatchObject({
			code: 'act-program-missing',
			params: {program: 'opsct-no-such'},
		});
		await writeFile(join(folder, 'plain'), 'text', {mode: 0o600});
		expect((await run(join(folder, 'plain'))).code).toBe('act-program-failed');
		expect((await run('true', {folder: join(folder, 'none')})).code).toBe('act-program-failed');
	});
});

describe('notifications', () => {
	let server: Server;
	let url: string;
	const seen: {request: IncomingMessage; body: string}[] = [];
	beforeAll(async () => {
		server = createServer((request, response) => {
			let body = '';
			request.on('data', chunk => (body += String(chunk)));
			request.on('end', () => {
				seen.push({request, body});
				if (request.url === '/slow') return;
				response
					.writeHead(Number(request.url?.slice(1)), {location: '/200'})
					.end('x'.repeat(100_000));
			});
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const address = server.address();
		url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
	});
	afterAll(() => {
		server.closeAllConnections();
		server.close();
	});

	test('are sent once, and nothing is followed', async () => {
		expect(await act.post(`${url}/200`, '{"a":"中"}', never)).toBe(200);
		expect(await act.post(`${url}/302`, '{}', never)).toBe(302);
		expect(await act.post(`${url}/500`, '{}', never)).toBe(500);
		expect(seen.map(({request, body}) => `${request.method} ${request.url} ${body}`)).toEqual([
			'POST /200 {"a":"中"}',
			'POST /302 {}',
			'POST /500 {}',
		]);
		expect(seen[0]?.request.headers).toMatchObject({'content-type': 'application/json'});
	});

	test('fail without the secrets of their address', async () => {
		const stop = new AbortController();
		const slow = act.post(`${url}/slow`, '{}', stop.signal);
		await waitFor(() => (seen.some(one => one.request.url === '/slow') ? true : undefined));
		stop.abort(new Error('stop'));
		await expect(slow).rejects.toThrow('stop');
		const closed = createTcpServer().listen(0, '127.0.0.1');
		await once(closed, 'listening');
		const address = closed.address();
		const port = typeof address === 'object' ? address?.port : 0;
		closed.close();
		const problem = await problemOf(
			act.post(`http://me:canary@127.0.0.1:${port}/canary?t=canary`, '{}', never),
		);
		expect(problem).toMatchObject({
			code: 'act-post-failed',
			params: {url: `http://127.0.0.1:${port}`, cause: 'ECONNREFUSED'},
		});
		const odd = await problemOf(act.post('file:///canary', '{}', never));
		expect(JSON.stringify([problem, odd])).not.toContain('canary');
	});
});

test('a program that ignores SIGTERM is killed after its time', async () => {
	const stop = new AbortController();
	let pid = 0;
	const running = createPrograms(process.env, {graceMs: 200})(
		{argv: ['sh', '-c', 'trap "" TERM; echo $$; while :; do sleep 0.2; done']},
		{
			signal: stop.signal,
			onOutput(chunk) {
				pid = Number(Buffer.from(chunk).toString());
				stop.abort(new Error('stop'));
			},
		},
	);
	await expect(running).rejects.toThrow('stop');
	expect(isAlive(pid)).toBe(false);
});
