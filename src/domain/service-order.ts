/** What a service needs before it can work, by service name. */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

/** Services so that each comes after what it depends on; those of a circle come in the order of their names. */
export type ServiceOrder = {
	readonly order: readonly string[];
	/** Services that depend on themselves over others; empty where all is well. */
	readonly circle: readonly string[];
};

/** Orders services by what they depend on. A dependency that is not among `names` is left out. Stable: ties by name. */
export function dependencyOrder(
	names: readonly string[],
	dependencies: Dependencies,
): ServiceOrder {
	const waiting = new Set([...names].sort());
	const order: string[] = [];
	const circle = membersOfCircles([...waiting], dependencies);
	while (waiting.size > 0) {
		const isFree = (name: string) =>
			!(dependencies.get(name) ?? []).some(other => other !== name && waiting.has(other));
		const next = [...waiting].find(isFree);
		if (next !== undefined) {
			waiting.delete(next);
			order.push(next);
			continue;
		}

		// Everything left waits for a circle: its first member goes first, so that the rest has an order again.
		const member = circle.find(name => waiting.has(name)) ?? [...waiting][0];
		if (member === undefined) break;
		waiting.delete(member);
		order.push(member);
	}

	return {order, circle};
}

/** Those of the names that reach themselves over their dependencies. */
function membersOfCircles(names: readonly string[], dependencies: Dependencies): readonly string[] {
	return names.filter(name =>
		(dependencies.get(name) ?? []).some(
			other => other !== name && reached(other, dependencies).has(name),
		),
	);
}

/** Everything that a service depends on, directly and over others; with itself only in a circle. */
function reached(name: string, dependencies: Dependencies): ReadonlySet<string> {
	const seen = new Set<string>();
	const open = [name];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		for (const other of dependencies.get(next) ?? []) {
			if (!seen.has(other)) {
				seen.add(other);
				open.push(other);
			}
		}
	}

	return seen;
}

/** Services that depend on one of these, directly or over others, without these themselves; by name. */
export function dependantsOf(
	names: readonly string[],
	dependencies: Dependencies,
): readonly string[] {
	return [...dependencies.keys()]
		.filter(name => !names.includes(name))
		.filter(name => names.some(wanted => reached(name, dependencies).has(wanted)))
		.sort();
}
