import {composePlace, type ComposePlace} from '../../domain/compose-place.ts';
import {stateOf} from '../../domain/container-facts.ts';
import type {ContainerState} from '../../domain/containers.ts';
import type {Dependencies} from '../../domain/service-order.ts';
import {clean} from '../../domain/clean.ts';
import {listOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Look} from '../operation.ts';
import {composeFor} from './compose.ts';

/** A container of a project, as the list has it. */
export type Neighbour = {
	readonly id: string;
	readonly state: ContainerState;
	readonly networkMode: string;
	readonly place: ComposePlace;
};

/** What is known about a Compose project: who is in it and who needs whom. */
export type ProjectFacts = {
	readonly neighbours: readonly Neighbour[];
	readonly dependencies: Dependencies;
	/** Services whose end with status 0 others wait for: jobs. */
	readonly jobs: ReadonlySet<string>;
	/** False where neither labels nor the Compose file say who needs whom. */
	readonly isOrderKnown: boolean;
};

function neighbourOf(entry: unknown): readonly Neighbour[] {
	const value = objectOf(entry);
	const place = composePlace(objectOf(value['Labels']));
	if (place === undefined || place.isOneOff) return [];
	const networkMode = clean(textOf(objectOf(value['HostConfig'])['NetworkMode']), 200);
	return [{id: textOf(value['Id']), state: stateOf(textOf(value['State'])), networkMode, place}];
}

function fromLabels(neighbours: readonly Neighbour[]): Dependencies {
	return new Map(
		neighbours.map(({place}) => [place.service, place.dependsOn.map(({service}) => service)]),
	);
}

/**
 * Reads a project. Dependencies come from the labels, which only generation 2 writes and loses again at `up --no-deps`,
 * and from the Compose file where that is there.
 */
export async function projectFacts(look: Look, project: string): Promise<ProjectFacts> {
	const {docker} = look.io;
	const filters = JSON.stringify({label: [`com.docker.compose.project=${project}`]});
	const path = `/containers/json?all=1&filters=${encodeURIComponent(filters)}`;
	const neighbours = listOf(await docker.get(path, look.signal)).flatMap(neighbourOf);
	const jobs = new Set(
		neighbours.flatMap(({place}) =>
			place.dependsOn
				.filter(({condition}) => condition === 'service_completed_successfully')
				.map(({service}) => service),
		),
	);
	const labelled = fromLabels(neighbours);
	const isOld = neighbours.some(({place}) => place.generation === 1);
	const written = await fromFile(look, neighbours[0]?.place);
	return {
		neighbours,
		dependencies: written === undefined ? labelled : merged(labelled, written),
		jobs,
		isOrderKnown: written !== undefined || !isOld,
	};
}

/** Dependencies of the Compose file; without it the labels must do, and the card says where they do not. */
async function fromFile(
	look: Look,
	place: ComposePlace | undefined,
): Promise<Dependencies | undefined> {
	if (place === undefined) return undefined;
	try {
		const {services} = await composeFor(look, place);
		return new Map([...services.values()].map(({name, dependsOn}) => [name, dependsOn]));
	} catch {
		look.signal.throwIfAborted();
		return undefined;
	}
}

function merged(a: Dependencies, b: Dependencies): Dependencies {
	const names = [...new Set([...a.keys(), ...b.keys()])];
	return new Map(
		names.map(name => [name, [...new Set([...(a.get(name) ?? []), ...(b.get(name) ?? [])])]]),
	);
}
