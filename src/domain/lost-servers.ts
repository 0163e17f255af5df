import type {ServiceFacts} from './recognise.ts';
import type {ContainerRef, Missing, Targets} from './targets.ts';

/** A PostgreSQL or Redis server that is known by its container and that nobody can connect to. */
export type LostServer = Missing & {readonly container: ContainerRef};

/** Servers of a kind whose container does not run or is in no network; one that is found elsewhere under the same id is not. */
export function lostServers(
	targets: Pick<Targets, 'postgres' | 'redis' | 'missing'>,
	kind: 'postgres' | 'redis',
): readonly (LostServer & {readonly id: string})[] {
	const isFound = (id: string) => targets[kind].some(target => target.id === id);
	return targets.missing.flatMap(missing => {
		const {area, name, container} = missing;
		if (area !== kind || container === undefined || isFound(name)) return [];
		return [{...missing, container, id: name}];
	});
}

/** Whether a container that should be in networks of its own is in none. */
export function isCutOff({
	container,
	networkMode,
}: Pick<ServiceFacts, 'networkMode'> & {
	readonly container: Pick<ServiceFacts['container'], 'addresses'>;
}): boolean {
	const isShared = networkMode === 'host' || networkMode.startsWith('container:');
	return !isShared && networkMode !== 'none' && container.addresses.length === 0;
}
