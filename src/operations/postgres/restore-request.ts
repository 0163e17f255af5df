import {isObject, type Json} from '../../domain/unknown.ts';
import {ProblemError} from '../../domain/problem.ts';

/** What a restore of a whole database is asked for with. */
export type RestoreRequest = {
	/** Id of a backup, or `latest`: the newest of this database on this server. */
	readonly backup: string;
	/** Id of the server; needed where more than one is known. */
	readonly target?: string;
	/** Name to restore into; the one that was backed up unless told. */
	readonly database?: string;
	/** Where owner, rights, settings and comment come from. */
	readonly properties: 'live' | 'backup';
	/** Services (Compose names) that write to the database and are stopped meanwhile. */
	readonly quiesce: readonly string[];
	/** The backup may come from another server. */
	readonly isForeignAccepted: boolean;
	/** Whether services and addresses that were well before must be well again before it counts as done. */
	readonly isHealthChecked: boolean;
};

/** Rejects a request that is not understood; `name` says which part. */
export function badRequest(name: string): ProblemError {
	return new ProblemError({code: 'postgres-work-bad-request', params: {name}, retry: 'rarely'});
}

/** The request as an object. */
export function requestOf(value: unknown): Json {
	if (!isObject(value)) {
		throw badRequest('request');
	}
	return value;
}

/** A text that must be there and not be empty. */
export function wantedText(request: Json, name: string): string {
	const value = request[name];
	if (typeof value !== 'string' || value === '' || value.includes('\0')) {
		throw badRequest(name);
	}
	return value;
}

/** A text that may be absent, as a field of its own or none. */
export function maybeText<Name extends string>(
	request: Json,
	name: Name,
): Partial<Readonly<Record<Name, string>>> {
	const fields: Partial<Record<Name, string>> = {};
	if (request[name] !== undefined) {
		fields[name] = wantedText(request, name);
	}
	return fields;
}

/** A list of texts; empty where it is absent. */
export function textList(request: Json, name: string): readonly string[] {
	const value = request[name] ?? [];
	if (!Array.isArray(value) || !value.every(item => typeof item === 'string' && item !== '')) {
		throw badRequest(name);
	}
	return value.map(String);
}

/** A switch. */
export function flagOf(request: Json, name: string, usual: boolean): boolean {
	const value = request[name] ?? usual;
	if (typeof value !== 'boolean') {
		throw badRequest(name);
	}
	return value;
}

/** A whole number within bounds. */
export function wholeNumber(
	request: Json,
	name: string,
	{least, most}: {readonly least: number; readonly most: number},
): number {
	const value = request[name];
	if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
		throw badRequest(name);
	}
	return value;
}

/** Checks the request of a restore. */
export function parseRestoreRequest(value: unknown): RestoreRequest {
	const request = requestOf(value);
	const properties = request['properties'] ?? 'live';
	if (properties !== 'live' && properties !== 'backup') {
		throw badRequest('properties');
	}
	return {
		backup: wantedText(request, 'backup'),
		...maybeText(request, 'target'),
		...maybeText(request, 'database'),
		properties,
		quiesce: textList(request, 'quiesce'),
		isForeignAccepted: flagOf(request, 'isForeignAccepted', false),
		isHealthChecked: flagOf(request, 'isHealthChecked', true),
	};
}
