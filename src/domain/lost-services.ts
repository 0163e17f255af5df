import type {Container} from './containers.ts';
import type {ExpectedService} from './settings.ts';

/** A Compose service of which a container was seen since the console runs. */
export type SeenService = {
	readonly project: string;
	readonly service: string;
	/** Its last container had done its work: a job that may be cleared away. */
	readonly isDone: boolean;
};

/** A Compose service that should have a container and has none. */
export type LostService = {
	readonly project: string;
	readonly service: string;
	/** As its first container had it. */
	readonly key: string;
	/** It had a container since the console runs; else the configuration alone asks for it. */
	readonly wasThere: boolean;
};

const mostSeen = 1000;

type Known = Pick<
	Container,
	'key' | 'name' | 'project' | 'service' | 'state' | 'exitCode' | 'restartPolicy'
>;

function isDone({state, exitCode, restartPolicy}: Known): boolean {
	const isJob = restartPolicy === undefined || !/^(?:always|unless-stopped)$/.test(restartPolicy);
	return state === 'exited' && exitCode === 0 && isJob;
}

/**
 * What was seen so far, with the services of these containers. A project that has no container any more was taken down as a
 * whole, and is forgotten; so is what `compose run` makes.
 */
export function withSeen(
	before: readonly SeenService[],
	containers: readonly Known[],
): readonly SeenService[] {
	const now = new Map<string, SeenService>();
	for (const container of containers) {
		const {key, project, service} = container;
		if (project === undefined || service === undefined || key.includes('/run/')) continue;
		const name = `${project}/${service}`;
		const done = isDone(container) && (now.get(name)?.isDone ?? true);
		now.set(name, {project, service, isDone: done});
	}

	const projects = new Set([...now.values()].map(({project}) => project));
	const gone = before.filter(
		({project, service}) => projects.has(project) && !now.has(`${project}/${service}`),
	);
	return [...now.values(), ...gone].slice(0, mostSeen);
}

/**
 * The services without a container: those that had one since the console runs, and those that the configuration calls
 * critical. One that it does not call so and that was never there is nothing that could fail. Of several projects, one that
 * has none of the expected services is another system.
 */
export function lostServices({
	containers,
	seen,
	expected,
}: {
	readonly containers: readonly Pick<Container, 'key' | 'name' | 'project' | 'service'>[];
	readonly seen: readonly SeenService[];
	readonly expected: readonly ExpectedService[];
}): readonly LostService[] {
	const own = containers.filter(({key}) => !key.includes('/run/'));
	const projects = [...new Set(own.flatMap(({project}) => project ?? []))].sort();
	const isOnly = projects.length === 1;
	const hasService = (project: string, name: string) =>
		own.some(
			one =>
				(one.project === project || (isOnly && one.project === undefined)) &&
				(one.service === name || one.name === name),
		);
	const wanted = expected.filter(({runtime}) => runtime === 'compose');
	const critical = wanted.filter(({isCritical}) => isCritical);
	const named = projects
		.filter(project => isOnly || wanted.some(({name}) => hasService(project, name)))
		.flatMap(project => critical.map(({name}) => ({project, service: name})));
	const before = seen.filter(one => !one.isDone && projects.includes(one.project));
	const lost = [...before, ...named].filter(({project, service}) => !hasService(project, service));
	return [...new Map(lost.map(one => [`${one.project}/${one.service}/1`, one]))].map(
		([key, {project, service}]) => {
			const wasThere = before.some(one => one.project === project && one.service === service);
			return {project, service, key, wasThere};
		},
	);
}
