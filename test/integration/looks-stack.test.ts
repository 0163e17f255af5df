import {cp, mkdtemp, readFile, rm} from 'node:fs/promises';
import {createServer, type Server} from 'node:http';
import {createServer as createTlsServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import type {EndpointTarget, RedisTarget} from '../../src/domain/targets.ts';
import {createHttp} from '../../src/io/http.ts';
import {createIo} from '../../src/io/create-io.ts';
import {readEndpointCertificate} from '../../src/looks/endpoint/certificate.ts';
import {readEndpointState} from '../../src/looks/endpoint/state.ts';
import {readStackQueue} from '../../src/looks/stack/queue.ts';
import {httpEndpoint} from '../../src/sources/http-endpoint.ts';
import {certificate, certificateChain} from '../support/certificate.ts';
import {realClock} from '../support/clock.ts';
import {freePort} from '../support/free-port.ts';
import {dockerIo, partialIo} from '../support/io.ts';
import {lookFacts} from '../support/look-facts.ts';
import {redisMissing, startRedis} from '../support/redis-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {createSandbox, requireEngine} from '../support/sandbox.ts';
import {container} from '../support/state.ts';

const redis = await requireComponent('redis-server', () => redisMissing);
const engine = await requireEngine();

async function portOf(server: Server): Promise<number> {
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.close();
	});
	return (server.address() as AddressInfo).port;
}

/** Looks at an address as the console does: its probe and its own words. */
async function endpointAt(url: string) {
	const io = partialIo({http: createHttp({clock: realClock})});
	const target: EndpointTarget = {id: 'site', origin: 'configured', url};
	const reading = await httpEndpoint.open(io, target).read(AbortSignal.timeout(20_000));
	return readEndpointState(
		lookFacts({
			io,
			scope: {endpoint: 'site'},
			targets: {endpoints: [target]},
			readings: {'http.endpoint': reading},
		}),
	);
}

test('an address that answers, one that calls a part bad and one where nobody is', async () => {
	let status = 200;
	const port = await portOf(
		createServer((_request, response) => {
			const database = status === 200 ? 'up' : 'down';
			response.writeHead(status);
			response.end(
				JSON.stringify({status: status === 200 ? 'ok' : 'degraded', checks: {database}}),
			);
		}),
	);
	const url = `http://127.0.0.1:${port}/health`;
	expect((await endpointAt(url)).values).toMatchObject({
		answers: true,
		failure: 'none',
		says: 'ok',
		'failed-part': undefined,
	});
	status = 502;
	expect((await endpointAt(url)).values).toMatchObject({
		answers: false,
		failure: 'status',
		status: 502,
		says: 'degraded',
		'failed-part': 'checks.database',
		'is-proxy-error': true,
	});
	expect((await endpointAt(`http://127.0.0.1:${await freePort()}/`)).values).toMatchObject({
		answers: false,
		failure: 'refused',
		status: undefined,
	});
});

test.skipIf(engine.missing !== undefined)(
	titleWith(engine, 'a certificate that was renewed in its file and not in the server'),
	async () => {
		const [old, renewed] = await Promise.all([
			certificate({name: 'shop.example', days: 3}),
			certificate({name: 'shop.example', days: 90}),
		]);
		const folder = await mkdtemp(join(tmpdir(), 'opsconsole-ssl-'));
		onTestFinished(async () => {
			await Promise.all([old.remove(), renewed.remove(), rm(folder, {recursive: true})]);
		});
		const [key, cert] = await Promise.all([readFile(old.key), readFile(old.certificate)]);
		const port = await portOf(
			createTlsServer({key, cert}, (_request, response) => response.end('ok')),
		);
		await cp(old.certificate, join(folder, 'fullchain.pem'));
		const sandbox = await createSandbox();
		onTestFinished(() => sandbox.remove());
		const id = await sandbox.create('proxy', ['--volume', `${folder}:/etc/ssl:ro`], ['true']);
		const look = (url: string) => {
			const own = {containerId: id, containerName: 'proxy'};
			const target: EndpointTarget = {id: 'site', origin: 'configured', url, container: own};
			return readEndpointCertificate(
				lookFacts({io: dockerIo(), scope: {endpoint: 'site'}, targets: {endpoints: [target]}}),
			);
		};

		const before = await look(`https://127.0.0.1:${port}/`);
		expect(before.values).toMatchObject({
			'is-tls': true,
			'is-expired': false,
			subject: 'shop.example',
			'is-trusted': false,
			'trust-problem': 'self-signed',
			file: join(folder, 'fullchain.pem'),
			'is-file-newer': false,
		});
		expect(before.values['days-left']).toBeCloseTo(3, 0);
		await cp(renewed.certificate, join(folder, 'fullchain.pem'));
		const {values} = await look(`https://127.0.0.1:${port}/`);
		expect(values['is-file-newer']).toBe(true);
		expect(values['file-days-left']).toBeCloseTo(90, 0);
		expect((await look(`http://127.0.0.1:${port}/`)).values['is-tls']).toBe(false);
	},
);

