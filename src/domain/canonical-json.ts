import type {JsonValue} from './plan.ts';

/** The value with the names of every object in the order of their code units, so that equal values give equal texts. */
function ordered(value: JsonValue): JsonValue {
	if (Array.isArray(value)) return value.map((item: JsonValue) => ordered(item));
	if (typeof value !== 'object' || value === null) return value;
	const names = Object.keys(value).sort();
	return Object.fromEntries(
		names.map(name => [
			name,
			ordered((value as Readonly<Record<string, JsonValue>>)[name] ?? null),
		]),
	);
}

/**
 * The one text of a value: names sorted, one tab of indent, a newline at the end. Absent properties are left out; what
 * JSON cannot hold (a number that is not finite) becomes null as in JSON itself.
 */
export function canonicalJson(value: object): string {
	// Through JSON once, so that `undefined` and `toJSON` are gone before the order is made.
	const plain = JSON.parse(JSON.stringify(value)) as JsonValue;
	return `${JSON.stringify(ordered(plain), undefined, '\t')}\n`;
}
