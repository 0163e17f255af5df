import {execFile} from 'node:child_process';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {connect} from 'node:tls';
import {docker} from '../lab/docker.ts';
import {freePort} from '../support/free-port.ts';
import type {DoPlay} from './do-play.ts';
import {until, type Ground} from './ground.ts';
import {startedAnew, upServices} from './own-services.ts';

const run = promisify(execFile);

/** New containers with empty logs: what was written while the lab came up counts for a quarter of an hour. */
async function emptyLogs(ground: Ground): Promise<void> {
	const {lab} = ground;
	const anew = async (services: readonly ('app' | 'worker' | 'nginx')[]) => {
		const ids = await Promise.all(services.map(async service => lab.containerId(service)));
		await docker(['rm', '--force', ...ids]);
		await lab.compose(['up', '-d', '--no-build']);
		await lab.ready();
	};
	await anew(['app', 'worker']);
	// Last, so that it has seen no other answers than good ones.
	await anew(['nginx']);
}

/** Visits that are answered with an error, as many as count. */
async function manyErrors(ground: Ground): Promise<void> {
	ground.undo(async () => ground.lab.fault('errors', false));
	await ground.lab.fault('errors', true);
	let count = 0;
	await until(async () => {
		const answers = await Promise.all(
			Array.from({length: 8}, async () => ground.visit('/predictions?match_id=3')),
		);
		count += answers.filter(({status}) => status === 500).length;
		return count >= 20;
	}, 'answers with an error');
}

/** Whether the proxy passes on good answers, several in a row. */
async function isGood(ground: Ground): Promise<boolean> {
	for (let number = 0; number < 6; number++) {
		if ((await ground.visit('/predictions?match_id=3')).status !== 200) return false;
	}

	return true;
}

async function stopped(ground: Ground, service: 'app' | 'worker' | 'nginx'): Promise<void> {
	const id = await ground.lab.containerId(service);
	ground.undo(async () => docker(['start', id]).catch(() => ''));
	await docker(['stop', '--time', '2', id]);
}

/** A certificate for localhost that ends in so many days, over the one that is there. */
async function certificate(ground: Ground, days: number): Promise<void> {
	const folder = join(ground.folder, 'tls');
	await mkdir(folder, {recursive: true});
	const at = (name: string) => join(folder, name);
	await run('openssl', [
		...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
		...['-keyout', at('key.pem'), '-out', at('fullchain.pem'), '-subj', '/CN=localhost'],
		...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', String(days)],
	]);
}

const ports = new WeakMap<Ground, number>();

/** How many days the certificate that is shown on the shop's port is good for. */
async function shownDays(ground: Ground): Promise<number> {
	const port = ports.get(ground) ?? 0;
	return new Promise((resolve, reject) => {
		const socket = connect({host: '127.0.0.1', port, rejectUnauthorized: false}, () => {
			const until = Date.parse(socket.getPeerCertificate().valid_to);
			socket.destroy();
			resolve((until - Date.now()) / 86_400_000);
		});
		socket.on('error', reject);
	});
}

const server = `import http.server, ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/certs/fullchain.pem", "/certs/key.pem")
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")
one = http.server.ThreadingHTTPServer(("0.0.0.0", 8443), Answer)
one.socket = context.wrap_socket(one.socket, server_side=True)
one.serve_forever()
`;

