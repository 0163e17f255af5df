import type {Container} from '../domain/containers.ts';
import {ProblemError} from '../domain/problem.ts';
import type {Settings} from '../domain/settings.ts';
import type {Io} from '../io/io.ts';
import type {Look} from '../operations/operation.ts';
import {containersSource} from '../sources/containers.ts';
import {discover} from '../sources/discovery.ts';

/** How long looking at everything may take, in ms. */
const timeoutMs = 20_000;

/** Every container with its details, once; none where there is no engine. */
async function containersNow(
	io: Io,
	{docker}: Settings,
	signal: AbortSignal,
): Promise<readonly Container[]> {
	if (!docker.isEnabled) return [];
	const enough = new AbortController();
	let containers: readonly Container[] = [];
	try {
		await containersSource.follow(
			io,
			{projects: docker.projects},
			value => {
				({containers} = value);
				if (containers.every(({isInspected}) => isInspected)) enough.abort();
			},
			AbortSignal.any([signal, enough.signal]),
		);
	} catch (error) {
		if (enough.signal.aborted) return containers;
		const isAway =
			error instanceof ProblemError &&
			['docker-not-installed', 'docker-not-running'].includes(error.problem.code);
		if (!isAway) throw error;
	}

	return containers;
}

/** Looks at everything anew, as a plan needs it. Rejects with a ProblemError. */
export async function lookAround(
	io: Io,
	settings: Settings,
	folders: Look['folders'],
	outer?: AbortSignal,
): Promise<Look> {
	const deadline = AbortSignal.timeout(timeoutMs);
	const signal = outer === undefined ? deadline : AbortSignal.any([outer, deadline]);
	const containers = await containersNow(io, settings, signal);
	const targets = await discover(io, settings, containers, {signal});
	return {
		io,
		settings,
		targets,
		containers,
		folders,
		signal: outer ?? new AbortController().signal,
	};
}
