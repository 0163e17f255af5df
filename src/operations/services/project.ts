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

/** Reads a project: dependencies from the labels of generation 2, else from its Compose file where that is there. */
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
	const old = neighbours.find(({place}) => place.generation === 1);
	if (old === undefined) {
		return {neighbours, dependencies: fromLabels(neighbours), jobs, isOrderKnown: true};
	}

	try {
		const {services} = await composeFor(look, old.place);
		const dependencies = new Map(
			[...services.values()].map(({name, dependsOn}) => [name, dependsOn]),
		);
		return {neighbours, dependencies, jobs, isOrderKnown: true};
	} catch {
		// Without the files the order is unknown, which the card says; starting and stopping still work.
		return {neighbours, dependencies: fromLabels(neighbours), jobs, isOrderKnown: false};
	}
}