const errorDoes: readonly DoPlay[] = [
	// First: the errors that others leave behind count for a quarter of an hour.
	{
		wizard: 'error-rate-up',
		node: 'start-down',
		async inject(ground) {
			await emptyLogs(ground);
			await stopped(ground, 'worker');
		},
		way: {down: 0, 'not-yet': 'unknown'},
		proves: startedAnew('worker'),
		ends: 'solved',
	},
	{
		wizard: 'error-rate-up',
		node: 'restart',
		inject: manyErrors,
		way: {changed: 1, remedy: 1, 'not-yet': 'unknown'},
		proves: startedAnew('app', isGood),
		ends: 'escalate',
		spoils: ['app', 'worker', 'nginx'],
	},
	{
		wizard: 'error-rate-up',
		node: 'restart-noisy',
		async inject(ground) {
			ground.undo(async () => ground.lab.fault('log-storm', false));
			await ground.lab.fault('log-storm', true);
			const id = await ground.lab.containerId('app');
			await until(async () => {
				const log = await docker(['logs', '--tail', '2500', id], {withErrors: true});
				return log.split('\n').filter(line => line.includes('gateway timeout')).length > 2000;
			}, 'a flood of lines');
		},
		way: {'storm-then': 0, 'not-yet': 'unknown'},
		proves: startedAnew('app', async ground => {
			const id = await ground.lab.containerId('app');
			const log = await docker(['logs', '--since', '1s', id], {withErrors: true});
			return !log.includes('gateway timeout');
		}),
		ends: 'escalate',
		spoils: ['app', 'worker', 'nginx'],
	},
	{
		wizard: 'frontend-cannot-reach-backend',
		node: 'start-down',
		async inject(ground) {
			await stopped(ground, 'app');
			await Promise.all(Array.from({length: 4}, async () => ground.visit('/health')));
		},
		way: {confirm: 0, 'not-yet': 'unknown'},
		proves: startedAnew('app', async ground => (await ground.visit('/health')).status === 200),
		ends: 'solved',
		spoils: ['app', 'worker', 'nginx'],
	},
	{
		wizard: 'api-slow',
		node: 'restart',
		about: 'app',
		async inject(ground) {
			ground.undo(async () => ground.lab.fault('slow', false));
			await ground.lab.fault('slow', true);
		},
		way: {changed: 1, remedy: 0, 'not-yet': 2},
		waitsWhole: ['settle'],
		proves: startedAnew('app', async ground => {
			const {status, tookMs} = await ground.visit('/health');
			return status === 200 && tookMs < 500;
		}),
		ends: 'solved',
	},
	{
		wizard: 'certificate-expiring',
		node: 'restart',
		about: 'shop',
		async inject(ground) {
			const port = await freePort();
			ports.set(ground, port);
			await certificate(ground, 5);
			await upServices(ground, {
				shop: {
					image: ground.images.app,
					command: ['python3', '-c', server],
					ports: [`127.0.0.1:${port}:8443`],
					volumes: [`${join(ground.folder, 'tls')}:/certs:ro`],
				},
			});
			await until(async () => (await shownDays(ground)) < 6, 'the shop to answer');
		},
		config: () => ['endpoints: [{id: shop, service: shop, scheme: https, port: 8443}]'],
		async atNode(ground, node) {
			if (node === 'bought') await certificate(ground, 90);
		},
		way: {renew: 2, 'not-yet': 1, 'self-signed': 1},
		proves: startedAnew('shop', async ground => (await shownDays(ground)) > 80),
		ends: 'solved',
	},
	{
		wizard: 'queue-not-draining',
		node: 'start',
		async inject(ground) {
			await stopped(ground, 'worker');
			const post = async () => ground.visit('/predictions?user_id=1&match_id=1', 'POST');
			for (let round = 0; round < 5; round++) await Promise.all(Array.from({length: 8}, post));
		},
		way: {'not-yet': 2},
		proves: startedAnew('worker', async ground => {
			const client = ground.redis();
			return (await client.llen('queue:predictions')) < 38;
		}),
		ends: 'solved',
	},
	{
		wizard: 'incident-flow',
		node: 'at-down',
		inject: async ground => stopped(ground, 'worker'),
		way: {'partly-seen': 1, impact: 2, 'recent-change': 2, confirm: 0, 'not-yet': 4, told: 0},
		proves: startedAnew('worker'),
		ends: 'solved',
	},
	{
		wizard: 'incident-flow',
		node: 'restart',
		async inject(ground) {
			await emptyLogs(ground);
			await manyErrors(ground);
		},
		way: {'partly-seen': 1, impact: 2, 'recent-change': 2, confirm: 1, 'not-yet': [2, 4]},
		proves: startedAnew('app', isGood),
		ends: 'call',
	},
];

/** The `do` nodes of the wizards of the whole stack. */
export const stackDoes: readonly DoPlay[] = errorDoes;
