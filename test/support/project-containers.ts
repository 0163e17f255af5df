import {containerFromList} from '../../src/domain/container-facts.ts';
import type {Container} from '../../src/domain/containers.ts';
import {listOf} from '../../src/domain/unknown.ts';
import {dockerIo} from './io.ts';

/** The containers of these Compose projects, as the console knows them. */
export async function projectContainers(
	projects: readonly string[],
): Promise<readonly Container[]> {
	const signal = AbortSignal.timeout(30_000);
	const list = await dockerIo().docker.get('/containers/json?all=1', signal);
	return listOf(list)
		.map(containerFromList)
		.filter(({project = ''}) => projects.includes(project));
}
