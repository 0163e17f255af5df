import {clean} from '../../domain/clean.ts';
import {preflightSql, sizesSql} from '../../domain/database-facts-sql.ts';
import {ProblemError, type Problem} from '../../domain/problem.ts';
import {amount, flag, integer, matching, record, text, type Shape} from '../../domain/shape.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import type {Look} from '../operation.ts';

/** What a server said before a backup was planned. */
export type Preflight = {
	readonly systemIdentifier: string;
	readonly oid: number;
	readonly versionNumber: number;
	/** The port that the server itself listens on, for its own container. */
	readonly port: number;
	readonly isStandby: boolean;
	readonly tableBytes: number;
	readonly sizeBytes: number;
};

/** Connections that a backup opens: pg_dump, the snapshot, the control session and pg_dumpall. */
const neededConnections = 4;

const nothing: Shape<undefined> = () => undefined;

/** A value, or null which SQL gives for nothing. */
function orNull<T>(shape: Shape<T>): Shape<T | undefined> {
	return (value, at) => (value === null ? nothing(value, at) : shape(value, at));
}

const facts = record({
	systemIdentifier: matching(/^\d+$/, 'an identifier'),
	oid: integer(0),
	versionNumber: integer(0),
	port: integer(0),
	isStandby: flag,
	isSuperuser: flag,
	unreadable: orNull(text()),
	checksumFailures: orNull(amount),
	blocker: orNull(record({pid: integer(), application: text(), relation: text()})),
	freeConnections: integer(),
});

function refuse(code: Problem['code'], params: Problem['params']): never {
	throw new ProblemError({code, params, retry: 'rarely'});
}

/**
 * Asks the server whether a backup may be made now. Rejects with a ProblemError that names the cause: no connection, no
 * right, damaged files, a migration, no free connection.
 */
export async function preflight(look: Look, target: PostgresTarget): Promise<Preflight> {
	// A client of its own: the target's one is connected to another database, or busy with a panel.
	const client = look.io.postgres({...target, id: `${target.id}\0${target.database}\0backup`});
	try {
		const [row] = await client.query(preflightSql, [], look.signal);
		const found = facts(row?.['facts'], '');
		const {database, user} = target;
		if (!found.isSuperuser && found.unreadable !== undefined) {
			refuse('dump-no-right', {user: clean(user, 100), relation: clean(found.unreadable, 200)});
		}

		if ((found.checksumFailures ?? 0) > 0) {
			const count = found.checksumFailures ?? 0;
			refuse('dump-checksum-failures', {database: clean(database, 100), count});
		}

		if (found.blocker) {
			const {pid, application, relation} = found.blocker;
			const params = {pid, application: clean(application, 100), relation: clean(relation, 200)};
			refuse('dump-locked', params);
		}

		if (found.freeConnections < neededConnections) {
			refuse('dump-connections', {free: found.freeConnections, needed: neededConnections});
		}

		const [sizes] = await client.query(sizesSql, [], look.signal);
		return {
			...found,
			tableBytes: Number(sizes?.['tableBytes'] ?? 0),
			sizeBytes: Number(sizes?.['sizeBytes'] ?? 0),
		};
	} finally {
		await client.close();
	}
}
