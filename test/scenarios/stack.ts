import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdir, readFile, utimes, writeFile} from 'node:fs/promises';
import {createServer} from 'node:https';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {manifestText} from '../../src/domain/manifest-json.ts';
import type {BackupTarget, EndpointTarget} from '../../src/domain/targets.ts';
import {docker} from '../lab/docker.ts';
import {freePort} from '../support/free-port.ts';
import {idAt, manifestOf} from '../support/manifests.ts';
import {until, type Ground} from './ground.ts';
import type {Scenario} from './scenario.ts';

const run = promisify(execFile);
const dayMs = 86_400_000;

/** How often the proxy has written a status into its log. */
async function answersWith(ground: Ground, pattern: RegExp): Promise<number> {
	const log = await docker(['logs', await ground.lab.containerId('nginx')]);
	return log.split('\n').filter(line => pattern.test(line)).length;
}

/** Serves HTTPS with a certificate that ends in so many days. */
async function secureServer(ground: Ground, days: number): Promise<void> {
	const folder = join(ground.folder, `certificate-${days}`);
	await mkdir(folder, {recursive: true});
	const at = (name: string) => join(folder, name);
	const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
	await run('openssl', [
		...['req', '-new', ...curve, '-keyout', at('key.pem'), '-out', at('request.pem')],
		...['-subj', '/CN=localhost'],
	]);
	await run('openssl', [
		...['x509', '-req', '-in', at('request.pem'), '-signkey', at('key.pem')],
		...['-days', String(days), '-out', at('certificate.pem')],
	]);
	const [key, cert] = await Promise.all([readFile(at('key.pem')), readFile(at('certificate.pem'))]);
	const server = createServer({key, cert}, (_, answer) => answer.end('ok'));
	const port = await freePort();
	await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
	ground.undo(async () => {
		server.closeAllConnections();
		return new Promise(resolve => server.close(resolve));
	});
	addresses.set(ground, `https://localhost:${port}/`);
}

const addresses = new WeakMap<Ground, string>();

function shopEndpoint(ground: Ground): EndpointTarget {
	return {id: 'shop', origin: 'configured', url: addresses.get(ground) ?? ''};
}

function setAt(ground: Ground, name: string): BackupTarget {
	return {
		id: name,
		kind: 'database',
		folder: join(ground.folder, name),
		pattern: 'dump-*.sql.gz',
		maxAgeMs: dayMs,
		provenance: 'scenario',
	};
}

/** A set of backups with files of these ages in days and sizes. */
async function backups(
	ground: Ground,
	name: string,
	files: readonly (readonly [ageDays: number, bytes: number])[],
): Promise<void> {
	const {folder} = setAt(ground, name);
	await mkdir(folder, {recursive: true});
	for (const [index, [ageDays, bytes]] of files.entries()) {
		const path = join(folder, `dump-${index}.sql.gz`);
		await writeFile(path, Buffer.alloc(bytes, 1));
		const at = new Date(Date.now() - ageDays * dayMs);
		await utimes(path, at, at);
	}
}

