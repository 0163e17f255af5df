import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {Client} from 'pg';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {listJobs} from '../../src/work/jobs.ts';
import {docker} from '../lab/docker.ts';
import {type Lab, startLab} from '../support/lab.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {type Place, makePlace} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {openTerminal, type Terminal} from '../support/terminal.ts';
import {waitFor} from '../support/wait.ts';
import {pressUntil, typeSlowly} from './operate.ts';
import {launcher} from './own-console.ts';

const engine = await requireComponent('a Docker engine', prepareEngine);
const flock = await requireComponent('flock', () => existsSync('/usr/bin/flock'));
const missing = [engine, flock].find(one => one.missing !== undefined);

/** How long a step of a walk may take on a busy machine. */
const deadlineMs = 40_000;

let lab: Lab;
let place: Place;
let open: readonly Terminal[] = [];
let sessions: readonly Client[] = [];
const state = () => join(place.folder, 'ops-state');

/** A console of 80x24 on the lab, as an operator has it who has just logged in. */
async function logIn(): Promise<Terminal> {
	const terminal = openTerminal({
		command: launcher,
		args: ['--project', lab.project, '--environment', 'test'],
		cwd: place.folder,
		env: {HOME: place.folder, OPSCONSOLE_STATE: state(), OPSCONSOLE_LANG: undefined},
	});
	open = [...open, terminal];
	await terminal.waitForText(/1 Containers \d/, {deadlineMs});
	return terminal;
}

/** Asks what is wrong, sees this cause as the first of all, opens its wizard and takes it there as well. */
async function diagnose(terminal: Terminal, cause: string): Promise<void> {
	terminal.press('w');
	// The whole screen, since a frame may be read before its last rows are drawn.
	const first = new RegExp(`▶ x .*${cause}`);
	await terminal.waitForScreen(
		({text, lines}) =>
			/What is wrong\? .*took \d/.test(text) &&
			first.test(lines[2] ?? '') &&
			text.includes(`\n ${cause}`),
		{deadlineMs, what: `${cause} first, with its reasons`},
	);
	terminal.press('enter');
	await terminal.waitForText(new RegExp(`▶ 1 ${cause}`), {deadlineMs});
	terminal.press('enter');
}

/** Opens the card of the operation that the walk offers, reads it and runs it. */
async function runOffered(terminal: Terminal, risk: 'safe' | 'disruptive'): Promise<void> {
	await terminal.waitForText('Offered: ', {deadlineMs});
	terminal.press('enter');
	await terminal.waitForText(risk === 'safe' ? '[> Run <]' : '[> Cancel <]', {deadlineMs});
	if (risk === 'disruptive') terminal.press('tab');
	await terminal.waitForText('[> Run <]', {deadlineMs});
	// A card counts as read after 300 ms.
	const readMs = performance.now() + 400;
	await waitFor(() => (performance.now() >= readMs ? true : undefined));
	terminal.press('enter');
}

const solved = (terminal: Terminal) => terminal.waitForText('Solved: ', {deadlineMs});

/** The text of the only report in the state folder. */
function reportText(): string {
	const folder = join(state(), 'incidents');
	const [id = ''] = readdirSync(folder).filter(name => /^\d{8}T/.test(name));
	return readFileSync(join(folder, id, 'report.md'), 'utf8').replaceAll('\\', '');
}

const proxyName = () => `${lab.project}_nginx_1`;

/** Does something with Redis as a program would. */
async function withRedis<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
	const redis = new Redis(lab.urls.redis, {maxRetriesPerRequest: 1, retryStrategy: () => null});
	// What fails is told by the command.
	redis.on('error', () => undefined);
	try {
		return await work(redis);
	} finally {
		redis.disconnect();
	}
}

/** A session of the application, which is no superuser. */
async function session(name: string): Promise<Client> {
	const url = new URL(lab.urls.postgres);
	url.username = 'shop';
	url.password = 'shop';
	const client = new Client({connectionString: url.href, application_name: name});
	client.on('error', () => undefined);
	await client.connect();
	sessions = [...sessions, client];
	return client;
}

/** Sends a signal to a process of PostgreSQL, by its number in the container. */
const signal = (name: 'STOP' | 'CONT', pid: string) =>
	lab.compose(['exec', '-T', 'db', 'sh', '-c', `kill -${name} "$0"`, pid]);

const change = 'UPDATE wizard_row SET n = n + 1 RETURNING n';

beforeAll(async () => {
	if (missing) return;
	lab = await startLab({services: ['nginx', 'app', 'db', 'redis']});
	const admin = new Client(lab.urls.postgres);
	await admin.connect();
	await admin.query(`CREATE ROLE shop LOGIN PASSWORD 'shop'; CREATE TABLE wizard_row (n int);
		INSERT INTO wizard_row VALUES (0); GRANT SELECT, UPDATE ON wizard_row TO shop`);
	await admin.end();
});
beforeEach(async () => {
	place = await makePlace();
});
afterEach(async () => {
	for (const terminal of open) await terminal.close();
	open = [];
	await Promise.all(sessions.map(client => client.end()));
	sessions = [];
	await place.remove();
});
afterAll(async () => {
	if (missing) return;
	await lab.down();
});

