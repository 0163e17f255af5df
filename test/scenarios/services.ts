import {mkdir, rm} from 'node:fs/promises';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {docker} from '../lab/docker.ts';
import {ensureBusybox} from '../lab/images.ts';
import {label} from '../lab/run-id.ts';
import {freePort} from '../support/free-port.ts';
import {until, type Ground} from './ground.ts';
import type {Scenario} from './scenario.ts';

/** Whether what a service logs holds a text. */
async function logHas(ground: Ground, service: string, text: string): Promise<boolean> {
	const id = await ground.lab.containerId(service as 'app').catch(() => '');
	const log = await docker(['logs', '--tail', '300', id], {withErrors: true});
	return log.includes(text);
}

function logged(service: string, text: string): (ground: Ground) => Promise<void> {
	return ground => until(() => logHas(ground, service, text), `${service} to log ${text}`);
}

function stateIs(service: string, wanted: string, format = '{{.State.Status}}') {
	return (ground: Ground) =>
		until(
			async () => (await ground.ask(service, format)).includes(wanted),
			`${service} to be ${wanted}`,
		);
}

function restarted(service: string, times: number): (ground: Ground) => Promise<void> {
	return ground =>
		until(
			async () => Number(await ground.ask(service, '{{.RestartCount}}')) >= times,
			`${service} to restart`,
		);
}

/** Has a program of ours listen on a free port of this host. */
async function takePort(ground: Ground): Promise<number> {
	const port = await freePort();
	const server = createServer();
	await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
	ground.undo(async () => new Promise(resolve => server.close(resolve)));
	return port;
}

/** Waits until the proxy gives no good answer any more. */
async function noAnswer(ground: Ground): Promise<void> {
	await until(async () => (await ground.visit('/health')).status !== 200, 'no good answer');
}

/** A Docker command on a service, and the one that takes it back. */
function acted(service: 'app' | 'db' | 'redis' | 'nginx' | 'worker', action: string, back: string) {
	return async (ground: Ground) => {
		const id = await ground.lab.containerId(service);
		ground.undo(async () => docker([back, id]).catch(() => ''));
		await docker([action, id]);
	};
}

function detached(service: 'app' | 'db' | 'redis') {
	return async (ground: Ground) => {
		const id = await ground.lab.containerId(service);
		const network = `${ground.lab.project}_stack`;
		ground.undo(async () => docker(['network', 'connect', '--alias', service, network, id]));
		await docker(['network', 'disconnect', network, id]);
	};
}

/** The application with a variable that is wrong. */
function withVariable(service: string, variables: Readonly<Record<string, string>>) {
	return async (ground: Ground) => {
		ground.undo(async () => ground.lab.compose(['up', '-d', '--no-build', '--no-deps', service]));
		await ground.composeWith(variables, ['up', '-d', '--no-build', '--no-deps', service]);
	};
}

/** A further container that the engine refuses to start. */
async function createdOnly(ground: Ground, name: string, options: readonly string[]) {
	const image = await ensureBusybox();
	const id = await ground.create(name, [...options, image], ['sleep', '1000']);
	await docker(['start', id]).catch(() => '');
}

