import {clean} from '../domain/clean.ts';
import type {JsonValue} from '../domain/plan.ts';
import type {PostgresTarget} from '../domain/targets.ts';
import {knownSets} from './files/sets.ts';
import type {Look} from './operation.ts';

/** One backup of everything: which operation, and what it is asked for. */
export type Part = {
	/** For the operator, cleaned: `backup-database shop-db/shop`. */
	readonly name: string;
	readonly operation: string;
	readonly request: JsonValue;
};

/** Databases of a server that can be connected to; source: PostgreSQL 16, 53.15 pg_database. */
const databasesSql =
	'SELECT datname::text AS name FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1';

/** What a restore put aside, or was interrupted with; it goes by itself. */
const aside = /__[on]_[0-9a-f]{8}$/;

/** The databases of a server; only the known one where the server does not tell, so that its own backup says why. */
async function databasesOf({io, signal}: Look, target: PostgresTarget): Promise<readonly string[]> {
	try {
		const rows = await io.postgres(target).query(databasesSql, [], signal);
		const names = rows.flatMap(({name}) => (typeof name === 'string' ? [name] : []));
		return names.filter(name => !aside.test(name));
	} catch {
		signal.throwIfAborted();
		return [target.database];
	}
}

function part(operation: string, what: string, request: JsonValue): Part {
	return {name: clean(`${operation} ${what}`.trim(), 200), operation, request};
}

/** The backups that make up everything here: each database, each Redis server, each set of files, and the logs. */
export async function partsOfEverything(look: Look): Promise<readonly Part[]> {
	const parts: Part[] = [];
	for (const target of look.targets.postgres) {
		for (const database of await databasesOf(look, target)) {
			const request = {target: target.id, database};
			parts.push(part('backup-database', `${target.id}/${database}`, request));
		}
	}

	for (const {id} of look.targets.redis) parts.push(part('backup-redis', id, {redis: id}));
	for (const {id} of await knownSets(look)) parts.push(part('backup-files', id, {set: id}));
	const hasLogs = look.containers.length > 0 || look.settings.logs.length > 0;
	if (hasLogs) parts.push(part('backup-logs', '', {}));
	return parts;
}
