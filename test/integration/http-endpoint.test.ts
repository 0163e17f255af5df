import {readFile} from 'node:fs/promises';
import {createServer, type IncomingMessage, type RequestListener} from 'node:http';
import {createServer as createTlsServer} from 'node:https';
import {createServer as createTcpServer, type Server, type Socket} from 'node:net';
import {expect, onTestFinished, test, vi} from 'vitest';
import type {EndpointTarget} from '../../src/domain/targets.ts';
import {createHttp} from '../../src/io/http.ts';
import {httpEndpoint} from '../../src/sources/http-endpoint.ts';
import {certificate} from '../support/certificate.ts';
import {partialIo} from '../support/io.ts';
import {realClock} from '../support/clock.ts';
import {problemOf} from '../support/redis-reading.ts';
import {freePort} from '../support/free-port.ts';
import {waitFor} from '../support/wait.ts';

const http = createHttp({clock: realClock});

/** Listens on a free port until the test ends; the number of open connections tells whether sockets are left behind. */
async function listen(
	server: Server,
): Promise<{readonly port: number; readonly open: () => number}> {
	const sockets = new Set<Socket>();
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		sockets.forEach(socket => socket.destroy());
		server.close();
	});
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	return {port, open: () => sockets.size};
}

async function serve(listener: RequestListener) {
	const {port, open} = await listen(createServer(listener));
	return {url: `http://127.0.0.1:${port}/health`, open};
}

function readerFor(url: string, more: Partial<EndpointTarget> = {}) {
	const target: EndpointTarget = {id: url, origin: 'configured', url, ...more};
	const reader = httpEndpoint.open(partialIo({http}), target);
	return () => reader.read(new AbortController().signal);
}

test('a JSON health body: status, latency, facts, masked secrets, own user agent, no kept connection', async () => {
	const seen: IncomingMessage['headers'][] = [];
	const {url, open} = await serve((request, response) => {
		seen.push(request.headers);
		response.setHeader('content-type', 'application/json');
		response.end(
			JSON.stringify({
				status: 'ok',
				version: '1.4.2\u001b[31m',
				uptime: 12,
				api_key: 'hunter2',
				checks: {database: 'up'},
			}),
		);
	});
	const value = await readerFor(url)();
	expect(value).toMatchObject({url, status: 200, isUp: true, probes: 1, failures: 0});
	expect(value.latencyMs).toBeGreaterThan(0);
	expect(value.p50Ms).toBe(value.latencyMs);
	expect(value.facts).toEqual([
		{name: 'status', value: 'ok'},
		{name: 'version', value: String.raw`1.4.2\x1b[31m`},
		{name: 'uptime', value: '12'},
		{name: 'api_key', value: '•••'},
	]);
	expect(seen[0]?.['user-agent']).toBe('opsconsole');
	expect((await readerFor(url, {facts: ['checks.database', 'no.such']})()).facts).toEqual([
		{name: 'checks.database', value: 'up'},
	]);
	await waitFor(() => (open() === 0 ? true : undefined));
});

test('a wrong status is a failed probe with its facts; redirects are not followed', async () => {
	const {url} = await serve((_, response) => {
		response.writeHead(503).end('{"status":"degraded"}');
	});
	expect(await readerFor(url)()).toMatchObject({
		status: 503,
		isUp: false,
		failure: 'HTTP 503',
		failurePercent: 100,
		facts: [{name: 'status', value: 'degraded'}],
	});
	expect((await readerFor(url, {expectStatus: 503})()).isUp).toBe(true);
	const moved = await serve((_, response) => {
		response.writeHead(302, {location: url}).end();
	});
	expect(await readerFor(moved.url)()).toMatchObject({status: 302, isUp: true});
});

test('a server that never answers, or never ends its answer, is a timeout and leaves no socket', async () => {
	const silent = await serve(() => undefined);
	expect(await readerFor(silent.url, {timeoutMs: 100})()).toMatchObject({
		isUp: false,
		failure: 'timeout',
	});
	await waitFor(() => (silent.open() === 0 ? true : undefined));
	const endless = await serve((_, response) => {
		response.write('{"status":');
	});
	expect((await readerFor(endless.url, {timeoutMs: 100})()).failure).toBe('timeout');
	await waitFor(() => (endless.open() === 0 ? true : undefined));
});

