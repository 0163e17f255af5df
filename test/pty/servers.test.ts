import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {startPrivateEngine, type PrivateEngine} from '../support/engine.ts';
import {prepareEngine} from '../support/lab.ts';
import {installedPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {redisMissing, startRedis, type RedisServer} from '../support/redis-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {waitFor} from '../support/wait.ts';
import {consoles, hostOnly} from './own-console.ts';

const engine = await requireComponent('a Docker engine', prepareEngine);
const postgres = await requireComponent(
	'PostgreSQL',
	() => installedPostgres() !== undefined || 'not installed',
);
const redis = await requireComponent('Redis', () => redisMissing ?? true);
const root = await requireComponent('root', () => process.getuid?.() === 0 || 'not root');
const {start, closeAll} = consoles();

afterEach(closeAll);

const cpu = /cpu .*%/;
const waiting = /refused|unreachable|not running|nothing listens|next try/i;

/** Established TCP connections of a process to a port. */
function connections(pid: number, port: number): number {
	const rows = execFileSync('ss', ['-Htnp', 'state', 'established', `( dport = :${port} )`], {
		encoding: 'utf8',
	});
	return rows.split('\n').filter(row => row.includes(`pid=${pid},`)).length;
}

describe.skipIf(postgres.missing !== undefined)(titleWith(postgres, 'PostgreSQL'), () => {
	let server: PostgresServer;
	beforeAll(async () => {
		server = await startPostgres();
	});
	afterAll(() => server.remove());

	const figures = /conns .*\d+\/\d+/;

	test('down at the start, back, killed and back again', async () => {
		await server.stop('fast');
		const terminal = start({
			config: `${hostOnly}postgres: [{id: db, host: 127.0.0.1, port: ${server.port}, user: postgres, database: postgres, tls: off}]\n`,
			columns: 120,
			rows: 40,
		});
		await terminal.waitForText(/PostgreSQL/);
		await terminal.waitForText(waiting);
		// Says when it tries again, and everything else goes on.
		const {screen} = await terminal.waitForText(cpu);
		expect(screen.text).toMatch(/(again|retry|next).{0,12}\d ?s|\d ?s.{0,12}(again|retry)/i);
		await server.start();
		await terminal.waitForText(figures, {deadlineMs: 20_000});
		expect(terminal.screen().text).not.toMatch(waiting);
		await server.stop('immediate');
		// The last figures stay, with their age.
		const {screen: stale} = await terminal.waitForText(waiting);
		expect(stale.text).toMatch(figures);
		await server.start();
		await terminal.waitForScreen(({text}) => !waiting.test(text) && figures.test(text), {
			deadlineMs: 20_000,
			what: 'PostgreSQL again',
		});
		await waitFor(() => (connections(terminal.pid, server.port) === 1 ? true : undefined), {
			what: 'one connection',
		});
		terminal.hangUp();
		await waitFor(() => (connections(terminal.pid, server.port) === 0 ? true : undefined), {
			deadlineMs: 20_000,
			what: 'no connection left',
		});
	});
});

describe.skipIf(redis.missing !== undefined)(titleWith(redis, 'Redis'), () => {
	let server: RedisServer;
	beforeAll(async () => {
		server = await startRedis();
	});
	afterAll(() => server.remove());

	const figures = /clients \d/;

	test('down at the start, back, killed and back again', async () => {
		await server.stop();
		const terminal = start({
			config: `${hostOnly}redis: [{id: cache, host: 127.0.0.1, port: ${server.port}}]\n`,
			columns: 120,
			rows: 40,
		});
		await terminal.waitForText(/Redis/);
		await terminal.waitForText(waiting);
		await terminal.waitForText(cpu);
		await server.start();
		await terminal.waitForText(figures, {deadlineMs: 20_000});
		server.kill('SIGKILL');
		await server.stop();
		const {screen: stale} = await terminal.waitForText(waiting);
		expect(stale.text).toMatch(figures);
		await server.start();
		await terminal.waitForScreen(({text}) => !waiting.test(text) && figures.test(text), {
			deadlineMs: 20_000,
			what: 'Redis again',
		});
		await waitFor(() => (connections(terminal.pid, server.port) === 1 ? true : undefined), {
			what: 'one connection',
		});
		terminal.hangUp();
		await waitFor(() => (connections(terminal.pid, server.port) === 0 ? true : undefined), {
			deadlineMs: 20_000,
			what: 'no connection left',
		});
	});
});

describe.skipIf(root.missing !== undefined || engine.missing !== undefined)(
	titleWith(root, 'the Docker engine'),
	() => {
		let own: PrivateEngine;
		let folder = '';
		beforeAll(async () => {
			own = await startPrivateEngine();
			await own.runContainer('lone', ['sleep', '1000']);
			folder = mkdtempSync(join(tmpdir(), 'opsct-sock-'));
		});
		afterAll(async () => {
			rmSync(folder, {recursive: true, force: true});
			await own.dispose();
		});

		test('missing at the start: says so and what to do, and the containers come when it does', async () => {
			const socket = join(folder, 'docker.sock');
			const terminal = start({
				config: 'discovery: {enabled: false}\n',
				env: {DOCKER_HOST: `unix://${socket}`},
				columns: 120,
				rows: 40,
			});
			await terminal.waitForText(cpu);
			const {screen} = await terminal.waitForText(/docker\.sock/);
			expect(screen.text).toMatch(/docker|engine/i);
			symlinkSync(own.socketPath, socket);
			await terminal.waitForText(/lone +running/, {deadlineMs: 20_000});
			terminal.press('q');
			expect(await terminal.exit).toMatchObject({code: 0});
		});
	},
);
