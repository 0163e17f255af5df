import pg from 'pg';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {docker, linesOf} from '../lab/docker.ts';
import {label} from '../lab/run-id.ts';
import {prepareEngine, startLab, type Lab} from '../support/lab.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {waitFor} from '../support/wait.ts';

const engine = await requireComponent('a Docker engine', prepareEngine);

async function objectsOf(project: string): Promise<string[]> {
	const lists = await Promise.all(
		['container', 'network', 'volume'].map(kind =>
			docker([
				...[kind, 'ls', ...(kind === 'container' ? ['--all'] : []), '--quiet'],
				...['--filter', `label=com.docker.compose.project=${project}`],
			]),
		),
	);
	return lists.flatMap(linesOf);
}

async function status(url: string): Promise<number> {
	const answer = await fetch(url);
	await answer.arrayBuffer();
	return answer.status;
}

async function inspect(lab: Lab, format: string): Promise<string> {
	return docker(['inspect', '--format', format, await lab.containerId('app')]);
}

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'the test lab'), () => {
	let lab: Lab;
	let second: Lab;

	beforeAll(async () => {
		[lab, second] = await Promise.all([
			startLab(),
			startLab({services: ['app', 'redis'], env: {LOG_FORMAT: 'json'}, wait: false}),
		]);
	});
	afterAll(async () => {
		await Promise.all([lab.down(), second.down()]);
		expect(await objectsOf(lab.project)).toEqual([]);
		expect(await objectsOf(second.project)).toEqual([]);
	});

	async function rows(query: string): Promise<unknown[]> {
		const client = new pg.Client({connectionString: lab.urls.postgres});
		await client.connect();
		try {
			const result = await client.query<Record<string, unknown>>(query);
			return result.rows;
		} finally {
			await client.end();
		}
	}

	it('answers through nginx from PostgreSQL and Redis', async () => {
		const health: unknown = await (await fetch(`${lab.urls.nginx}/health`)).json();
		expect(health).toMatchObject({
			status: 'healthy',
			database: 'ok',
			redis: 'ok',
			version: '1.4.2',
		});
		expect(await status(`${lab.urls.nginx}/matches/7`)).toBe(200);
		const metrics = await (await fetch(`${lab.urls.app}/metrics`)).text();
		expect(metrics).toContain('# TYPE http_requests_total counter');
		expect(metrics).toMatch(/http_request_duration_seconds_bucket\{le="\+Inf"\} \d+/);
	});

	it('has the seeded database with pg_stat_statements', async () => {
		expect(await rows('SELECT count(*)::int AS n FROM users')).toEqual([{n: 5000}]);
		const known = await rows("SELECT 1 FROM pg_stat_statements WHERE query LIKE '%predictions%'");
		expect(known.length).toBeGreaterThan(0);
	});

	it('has Redis with a limit, an append-only file and a password', async () => {
		const redis = await lab.containerId('redis');
		const ask = (...words: string[]) => docker(['exec', redis, 'redis-cli', ...words]);
		expect(await ask('config', 'get', 'maxmemory')).toContain(String(64 * 2 ** 20));
		expect(await ask('config', 'get', 'appendonly')).toContain('yes');
		const without = await docker(['exec', '--env', 'REDISCLI_AUTH=', redis, 'redis-cli', 'ping']);
		expect(without).toContain('NOAUTH');
	});

	it('labels every object with the run, and the two labs never meet', async () => {
		const first = await objectsOf(lab.project);
		const others = await objectsOf(second.project);
		expect(first).toHaveLength(5 + 1 + 2);
		expect(others).toHaveLength(2 + 1 + 2);
		expect(first.filter(id => others.includes(id))).toEqual([]);
		const labelled = await docker([
			'ps',
			'--all',
			'--quiet',
			'--filter',
			`label=${label}=${lab.run}`,
		]);
		expect(linesOf(labelled)).toHaveLength(5 + 2);
		expect(await lab.containerId('app')).not.toBe(await second.containerId('app'));
	});

	it('logs JSON lines where told', async () => {
		const line = await waitFor(
			async () => {
				await fetch(`${second.urls.app}/health`);
				const log = linesOf(await docker(['logs', '--tail', '1', await second.containerId('app')]));
				return log[0];
			},
			{deadlineMs: 30_000},
		);
		const entry: unknown = JSON.parse(line);
		expect(entry).toMatchObject({level: 'INFO', function: 'send'});
	});

	it('shows errors, an unhealthy state and slow answers, and ends them', async () => {
		await lab.fault('errors', true);
		await waitFor(async () =>
			(await status(`${lab.urls.app}/users/count`)) === 500 ? true : undefined,
		);
		const log = await docker(['logs', '--tail', '200', await lab.containerId('app')]);
		expect(log).toContain('RuntimeError: model answered with NaN');
		await lab.fault('errors', false);
		await lab.fault('unhealthy', true);
		expect(await status(`${lab.urls.nginx}/health`)).toBe(503);
		await lab.fault('unhealthy', false);
		expect(await status(`${lab.urls.nginx}/health`)).toBe(200);
		await lab.fault('slow', true);
		const begun = performance.now();
		await fetch(`${lab.urls.app}/health`);
		expect(performance.now() - begun).toBeGreaterThan(750);
		await lab.fault('slow', false);
	});

	it('makes a real chain of locks', async () => {
		const blocked = 'SELECT 1 FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0';
		await lab.fault('lock', true);
		await waitFor(async () => ((await rows(blocked)).length >= 2 ? true : undefined));
		await lab.fault('lock', false);
		await waitFor(async () => ((await rows(blocked)).length === 0 ? true : undefined));
	});

	it('leaks connections and gives them back', async () => {
		const idle = "SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'";
		await lab.fault('leak', true);
		await waitFor(async () => ((await rows(idle)).length >= 10 ? true : undefined), {
			deadlineMs: 30_000,
		});
		await lab.fault('leak', false);
		await waitFor(async () => ((await rows(idle)).length < 3 ? true : undefined));
	});

	it('makes deadlocks, slow queries, evictions and a flood of log lines', async () => {
		const names = ['deadlock', 'slow-query', 'redis-memory', 'log-storm'] as const;
		for (const name of names) await lab.fault(name, true);
		await waitFor(
			async () => (await rows('SELECT 1 FROM pg_stat_database WHERE deadlocks > 0'))[0],
			{deadlineMs: 30_000, what: 'a deadlock'},
		);
		await waitFor(
			async () =>
				(
					await rows(
						"SELECT 1 FROM pg_stat_activity WHERE application_name = 'report' AND state = 'active'",
					)
				)[0],
			{deadlineMs: 30_000, what: 'a slow query'},
		);
		const redis = await lab.containerId('redis');
		await waitFor(
			async () => {
				const facts = await docker(['exec', redis, 'redis-cli', 'info', 'stats']);
				return /evicted_keys:[1-9]/.test(facts) ? true : undefined;
			},
			{deadlineMs: 30_000, what: 'an eviction'},
		);
		const log = await docker(['logs', '--tail', '50', await lab.containerId('app')]);
		expect(log).toMatch(/ERROR app\.faults: payment \d+ for user \d+ refused/);
		for (const name of names) await lab.fault(name, false);
	});

	it('fills memory close to its limit without going over', async () => {
		await lab.fault('memory', true);
		await waitFor(
			async () => {
				const id = await lab.containerId('app');
				const share = await docker(['stats', '--no-stream', '--format', '{{.MemPerc}}', id]);
				return Number.parseFloat(share) > 70 ? true : undefined;
			},
			{deadlineMs: 40_000, what: 'more than 70 % of the memory limit'},
		);
		await lab.fault('memory', false);
	});

	it('crashes again and again until the fault is off', async () => {
		await lab.fault('crash', true);
		await waitFor(
			async () => (Number(await inspect(lab, '{{.RestartCount}}')) >= 2 ? true : undefined),
			{deadlineMs: 30_000, what: 'two restarts'},
		);
		await lab.fault('crash', false);
		await lab.ready();
		expect(await status(`${lab.urls.nginx}/health`)).toBe(200);
	});

	it('is killed for memory, and comes back', async () => {
		const since = await docker(['info', '--format', '{{.SystemTime}}']);
		const id = await lab.containerId('app');
		await lab.fault('oom', true);
		await waitFor(
			async () => {
				const ends = await docker([
					...['events', '--since', since, '--until', '0s', '--filter', 'event=die'],
					...['--filter', `container=${id}`, '--format', '{{.Actor.Attributes.exitCode}}'],
				]);
				return linesOf(ends).includes('137') ? true : undefined;
			},
			{deadlineMs: 40_000, what: 'an exit with 137'},
		);
		await lab.ready();
	});

	it('stops and starts a service with Compose', async () => {
		await lab.compose(['stop', '-t', '1', 'redis']);
		await waitFor(async () =>
			(await status(`${lab.urls.app}/health`)) === 503 ? true : undefined,
		);
		await lab.compose(['start', 'redis']);
		await lab.ready();
	});
});
