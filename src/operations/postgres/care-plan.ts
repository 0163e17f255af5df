import {clean} from '../../domain/clean.ts';
import type {PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import type {Rows} from '../../io/act.ts';
import type {Look} from '../operation.ts';
import {databaseIdentity} from './identity.ts';
import {controlDatabase, findServer, readIn, readServer} from './server.ts';
import type {ServerFacts} from './server-facts.ts';

/** The server and database that an operation takes care of. */
export type CarePlace = {
	readonly target: PostgresTarget;
	readonly database: string;
	readonly server: ServerFacts;
};

/** Looks up server and database; rejects where the database is not there, and for writing care on a standby. */
export async function carePlace(
	look: Look,
	{target: id, database}: {readonly target?: string; readonly database?: string},
	isWriting: boolean,
): Promise<CarePlace> {
	const target = findServer(look, id);
	const name = database ?? target.database;
	const control = await controlDatabase(look, target, '');
	const server = await readServer(look, target, {control, database: name});
	if (server.live === undefined) {
		const params = {database: clean(name, 80)};
		throw new ProblemError({code: 'restore-table-no-database', params, retry: 'rarely'});
	}
	if (isWriting && server.isStandby) {
		throw new ProblemError({code: 'care-standby', params: {}, retry: 'rarely'});
	}
	return {target, database: name, server};
}

/** One reading inside the database that is taken care of. */
export function readPlace(
	look: Look,
	{target, database}: Pick<CarePlace, 'target' | 'database'>,
	statement: readonly [string, ...unknown[]],
): Promise<Rows> {
	return readIn(look, target, database, statement);
}

/** What plans of care have in common: identity, no space, no outage, nothing deleted. */
export function careDraft(
	{target, database, server}: CarePlace,
	locks: PlanDraft['locks'],
): Pick<PlanDraft, 'identity' | 'locks' | 'space' | 'outages' | 'deletes'> {
	return {
		identity: {
			postgres: databaseIdentity(target, server, {database}),
		},
		locks,
		space: [],
		outages: [],
		deletes: [],
	};
}