test('the window counts failures and keeps the latencies of answers', async () => {
	let isBroken = false;
	const {url} = await serve((request, response) => {
		if (isBroken) request.socket.destroy();
		else response.end('ok');
	});
	const read = readerFor(url);
	await read();
	await read();
	await read();
	isBroken = true;
	const value = await read();
	expect(value).toMatchObject({
		isUp: false,
		failure: 'ECONNRESET',
		probes: 4,
		failures: 1,
		failurePercent: 25,
		facts: [],
	});
	expect(value.status).toBeUndefined();
	expect(value.latencyMs).toBeUndefined();
	expect(value.p95Ms).toBeGreaterThanOrEqual(value.p50Ms ?? Infinity);
	isBroken = false;
	expect((await read()).isUp).toBe(true);
});

test('nothing listens; a name that does not exist; a program that speaks no HTTP; an answer that breaks off', async () => {
	const read = (url: string) => readerFor(url)();
	expect((await read(`http://127.0.0.1:${await freePort()}/`)).failure).toBe('ECONNREFUSED');
	expect((await read('http://no-such-host.invalid/')).failure).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
	const ssh = await listen(createTcpServer(socket => socket.end('SSH-2.0-OpenSSH\r\n')));
	expect((await read(`http://127.0.0.1:${ssh.port}/`)).failure).toBe('not HTTP');
	const cut = await serve((_, response) => {
		response.writeHead(200, {'content-length': '100'});
		response.write('half', () => response.destroy());
	});
	expect((await read(cut.url)).failure).toBe('ECONNRESET');
});

test('a huge body is read up to 64 KiB and no further', async () => {
	const written = vi.fn();
	const {url, open} = await serve((_, response) => {
		response.on('error', () => undefined);
		const more = () => {
			while (!response.destroyed && response.write('x'.repeat(16_384))) written();
		};
		response.on('drain', more);
		more();
	});
	const answer = await http.get(url, AbortSignal.timeout(10_000));
	expect(answer.body).toHaveLength(64 * 1024);
	await waitFor(() => (open() === 0 ? true : undefined));
});

test('a self-signed certificate is read, reported and not fatal; plain text to https is a failure', async () => {
	const files = await certificate({name: 'localhost', days: 30});
	onTestFinished(() => files.remove());
	const [cert, key] = await Promise.all([
		readFile(files.certificate, 'utf8'),
		readFile(files.key, 'utf8'),
	]);
	const tls = createTlsServer({cert, key}, (_, response) => response.end('{"status":"ok"}'));
	const {port} = await listen(tls);
	expect(await readerFor(`https://localhost:${port}/`)()).toMatchObject({
		isUp: true,
		status: 200,
		certificateDaysLeft: 29,
		certificateSubject: 'localhost',
		certificateTrustError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
	});
	const plain = await serve((_, response) => response.end());
	const wrong = await readerFor(plain.url.replace('http:', 'https:'))();
	expect(wrong.isUp).toBe(false);
	expect(wrong.failure).toMatch(/SSL|EPROTO/);
});

test('the signal of the engine ends a probe at once; a bad address is a problem; passwords are not shown', async () => {
	const silent = await serve(() => undefined);
	const controller = new AbortController();
	const target: EndpointTarget = {id: 'x', origin: 'configured', url: silent.url};
	const reading = httpEndpoint.open(partialIo({http}), target).read(controller.signal);
	const stop = new Error('stop');
	await waitFor(() => (silent.open() === 1 ? true : undefined));
	controller.abort(stop);
	await expect(reading).rejects.toBe(stop);
	await waitFor(() => (silent.open() === 0 ? true : undefined));

	expect(await problemOf(readerFor('ftp://example.org/')())).toMatchObject({
		code: 'http-bad-address',
	});
	const port = await freePort();
	const hidden = await readerFor(`http://me:hunter2@127.0.0.1:${port}/?token=hunter2&a=1`)();
	expect(hidden.url).toBe(`http://me:•••@127.0.0.1:${port}/?token=•••&a=1`);
});
