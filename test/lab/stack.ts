import {randomBytes} from 'node:crypto';
import {cp, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {waitFor} from '../support/wait.ts';
import {compose, composeFile} from './compose.ts';
import {docker, linesOf} from './docker.ts';
import type {LabImages} from './images.ts';
import {label} from './run-id.ts';

/** The services of the lab, in the order in which they are listed. */
export const serviceNames = ['nginx', 'app', 'worker', 'db', 'redis'] as const;

/** One service of the lab. */
export type ServiceName = (typeof serviceNames)[number];

/** Where a lab is and how to get in. The passwords are the lab's own and open nothing else. */
export type StackFacts = {
	project: string;
	/** The value of the label `opsconsole.test` on every object of this lab. */
	run: string;
	ports: {nginx: number; app: number; db: number; redis: number};
	postgres: {user: string; password: string; database: string};
	redisPassword: string;
	/** Further variables of compose.yaml: LOG_FORMAT, APP_VERSION, LAB_HEALTH_INTERVAL … */
	environment: Readonly<Record<string, string>>;
	/** A copy of compose.yaml in a folder of the lab's own, with its `.env`. */
	file?: string;
};

/** Makes the facts of a new lab with passwords of its own. */
export function newStack(
	project: string,
	runName: string,
	[nginx, app, db, redis]: readonly [number, number, number, number],
	environment: Readonly<Record<string, string>> = {},
): StackFacts {
	return {
		project,
		run: runName,
		ports: {nginx, app, db, redis},
		postgres: {
			user: 'postgres',
			password: randomBytes(9).toString('hex'),
			database: 'football_prediction',
		},
		redisPassword: randomBytes(9).toString('hex'),
		environment,
	};
}

/** The variables that compose.yaml needs for a lab. */
export function stackEnvironment(stack: StackFacts, images: LabImages): Record<string, string> {
	return {
		...stack.environment,
		LAB_RUN: stack.run,
		LAB_POSTGRES_IMAGE: images.postgres,
		LAB_REDIS_IMAGE: images.redis,
		LAB_NGINX_IMAGE: images.nginx,
		LAB_APP_IMAGE: images.app,
		LAB_NGINX_PORT: String(stack.ports.nginx),
		LAB_APP_PORT: String(stack.ports.app),
		LAB_DB_PORT: String(stack.ports.db),
		LAB_REDIS_PORT: String(stack.ports.redis),
		POSTGRES_USER: stack.postgres.user,
		POSTGRES_PASSWORD: stack.postgres.password,
		POSTGRES_DB: stack.postgres.database,
		REDIS_PASSWORD: stack.redisPassword,
	};
}

/** Copies the Compose file into a folder, with its variables as `.env` beside it, as on a server; gives its path. */
export async function copyStack(
	stack: StackFacts,
	images: LabImages,
	folder: string,
): Promise<string> {
	const lines = Object.entries(stackEnvironment(stack, images)).map(
		([name, value]) => `${name}=${value}\n`,
	);
	const file = join(folder, 'compose.yaml');
	await cp(composeFile, file);
	await cp(join(dirname(composeFile), 'images'), join(folder, 'images'), {recursive: true});
	await writeFile(join(folder, '.env'), lines.join(''), {mode: 0o600});
	return file;
}

/** The container id of a service in a project, running or not. */
export async function containerOf(project: string, service: string): Promise<string | undefined> {
	const [id] = linesOf(
		await docker([
			...['ps', '--all', '--quiet', '--no-trunc'],
			...['--filter', `label=com.docker.compose.project=${project}`],
			...['--filter', `label=com.docker.compose.service=${service}`],
		]),
	);
	return id;
}

/** Waits until every health check of the given services is content and the proxied app answers 200. */
export async function waitUntilReady(
	stack: StackFacts,
	services: readonly ServiceName[],
	deadlineMs = 90_000,
): Promise<void> {
	const ids = await Promise.all(services.map(service => containerOf(stack.project, service)));
	const format = '{{.Name}} {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}';
	await waitFor(
		async () => {
			const known = ids.filter(id => id !== undefined);
			const lines = linesOf(await docker(['inspect', '--format', format, ...known]));
			const bad = lines.filter(line => !/ running( healthy)? ?$/.test(line));
			if (bad.length > 0 || known.length < services.length) throw new Error(bad.join(', '));
			return true;
		},
		{deadlineMs, everyMs: 200, what: `a healthy lab ${stack.project}`},
	);
	if (!['nginx', 'app', 'db', 'redis'].every(name => services.some(one => one === name))) return;
	await waitFor(
		async () => {
			const answer = await fetch(`http://127.0.0.1:${stack.ports.nginx}/health`);
			return answer.ok ? true : undefined;
		},
		{deadlineMs, everyMs: 200, what: `an answer through nginx of ${stack.project}`},
	);
}

/** Creates and starts the services of a lab (all unless named); does not wait for their health. */
export async function startStack(
	stack: StackFacts,
	images: LabImages,
	services: readonly ServiceName[] = serviceNames,
): Promise<void> {
	const environment = stackEnvironment(stack, images);
	const up = ['up', '-d', '--no-build', ...services];
	await compose(stack.project, environment, up, stack.file);
}

async function idsOf(
	kind: 'container' | 'network' | 'volume',
	filters: string[],
): Promise<string[]> {
	const all = kind === 'container' ? ['--all'] : [];
	const chosen = filters.flatMap(filter => ['--filter', filter]);
	return linesOf(await docker([kind, 'ls', ...all, '--quiet', ...chosen]));
}

async function removeAll(filters: string[]): Promise<void> {
	const containers = await idsOf('container', filters);
	if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers]);
	const networks = await idsOf('network', filters);
	if (networks.length > 0) await docker(['network', 'rm', ...networks]);
	const volumes = await idsOf('volume', filters);
	if (volumes.length > 0) await docker(['volume', 'rm', '--force', ...volumes]);
}

/** Removes exactly the containers, networks and volumes that carry this run's label (and project). */
export async function removeRun(runName: string, project?: string): Promise<void> {
	const filters = [`label=${label}=${runName}`];
	if (project !== undefined) filters.push(`label=com.docker.compose.project=${project}`);
	await removeAll(filters);
}

/** The label values of all objects of the engine that carry the label. */
export async function runsOnEngine(): Promise<string[]> {
	const format = `{{.Label "${label}"}}`;
	const lists = await Promise.all(
		['container', 'network', 'volume'].map(kind =>
			docker([
				...[kind, 'ls', ...(kind === 'container' ? ['--all'] : [])],
				...['--filter', `label=${label}`, '--format', format],
			]),
		),
	);
	return [...new Set(lists.flatMap(linesOf))];
}
