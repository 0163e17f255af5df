/** Small checks that make a value of unknown shape usable: what does not fit is absent, never a wrong type. */
export type Json = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one where it is none. */
export function objectOf(value: unknown): Json {
	return isObject(value) ? value : {};
}

/** Whether a value is an object that is no array. */
export function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a list; an empty one where it is none. */
export function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

/** The value as a text; an empty one where it is none. */
export function textOf(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

/** The value as a finite number, else undefined. */
export function numberOf(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The texts of a list. */
export function textsOf(value: unknown): readonly string[] {
	return listOf(value).filter(item => typeof item === 'string');
}

/** The object without the properties that are undefined, so that absent means absent. */
export function withoutAbsent<T extends object>(
	value: T,
): {[K in keyof T]: Exclude<T[K], undefined>};
export function withoutAbsent(value: object): object {
	return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
