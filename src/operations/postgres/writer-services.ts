import {clean} from '../../domain/clean.ts';
import type {Container} from '../../domain/containers.ts';
import type {Command} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {numberOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Look} from '../operation.ts';

type EngineCommand = Command & {kind: 'engine'};

/** How long a service gets to end by itself, in s. */
const stopGraceSeconds = 30;

/**
 * The running containers of the services that are stopped during a restore. Rejects where a service is not there, where
 * several projects have one of that name, and where it is the database itself: without it nothing can be restored (SAFETY
 * 2, seed 000:290).
 */
export function writerContainers(
	look: Pick<Look, 'containers'>,
	target: PostgresTarget,
	services: readonly string[],
): readonly Container[] {
	const own = target.container;
	const found = services.flatMap(service => {
		const inProject = look.containers.filter(
			({project, service: name, name: full}) =>
				(name === service && (own?.project === undefined || project === own.project)) ||
				full === service,
		);
		if (inProject.length === 0) {
			throw new ProblemError({
				code: 'restore-no-service',
				params: {service: clean(service, 80)},
				retry: 'rarely',
			});
		}
		const projects = new Set(inProject.map(({project}) => project));
		if (projects.size > 1) {
			throw new ProblemError({
				code: 'restore-which-service',
				params: {
					service: clean(service, 80),
					known: clean(inProject.map(({name}) => name).join(', '), 300),
				},
				retry: 'rarely',
			});
		}
		return inProject;
	});
	const database = found.find(({id}) => id === own?.containerId);
	if (database !== undefined) {
		throw new ProblemError({
			code: 'restore-stops-database',
			params: {service: clean(database.name, 80)},
			retry: 'rarely',
		});
	}
	return found.filter(({state}) => state === 'running');
}

/** Stops a container, with time to end by itself. */
export function stopContainer({id, name}: Container): EngineCommand {
	return {
		kind: 'engine',
		method: 'POST',
		path: `/containers/${id}/stop?t=${stopGraceSeconds}`,
		say: `docker stop --time ${stopGraceSeconds} ${clean(name, 120)}`,
	};
}

/** Starts a container; one that runs already is right. */
export function startContainer({id, name}: Container): EngineCommand {
	return {
		kind: 'engine',
		method: 'POST',
		path: `/containers/${id}/start`,
		say: `docker start ${clean(name, 120)}`,
	};
}

/** What must be well after a restore: it was well before, or was stopped for the restore. */
export type HealthWatch = {
	/** Container ids. */
	readonly containers: readonly string[];
	/** Ids of endpoints that answered as they should. */
	readonly endpoints: readonly string[];
};

type State = 'well' | 'wait' | 'ill';

async function containerState(look: Look, id: string): Promise<State> {
	const inspection = objectOf(await look.io.docker.get(`/containers/${id}/json`, look.signal));
	const state = objectOf(inspection['State']);
	if (textOf(state['Status']) !== 'running' || (numberOf(state['ExitCode']) ?? 0) !== 0) {
		return textOf(state['Status']) === 'restarting' ? 'wait' : 'ill';
	}
	const health = textOf(objectOf(state['Health'])['Status']);
	if (health === 'unhealthy') {
		return 'ill';
	}
	return health === 'starting' ? 'wait' : 'well';
}

async function endpointState(look: Look, id: string): Promise<State> {
	const endpoint = look.targets.endpoints.find(target => target.id === id);
	if (endpoint === undefined) {
		return 'well';
	}
	try {
		const {status} = await look.io.http.get(endpoint.url, look.signal);
		const isGood =
			endpoint.expectStatus === undefined
				? status >= 200 && status < 400
				: status === endpoint.expectStatus;
		return isGood ? 'well' : 'wait';
	} catch {
		look.signal.throwIfAborted();
		return 'wait';
	}
}

/** The endpoints that answer as they should now. */
export async function wellEndpoints(look: Look): Promise<readonly string[]> {
	const states = await Promise.all(
		look.targets.endpoints.map(async ({id}) => ({id, state: await endpointState(look, id)})),
	);
	return states.filter(({state}) => state === 'well').map(({id}) => id);
}

/** How often in a row everything must be well. */
const wantedInRow = 3;
const everyMs = 500;

/**
 * Waits until everything is well some times in a row. Resolves with the names of what is not well when the time is over,
 * or as soon as a container has ended or says that it is ill.
 */
export async function notWell(
	look: Look,
	watch: HealthWatch,
	forMs: number,
): Promise<readonly string[]> {
	const startedAt = look.io.clock.monotonic();
	let inRow = 0;
	for (;;) {
		const states = await Promise.all([
			...watch.containers.map(async id => ({id, state: await containerState(look, id)})),
			...watch.endpoints.map(async id => ({id, state: await endpointState(look, id)})),
		]);
		const bad = states.filter(({state}) => state !== 'well');
		inRow = bad.length === 0 ? inRow + 1 : 0;
		if (states.length === 0 || inRow >= wantedInRow) {
			return [];
		}
		const isOver = look.io.clock.monotonic() - startedAt > forMs;
		if (bad.some(({state}) => state === 'ill') || (isOver && bad.length > 0)) {
			return bad.map(({id}) => nameOf(look, id));
		}
		await look.io.clock.sleep(everyMs, look.signal);
	}
}

function nameOf(look: Look, id: string): string {
	return clean(look.containers.find(container => container.id === id)?.name ?? id, 80);
}
