import type {Container} from './containers.ts';

/** What an operator means by one name: a Compose service with all its containers, or one plain container. */
export type ServiceUnit = {
	/** `project/service`, or the name of the container. */
	readonly name: string;
	readonly project?: string;
	readonly service?: string;
	/** By number. */
	readonly containers: readonly Container[];
};

/** A wish: services by name, or everything of a project. */
export type ServiceWish = {
	readonly services: readonly string[] | 'all';
	readonly project?: string;
};

/** The units that are meant, or why that cannot be said. All names are cleaned. */
export type ServicePick =
	| {readonly kind: 'found'; readonly units: readonly ServiceUnit[]}
	| {readonly kind: 'unknown'; readonly name: string; readonly known: readonly string[]}
	| {readonly kind: 'ambiguous'; readonly name: string; readonly meant: readonly string[]};

function isOneOff({key}: Container): boolean {
	return key.includes('/run/');
}

/** All services and plain containers; what `compose run` made is a unit of its own. */
export function serviceUnits(containers: readonly Container[]): readonly ServiceUnit[] {
	const units = new Map<string, ServiceUnit>();
	for (const container of containers) {
		const {project, service} = container;
		const isService = project !== undefined && service !== undefined && !isOneOff(container);
		const name = isService ? `${project}/${service}` : container.name;
		const before = units.get(name)?.containers ?? [];
		const all = [...before, container].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
		units.set(name, {name, containers: all, ...(isService && {project, service})});
	}

	return [...units.values()];
}

/** By exact name only: `project/service`, then the service, then the container's name, key or id. */
function pickOne(
	units: readonly ServiceUnit[],
	name: string,
	project: string | undefined,
): ServicePick {
	const near = project === undefined ? units : units.filter(unit => unit.project === project);
	const found = (matches: readonly ServiceUnit[]): ServicePick | undefined => {
		if (matches.length === 0) return undefined;
		return matches.length === 1
			? {kind: 'found', units: matches}
			: {kind: 'ambiguous', name, meant: matches.map(unit => unit.name).sort()};
	};
	const containerOf = near.flatMap(unit =>
		unit.containers
			.filter(({name: own, key, id}) => own === name || key === name || id === name)
			.map((container): ServiceUnit => ({...unit, name: container.name, containers: [container]})),
	);
	const byFullName = near.filter(unit => unit.project !== undefined && unit.name === name);
	// A name that means a service here and a container there is as unclear as two services.
	const bySomeName = [
		...near.filter(unit => unit.service === name),
		...containerOf.filter(({service}) => service !== name),
	];
	return (
		found(byFullName) ??
		found(bySomeName) ?? {kind: 'unknown', name, known: near.map(unit => unit.name).sort()}
	);
}

/** What a wish means among these containers. Nothing is guessed: no prefixes, no patterns (SAFETY D07). */
export function pickServices(
	containers: readonly Container[],
	{services, project}: ServiceWish,
): ServicePick {
	const units = serviceUnits(containers);
	if (services === 'all') {
		const projects = [...new Set(units.flatMap(unit => unit.project ?? []))].sort();
		const chosen = project ?? (projects.length === 1 ? projects[0] : undefined);
		const own = units.filter(unit => unit.project !== undefined && unit.project === chosen);
		if (own.length > 0) return {kind: 'found', units: own};
		return project === undefined && projects.length > 1
			? {kind: 'ambiguous', name: '*', meant: projects}
			: {kind: 'unknown', name: project ?? '*', known: projects};
	}

	const picked = new Map<string, ServiceUnit>();
	for (const name of services) {
		const pick = pickOne(units, name, project);
		if (pick.kind !== 'found') return pick;
		for (const unit of pick.units) picked.set(unit.name, unit);
	}

	return {kind: 'found', units: [...picked.values()]};
}
