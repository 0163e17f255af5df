import {fileURLToPath} from 'node:url';
import {docker, run} from './docker.ts';
import {LabError} from './engine.ts';

/** The lab's Compose file. */
export const composeFile = fileURLToPath(new URL('compose.yaml', import.meta.url));

let found: Promise<readonly string[]> | undefined;

/** The Compose program: `docker compose` where it works, else `docker-compose`. */
export function composeProgram(): Promise<readonly string[]> {
	found ??= docker(['compose', 'version']).then(
		() => ['docker', 'compose'],
		async () => {
			await run('docker-compose', ['version']).catch(() => {
				throw new LabError(
					'Neither `docker compose` nor `docker-compose` works; install one with: sh test/lab/engine.sh packages',
				);
			});
			return ['docker-compose'];
		},
	);
	return found;
}

/** Runs Compose on the lab's file, or a copy of it, for one project and returns what it printed. */
export async function compose(
	project: string,
	environment: Record<string, string>,
	parameters: readonly string[],
	file = composeFile,
): Promise<string> {
	const [program = 'docker-compose', ...first] = await composeProgram();
	return run(program, [...first, '-p', project, '-f', file, ...parameters], {
		environment,
		deadlineMs: 300_000,
	});
}
