import {randomBytes} from 'node:crypto';
import {docker, linesOf} from '../lab/docker.ts';
import {ensureBusybox} from '../lab/images.ts';
import {label, runId} from '../lab/run-id.ts';
import {prepareEngine} from './prepare-engine.ts';
import {requireComponent, type Component} from './require-component.ts';

/** The busybox containers of one test file, all labelled and all removed by `remove`. */
export type Sandbox = {
	/** The label that exactly the containers of this sandbox carry: `key=value`. */
	readonly label: string;
	readonly image: string;
	/** Makes a container without starting it; gives its id. Its name is `nameOf(name)`. */
	create(name: string, options: readonly string[], command: readonly string[]): Promise<string>;
	/** Makes a container and starts it; gives its id. */
	start(name: string, options: readonly string[], command: readonly string[]): Promise<string>;
	/** The full name of a container of this sandbox. */
	nameOf(name: string): string;
	/** Runs the docker program against the engine of this sandbox. */
	docker(parameters: readonly string[]): Promise<string>;
	remove(): Promise<void>;
};

/** The Docker engine that tests share, see `requireComponent`. */
export function requireEngine(): Promise<Component> {
	return requireComponent('a Docker engine', prepareEngine);
}

/** Makes an empty sandbox on the engine that tests share, or on the one at `host`. */
export async function createSandbox(host?: string): Promise<Sandbox> {
	const at = host === undefined ? [] : ['--host', host];
	const run = (parameters: readonly string[]) => docker([...at, ...parameters]);
	const prefix = `opsct-${randomBytes(4).toString('hex')}`;
	const own = `opsconsole.sandbox=${prefix}`;
	const image = await ensureBusybox(at);
	const nameOf = (name: string) => `${prefix}-${name}`;
	const create: Sandbox['create'] = (name, options, command) =>
		run([
			...['create', '--network', 'none', '--stop-timeout', '1', '--name', nameOf(name)],
			...['--label', own, '--label', `${label}=${runId()}`, ...options, image, ...command],
		]);
	return {
		label: own,
		image,
		nameOf,
		create,
		docker: run,
		async start(name, options, command) {
			const id = await create(name, options, command);
			await run(['start', id]);
			return id;
		},
		async remove() {
			const ids = linesOf(await run(['ps', '--all', '--quiet', '--filter', `label=${own}`]));
			if (ids.length > 0) await run(['rm', '--force', '--volumes', ...ids]);
		},
	};
}
