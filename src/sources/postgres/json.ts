import {clean} from '../../domain/clean.ts';

/** A JSON object or a row, whose fields are read one by one. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; empty where it is none. */
export function fieldsOf(value: unknown): Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? Object.fromEntries(Object.entries(value))
		: {};
}

/** The value as a list of objects; empty where it is none (SQL aggregates give NULL for no rows). */
export function listOf(value: unknown): readonly Fields[] {
	return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** A number, or undefined for NULL. */
export function optionalNumber(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A number, 0 for NULL. */
export function numberOf(value: unknown): number {
	return optionalNumber(value) ?? 0;
}

/** A cleaned text, empty for NULL. */
export function textOf(value: unknown): string {
	return typeof value === 'string' ? clean(value, 300) : '';
}

// CREATE ROLE … PASSWORD 'x' and the like; a text cut off by the server has no closing quote.
const passwords =
	/(\bpassword\s*=?\s*)(?:e|u&)?(?:'(?:[^']|'')*(?:'|$)|\$(\w*)\$.*?(?:\$\2\$|$))/gi;

/** A statement on one line, cleaned, without the passwords that some contain, at most 1,000 characters. */
export function statementOf(value: unknown): string {
	if (typeof value !== 'string') {
		return '';
	}
	const line = value.slice(0, 4000).replace(/\s+/g, ' ').trim();
	return clean(line.replace(passwords, "$1'•••'"), 1000);
}

/** `{[name]: value}` where there is a value, for optional fields. */
export function optional<Name extends string, T>(
	name: Name,
	value: T | undefined,
): Partial<Readonly<Record<Name, T>>> {
	const fields: Partial<Record<Name, T>> = {};
	if (value !== undefined) {
		fields[name] = value;
	}
	return fields;
}
