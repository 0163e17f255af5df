import {listOf, numberOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Io} from '../../io/io.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {isKeptName, parseKeptComment, type KeptNote} from './side-names.ts';

/** An old database that a restore has put aside. */
export type KeptDatabase = {
	/** Its name now. */
	readonly name: string;
	readonly oid: number;
	readonly sizeBytes: number;
	readonly note: KeptNote;
};

/** Databases that restores have put aside: by their names, and by their comments, which say of what. */
export const keptDatabasesSql = `
SELECT /* opsconsole */ json_agg(k) AS value FROM (
	SELECT datname AS name, oid::bigint AS oid, pg_database_size(oid)::float8 AS "sizeBytes",
		shobj_description(oid, 'pg_database') AS comment
	FROM pg_database WHERE datname ~ '__o_[0-9a-f]{8}$' ORDER BY datname) k`;

/** Reads the value of `keptDatabasesSql`; what looks alike but carries no comment of ours is not listed. */
export function parseKeptDatabases(value: unknown): readonly KeptDatabase[] {
	return listOf(value)
		.map(objectOf)
		.flatMap(row => {
			const name = textOf(row['name']);
			const note = parseKeptComment(textOf(row['comment']));
			return note === undefined || !isKeptName(name)
				? []
				: [
						{
							name,
							oid: numberOf(row['oid']) ?? 0,
							sizeBytes: numberOf(row['sizeBytes']) ?? 0,
							note,
						},
					];
		});
}

/** The old databases that restores on this server have kept. */
export async function keptDatabases(
	io: Pick<Io, 'postgres'>,
	target: PostgresTarget,
	signal: AbortSignal,
): Promise<readonly KeptDatabase[]> {
	const [row] = await io.postgres(target).query(keptDatabasesSql, [], signal);
	return parseKeptDatabases(row?.['value']);
}
