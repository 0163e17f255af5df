import {isObject} from './unknown.ts';

/** Checks that an unknown value has a shape and gives it back with its type; throws a ShapeError that says where not. */
export type Shape<T> = (value: unknown, at: string) => T;

/** A value that does not have the shape it should; the message names the place and never the value. */
export class ShapeError extends Error {
	constructor(at: string, wanted: string) {
		super(`${at === '' ? 'the whole' : at} is not ${wanted}`);
		this.name = 'ShapeError';
	}
}

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type Out<S> = S extends Shape<infer T> ? T : never;
type Fields<R extends Shapes> = {readonly [K in keyof R]: Out<R[K]>};
type MayBeAbsent<O extends Shapes> = {readonly [K in keyof O]?: Out<O[K]>};

/** A text of at most `most` UTF-16 units. */
export function text(most = 65_536): Shape<string> {
	return (value, at) => {
		if (typeof value !== 'string' || value.length > most) throw new ShapeError(at, 'a text');
		return value;
	};
}

/** A text that matches. */
export function matching(pattern: RegExp, wanted: string): Shape<string> {
	return (value, at) => {
		if (typeof value !== 'string' || !pattern.test(value)) throw new ShapeError(at, wanted);
		return value;
	};
}

/** An integer that JSON holds exactly, not below `least`. */
export function integer(least = Number.MIN_SAFE_INTEGER): Shape<number> {
	return (value, at) => {
		if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) {
			throw new ShapeError(
				at,
				`an integer${least === Number.MIN_SAFE_INTEGER ? '' : ` from ${least} on`}`,
			);
		}

		return value;
	};
}

/** A finite number, not below zero. */
export const amount: Shape<number> = (value, at) => {
	if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
		throw new ShapeError(at, 'a number from 0 on');
	}

	return value;
};

/** True or false. */
export const flag: Shape<boolean> = (value, at) => {
	if (typeof value !== 'boolean') throw new ShapeError(at, 'true or false');
	return value;
};

/** One of some values. */
export function oneOf<const T extends string | number>(...allowed: readonly T[]): Shape<T> {
	return (value, at) => {
		const found = allowed.find(item => item === value);
		if (found === undefined) throw new ShapeError(at, `one of ${allowed.join(', ')}`);
		return found;
	};
}

/** A list of at most `most` items of one shape. */
export function list<T>(item: Shape<T>, most = 1_000_000): Shape<readonly T[]> {
	return (value, at) => {
		if (!Array.isArray(value) || value.length > most) throw new ShapeError(at, 'a list');
		return value.map((each: unknown, index) => item(each, `${at}[${index}]`));
	};
}

/** An object with these fields; others, of a later version, are left out. */
export function record<R extends Shapes>(required: R): Shape<Fields<R>>;
export function record<R extends Shapes, O extends Shapes>(
	required: R,
	optional: O,
): Shape<Fields<R> & MayBeAbsent<O>>;
export function record(required: Shapes, optional: Shapes = {}): Shape<object> {
	return (value, at) => {
		if (!isObject(value)) throw new ShapeError(at, 'an object');
		const place = (name: string) => (at === '' ? name : `${at}.${name}`);
		const own = (name: string) => (Object.hasOwn(value, name) ? value[name] : undefined);
		return Object.fromEntries([
			...Object.entries(required).map(([name, shape]) => [name, shape(own(name), place(name))]),
			...Object.entries(optional)
				.filter(([name]) => own(name) !== undefined)
				.map(([name, shape]) => [name, shape(own(name), place(name))]),
		]) as object;
	};
}
