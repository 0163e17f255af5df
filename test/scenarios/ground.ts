import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Client} from 'pg';
import {Redis} from 'ioredis';
import {loadRunbooks} from '../../config/load-runbooks.ts';
import {fileURLToPath} from 'node:url';
import type {Settings} from '../../src/domain/settings.ts';
import type {Runbook} from '../../src/runbooks/runbook.ts';
import {stateFolders, type StateFolders} from '../../src/work/state-folders.ts';
import {compose} from '../lab/compose.ts';
import {docker, linesOf} from '../lab/docker.ts';
import {ensureImages, type LabImages} from '../lab/images.ts';
import {label} from '../lab/run-id.ts';
import {containerOf, stackEnvironment} from '../lab/stack.ts';
import {startLab, type Lab} from '../support/lab.ts';
import {settingsOf} from '../support/settings.ts';
import {waitFor} from '../support/wait.ts';
import {openSession} from './open-session.ts';

const shipped = fileURLToPath(new URL('../../config/runbooks', import.meta.url));
const appFolder = fileURLToPath(new URL('../lab/images/app', import.meta.url));

/** Takes something back. */
type Undo = () => unknown;

/** The lab of all scenarios, with everything that faults are made of. */
export type Ground = {
	readonly lab: Lab;
	readonly images: LabImages;
	readonly runbooks: Readonly<Record<string, Runbook>>;
	readonly folders: StateFolders;
	/** Folder of this run for files of scenarios. */
	readonly folder: string;
	/** The settings of an operator who watches nothing but the lab. */
	settings(changes?: Partial<Settings>): Settings;
	/** Keeps what takes a fault back; the last one given is carried out first. */
	undo(step: Undo): void;
	/** Keeps what takes something back that lasts longer than one scenario. */
	atEnd(step: Undo): void;
	/** Takes everything back and waits until the lab is healthy, with new containers for these services. */
	restore(spoilt: readonly string[]): Promise<void>;
	/** Compose with variables of its own, for settings that are wrong. */
	composeWith(
		environment: Readonly<Record<string, string>>,
		parameters: readonly string[],
	): Promise<string>;
	/** Changes a variable in the `.env` beside the Compose file, and takes it back afterwards. */
	setVariable(name: string, value: string): Promise<void>;
	/** What `docker inspect` says of a service, by a Go template. */
	ask(service: string, format: string): Promise<string>;
	/** Makes and starts a further container as if it were a service of the stack; gives its id. */
	service(name: string, options: readonly string[], command: readonly string[]): Promise<string>;
	/** The same without a start. */
	create(name: string, options: readonly string[], command: readonly string[]): Promise<string>;
	/** Options that make a further container one of the lab's application. */
	readonly appOptions: readonly string[];
	/** One session of the superuser, ended with the scenario. */
	session(application?: string): Promise<Client>;
	/** Many of them. */
	sessions(count: number, application: string): Promise<readonly Client[]>;
	/** One statement on a connection of its own. */
	sql(text: string): Promise<readonly Record<string, unknown>[]>;
	/** A connection to Redis, closed with the scenario. */
	redis(): Redis;
	/** Sets a parameter of Redis and takes it back afterwards. */
	redisConfig(name: string, value: string): Promise<void>;
	/** Does something again and again until the scenario is over, whatever comes of it. */
	again(work: () => Promise<unknown>, everyMs: number): void;
	/** Status and duration of a request through the proxy; the status is 0 where there was no answer. */
	visit(path: string, method?: string): Promise<{status: number; tookMs: number}>;
	down(): Promise<void>;
};

