import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import type {Rows} from '../../io/act.ts';
import type {Look} from '../operation.ts';
import {clean} from '../../domain/clean.ts';
import {parseServerFacts, serverFactsSql, type ServerFacts} from './server-facts.ts';

/** The server that a request means: by its id, or the only one there is. Rejects where that is not clear. */
export function findServer(look: Pick<Look, 'targets'>, id: string | undefined): PostgresTarget {
	const known = look.targets.postgres;
	const found = id === undefined ? known : known.filter(target => target.id === id);
	const [only] = found;
	if (only === undefined) {
		throw new ProblemError({
			code: 'postgres-work-no-server',
			params: {wanted: clean(id ?? '', 80), known: known.map(target => target.id).join(', ')},
			retry: 'rarely',
		});
	}
	if (found.length > 1) {
		throw new ProblemError({
			code: 'postgres-work-which-server',
			params: {known: known.map(target => target.id).join(', ')},
			retry: 'rarely',
		});
	}
	return only;
}

/** One reading on another database of the server; its connection is closed before this resolves. */
export async function readIn(
	look: Look,
	target: PostgresTarget,
	database: string,
	[sql, ...values]: readonly [string, ...unknown[]],
): Promise<Rows> {
	// The client of an id is kept for ever, and an idle session would stand in the way of renames: an id of its own.
	const id = `${target.id}/${database}/${look.io.clock.monotonic()}/${crypto.randomUUID()}`;
	const client = look.io.postgres({...target, id, database});
	try {
		return await client.query(sql, values, look.signal);
	} finally {
		await client.close();
	}
}

/**
 * The database that changes of databases are made from: never the one that is changed. `postgres` is in every cluster
 * unless somebody removed it, `template1` practically always.
 */
export async function controlDatabase(
	look: Look,
	target: PostgresTarget,
	changed: string,
): Promise<string> {
	const candidates = ['postgres', target.database, 'template1'].filter(
		(name, index, all) => name !== changed && all.indexOf(name) === index,
	);
	let failure: unknown;
	for (const database of candidates) {
		try {
			await readIn(look, target, database, ['SELECT 1']);
			return database;
		} catch (error) {
			look.signal.throwIfAborted();
			failure = error;
		}
	}
	throw failure;
}

/** What there is to know of the server and of one database of it, read from another database. */
export async function readServer(
	look: Look,
	target: PostgresTarget,
	{control, database}: {readonly control: string; readonly database: string},
): Promise<ServerFacts> {
	const [row] = await readIn(look, target, control, [serverFactsSql, database]);
	return parseServerFacts(row?.['value']);
}
