import type {Container} from '../domain/containers.ts';

/** The containers that run now and did not before, and those that became healthy. A list seen for the first time has none. */
export function cameBack(
	before: readonly Container[],
	after: readonly Container[],
): readonly Container[] {
	const known = new Map(before.map(container => [container.key, container]));
	return after.filter(container => {
		const old = known.get(container.key);
		if (old === undefined || container.state !== 'running') return false;
		const isAnotherRun =
			old.startedAtMs !== undefined &&
			container.startedAtMs !== undefined &&
			old.startedAtMs !== container.startedAtMs;
		const isStarted = old.state !== 'running' || isAnotherRun;
		return isStarted || (container.health === 'healthy' && old.health !== 'healthy');
	});
}
