import {composePlace, type ComposePlace} from '../../domain/compose-place.ts';
import {containerFromList} from '../../domain/container-facts.ts';
import type {Container} from '../../domain/containers.ts';
import {listOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Scope} from '../../runbooks/scope.ts';
import type {LookFacts} from '../reader.ts';
import {getShared} from '../shared-get.ts';

/** A container of the stack as the engine's list has it now. */
export type Member = {
	readonly container: Container;
	readonly place?: ComposePlace;
	/** Folders and files of the host that are mounted into it. */
	readonly binds: readonly string[];
	readonly networks: readonly string[];
};

function memberOf(value: unknown): Member {
	const entry = objectOf(value);
	const place = composePlace(objectOf(entry['Labels']));
	const mounts = listOf(entry['Mounts']).map(objectOf);
	return {
		container: containerFromList(value),
		...(place && {place}),
		binds: mounts.filter(({Type}) => Type === 'bind').map(({Source}) => textOf(Source)),
		networks: Object.keys(objectOf(objectOf(entry['NetworkSettings'])['Networks'])),
	};
}

/** The containers of a project, or all of them without one; those that `compose run` made are left out. */
export async function membersOf(
	facts: Pick<LookFacts, 'io' | 'signal'>,
	project: string | undefined,
): Promise<readonly Member[]> {
	const filters = JSON.stringify({label: [`com.docker.compose.project=${project ?? ''}`]});
	const only = project === undefined ? '' : `&filters=${encodeURIComponent(filters)}`;
	const list = listOf(await getShared(facts, `/containers/json?all=1${only}`));
	return list.map(memberOf).filter(({place}) => place?.isOneOff !== true);
}

/**
 * Whether a thing of a project (or of none) belongs to the stack of a scope: services of two projects may have the same
 * names. A container of no project is with the others of none; a scope without both means everything.
 */
export function isOfStack({project, container}: Scope, own: string | undefined): boolean {
	return (project === undefined && container === undefined) || own === project;
}

/** The containers of the scope's project that the console knows; all where no project is chosen. */
export function knownMembers({
	containers,
	scope,
}: Pick<LookFacts, 'containers' | 'scope'>): readonly Container[] {
	return containers.filter(({key, project}) => !key.includes('/run/') && isOfStack(scope, project));
}

/** Whether no other project is here, so that what belongs to no project can only be about this one. */
export function isOnlyStack({containers, scope}: Pick<LookFacts, 'containers' | 'scope'>): boolean {
	return containers.every(({project}) => project === undefined || project === scope.project);
}

/** The one project that is meant: the chosen one, else the only one that there is. */
export function projectOf(
	members: readonly Member[],
	chosen: string | undefined,
): ComposePlace | undefined {
	const places = members.flatMap(({place}) => place ?? []);
	const projects = new Set(places.map(({project}) => project));
	if (chosen !== undefined) return places.find(({project}) => project === chosen);
	return projects.size === 1 ? places[0] : undefined;
}
