import {execFile} from 'node:child_process';
import {createServer, type Server, type Socket} from 'node:net';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {valueOf} from '../../src/domain/reading.ts';
import {startPrivateEngine, type PrivateEngine} from '../support/engine.ts';
import {freePort} from '../support/free-port.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {mainFile, makePlace, type Place} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {exitOf, statusDocumentOf} from '../support/status-document.ts';
import {waitFor} from '../support/wait.ts';
import {settingsFrom, startWatch, type Watch} from '../support/watch.ts';

// What is not there, does not answer, or went away: the program ends in time, says so, and comes back by itself.

let place: Place;
beforeAll(async () => {
	place = await makePlace();
});
afterAll(() => place.remove());

/** A server that takes connections and never says a word. */
async function startSilent(where: number | string): Promise<{close: () => Promise<void>}> {
	const sockets = new Set<Socket>();
	const server: Server = createServer(socket => {
		sockets.add(socket);
		socket.on('error', () => undefined);
	});
	await new Promise<void>(resolve => {
		if (typeof where === 'string') server.listen(where, resolve);
		else server.listen(where, '127.0.0.1', resolve);
	});
	return {
		close: () =>
			new Promise(resolve => {
				for (const socket of sockets) socket.destroy();
				server.close(() => resolve());
			}),
	};
}

describe('status where servers fail', () => {
	it('a stopped engine is critical, with its cause', async () => {
		const {status, document} = await place.status([], {
			DOCKER_HOST: `unix://${place.folder}/none.sock`,
		});
		const checked = statusDocumentOf(document);
		expect(status).toBe(2);
		expect(checked.engine).toMatchObject({
			reading: 'failed',
			problem: {code: 'docker-not-running'},
		});
		expect(checked.containers).toEqual([]);
	});

	it('an engine that hangs does not hang it', async () => {
		const silent = await startSilent(join(place.folder, 'silent.sock'));
		try {
			const {status, document} = await place.status([], {
				DOCKER_HOST: `unix://${place.folder}/silent.sock`,
			});
			const checked = statusDocumentOf(document);
			expect(status).toBe(exitOf(checked));
			expect(['crit', 'unknown']).toContain(checked.level);
			const problem = checked.problems.find(({source}) => source === 'docker.containers');
			expect(problem?.code).toBe('timed-out');
			expect(checked.host.reading).toBe('fresh');
		} finally {
			await silent.close();
		}
	});

	it('servers that refuse, swallow and lack are told apart', async () => {
		const [swallowing, closed] = [await freePort(), await freePort()];
		const silent = await startSilent(swallowing);
		await place.write(
			'failing.yaml',
			`docker: {enabled: false}
discovery: {enabled: false}
postgres:
  - {id: hole, host: 127.0.0.1, port: ${swallowing}, database: app, user: app}
  - {id: refusing, host: 127.0.0.1, port: ${closed}, database: app, user: app}
redis:
  - {id: hole, host: 127.0.0.1, port: ${swallowing}}
  - {id: refusing, host: 127.0.0.1, port: ${closed}}
endpoints:
  - {id: refusing, url: 'http://127.0.0.1:${closed}/health'}
logs:
  - {id: none, service: app, path: ${place.folder}/none.log}
backups:
  - {id: none, kind: database, folder: ${place.folder}/none, pattern: '*.gz', max_age: 26h}
`,
		);
		try {
			const {status, document} = await place.status(['-c', 'failing.yaml']);
			const checked = statusDocumentOf(document);
			expect(status).toBe(2);
			expect(checked.postgres.map(({id, level}) => `${id} ${level}`)).toEqual([
				'hole crit',
				'refusing crit',
			]);
			expect(checked.redis.map(({id, level}) => `${id} ${level}`)).toEqual([
				'hole crit',
				'refusing crit',
			]);
			expect(checked.endpoints[0]).toMatchObject({id: 'refusing', isUp: false, level: 'crit'});
			expect(checked.backups[0]).toMatchObject({id: 'none', level: 'unknown'});
			for (const {summary, hint, code} of checked.problems) {
				expect(`${summary} ${hint}`, code).not.toMatch(/\{\w+\}|undefined|NaN/);
				expect(hint, code).not.toBe('');
			}
		} finally {
			await silent.close();
		}
	});
});

