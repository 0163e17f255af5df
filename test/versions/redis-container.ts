import {randomBytes} from 'node:crypto';
import type {Container} from '../../src/domain/containers.ts';
import {secret} from '../../src/domain/secret.ts';
import type {RedisTarget} from '../../src/domain/targets.ts';
import {docker} from '../lab/docker.ts';
import {label, runId} from '../lab/run-id.ts';
import {freePort} from '../support/free-port.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {container} from '../support/state.ts';
import {waitFor} from '../support/wait.ts';

/** A Redis or Valkey server in a container of a test's own, with a password and AOF. Give it back with `remove`. */
export type RedisContainer = {
	readonly target: RedisTarget;
	readonly container: Container;
	/** What its own command line client prints. */
	cli(...args: readonly string[]): Promise<string>;
	/** Restarts the container and waits until the server answers with all its data. */
	restart(): Promise<void>;
	remove(): Promise<void>;
};

/** Starts a server of an image on a free port of 127.0.0.1, as the service `cache` of a Compose project. */
export async function startRedisContainer(
	kind: 'redis' | 'valkey',
	image: string,
	project: string,
): Promise<RedisContainer> {
	await prepareEngine();
	const port = await freePort();
	const name = `opsct-${kind}-${randomBytes(4).toString('hex')}`;
	const password = `Geheim-${randomBytes(6).toString('hex')}`;
	const labels = [
		`${label}=${runId()}`,
		`com.docker.compose.project=${project}`,
		'com.docker.compose.service=cache',
	];
	const id = await docker([
		...['run', '--detach', '--name', name, '--publish', `127.0.0.1:${port}:6379`],
		...labels.flatMap(each => ['--label', each]),
		...[image, `${kind}-server`, '--appendonly', 'yes', '--save', '900', '1'],
		...['--requirepass', password, '--maxmemory', '200mb', '--maxmemory-policy', 'volatile-lru'],
	]);
	const cli: RedisContainer['cli'] = (...args) =>
		docker(['exec', '--env', `REDISCLI_AUTH=${password}`, id, `${kind}-cli`, ...args]);
	const answers = () =>
		waitFor(async () => ((await cli('PING')) === 'PONG' ? true : undefined), {
			deadlineMs: 30_000,
			everyMs: 100,
			what: name,
		});
	const remove = async () => {
		await docker(['rm', '--force', '--volumes', id]);
	};
	try {
		await answers();
		const imageId = await docker(['inspect', '--format', '{{.Image}}', id]);
		return {
			target: {
				id: 'cache',
				origin: 'container',
				container: {containerId: id, containerName: name, project, service: 'cache'},
				host: '127.0.0.1',
				port,
				tls: 'off',
				password: secret(password),
			},
			container: container('cache', {id, name, key: name, image, imageId, project}),
			cli,
			async restart() {
				await docker(['restart', '--time', '10', id]);
				await answers();
			},
			remove,
		};
	} catch (error) {
		await remove();
		throw error;
	}
}
