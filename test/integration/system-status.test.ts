import {Redis} from 'ioredis';
import pg from 'pg';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {docker} from '../lab/docker.ts';
import {prepareEngine, startLab, type Lab} from '../support/lab.ts';
import {makePlace, type Place} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {
	exitOf,
	isComplete,
	statusDocumentOf,
	type StatusDocument,
} from '../support/status-document.ts';
import {waitFor} from '../support/wait.ts';

// The whole program, from its command line to its exit status, against two labs with the same service names.

const engine = await requireComponent('a Docker engine', prepareEngine);
const services = ['app', 'db', 'nginx', 'redis', 'worker'];

/** The machine is busy with other tests; what it does is not the lab's matter. */
const calmHost = `thresholds:
  host.cpu: off
  host.memory: off
  host.swap: off
  host.load-per-core: off
  host.disk: off
  host.inodes: off
  host.disk-busy: off
`;

function found<T>(value: T | undefined, what: string): T {
	if (value === undefined) throw new Error(`there is no ${what}`);
	return value;
}

const byId = <T extends {readonly id: string}>(list: readonly T[], id: string): T =>
	found(
		list.find(entry => entry.id === id),
		id,
	);

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'status of a real stack'), () => {
	let lab: Lab;
	let second: Lab;
	let place: Place;
	let both: StatusDocument;

	async function read(...parameters: readonly string[]): Promise<StatusDocument> {
		const {status, document} = await place.status(parameters);
		const checked = statusDocumentOf(document);
		expect(status).toBe(exitOf(checked));
		return checked;
	}

	beforeAll(async () => {
		place = await makePlace();
		[lab, second] = await Promise.all([startLab(), startLab()]);
		both = await waitFor(
			async () => {
				const document = await read('-p', lab.project, '-p', second.project);
				return isComplete(document) ? document : undefined;
			},
			{deadlineMs: 60_000, what: 'a complete reading'},
		);
	});
	afterAll(async () => {
		await Promise.all([lab.down(), second.down(), place.remove()]);
	});

	it('finds both stacks without any configuration and never confuses them', () => {
		const keys = both.containers.map(container => container.key).sort();
		const wanted = [lab, second].flatMap(({project}) =>
			services.map(service => `${project}/${service}/1`),
		);
		expect(keys).toEqual(wanted.sort());
		for (const {project, ports} of [lab, second]) {
			const endpoints = [`${project}/app`, `${project}/nginx`];
			expect(endpoints.map(id => byId(both.endpoints, id).url)).toEqual([
				`http://127.0.0.1:${ports.app}/health`,
				`http://127.0.0.1:${ports.nginx}/health`,
			]);
			expect(byId(both.postgres, `${project}/db`)).toMatchObject({reading: 'fresh', level: 'ok'});
			expect(byId(both.redis, `${project}/redis`)).toMatchObject({reading: 'fresh', level: 'ok'});
			const logs = both.errors.followed ?? [];
			expect(
				logs.filter(log => log.target.startsWith(`${project}/`)).map(log => log.service),
			).toEqual(services);
			expect(logs.every(log => log.isFollowing)).toBe(true);
		}
	});

	it('tells of containers what docker tells', async () => {
		const ids = both.containers.map(container => container.id);
		const inspected: unknown = JSON.parse(await docker(['inspect', ...ids]));
		for (const [index, container] of both.containers.entries()) {
			expect(inspected).toHaveProperty([index, 'Id'], container.id);
			expect(inspected).toHaveProperty([index, 'Name'], `/${container.name}`);
			expect(inspected).toHaveProperty([index, 'Config', 'Image'], container.image);
			expect(inspected).toHaveProperty([index, 'Image'], container.imageId);
			expect(inspected).toHaveProperty([index, 'RestartCount'], container.restartCount);
			expect(inspected).toHaveProperty([index, 'State', 'Status'], container.state);
			expect(inspected).toHaveProperty([index, 'State', 'Pid'], container.pid);
			if (container.health !== 'none') {
				expect(inspected).toHaveProperty([index, 'State', 'Health', 'Status'], container.health);
			}

			for (const {containerPort, protocol, hostPort} of container.ports) {
				expect(inspected).toHaveProperty(
					[index, 'NetworkSettings', 'Ports', `${containerPort}/${protocol}`, 0, 'HostPort'],
					String(hostPort),
				);
			}
		}
	});

	it('measures memory as docker stats prints it', async () => {
		const app = found(
			both.containers.find(({key}) => key === `${lab.project}/app/1`),
			'app',
		);
		const printed = await docker(['stats', '--no-stream', '--format', '{{.MemUsage}}', app.id]);
		const [, used = '0', limit = '0'] = /^([\d.]+)MiB \/ ([\d.]+)MiB/.exec(printed) ?? [];
		const usage = found(app.usage ?? undefined, 'usage');
		expect(usage.memoryLimitBytes).toBe(Number(limit) * 2 ** 20);
		expect(Math.abs(usage.memoryUsedBytes / 2 ** 20 - Number(used))).toBeLessThan(15);
		expect(usage.cpuPercent).toBeGreaterThanOrEqual(0);
		expect(usage.pids).toBeGreaterThan(0);
	});

	it('tells of PostgreSQL what SQL tells', async () => {
		const entry = byId(both.postgres, `${lab.project}/db`);
		const client = new pg.Client({connectionString: lab.urls.postgres});
		await client.connect();
		try {
			const answer = await client.query<Record<string, unknown>>(
				`select split_part(current_setting('server_version'), ' ', 1) as version,
					current_setting('max_connections')::int as max,
					current_setting('superuser_reserved_connections')::int as reserved,
					(select extract(epoch from pg_postmaster_start_time()) * 1000)::float as started,
					(select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
					(select deadlocks::int from pg_stat_database where datname = current_database()) as deadlocks,
					pg_database_size(current_database())::float as bytes`,
			);
			const row = found(answer.rows[0], 'row');
			const max = Number(row['max']);
			expect(entry.connections?.max).toBe(max);
			expect(entry.connections?.usable).toBe(max - Number(row['reserved']));
			expect(entry).toMatchObject({
				version: row['version'],
				role: 'primary',
				database: lab.postgres.database,
				deadlocks: row['deadlocks'],
				waiting: 0,
			});
			expect(Math.abs(Date.parse(entry.startedAt ?? '') - Number(row['started']))).toBeLessThan(2);
			// The application's pool breathes, and this very session and opsconsole's are two more.
			expect(Math.abs((entry.connections?.used ?? 0) - Number(row['used']))).toBeLessThanOrEqual(6);
			const {databases, tables, statements} = entry.storage;
			if (!databases?.available || !tables?.available || !statements?.available) {
				throw new Error(`parts are missing: ${JSON.stringify(entry.storage).slice(0, 2000)}`);
			}

			const own = databases.value.find(one => one.name === lab.postgres.database);
			expect(Math.abs((own?.bytes ?? 0) - Number(row['bytes']))).toBeLessThan(2_000_000);
			expect(tables.value[0]).toMatchObject({schema: 'public', name: 'predictions'});
			expect(statements.value.length).toBeGreaterThan(0);
		} finally {
			await client.end();
		}
	});

	it('tells of Redis what INFO tells', async () => {
		const entry = byId(both.redis, `${lab.project}/redis`);
		const client = new Redis(lab.urls.redis);
		try {
			const info = await client.info();
			const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim();
			expect(entry).toMatchObject({
				flavour: 'redis',
				version: field('redis_version'),
				runId: field('run_id'),
				role: 'master',
				memory: {maxBytes: 64 * 2 ** 20, policy: 'allkeys-lru'},
				clients: {max: Number(field('maxclients'))},
				persistence: {aofEnabled: true, aofOk: true, lastSaveOk: true},
				evictedKeys: 0,
				trouble: [],
			});
			const used = Number(field('used_memory'));
			expect(Math.abs((entry.memory?.usedBytes ?? 0) - used)).toBeLessThan(1_000_000);
		} finally {
			client.disconnect();
		}
	});

	it('tells of the endpoints what their health answers', () => {
		for (const id of [`${lab.project}/app`, `${lab.project}/nginx`]) {
			const entry = byId(both.endpoints, id);
			expect(entry).toMatchObject({status: 200, isUp: true, level: 'ok', probes: 1, failures: 0});
			expect(entry.facts).toContainEqual({name: 'version', value: '1.4.2'});
			expect(entry.facts).toContainEqual({name: 'status', value: 'healthy'});
		}
	});

	it('ends with 0 when all is well, and with 2 and the cause when the database is stopped', async () => {
		const config = await place.write('calm.yaml', calmHost);
		const calm = ['-c', config, '-p', lab.project];
		await waitFor(
			async () => ((await read(...calm)).level === 'ok' ? true : undefined),
			// The first moments of a stack (connection refused while the database starts) are old news soon.
			{deadlineMs: 50_000, everyMs: 500, what: 'a quiet lab'},
		);
		await lab.compose(['stop', '-t', '1', 'db']);
		try {
			const down = await waitFor(
				async () => {
					const document = await read(...calm);
					return document.alerts.some(alert => alert.metric === 'endpoint.down')
						? document
						: undefined;
				},
				{deadlineMs: 30_000, what: 'the application without its database'},
			);
			expect(down.level).toBe('crit');
			const containerName = down.containers.find(one => one.service === 'db')?.name;
			const levels = down.containers.map(one => `${one.service ?? ''} ${one.level}`);
			expect(levels).toEqual(expect.arrayContaining(['db crit', 'redis ok', 'worker ok']));
			const alert = down.alerts.find(one => one.metric === 'container.down');
			expect(alert).toMatchObject({subject: containerName, level: 'crit', unit: 'state', value: 1});
			const causes = down.problems.map(({source, code}) => `${source} ${code}`);
			expect(causes).toContain('postgres discovery-stopped');
			const plain = await place.run(['status', ...calm]);
			expect(plain.status).toBe(2);
			expect(plain.stdout).toContain('CRITICAL');
			expect(plain.stdout).toMatch(/CRITICAL \S*[_-]db[_-]1: down,/);
			expect(plain.stdout).not.toMatch(/undefined|NaN|\{\w+\}/);
			expect(plain.stdout).not.toContain(String.fromCharCode(27));
		} finally {
			await lab.compose(['start', 'db']);
			await lab.ready();
		}
	});

	it('gives the same document for the same state, and no more than its schema', async () => {
		const first = await read('-p', second.project);
		const again = await read('-p', second.project);
		const facts = (document: StatusDocument) => ({
			containers: document.containers.map(({usage: _usage, ...rest}) => rest),
			endpoints: document.endpoints.map(({id, url, isUp}) => ({id, url, isUp})),
			postgres: document.postgres.map(({id, version}) => ({id, version})),
			redis: document.redis.map(({id, runId}) => ({id, runId})),
			keys: Object.keys(document),
		});
		expect(facts(again)).toEqual(facts(first));
	});

	it('refuses a wrong command line with 64', async () => {
		for (const wrong of [['status', '--nonsense'], ['stat'], ['status', '--system', 'none']]) {
			const {status, stdout, stderr} = await place.run(wrong);
			expect(status, wrong.join(' ')).toBe(64);
			expect(stdout).toBe('');
			expect(stderr).not.toBe('');
		}
	});
});
