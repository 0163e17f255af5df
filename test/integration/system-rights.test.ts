import {mkdir, readFile, readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import pg from 'pg';
import {Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {docker} from '../lab/docker.ts';
import {prepareEngine, startLab, type Lab} from '../support/lab.ts';
import {makePlace, type Outcome, type Place} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {statusDocumentOf} from '../support/status-document.ts';
import {waitFor} from '../support/wait.ts';

// doctor and init against a real stack, and secrets that are told to nobody.

const engine = await requireComponent('a Docker engine', prepareEngine);

/** Command lines of all descendants of a process, now. */
async function argumentsBelow(ancestor: number): Promise<readonly string[]> {
	const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
	const known = await Promise.all(
		pids.map(async pid => {
			const [line, text] = await Promise.all([
				readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
				readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
			]);
			const parent = /\) \S (\d+) /.exec(line)?.[1] ?? '';
			return {pid, parent, text};
		}),
	);
	const below = new Set([String(ancestor)]);
	for (let grown = -1; grown !== below.size;) {
		grown = below.size;
		for (const {pid, parent} of known) if (below.has(parent)) below.add(pid);
	}

	return known.filter(({pid}) => below.has(pid)).map(({text}) => text);
}

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'rights and secrets'), () => {
	let place: Place;
	let lab: Lab;
	let outputs: readonly string[] = [];
	const secrets = () => [lab.postgres.password, lab.redisPassword, 'canary-1-Watcher'];

	/** Runs the program, keeps what it printed, and looks at the arguments of everything that it starts. */
	async function run(
		parameters: readonly string[],
		environment: Readonly<Record<string, string>> = {},
	): Promise<Outcome> {
		let isOver = false;
		const running = place.run(parameters, environment).finally(() => {
			isOver = true;
		});
		const watching = waitFor(
			async () => {
				const seen = await argumentsBelow(process.pid);
				outputs = [...outputs, ...seen.filter(text => secrets().some(one => text.includes(one)))];
				return isOver || undefined;
			},
			{deadlineMs: 40_000, everyMs: 150},
		);
		const outcome = await running;
		await watching;
		outputs = [...outputs, outcome.stdout, outcome.stderr];
		return outcome;
	}

	async function sql(text: string): Promise<void> {
		const client = new pg.Client({connectionString: lab.urls.postgres});
		await client.connect();
		await client.query(text).finally(() => client.end());
	}

	beforeAll(async () => {
		[place, lab] = await Promise.all([makePlace(), startLab()]);
		await sql("create role watcher login password 'canary-1-Watcher'");
		const client = new Redis(lab.urls.redis);
		await client.call('ACL', 'SETUSER', 'watcher', 'on', '>canary-1-Watcher', '+ping');
		client.disconnect();
		await place.write('watcher.secret', 'canary-1-Watcher\n');
		await place.write(
			'limited.yaml',
			`docker: {projects: [${lab.project}]}
postgres:
  - {id: limited, service: db, user: watcher, password_file: ${place.folder}/watcher.secret}
redis:
  - {id: limited, service: redis, user: watcher, password_file: ${place.folder}/watcher.secret}
backups:
  - {id: nightly, kind: database, folder: ${place.folder}/none, pattern: '*.gz', max_age: 26h}
  - {id: weekly, kind: database, folder: ${place.folder}/there, pattern: '*.gz', max_age: 26h}
`,
		);
		await mkdir(join(place.folder, 'there'));
	});
	afterAll(async () => {
		await Promise.all([lab.down(), place.remove()]);
	});

	it('doctor finds everything of a stack in order', async () => {
		const {status, stdout} = await run(['doctor', '-p', lab.project]);
		const lines = stdout.split('\n').filter(line => line.includes(lab.project));
		expect(lines.length).toBeGreaterThanOrEqual(3);
		expect(lines.every(line => line.startsWith('✓'))).toBe(true);
		expect(status).toBe(stdout.includes('✗') ? 1 : 0);
	});

	it('doctor names each missing right with the command that grants it, and that command does', async () => {
		const {status, stdout} = await run(['doctor', '-c', 'limited.yaml', '--json']);
		expect(status).toBe(1);
		const answer: unknown = JSON.parse(stdout);
		const checks: unknown =
			typeof answer === 'object' && answer !== null && 'checks' in answer ? answer.checks : [];
		if (!Array.isArray(checks)) throw new Error('no checks');
		const commandOf = (id: string): string => {
			const check: unknown = checks.find((one: unknown) => {
				return typeof one === 'object' && one !== null && 'id' in one && one.id === id;
			});
			expect(check, id).toMatchObject({outcome: 'missing'});
			const command =
				typeof check === 'object' && check !== null && 'command' in check ? check.command : '';
			return String(command);
		};
		expect(commandOf('postgres:limited')).toBe('GRANT pg_monitor TO "watcher";');
		expect(commandOf('redis:limited')).toMatch(/^redis-cli ACL SETUSER watcher \+info /);
		expect(commandOf('backups:nightly')).toContain('none');

		await sql(commandOf('postgres:limited'));
		const redis = await lab.containerId('redis');
		await docker(['exec', redis, 'sh', '-c', commandOf('redis:limited')]);
		const again = await run(['doctor', '-c', 'limited.yaml']);
		expect(again.stdout).toMatch(/✓ ok +PostgreSQL limited: /);
		expect(again.stdout).toMatch(/✓ ok +Redis limited: /);
		expect(again.stdout).toMatch(/✗ missing +backups nightly: /);
		expect(again.stdout).toMatch(/✓ ok +backups weekly: /);
		expect(again.status).toBe(1);
	});

	it('init writes a file without secrets that loads, and replaces none', async () => {
		const first = await run(['init', '-p', lab.project, '-o', 'made.yaml']);
		expect(first).toMatchObject({status: 0, stderr: ''});
		const path = join(place.folder, 'made.yaml');
		const text = await readFile(path, 'utf8');
		outputs = [...outputs, text];
		expect(text).toContain(lab.project);
		expect(((await stat(path)).mode & 0o077).toString(8)).toBe('0');
		const second = await run(['init', '-p', lab.project, '-o', 'made.yaml']);
		expect(second.status).toBe(73);
		expect(second.stderr).toContain('--force');
		expect(await readFile(path, 'utf8')).toBe(text);
		expect(await run(['init', '-p', lab.project, '-o', 'made.yaml', '--force'])).toMatchObject({
			status: 0,
		});
		const loaded = await run(['status', '--json', '-c', 'made.yaml']);
		const document = statusDocumentOf(JSON.parse(loaded.stdout));
		const services = document.containers.map(container => container.service);
		expect(services).toEqual(['app', 'db', 'nginx', 'redis', 'worker']);
		expect(document.postgres[0]).toMatchObject({reading: 'fresh'});
		expect(document.redis[0]).toMatchObject({reading: 'fresh'});
		expect(document.problems.filter(({source}) => source === 'configuration')).toEqual([]);
	});

	it('tells no password: not in reports, not in errors, not in arguments', async () => {
		await run(['status', '-p', lab.project]);
		await run(['status', '-p', lab.project, '--lang', 'zh']);
		await run(['status', '-p', lab.project, '--json']);
		await run(['-p', lab.project]);
		await place.write(
			'wrong.yaml',
			`postgres:
  - {id: wrong, host: 127.0.0.1, port: ${lab.ports.db}, database: none, user: postgres, password: '\${PASSWORD}'}
redis:
  - {id: wrong, host: 127.0.0.1, port: ${lab.ports.redis}, user: nobody, password: '\${PASSWORD}'}
docker: {enabled: false}
`,
		);
		const wrong = await run(['status', '-c', 'wrong.yaml', '--json'], {
			PASSWORD: lab.postgres.password,
		});
		const codes = statusDocumentOf(JSON.parse(wrong.stdout)).problems.map(({code}) => code);
		expect(codes.some(code => code.startsWith('postgres-'))).toBe(true);
		expect(codes.some(code => code.startsWith('redis-'))).toBe(true);
		expect(wrong.status).toBe(2);
		const text = outputs.join('\n');
		expect(text.length).toBeGreaterThan(10_000);
		for (const one of secrets()) expect(text.includes(one)).toBe(false);
	});
});
