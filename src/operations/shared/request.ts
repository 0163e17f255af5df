import {clean} from '../../domain/clean.ts';
import {isObject, type Json} from '../../domain/unknown.ts';
import {ProblemError} from '../../domain/problem.ts';

/** A value from outside is not what it should be. */
export function badRequest(what: string, value: unknown, expected: string): Error {
	const shown = clean(typeof value === 'string' ? value : JSON.stringify(value), 100);
	const params = {what, value: shown, expected};
	return new ProblemError({code: 'request-value', params, retry: 'rarely'});
}

/** The request as an object with no other names than these. */
export function fieldsOf(request: unknown, names: readonly string[]): Json {
	if (!isObject(request)) throw badRequest('request', request, 'an object');
	const unknown = Object.keys(request).find(name => !names.includes(name));
	if (unknown !== undefined) throw badRequest('request', unknown, names.join(', '));
	return request;
}

/** A text of at most this length, or absent. */
export function mayText(fields: Json, name: string, maxLength = 300): string | undefined {
	const value = fields[name];
	if (value === undefined) return undefined;
	if (typeof value !== 'string' || value === '' || value.length > maxLength) {
		throw badRequest(name, value, 'a text');
	}

	return value;
}

/** A text that must be there. */
export function needText(fields: Json, name: string, maxLength = 300): string {
	const value = mayText(fields, name, maxLength);
	if (value === undefined) throw badRequest(name, '-', 'a text');
	return value;
}

/** A flag; absent is false. */
export function flag(fields: Json, name: string): boolean {
	const value = fields[name];
	if (value === undefined) return false;
	if (typeof value !== 'boolean') throw badRequest(name, value, 'true or false');
	return value;
}

/** A whole number within limits, or absent. */
export function mayInteger(
	fields: Json,
	name: string,
	[least, most]: readonly [number, number],
): number | undefined {
	const value = fields[name];
	if (value === undefined) return undefined;
	if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
		throw badRequest(name, value, `${least} to ${most}`);
	}

	return value;
}
