import {clean} from '../../domain/clean.ts';
import {listOf, numberOf, objectOf, textOf} from '../../domain/unknown.ts';

/** A client session, with what makes it this one and no later one of the same number. */
export type Session = {
	readonly pid: number;
	/** `backend_start` and `state_change` as the server writes them, to the microsecond. */
	readonly startedAt: string;
	readonly changedAt: string;
	readonly user: string;
	readonly database: string;
	readonly application: string;
	readonly client: string;
	readonly state: string;
	readonly stateSeconds: number;
	readonly query: string;
	readonly isSuperuser: boolean;
	readonly isOwn: boolean;
	readonly kind: string;
};

/** All sessions but the one that asks, as one JSON value. PostgreSQL documentation: pg_stat_activity. */
export const sessionsSql = `
SELECT /* opsconsole */ coalesce(json_agg(s), '[]') AS value FROM (
	SELECT a.pid, a.backend_start::text AS "startedAt", coalesce(a.state_change, a.backend_start)::text AS "changedAt",
		coalesce(a.usename, '') AS "user", coalesce(a.datname, '') AS database,
		a.application_name AS application, coalesce(host(a.client_addr), 'local') AS client,
		coalesce(a.state, '') AS state,
		coalesce(extract(epoch FROM clock_timestamp() - a.state_change), 0)::float8 AS "stateSeconds",
		CASE WHEN octet_length(a.query) > 4000 THEN left(a.query, 1000) ELSE a.query END AS query,
		coalesce(r.rolsuper, false) AS "isSuperuser", a.application_name LIKE 'ops%' AS "isOwn",
		a.backend_type AS kind
	FROM pg_catalog.pg_stat_activity a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
	WHERE a.pid <> pg_backend_pid() AND a.backend_type IN ('client backend', 'walsender')
	ORDER BY a.state_change) s`;

/** Reads the value of `sessionsSql`; every text is cleaned. */
export function parseSessions(value: unknown): readonly Session[] {
	return listOf(value)
		.map(objectOf)
		.map(row => {
			const say = (name: string, most = 100) => clean(textOf(row[name]), most);
			return {
				pid: numberOf(row['pid']) ?? 0,
				startedAt: textOf(row['startedAt']),
				changedAt: textOf(row['changedAt']),
				user: say('user'),
				database: say('database'),
				application: say('application'),
				client: say('client'),
				state: say('state'),
				stateSeconds: numberOf(row['stateSeconds']) ?? 0,
				query: say('query', 300),
				isSuperuser: row['isSuperuser'] === true,
				isOwn: row['isOwn'] === true,
				kind: say('kind'),
			};
		});
}

/** Which sessions are meant. Every given condition must hold; without any, none is. */
export type SessionFilter = {
	readonly pids: readonly number[];
	/** Idle at least so long, in minutes. */
	readonly idleMinutes?: number;
	/** Idle inside a transaction at least so long, in minutes. */
	readonly idleInTransactionMinutes?: number;
	readonly database?: string;
	readonly user?: string;
	readonly withSuperusers: boolean;
};

/** Why a session is never ended from here; undefined where it may be. */
export function protectedBecause(
	{kind, isOwn, isSuperuser, user}: Session,
	withSuperusers: boolean,
): string | undefined {
	if (isOwn) {
		return 'opsconsole';
	}
	if (kind !== 'client backend') {
		return kind;
	}
	return isSuperuser && !withSuperusers ? `superuser ${user}` : undefined;
}

function isIdleLong(session: Session, state: string, minutes: number | undefined): boolean {
	return (
		minutes !== undefined &&
		session.state.startsWith(state) &&
		(state !== 'idle' || session.state === 'idle') &&
		session.stateSeconds >= minutes * 60
	);
}

/** The sessions that a filter means and that may be ended. */
export function chooseSessions(
	sessions: readonly Session[],
	filter: SessionFilter,
): readonly Session[] {
	const {pids, idleMinutes, idleInTransactionMinutes, database, user, withSuperusers} = filter;
	const byState = idleMinutes !== undefined || idleInTransactionMinutes !== undefined;
	if (pids.length === 0 && !byState && database === undefined && user === undefined) {
		return [];
	}
	return sessions.filter(
		session =>
			protectedBecause(session, withSuperusers) === undefined &&
			(pids.length === 0 || pids.includes(session.pid)) &&
			(!byState ||
				isIdleLong(session, 'idle', idleMinutes) ||
				isIdleLong(session, 'idle in transaction', idleInTransactionMinutes)) &&
			(database === undefined || session.database === database) &&
			(user === undefined || session.user === user),
	);
}