/** Brings up a lab and what the scenarios need beside it. Give it back with `down`. */
export async function openGround(): Promise<Ground> {
	const images = await ensureImages();
	const {runbooks, errors} = await loadRunbooks([shipped]);
	if (errors.length > 0) throw new Error(`a shipped runbook is wrong: ${JSON.stringify(errors)}`);
	const folder = await mkdtemp(join(tmpdir(), 'opsconsole-scenarios-'));
	const state = join(folder, 'state');
	const folders = stateFolders({environment: {OPSCONSOLE_STATE: state}, userId: 0});
	for (const path of [state, ...Object.values(folders)]) {
		if (path !== folders.maintenance) await mkdir(path, {recursive: true, mode: 0o700});
	}

	const stackFolder = join(folder, 'stack');
	await mkdir(stackFolder);
	const lab = await startLab({folder: stackFolder});
	const undos: Undo[] = [];
	const ends: Undo[] = [];
	const {project, run} = lab;
	const base = stackEnvironment(lab, images);

	async function create(
		name: string,
		options: readonly string[],
		command: readonly string[],
	): Promise<string> {
		const full = `${project}-${name}`;
		const found = linesOf(await docker(['ps', '-aq', '--filter', `name=^${full}$`]));
		if (found.length > 0) throw new Error(`${full} is there already`);
		undos.push(async () => docker(['rm', '--force', '--volumes', full]).catch(() => ''));
		return docker([
			...['create', '--name', full, '--stop-timeout', '1'],
			...['--label', `${label}=${run}`],
			...['--label', `com.docker.compose.project=${project}`],
			...['--label', `com.docker.compose.service=${name}`],
			...['--label', 'com.docker.compose.container-number=1'],
			...['--label', 'com.docker.compose.oneoff=False'],
			...options,
			...command,
		]);
	}

	async function session(application = 'scenario'): Promise<Client> {
		const client = await openSession(lab.urls.postgres, application);
		undos.push(async () => Promise.race([client.end(), wait(1000)]));
		return client;
	}

	function redis(): Redis {
		const client = new Redis(lab.urls.redis, {
			maxRetriesPerRequest: 1,
			retryStrategy: () => null,
			lazyConnect: false,
		});
		client.on('error', () => undefined);
		undos.push(() => {
			client.disconnect();
		});
		return client;
	}

	async function restore(spoilt: readonly string[]): Promise<void> {
		for (let step = undos.pop(); step; step = undos.pop()) await step();
		const ids = await Promise.all(spoilt.map(async service => containerOf(project, service)));
		const known = ids.flatMap(id => id ?? []);
		if (known.length > 0) {
			await docker(['stop', '--time', '5', ...known]).catch(() => '');
			await docker(['rm', '--force', ...known]);
		}

		await lab.compose(['up', '-d', '--no-build']);
		await lab.ready();
	}

	return {
		lab,
		images,
		runbooks,
		folders,
		folder,
		settings: (changes = {}) =>
			settingsOf({
				docker: {isEnabled: true, projects: [project]},
				environment: {kind: 'test', name: 'scenarios'},
				...changes,
			}),
		undo: step => undos.push(step),
		atEnd: step => ends.push(step),
		restore,
		composeWith: (environment, parameters) =>
			compose(project, {...base, ...environment}, parameters, lab.file),
		async setVariable(name, value) {
			const path = join(stackFolder, '.env');
			const before = await readFile(path, 'utf8');
			undos.push(async () => writeFile(path, before));
			const lines = before.split('\n').filter(line => !line.startsWith(`${name}=`));
			await writeFile(path, [`${name}=${value}`, ...lines].join('\n'));
		},
		async ask(service, format) {
			const id = await containerOf(project, service);
			if (id === undefined) throw new Error(`${service} has no container`);
			return docker(['inspect', '--format', format, id]);
		},
		async service(name, options, command) {
			const id = await create(name, options, command);
			await docker(['start', id]);
			return id;
		},
		create,
		appOptions: [
			...['--network', `${project}_stack`, '--volume', `${appFolder}:/srv/app:ro`],
			...['--workdir', '/srv/app', '--env', 'PYTHONUNBUFFERED=1'],
			...['--env', `POSTGRES_USER=${lab.postgres.user}`],
			...['--env', `POSTGRES_PASSWORD=${lab.postgres.password}`],
			...['--env', `POSTGRES_DB=${lab.postgres.database}`],
			...['--env', `REDIS_PASSWORD=${lab.redisPassword}`],
		],
		session,
		sessions: async (count, application) =>
			Promise.all(Array.from({length: count}, async () => session(application))),
		async sql(text) {
			const client = new Client({connectionString: lab.urls.postgres});
			client.on('error', () => undefined);
			await client.connect();
			try {
				const {rows} = await client.query<Record<string, unknown>>(text);
				return rows;
			} finally {
				await client.end();
			}
		},
		redis,
		async redisConfig(name, value) {
			const client = redis();
			const [, before = ''] = await client.config('GET', name);
			undos.push(async () => {
				const id = await lab.containerId('redis');
				const set = ['exec', id, 'redis-cli', 'CONFIG', 'SET', name, before];
				// This connection is still open where no new one is taken; where it was cut, a new one is.
				const isSet = await client.config('SET', name, before).catch(() => undefined);
				if (isSet === 'OK') return;
				await until(async () => (await docker(set)).startsWith('OK'), `${name} to be as before`);
			});
			await client.config('SET', name, value);
		},
		again(work, everyMs) {
			const own = new AbortController();
			undos.push(() => {
				own.abort();
			});
			void (async () => {
				while (!own.signal.aborted) {
					await work().catch(() => undefined);
					await wait(everyMs);
				}
			})();
		},
		async visit(path, method = 'GET') {
			const begun = performance.now();
			const status = await fetch(`${lab.urls.nginx}${path}`, {
				method,
				signal: AbortSignal.timeout(15_000),
			}).then(
				async answer => {
					await answer.arrayBuffer();
					return answer.status;
				},
				() => 0,
			);
			return {status, tookMs: performance.now() - begun};
		},
		async down() {
			const steps = [...ends, ...undos];
			for (let step = steps.pop(); step; step = steps.pop())
				await Promise.resolve()
					.then(step)
					.catch(() => undefined);
			await lab.down();
			await rm(folder, {recursive: true, force: true});
		},
	};
}

async function wait(ms: number): Promise<void> {
	await new Promise(resolve => setTimeout(resolve, ms));
}

/** Waits until a check of the outside world holds, at most a minute. */
export async function until(check: () => Promise<boolean>, what: string): Promise<void> {
	await waitFor(async () => ((await check()) ? true : undefined), {
		deadlineMs: 60_000,
		everyMs: 250,
		what,
	});
}