/** Scenarios of the whole stack: nothing wrong, requests, addresses, backups. */
export const stackScenarios: readonly Scenario[] = [
	{
		id: 'healthy',
		title: 'nothing is wrong',
		expect: [],
		async inject(ground) {
			await ground.visit('/health');
			await ground.visit('/predictions?match_id=1');
		},
		spoils: [],
	},
	{
		id: 'healthy-restarted',
		title: 'the services were just restarted by an operator, nothing is wrong',
		expect: [],
		async inject(ground) {
			await ground.lab.compose(['restart', '--timeout', '3', 'app', 'worker']);
			await ground.lab.ready();
		},
	},
	{
		id: 'healthy-backups',
		title: 'fresh backups, nothing is wrong',
		expect: [],
		settings: ground => ({backups: [setAt(ground, 'fresh')]}),
		inject: async ground =>
			backups(ground, 'fresh', [
				[0.2, 4000],
				[1.2, 3900],
				[2.2, 3800],
			]),
		spoils: [],
	},
	{
		id: 'slow-upstream',
		title: 'the application is slow',
		expect: ['app-slow'],
		async inject(ground) {
			ground.undo(async () => ground.lab.fault('slow', false));
			await ground.lab.fault('slow', true);
		},
		until: async ground =>
			until(async () => (await ground.visit('/health')).tookMs > 700, 'a slow answer'),
	},
	{
		id: 'errors',
		title: 'the application answers half of the requests with an error',
		expect: ['code-fails'],
		async inject(ground) {
			ground.undo(async () => ground.lab.fault('errors', false));
			await ground.lab.fault('errors', true);
			ground.again(async () => ground.visit('/predictions?match_id=3'), 100);
		},
		until: async ground =>
			until(async () => (await answersWith(ground, /" 500 /)) >= 20, 'answers with an error'),
	},
	{
		id: 'cors-refused',
		title: 'the backend refuses the origin of a page (CORS)',
		expect: ['cors-refused'],
		async inject(ground) {
			const port = await freePort();
			const script = `
import http.server
class Api(http.server.BaseHTTPRequestHandler):
    def do_OPTIONS(self):
        origin = self.headers.get("Origin", "")
        self.log_error("CORS: origin %s is not allowed", origin)
        self.send_response(403)
        self.end_headers()
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.ThreadingHTTPServer(("", 8000), Api).serve_forever()`;
			const options = ['--publish', `127.0.0.1:${port}:8000`, ...ground.appOptions];
			await ground.service('api', [...options, ground.images.app], ['python3', '-c', script]);
			const headers = {
				Origin: 'https://shop.example.org',
				'Access-Control-Request-Method': 'POST',
			};
			const ask = async (method: string) =>
				fetch(`http://127.0.0.1:${port}/orders`, {method, headers}).then(
					({status}) => status,
					() => 0,
				);
			await until(async () => (await ask('GET')) === 200, 'the backend to answer');
			ground.again(async () => ask('OPTIONS'), 200);
			await until(async () => {
				const log = await docker(['logs', await ground.lab.containerId('api' as 'app')], {
					withErrors: true,
				});
				return log.split('\n').filter(line => line.includes('CORS: origin')).length >= 6;
			}, 'refusals');
		},
		spoils: [],
	},
	{
		id: 'log-storm',
		title: 'the application floods its log with errors',
		expect: ['log-storm'],
		async inject(ground) {
			ground.undo(async () => ground.lab.fault('log-storm', false));
			await ground.lab.fault('log-storm', true);
			const id = await ground.lab.containerId('app');
			await until(async () => {
				const log = await docker(['logs', '--tail', '5000', id]);
				return log.split('\n').filter(line => line.includes('gateway timeout')).length > 4000;
			}, 'a flood of lines');
		},
	},
	{
		id: 'certificate-expired',
		title: 'the certificate of an address has expired',
		expect: ['certificate-expired'],
		inject: async ground => secureServer(ground, -1),
		settings: ground => ({endpoints: [shopEndpoint(ground)]}),
		spoils: [],
	},
	{
		id: 'certificate-ends-soon',
		title: 'the certificate of an address ends in five days',
		expect: ['certificate-ends-soon'],
		inject: async ground => secureServer(ground, 5),
		settings: ground => ({endpoints: [shopEndpoint(ground)]}),
		spoils: [],
	},
	{
		id: 'backups-overdue',
		title: 'the newest backup is nine days old',
		expect: ['backups-overdue'],
		settings: ground => ({backups: [setAt(ground, 'old')]}),
		inject: async ground =>
			backups(ground, 'old', [
				[9, 4000],
				[10, 3900],
			]),
		spoils: [],
	},
	{
		id: 'backups-suspicious',
		title: 'the newest backup is far too small',
		expect: ['backups-suspicious'],
		settings: ground => ({backups: [setAt(ground, 'small')]}),
		inject: async ground =>
			backups(ground, 'small', [
				[0.2, 20],
				[1.2, 3900],
				[2.2, 3800],
			]),
		spoils: [],
	},
	{
		id: 'backups-never',
		title: 'there is no backup at all',
		expect: ['backups-never'],
		settings: ground => ({backups: [setAt(ground, 'none')]}),
		inject: async ground => backups(ground, 'none', []),
		spoils: [],
	},
	{
		id: 'backups-unproven',
		title: 'a backup was never proved',
		expect: ['backups-unproven'],
		async inject(ground) {
			const atMs = Date.now() - 3_600_000;
			const startedAt = new Date(atMs).toISOString();
			const manifest = manifestOf({startedAt, finishedAt: startedAt, id: idAt(atMs)});
			const folder = join(ground.folders.backups, manifest.series, manifest.id);
			ground.undo(async () => run('rm', ['-r', join(ground.folders.backups, manifest.series)]));
			await mkdir(folder, {recursive: true, mode: 0o700});
			const text = manifestText(manifest);
			await writeFile(join(folder, 'manifest.json'), text);
			await writeFile(join(folder, 'dump.pgc'), Buffer.alloc(1000, 'a'));
			const sum = createHash('sha256').update(text).digest('hex');
			await writeFile(join(folder, 'manifest.sha256'), `${sum}  manifest.json\n`);
		},
		spoils: [],
	},
];
