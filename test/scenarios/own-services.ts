import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {composeProgram} from '../lab/compose.ts';
import {docker, linesOf, run} from '../lab/docker.ts';
import {ensureBusybox} from '../lab/images.ts';
import {label} from '../lab/run-id.ts';
import type {Proof} from './do-play.ts';
import type {Ground} from './ground.ts';

/** A service as a Compose file has it; the image is busybox unless told. */
export type OwnService = Readonly<Record<string, unknown>>;

/** Further services of the lab's project, from a Compose file of their own without any variables. */
export type OwnServices = {
	/** Writes another file; nothing happens to the containers. */
	readonly write: (services: Readonly<Record<string, OwnService>>) => Promise<void>;
	readonly compose: (parameters: readonly string[]) => Promise<string>;
};

const filesOf = new WeakMap<Ground, OwnServices>();
let count = 0;

/** Makes the file; `network` is one of its own instead of the lab's. Its containers go with the scenario. */
export async function ownServices(
	ground: Ground,
	services: Readonly<Record<string, OwnService>>,
	network?: string,
): Promise<OwnServices> {
	const {project, run: runName} = ground.lab;
	const folder = join(ground.folder, `own-${++count}`);
	const file = join(folder, 'compose.yaml');
	await mkdir(folder, {recursive: true});
	const image = await ensureBusybox();
	const labels = {[label]: runName};
	const common = {image, init: true, stop_grace_period: '1s', labels};
	const networks =
		network === undefined
			? {default: {external: true, name: `${project}_stack`}}
			: {default: {name: `${project}_${network}`, labels}};
	const write: OwnServices['write'] = async wanted => {
		const all: Readonly<Record<string, OwnService>> = Object.fromEntries(
			Object.entries(wanted).map(([name, service]) => [name, {...common, ...service}]),
		);
		const text = JSON.stringify({version: '3.8', services: all, networks});
		await writeFile(file, text);
	};
	const [program = 'docker-compose', ...first] = await composeProgram();
	await write(services);
	ground.undo(async () => {
		const ofFile = `label=com.docker.compose.project.config_files=${file}`;
		const ids = linesOf(await docker(['ps', '--all', '--quiet', '--filter', ofFile]));
		if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids]);
		if (network !== undefined) {
			await docker(['network', 'rm', `${project}_${network}`]).catch(() => '');
		}
	});
	const own: OwnServices = {
		write,
		compose: async parameters => run(program, [...first, '-p', project, '-f', file, ...parameters]),
	};
	filesOf.set(ground, own);
	return own;
}

/** The same, and starts them. */
export async function upServices(
	ground: Ground,
	services: Readonly<Record<string, OwnService>>,
	network?: string,
): Promise<OwnServices> {
	const own = await ownServices(ground, services, network);
	await own.compose(['up', '-d', '--no-build']);
	return own;
}

/** Writes the file of the play that goes on anew, as the operator does whom a note asks for it. */
export async function rewrite(
	ground: Ground,
	services: Readonly<Record<string, OwnService>>,
): Promise<void> {
	await filesOf.get(ground)?.write(services);
}

async function stateOf(ground: Ground, service: string) {
	const format = '{{.Id}} {{.State.StartedAt}} {{.State.Status}}';
	const [id = '', startedAt = '', status = ''] = (await ground.ask(service, format)).split(' ');
	return {id, startedAt, isRunning: status === 'running'};
}

/** The engine says that the service runs. */
export function runs(service: string): Proof {
	return ground => Promise.resolve(async () => (await stateOf(ground, service)).isRunning);
}

type ServiceState = Awaited<ReturnType<typeof stateOf>>;
type Holds = (ground: Ground) => Promise<boolean>;

/** Makes the proof that a service runs and that its container is another one than before, in some sense. */
function anew(isAnew: (before: ServiceState, now: ServiceState) => boolean) {
	return (service: string, also: Holds = async () => Promise.resolve(true)): Proof =>
		async ground => {
			const before = await stateOf(ground, service);
			return async () => {
				const now = await stateOf(ground, service);
				return isAnew(before, now) && now.isRunning && (await also(ground));
			};
		};
}

/** The engine says that the same container was started anew and runs, and `also` holds. */
export const startedAnew = anew(
	(before, now) => now.id === before.id && now.startedAt !== before.startedAt,
);

/** The engine says that the service has a new container that runs, and `also` holds. */
export const madeAnew = anew((before, now) => now.id !== before.id);

/** Whether what `docker inspect` says of a service by a template is this. */
export function saysOf(service: string, format: string, wanted: string) {
	return async (ground: Ground): Promise<boolean> =>
		(await ground.ask(service, format)).includes(wanted);
}