test('an intermediate certificate that ends before the one of the server', async () => {
	const files = await certificateChain({name: 'shop.example', days: 80, chainDays: 3});
	onTestFinished(() => files.remove());
	const [key, cert] = await Promise.all([readFile(files.key), readFile(files.certificate)]);
	const port = await portOf(
		createTlsServer({key, cert}, (_request, response) => response.end('ok')),
	);
	const url = `https://127.0.0.1:${port}/`;
	const target: EndpointTarget = {id: 'site', origin: 'configured', url};
	const {values} = await readEndpointCertificate(
		lookFacts({io: dockerIo(), scope: {endpoint: 'site'}, targets: {endpoints: [target]}}),
	);
	expect(values).toMatchObject({
		subject: 'shop.example',
		issuer: 'Test CA, Test R3',
		'chain-length': 1,
		'chain-ends-first': 'Test R3, Test CA',
	});
	expect(values['days-left']).toBeCloseTo(80, 0);
	expect(values['chain-days-left']).toBeCloseTo(3, 0);
});

test.skipIf(redis.missing !== undefined)(
	titleWith(redis, 'queues of several kinds that grow while nobody works'),
	async () => {
		const server = await startRedis();
		onTestFinished(() => server.remove());
		const io = createIo();
		const target: RedisTarget = {...server.target(), id: 'cache'};
		const look = (state: 'running' | 'exited') =>
			readStackQueue(
				lookFacts({
					io,
					scope: {project: 'shop'},
					containers: [container('worker', {state}), container('app')],
					targets: {redis: [{...target, container: {...ref, project: 'shop'}}]},
				}),
			);
		const ref = {containerId: 'x', containerName: 'x'};
		expect((await look('running')).values).toMatchObject({
			queues: 0,
			kind: 'none',
			waiting: 0,
			'is-growing': false,
			'workers-running': 1,
		});
		await server.cli(['-n', '1', 'rpush', 'celery', ...Array.from({length: 7}, String)]);
		await server.cli(['-n', '1', 'hset', 'unacked', 'a', '1', 'b', '2']);
		await server.cli(['rpush', 'bull:mail:wait', '1', '2']);
		await server.cli(['zadd', 'bull:mail:failed', '1', 'x']);
		await server.cli(['rpush', 'recent:searches', '1']);
		const adding = look('exited');
		const more = setInterval(() => void server.cli(['-n', '1', 'rpush', 'celery', 'x']), 50);
		const {values} = await adding.finally(() => clearInterval(more));
		expect(values).toMatchObject({
			queues: 2,
			kind: 'celery',
			longest: 'celery',
			'is-growing': true,
			'is-draining': false,
			unacked: 2,
			failed: 1,
			workers: 1,
			'workers-running': 0,
			'first-worker-down': 'worker',
		});
		expect(values.length).toBeGreaterThan(7);
		await server.stop();
		expect((await look('exited')).values).toMatchObject({queues: undefined, workers: 1});
	},
);
