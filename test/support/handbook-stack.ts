import {randomBytes} from 'node:crypto';
import {fileURLToPath} from 'node:url';
import {composeProgram} from '../lab/compose.ts';
import {run} from '../lab/docker.ts';
import {ensureBusybox, ensureImages} from '../lab/images.ts';
import {runId} from '../lab/run-id.ts';
import {removeRun} from '../lab/stack.ts';
import {prepareEngine} from './prepare-engine.ts';

const file = fileURLToPath(new URL('../lab/handbooks.yaml', import.meta.url));

/** A small stack with the services of a handbook. */
export type HandbookStack = {
	readonly project: string;
	readonly secrets: readonly string[];
	down: () => Promise<void>;
};

/** Brings up services of handbooks H2 and H5 under a project name of its own. */
export async function startHandbookStack(
	services: readonly ('backend' | 'frontend' | 'redis' | 'postgres' | 'nginx')[],
	frontendPort: number,
): Promise<HandbookStack> {
	await prepareEngine();
	const images = await ensureImages();
	const busybox = await ensureBusybox();
	const project = `opsct-${randomBytes(4).toString('hex')}`;
	const [redis, postgres] = [randomBytes(9).toString('hex'), randomBytes(9).toString('hex')];
	const [program = 'docker-compose', ...first] = await composeProgram();
	const down = () => removeRun(runId(), project);
	try {
		await run(
			program,
			[...first, '-p', project, '-f', file, 'up', '-d', '--no-build', ...services],
			{
				environment: {
					LAB_RUN: runId(),
					LAB_BUSYBOX_IMAGE: busybox,
					LAB_REDIS_IMAGE: images.redis,
					LAB_POSTGRES_IMAGE: images.postgres,
					LAB_NGINX_IMAGE: images.nginx,
					LAB_FRONTEND_PORT: String(frontendPort),
					REDIS_PASSWORD: redis,
					POSTGRES_PASSWORD: postgres,
				},
				deadlineMs: 120_000,
			},
		);
	} catch (error) {
		await down();
		throw error;
	}

	return {project, secrets: [redis, postgres], down};
}
