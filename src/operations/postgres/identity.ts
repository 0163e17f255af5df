import type {Identity} from '../../domain/plan.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import type {ServerFacts} from './server-facts.ts';

/** The database that a plan is made for; the live one of the server, or the one given by name and OID (0: none is there). */
export function databaseIdentity(
	{id}: Pick<PostgresTarget, 'id'>,
	{systemIdentifier, versionNumber, live}: ServerFacts,
	{database, oid = live?.oid ?? 0}: {readonly database: string; readonly oid?: number},
): NonNullable<Identity['postgres']> {
	return {target: id, systemIdentifier, database, oid, versionNumber};
}
