import type {PostgresTarget} from '../../domain/targets.ts';
import {fieldsOf, type Fields} from '../../sources/postgres/json.ts';
import {within} from '../maybe.ts';
import type {LookFacts} from '../reader.ts';

/** Longest for one statement of a look, in ms: the panels use the same connection. */
const statementMs = 1200;

/** The one JSON value of a statement. Rejects with the server's problem, or with a timeout. */
export async function askOne(
	{io, signal}: Pick<LookFacts, 'io' | 'signal'>,
	target: PostgresTarget,
	sql: string,
	values: readonly unknown[] = [],
): Promise<Fields> {
	const [row] = await io.postgres(target).query(sql, values, within(statementMs, signal));
	return fieldsOf(row?.['value']);
}
