import {randomBytes} from 'node:crypto';
import {compose} from '../lab/compose.ts';
import {switchFault, type FaultName} from '../lab/fault.ts';
import {ensureImages} from '../lab/images.ts';
import {runId} from '../lab/run-id.ts';
import {
	containerOf,
	copyStack,
	newStack,
	removeRun,
	serviceNames,
	stackEnvironment,
	startStack,
	waitUntilReady,
	type ServiceName,
	type StackFacts,
} from '../lab/stack.ts';
import {freePorts} from './free-port.ts';
import {prepareEngine} from './prepare-engine.ts';

/** What a test wants of its lab. */
export type LabOptions = {
	/** Only these services (all unless told). */
	services?: readonly ServiceName[];
	/** The Compose project's name; `opsct-<random>` unless told. */
	project?: string;
	/** Variables of compose.yaml, as LOG_FORMAT=json or WORKER_PAUSE_SECONDS=0.1. */
	env?: Readonly<Record<string, string>>;
	/** A folder of the lab's own for its Compose file and `.env`, so that it can be made anew without our variables. */
	folder?: string;
	/** Whether to wait until all are healthy (true unless told). */
	wait?: boolean;
};

/** A lab of a test's own: its facts and what can be done to it. */
export type Lab = StackFacts & {
	services: readonly ServiceName[];
	/** Addresses as the console would be given them. */
	urls: {nginx: string; app: string; postgres: string; redis: string};
	/** Switches a fault of the app. */
	fault: (name: FaultName, on: boolean) => Promise<void>;
	/** Runs Compose on this lab, as `lab.compose(['stop', 'db'])`, and returns what it printed. */
	compose: (parameters: readonly string[]) => Promise<string>;
	/** The full container id of a service now; fails where there is none. */
	containerId: (service: ServiceName) => Promise<string>;
	/** Waits until every service is healthy (again). */
	ready: () => Promise<void>;
	/** Removes the lab's containers, networks and volumes, and nothing else. */
	down: () => Promise<void>;
};

// What a test needs beside a lab, from one place.
export {startContainers, type ContainerFleet} from './containers.ts';
export {prepareEngine};

/** Brings up a lab on free ports under a project name of its own. Give it back with `lab.down()`. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
	const {services = serviceNames, env = {}, wait = true} = options;
	await prepareEngine();
	const images = await ensureImages();
	const project = options.project ?? `opsct-${randomBytes(4).toString('hex')}`;
	const [nginx = 0, app = 0, db = 0, redis = 0] = await freePorts(4);
	const made = newStack(project, runId(), [nginx, app, db, redis], env);
	const {folder} = options;
	const stack: StackFacts =
		folder === undefined ? made : {...made, file: await copyStack(made, images, folder)};
	const {user, password, database} = stack.postgres;
	const lab: Lab = {
		...stack,
		services,
		urls: {
			nginx: `http://127.0.0.1:${nginx}`,
			app: `http://127.0.0.1:${app}`,
			postgres: `postgres://${user}:${password}@127.0.0.1:${db}/${database}`,
			redis: `redis://:${stack.redisPassword}@127.0.0.1:${redis}/0`,
		},
		fault: (name, on) => switchFault(stack, name, on),
		compose: parameters =>
			compose(project, stackEnvironment(stack, images), parameters, stack.file),
		containerId: async service => {
			const id = await containerOf(project, service);
			if (id === undefined) throw new Error(`${project} has no container of ${service}`);
			return id;
		},
		ready: () => waitUntilReady(stack, services),
		down: () => removeRun(stack.run, project),
	};
	try {
		await startStack(stack, images, services);
		if (wait) await lab.ready();
	} catch (error) {
		await lab.down();
		throw error;
	}
	return lab;
}