const root = await requireComponent('root and name spaces', async () => {
	if (process.getuid?.() !== 0) return 'not root';
	return new Promise<true | string>(resolve => {
		execFile('unshare', ['--mount', '--net', 'true'], error =>
			resolve(error ? error.message : true),
		);
	});
});

describe.skipIf(root.missing !== undefined)(titleWith(root, 'a host without anything'), () => {
	/** Runs the program with nothing but a kernel around it: no sockets, no network, no programs. */
	function alone(parameters: readonly string[]): Promise<{code: number | null; text: string}> {
		const script = 'mount -t tmpfs none /run && PATH=/nowhere exec "$@"';
		return new Promise(resolve => {
			const child = execFile(
				'unshare',
				[
					...['--mount', '--net', 'sh', '-c', script, 'sh'],
					...[process.execPath, mainFile, ...parameters],
				],
				{cwd: place.folder, env: {PATH: process.env['PATH'] ?? '', HOME: place.folder}},
				(_error, stdout, stderr) => resolve({code: child.exitCode, text: stdout + stderr}),
			);
		});
	}

	it('D08: says so without noise, and that is not called ok', async () => {
		await place.write('calm.yaml', 'thresholds: {host.disk: off, host.memory: off}\n');
		const {code, text} = await alone(['status', '--json', '-c', 'calm.yaml']);
		const checked = statusDocumentOf(JSON.parse(text));
		expect(code).toBe(3);
		expect(checked.problems.map(problem => problem.code)).toEqual(['docker-not-installed']);
		expect(checked.host).toMatchObject({reading: 'fresh', level: 'ok'});
		for (const list of [checked.postgres, checked.redis, checked.endpoints, checked.backups]) {
			expect(list).toEqual([]);
		}

		const plain = await alone(['status', '-c', 'calm.yaml']);
		expect(plain.code).toBe(3);
		expect(plain.text).toContain('npm run demo');
		expect(plain.text).not.toMatch(/undefined|NaN|postgres|redis/i);
	});
});

const engine = await requireComponent('a Docker engine', prepareEngine);
const ownEngine = root.missing ?? engine.missing;

describe.skipIf(ownEngine !== undefined)(titleWith(root, 'an engine that goes away'), () => {
	let own: PrivateEngine;
	let watch: Watch;
	beforeAll(async () => {
		own = await startPrivateEngine();
		const config = await place.write('own.yaml', `docker: {host: '${own.host}'}\n`);
		watch = startWatch(await settingsFrom(config));
	});
	afterAll(async () => {
		await watch.stop();
		await own.dispose();
	});

	it('A14: keeps what was known, says that it is old, and recovers by itself', async () => {
		const reading = () => Object.values(watch.state().data.readings['docker.containers'])[0];
		const names = () =>
			(valueOf(reading())?.containers ?? []).map(({name, state}) => `${name} ${state}`);
		await own.runContainer('lone', ['sleep', '1000']);
		await waitFor(() => names().includes('lone running') || undefined);
		await own.kill();
		const stale = await waitFor(() => {
			const now = reading();
			return now?.kind === 'stale' ? now : undefined;
		});
		expect(stale.problem.code).toMatch(/^docker-/);
		expect(names()).toContain('lone running');
		await own.start();
		await waitFor(() => reading()?.kind === 'fresh' || undefined, {
			deadlineMs: 20_000,
			what: 'the engine on the screen',
		});
		await waitFor(() => names().includes('lone exited') || undefined);
		await own.docker(['start', 'lone']);
		await waitFor(() => names().includes('lone running') || undefined);
	});
});
