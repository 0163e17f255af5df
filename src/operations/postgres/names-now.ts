import {listOf, numberOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Look} from '../operation.ts';
import {findServer} from './server.ts';

/** A database as it is now. */
export type DatabaseNow = {
	readonly name: string;
	readonly oid: number;
	readonly allowsConnections: boolean;
};

const namesSql = `
SELECT /* opsconsole */ json_agg(json_build_object('name', datname, 'oid', oid::bigint, 'allows', datallowconn)) AS value
FROM pg_database WHERE datname = ANY($1)`;

/** Which of some databases exist now, by name: the world that a recovery goes by. */
export async function namesNow(
	look: Look,
	{target, control}: {readonly target: string | undefined; readonly control: string},
	names: readonly string[],
): Promise<ReadonlyMap<string, DatabaseNow>> {
	const server = findServer(look, target);
	const id = `${server.id}/control/${control}`;
	const client = look.io.postgres({...server, id, database: control});
	const [row] = await client.query(namesSql, [names], look.signal);
	return new Map(
		listOf(row?.['value'])
			.map(objectOf)
			.map(found => ({
				name: textOf(found['name']),
				oid: numberOf(found['oid']) ?? 0,
				allowsConnections: found['allows'] === true,
			}))
			.map(found => [found.name, found]),
	);
}