describe.skipIf(missing !== undefined)(
	titleWith(missing ?? engine, 'a wizard mends'),
	{timeout: 150_000},
	() => {
		test('a service that was stopped by hand, and the report of the incident reads true', async () => {
			const terminal = await logIn();
			await docker(['stop', proxyName()]);
			await terminal.waitForText(/nginx +exited/);
			terminal.press('N');
			await terminal.waitForText('What is the incident?');
			// What an alert proposes is taken away.
			await pressUntil(terminal, 'backspace', '> _');
			await typeSlowly(terminal, 'shop down');
			terminal.press('enter');
			await terminal.waitForText(/opened: shop down/);
			terminal.press('esc');
			await terminal.waitForText(/1 Containers \d/);

			await diagnose(terminal, 'somebody stopped it');
			await terminal.waitForText('▶ 1 Start it');
			terminal.press('enter');
			await runOffered(terminal, 'safe');
			await solved(terminal);
			expect((await fetch(`${lab.urls.nginx}/health`)).status).toBe(200);

			terminal.press('i');
			await terminal.waitForText('shop down');
			terminal.press('x');
			await terminal.waitForText('What was the cause?');
			await typeSlowly(terminal, 'stopped by hand');
			terminal.press('enter');
			await terminal.waitForText('What was done?');
			await typeSlowly(terminal, 'started it');
			terminal.press('enter');
			await terminal.waitForText('report.md', {deadlineMs});
			const report = reportText();
			expect(report).toMatch(/^\| Cause \| stopped by hand \|$/m);
			expect(report).toMatch(/^\| somebody stopped it \| likely \| it was told to end .* ago \|/m);
			expect(report).toMatch(
				/\| State of the service: Stopped by somebody \| yes → no \| decided by it \|/,
			);
			expect(report).toMatch(/\(service-will-not-start\): solved/i);
			expect(report).toMatch(/\(start-service\), .*: done and verified \(exit status 0\)/);
			expect(report).toContain(`\ndocker start ${proxyName()}  # act-1: done\n`);
		});

		test('a lock chain, although the console is killed while the session is ended', async () => {
			// From a first try, where this is the second one.
			await (await session('before')).query('UPDATE wizard_row SET n = 0');
			const holder = await session('forgetful-report');
			await holder.query('BEGIN');
			const {rows} = await holder.query<{pid: number}>('SELECT pg_backend_pid() AS pid');
			const pid = String(rows[0]?.pid);
			await holder.query(change);
			const waiting = await Promise.all(['web-1', 'web-2', 'web-3'].map(session));
			const changed = Promise.allSettled(waiting.map(client => client.query(change)));
			// A session that stands still cannot end before it goes on, so that there is time to die in.
			await signal('STOP', pid);
			try {
				const first = await logIn();
				await first.waitForText(/blocks 3 for ([4-9]|\d\d+)s/, {deadlineMs});
				await diagnose(first, 'one session blocks others');
				await first.waitForText(/forgetful-report[^]*only its end frees/, {deadlineMs});
				await runOffered(first, 'disruptive');
				await first.waitForText(/ runs \(\d{8}T/, {deadlineMs});
				first.kill('SIGKILL');
				first.hangUp();
				await first.exit;
			} finally {
				await signal('CONT', pid);
			}
			const jobs = () => listJobs(join(state(), 'ops'));
			await waitFor(async () =>
				(await jobs()).every(job => job.state === 'ended') ? 1 : undefined,
			);

			const second = await logIn();
			second.press('W');
			await second.waitForText(/▶ Database slow or blocked/, {deadlineMs});
			second.press('enter');
			await solved(second);
			expect((await changed).map(({status}) => status)).toEqual(Array(3).fill('fulfilled'));
			const [one] = waiting;
			expect((await one?.query('SELECT n FROM wizard_row'))?.rows).toEqual([{n: 3}]);
			await expect(holder.query('SELECT 1')).rejects.toThrow();
			expect((await jobs()).map(job => job.outcome)).toEqual(['done']);
		});

		test('a Redis that is full, by giving it more room', async () => {
			await withRedis(async redis => {
				await redis.config('SET', 'maxmemory-policy', 'noeviction');
				await redis.config('SET', 'maxmemory', '8mb');
				const fill = async (count: number): Promise<void> => {
					await redis.set(`page:${count}`, 'x'.repeat(100_000));
					if (count < 200) await fill(count + 1);
				};
				await expect(fill(0)).rejects.toThrow('OOM');
			});
			const terminal = await logIn();
			await terminal.waitForText(/% +7\.\dM\/8\./);
			await diagnose(terminal, 'memory is full and nothing may be evicted');
			await runOffered(terminal, 'safe');
			await terminal.waitForText(/only +in\s+memory[^]*Enter when/, {deadlineMs});
			terminal.press('enter');
			await solved(terminal);
			await withRedis(async redis => {
				expect(await redis.set('order:1', 'paid')).toBe('OK');
				expect(await redis.config('GET', 'maxmemory')).toEqual([
					'maxmemory',
					String(128 * 2 ** 20),
				]);
				expect(await redis.exists('page:0')).toBe(1);
			});
		});
	},
);
