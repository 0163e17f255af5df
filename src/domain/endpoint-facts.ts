import {clean} from './clean.ts';
import {isSecretName, mask} from './mask.ts';
import type {EndpointValue} from './endpoint.ts';

const maxFacts = 20;
const maxNameLength = 60;
const maxValueLength = 120;

type Fact = EndpointValue['facts'][number];

/** The JSON of a body, or undefined where it is none. */
function parse(body: string): unknown {
	if (!/^\s*[{[]/.test(body)) return undefined;
	try {
		return JSON.parse(body);
	} catch {
		// Cut at the limit, or not JSON at all: it has no facts.
		return undefined;
	}
}

/** The value at a dotted path (`checks.database.status`, `items.0.name`). */
function at(value: unknown, path: string): unknown {
	let current = value;
	for (const name of path.split('.')) {
		if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) {
			return undefined;
		}

		current = new Map<string, unknown>(Object.entries(current)).get(name);
	}

	return current;
}

function factOf(name: string, value: unknown): readonly Fact[] {
	const isScalar =
		typeof value === 'string' ||
		typeof value === 'number' ||
		typeof value === 'boolean' ||
		value === null;
	if (!isScalar) return [];
	// A number is no secret: `active_sessions` of handbook H5 is a count.
	const isSecret = typeof value === 'string' && isSecretName(name);
	const text = isSecret ? mask : clean(String(value), maxValueLength);
	return [{name: clean(name, maxNameLength), value: text}];
}

/**
 * Scalar fields of a JSON body: those at the dotted paths, or all of the top level where no paths are given. At most 20,
 * cleaned and cut; a field whose name looks like a secret is masked.
 */
export function factsOf(body: string, paths?: readonly string[]): readonly Fact[] {
	const json = parse(body);
	if (typeof json !== 'object' || json === null) return [];
	const facts =
		paths === undefined
			? Object.entries(json).flatMap(([name, value]) => factOf(name, value))
			: paths.flatMap(path => factOf(path, at(json, path)));
	return facts.slice(0, maxFacts);
}
