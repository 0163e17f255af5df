import {randomBytes} from 'node:crypto';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {docker, linesOf, run} from '../lab/docker.ts';
import {ensureBusybox} from '../lab/images.ts';
import {label, runId} from '../lab/run-id.ts';
import {removeRun} from '../lab/stack.ts';
import {prepareEngine} from './prepare-engine.ts';

/** Which Compose: 1 is the Python program, 2 the plug-in. */
export type Generation = 1 | 2;

/** A Compose project of a test's own, in a folder of its own. */
export type SmallProject = {
	readonly name: string;
	readonly folder: string;
	/** Writes another Compose file; nothing happens to the containers. */
	readonly write: (services: string) => Promise<void>;
	/** Id of the container of a service (its first one, unless told). */
	readonly id: (service: string, number?: number) => Promise<string>;
	/** One field of a container's inspection, as the docker program prints it. */
	readonly ask: (service: string, format: string, number?: number) => Promise<string>;
	readonly down: () => Promise<void>;
};

/** The Compose programs of this machine. */
export async function composeGenerations(): Promise<readonly Generation[]> {
	const old = await run('docker-compose', ['version', '--short']).catch(() => '');
	const plugIn = await docker(['compose', 'version', '--short']).catch(() => '');
	return [...(old.startsWith('1.') ? [1 as const] : []), ...(plugIn === '' ? [] : [2 as const])];
}

/**
 * Brings up a project. `services` is the part of the file below `services:`, without indentation; `$IMAGE` in it is the
 * busybox image. Every service carries the label of the test run.
 */
export async function startSmallProject(
	generation: Generation,
	services: string,
): Promise<SmallProject> {
	await prepareEngine();
	const image = await ensureBusybox();
	const name = `opsct-${randomBytes(4).toString('hex')}`;
	const folder = await mkdtemp(join(tmpdir(), `${name}-`));
	const file = join(folder, 'compose.yaml');
	const labels = {[label]: runId()};
	const write = async (text: string) => {
		const indented = text
			.replaceAll('$IMAGE', image)
			.replaceAll('$LABELS', JSON.stringify(labels))
			.split('\n')
			.map(line => (line === '' ? '' : `  ${line}`))
			.join('\n');
		const networks = `networks:\n  default:\n    labels: ${JSON.stringify(labels)}\n`;
		await writeFile(file, `version: '3.8'\nservices:\n${indented}\n${networks}`);
	};
	const down = async () => {
		await removeRun(runId(), name);
		await rm(folder, {recursive: true, force: true});
	};
	const find = async (service: string, number = 1) => {
		const filters = [
			...['--filter', `label=com.docker.compose.project=${name}`],
			...['--filter', `label=com.docker.compose.service=${service}`],
			...['--filter', `label=com.docker.compose.container-number=${number}`],
		];
		const [id] = linesOf(await docker(['ps', '--all', '--quiet', '--no-trunc', ...filters]));
		if (id === undefined) throw new Error(`${service} has no container ${number}`);
		return id;
	};
	const [program, first] =
		generation === 1 ? (['docker-compose', []] as const) : (['docker', ['compose']] as const);
	try {
		await write(services);
		await run(program, [...first, '-p', name, '-f', file, 'up', '-d', '--no-build']);
	} catch (error) {
		await down();
		throw error;
	}

	return {
		name,
		folder,
		write,
		id: find,
		ask: async (service, format, number) =>
			docker(['inspect', '--format', format, await find(service, number)]),
		down,
	};
}
