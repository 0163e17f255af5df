import type {ServiceContainer} from '../../domain/service-facts.ts';
import {dependantsOf, dependencyOrder} from '../../domain/service-order.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look} from '../operation.ts';
import type {FoundUnit} from './find.ts';
import {projectFacts, type Neighbour, type ProjectFacts} from './project.ts';

/** Containers in the order in which they are started, and what is known about their projects. */
export type Ordered = {
	readonly members: readonly ServiceContainer[];
	readonly projects: ReadonlyMap<string, ProjectFacts>;
	readonly warnings: readonly Phrase[];
};

function rank({container}: ServiceContainer, order: ReadonlyMap<string, number>): number {
	const {project = '', service = ''} = container;
	return order.get(`${project}/${service}`) ?? -1;
}

/** Puts containers so that each comes after what it depends on; plain containers come first. */
export async function inOrder(look: Look, units: readonly FoundUnit[]): Promise<Ordered> {
	const names = [...new Set(units.flatMap(({project}) => project ?? []))].sort();
	const projects = new Map(
		await Promise.all(names.map(async name => [name, await projectFacts(look, name)] as const)),
	);
	const order = new Map<string, number>();
	const warnings: Phrase[] = [];
	for (const [project, {dependencies, isOrderKnown}] of projects) {
		const services = units.flatMap(unit =>
			unit.project === project && unit.service !== undefined ? [unit.service] : [],
		);
		const sorted = dependencyOrder(
			[...new Set([...services, ...dependencies.keys()])],
			dependencies,
		);
		for (const service of sorted.order) order.set(`${project}/${service}`, order.size);
		if (sorted.circle.length > 0) {
			warnings.push({code: 'service-circle', params: {services: sorted.circle.join(', ')}});
		}

		if (!isOrderKnown && services.length > 1) {
			warnings.push({code: 'service-order-unknown', params: {project}});
		}
	}

	const members = units
		.flatMap(unit => unit.members)
		.toSorted(
			(a, b) =>
				rank(a, order) - rank(b, order) ||
				(a.container.number ?? 0) - (b.container.number ?? 0) ||
				(a.container.name < b.container.name ? -1 : 1),
		);
	return {members, projects, warnings};
}

function isRunning({state}: Neighbour): boolean {
	return state === 'running' || state === 'restarting' || state === 'paused';
}

/** A container's service in its project: what there is said of it, the chosen services, and those that run. */
function placeOf({projects, members}: Ordered, {container: {project, service}}: ServiceContainer) {
	const facts = project === undefined ? undefined : projects.get(project);
	if (facts === undefined || service === undefined) return undefined;
	const chosen = new Set(members.map(member => member.container.service));
	const running = new Set(facts.neighbours.filter(isRunning).map(({place}) => place.service));
	return {facts, service, chosen, running};
}

/** Services of the project that run, are not among the chosen ones, and need one of them. */
export function runningDependants(ordered: Ordered, member: ServiceContainer): readonly string[] {
	const place = placeOf(ordered, member);
	if (!place) return [];
	const {facts, service, chosen, running} = place;
	return dependantsOf([service], facts.dependencies).filter(
		name => running.has(name) && !chosen.has(name),
	);
}

/** What a service needs directly and what does not run, without what is started with it. */
export function missingDependencies(ordered: Ordered, member: ServiceContainer): readonly string[] {
	const place = placeOf(ordered, member);
	if (!place) return [];
	const {facts, service, chosen, running} = place;
	return (facts.dependencies.get(service) ?? []).filter(
		name => !running.has(name) && !chosen.has(name) && !facts.jobs.has(name),
	);
}

/** Services that live in the network of a container and lose it when that ends. */
export function networkGuests(
	{projects}: Ordered,
	{container}: ServiceContainer,
): readonly string[] {
	const {project, id} = container;
	const facts = project === undefined ? undefined : projects.get(project);
	return (facts?.neighbours ?? [])
		.filter(({networkMode}) => networkMode === `container:${id}`)
		.map(({place}) => place.service);
}

/** Whether others wait for the end of this service: then its end is its success. */
export function isJob({projects}: Ordered, {container}: ServiceContainer): boolean {
	const {project = '', service = ''} = container;
	return projects.get(project)?.jobs.has(service) === true;
}