/** Scenarios of containers: states, starts, settings, networks. */
export const serviceScenarios: readonly Scenario[] = [
	{
		id: 'stopped-app',
		title: 'somebody stopped the application',
		expect: ['stopped-by-hand'],
		about: 'app',
		inject: acted('app', 'stop', 'start'),
		until: noAnswer,
		walk: {ends: 'solved', does: ['start-service']},
	},
	{
		id: 'nginx-down',
		title: 'the proxy is stopped',
		expect: ['stopped-by-hand'],
		about: 'nginx',
		inject: acted('nginx', 'stop', 'start'),
		until: noAnswer,
	},
	{
		id: 'paused-app',
		title: 'the application is paused',
		expect: ['paused'],
		about: 'app',
		inject: acted('app', 'pause', 'unpause'),
		until: noAnswer,
		walk: {ends: 'solved', does: ['start-service']},
	},
	{
		id: 'detached-app',
		title: 'the application is in no network',
		expect: ['network-cut'],
		about: 'app',
		inject: detached('app'),
		until: noAnswer,
	},
	{
		id: 'crash-fault',
		title: 'the application ends at its start: a setting is missing',
		expect: ['setting-wrong'],
		about: 'app',
		async inject(ground) {
			ground.undo(async () => ground.lab.fault('crash', false));
			await ground.lab.fault('crash', true);
		},
		until: restarted('app', 3),
	},
	{
		id: 'bad-environment',
		title: 'a variable of the worker is no number',
		expect: ['setting-wrong'],
		about: 'worker',
		inject: withVariable('worker', {WORKER_PAUSE_SECONDS: 'fast'}),
		until: restarted('worker', 3),
	},
	{
		id: 'crash-loop',
		title: 'a service ends with an error again and again',
		expect: ['crash-loop'],
		about: 'reports',
		async inject(ground) {
			const image = await ensureBusybox();
			const script = 'echo "ERROR cannot render the report: index 7 is out of range"; exit 3';
			await ground.service('reports', ['--restart', 'always', image], ['sh', '-c', script]);
		},
		until: restarted('reports', 3),
	},
	{
		id: 'oom-killed',
		title: 'a service is killed at its memory limit again and again',
		expect: ['oom-killed'],
		about: 'reports',
		async inject(ground) {
			const image = await ensureBusybox();
			const limits = ['--memory', '16m', '--memory-swap', '16m', '--restart', 'always'];
			await ground.service('reports', [...limits, image], ['tail', '/dev/zero']);
		},
		until: restarted('reports', 2),
	},
	{
		id: 'oom-app',
		title: 'the application is killed once for lack of memory and runs again',
		expect: ['oom-killed'],
		about: 'app',
		inject: async ground => ground.lab.fault('oom', true),
		until: async ground => {
			await restarted('app', 1)(ground);
			await ground.lab.ready();
		},
	},
	{
		id: 'memory-near-limit',
		title: 'the application is close to its memory limit',
		expect: ['memory-near-limit'],
		about: 'app',
		async inject(ground) {
			ground.undo(async () => ground.lab.fault('memory', false));
			await ground.lab.fault('memory', true);
			const id = await ground.lab.containerId('app');
			let last = 0;
			await until(async () => {
				const text = await docker(['stats', '--no-stream', '--format', '{{.MemUsage}}', id]);
				const now = Number.parseFloat(text);
				const isSettled = now > 170 && Math.abs(now - last) < 1;
				last = now;
				return isSettled;
			}, 'the memory to fill');
			const limit = `${Math.ceil(last / 0.93)}m`;
			ground.undo(async () => docker(['update', '--memory', '256m', '--memory-swap', '512m', id]));
			await docker(['update', '--memory', limit, '--memory-swap', '512m', id]);
		},
	},
	{
		id: 'unhealthy',
		title: 'the health check of the application fails',
		expect: ['unhealthy'],
		about: 'app',
		async inject(ground) {
			ground.undo(async () => ground.lab.fault('unhealthy', false));
			await ground.lab.fault('unhealthy', true);
		},
		until: stateIs('app', 'unhealthy', '{{.State.Health.Status}}'),
	},
	{
		id: 'port-taken',
		title: 'another program has the port of a service',
		expect: ['port-taken'],
		about: 'search',
		async inject(ground) {
			const port = await takePort(ground);
			await createdOnly(ground, 'search', ['--publish', `127.0.0.1:${port}:80`]);
		},
	},
	{
		id: 'database-port-taken',
		title: 'a database cannot start, since another program has its port',
		expect: ['port-taken'],
		about: 'archive',
		async inject(ground) {
			const port = await takePort(ground);
			const options = ['--publish', `127.0.0.1:${port}:5432`, ground.images.postgres];
			const id = await ground.create('archive', options, []);
			await docker(['start', id]).catch(() => '');
		},
	},
	{
		id: 'mount-missing',
		title: 'the folder of a mount is gone',
		expect: ['mount-missing'],
		about: 'search',
		async inject(ground) {
			const folder = join(ground.folder, 'uploads');
			await mkdir(folder, {recursive: true});
			const image = await ensureBusybox();
			const mount = ['--mount', `type=bind,source=${folder},target=/data`];
			const id = await ground.create('search', [...mount, image], ['sleep', '1000']);
			await rm(folder, {recursive: true});
			await docker(['start', id]).catch(() => '');
		},
	},
	{
		id: 'command-missing',
		title: 'the program of a service is not in its image',
		expect: ['command-missing'],
		about: 'search',
		async inject(ground) {
			const image = await ensureBusybox();
			const id = await ground.create('search', [image], ['/srv/serve', '--all']);
			await docker(['start', id]).catch(() => '');
		},
	},
	{
		id: 'image-missing',
		title: 'the image of a service was removed',
		expect: ['image-missing'],
		about: 'search',
		async inject(ground) {
			const base = await ensureBusybox();
			const name = `opsconsole-lab/scenario:${ground.lab.project}`;
			const source = await docker([
				'create',
				'--label',
				`${label}=${ground.lab.run}`,
				base,
				'true',
			]);
			ground.undo(async () => docker(['rm', '--force', source]).catch(() => ''));
			await docker(['commit', '--change', 'ENV MADE_FOR=scenario', source, name]);
			ground.undo(async () => docker(['image', 'rm', '--force', name]).catch(() => ''));
			await ground.create('search', [name], ['sleep', '1000']);
			await docker(['image', 'rm', '--force', name]);
		},
	},
	{
		id: 'container-missing',
		title: 'the container of an expected service was removed',
		expect: ['container-removed'],
		about: 'worker',
		also: ['container-missing'],
		settings: () => ({
			services: ['nginx', 'app', 'worker', 'db', 'redis'].map(name => ({
				name,
				isCritical: true,
				runtime: 'compose' as const,
				provenance: 'scenario',
			})),
		}),
		async inject(ground) {
			await docker(['rm', '--force', await ground.lab.containerId('worker')]);
		},
	},
	{
		id: 'wrong-database-password',
		title: 'the application has a wrong database password',
		expect: ['database-password-wrong'],
		about: 'app',
		inject: withVariable('app', {POSTGRES_PASSWORD: 'not-this-one'}),
		until: logged('app', 'password authentication failed'),
		spoils: ['app', 'worker', 'nginx', 'db'],
	},
	{
		id: 'wrong-redis-password',
		title: 'the worker has a wrong Redis password',
		expect: ['redis-password-wrong'],
		about: 'worker',
		inject: withVariable('worker', {REDIS_PASSWORD: 'not-this-one'}),
		until: logged('worker', 'failed'),
	},
	{
		id: 'wrong-database-name',
		title: 'the application asks for a database that does not exist',
		expect: ['database-not-there'],
		inject: withVariable('worker', {POSTGRES_DB: 'football'}),
		until: logged('worker', 'does not exist'),
		spoils: ['worker', 'db'],
	},
	{
		id: 'wrong-name',
		title: 'a service calls a host name that nobody has',
		expect: ['wrong-name'],
		about: 'settler',
		async inject(ground) {
			const options = [...ground.appOptions, '--env', 'DATABASE_HOST=databse'];
			await ground.service('settler', [...options, ground.images.app], ['python3', 'worker.py']);
		},
		until: logged('settler', 'could not translate host name'),
		spoils: [],
	},
	{
		id: 'separated',
		title: 'a service is in another network than its database',
		expect: ['network-separated'],
		about: 'settler',
		async inject(ground) {
			const {project, run} = ground.lab;
			const network = `${project}_other`;
			ground.undo(async () => docker(['network', 'rm', network]).catch(() => ''));
			await docker([
				...['network', 'create', '--label', `${label}=${run}`],
				...['--label', `com.docker.compose.project=${project}`, network],
			]);
			const options = [...ground.appOptions.slice(2), '--network', network];
			await ground.service(
				'settler',
				[...options, '--env', 'DATABASE_HOST=db', ground.images.app],
				['python3', 'worker.py'],
			);
		},
		until: logged('settler', 'failed'),
		spoils: [],
	},
	{
		id: 'worker-stopped',
		title: 'the worker is stopped and the queue grows',
		expect: ['worker-stopped'],
		async inject(ground) {
			await acted('worker', 'stop', 'start')(ground);
			ground.again(async () => ground.visit('/predictions?user_id=1&match_id=1', 'POST'), 50);
		},
		async until(ground) {
			const client = ground.redis();
			await until(async () => (await client.llen('queue:predictions')) > 30, 'the queue to grow');
		},
	},
	{
		id: 'two-faults',
		title: 'Redis is stopped and a session blocks others',
		expect: ['redis-stopped'],
		also: ['redis-stopped', 'lock-chain'],
		async inject(ground) {
			ground.undo(async () => ground.lab.fault('lock', false));
			await ground.lab.fault('lock', true);
			await acted('redis', 'stop', 'start')(ground);
		},
		async until(ground) {
			await logged('app', 'edis')(ground);
			await until(async () => {
				const rows = await ground.sql(
					"SELECT 1 FROM pg_locks WHERE NOT granted AND waitstart < now() - interval '4 s'",
				);
				return rows.length > 0;
			}, 'a long wait');
		},
	},
	{
		id: 'paused-database',
		title: 'the database is paused',
		expect: ['database-paused'],
		about: 'db',
		inject: acted('db', 'pause', 'unpause'),
		until: async ground =>
			until(async () => (await ground.visit('/users/count')).status !== 200, 'no answer'),
	},
	{
		id: 'paused-redis',
		title: 'Redis is paused',
		expect: ['redis-paused'],
		about: 'redis',
		inject: acted('redis', 'pause', 'unpause'),
		until: logged('app', 'edis'),
	},
	{
		id: 'stopped-database',
		title: 'the database is stopped',
		expect: ['database-stopped'],
		about: 'db',
		inject: acted('db', 'stop', 'start'),
		until: logged('worker', 'failed'),
		walk: {ends: 'solved', does: ['start-service']},
	},
	{
		id: 'killed-database',
		title: 'the database was killed',
		expect: ['database-stopped'],
		about: 'db',
		inject: acted('db', 'kill', 'start'),
		until: logged('worker', 'failed'),
	},
	{
		id: 'stopped-redis',
		title: 'Redis is stopped',
		expect: ['redis-stopped'],
		about: 'redis',
		inject: acted('redis', 'stop', 'start'),
		until: logged('worker', 'failed'),
		walk: {ends: 'solved', does: ['start-service']},
	},
	{
		id: 'detached-database',
		title: 'the database is in no network',
		expect: ['database-cut-off'],
		about: 'db',
		inject: detached('db'),
		until: logged('worker', 'failed'),
	},
	{
		id: 'detached-redis',
		title: 'Redis is in no network',
		expect: ['redis-cut-off'],
		about: 'redis',
		inject: detached('redis'),
		until: logged('worker', 'failed'),
	},
];
