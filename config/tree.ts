import type {Place} from './error.ts';

/** What a YAML file can hold here: plain data, with `__proto__` and its kin already refused. */
export type Tree =
	string | number | boolean | null | readonly Tree[] | {readonly [key: string]: Tree};

export type Path = readonly (string | number)[];

/** Where a key and its value stand. */
export type Position = {readonly key: Place; readonly value: Place};

/** The position of every value of a file by its path. */
export type Positions = {
	/** Position of a path, or of the nearest thing around it. */
	at(path: Path): Position;
	set(path: Path, position: Position): void;
};

/** A map or not. */
export function isMap(value: unknown): value is Readonly<Record<string, Tree>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list or not. */
export function isList(value: unknown): value is readonly Tree[] {
	return Array.isArray(value);
}

/** The value at a path; undefined where there is none. */
export function valueAt(tree: Tree, path: Path): Tree | undefined {
	let value: Tree | undefined = tree;
	for (const part of path) {
		if (typeof part === 'number' && isList(value)) value = value[part];
		else if (typeof part === 'string' && isMap(value) && Object.hasOwn(value, part))
			value = value[part];
		else return undefined;
	}

	return value;
}

/** Empty positions of one file. */
export function createPositions(file: string): Positions {
	const places = new Map<string, Position>();
	const start = {file, line: 1, column: 1};
	return {
		at(path) {
			for (let length = path.length; length >= 0; length--) {
				const found = places.get(JSON.stringify(path.slice(0, length)));
				if (found) return found;
			}

			return {key: start, value: start};
		},
		set(path, position) {
			places.set(JSON.stringify(path), position);
		},
	};
}
