/**
 * One reading of what the server does now, as one JSON value, for PostgreSQL 12 to 18 (nothing in it changed its
 * name between them; `reserved_connections` exists since 16).
 *
 * PostgreSQL documentation: "The Cumulative Statistics System", views pg_stat_activity and pg_stat_database;
 * "System Information Functions", pg_blocking_pids; "Connections and Authentication", max_connections.
 *
 * A role without pg_read_all_stats sees neither the backend type nor the wait of other users' sessions, so clients
 * are told by their user and database there, and waits by pg_locks, which is read only then: it costs more.
 * Who may cancel what: "System Administration Functions", pg_cancel_backend.
 * `left` is applied to long texts only: it fails on texts of databases with another encoding.
 */
export const activitySql = `
WITH /* opsconsole */ rights AS MATERIALIZED (
	SELECT pg_has_role('pg_read_all_stats', 'USAGE') AS sees_all
), activity AS MATERIALIZED (
	SELECT a.*,
		CASE WHEN rights.sees_all THEN a.backend_type = 'client backend'
			ELSE coalesce(a.backend_type = 'client backend', a.datid IS NOT NULL AND a.usesysid IS NOT NULL)
		END AS is_client,
		a.pid = pg_backend_pid() AS is_own
	FROM pg_stat_activity a, rights
), waiting AS MATERIALIZED (
	SELECT pid, pg_blocking_pids(pid) AS blockers
	FROM activity, rights
	WHERE CASE WHEN rights.sees_all THEN wait_event_type = 'Lock'
		ELSE pid IN (SELECT l.pid FROM pg_locks l WHERE NOT l.granted) END
), shown AS (
	SELECT pid FROM waiting
	UNION SELECT unnest(blockers) FROM waiting
	UNION (SELECT pid FROM activity WHERE is_client AND NOT is_own AND state IN ('active', 'fastpath function call')
		ORDER BY query_start LIMIT 50)
	UNION (SELECT pid FROM activity WHERE is_client AND NOT is_own AND state LIKE 'idle in transaction%'
		ORDER BY xact_start LIMIT 50)
	UNION (SELECT pid FROM activity WHERE is_client AND NOT is_own AND xact_start IS NOT NULL
		ORDER BY xact_start LIMIT 1)
), totals AS (
	SELECT sum(xact_commit)::float8 AS commits, sum(xact_rollback)::float8 AS rollbacks,
		sum(blks_hit)::float8 AS hits, sum(blks_read)::float8 AS reads,
		sum(deadlocks)::float8 AS deadlocks, sum(temp_files)::float8 AS "tempFiles",
		sum(temp_bytes)::float8 AS "tempBytes", coalesce(sum(checksum_failures), 0)::float8 AS "checksumFailures"
	FROM pg_stat_database
)
SELECT json_build_object(
	'version', current_setting('server_version'),
	'versionNumber', current_setting('server_version_num')::int,
	'isStandby', pg_is_in_recovery(),
	'startedSeconds', extract(epoch FROM pg_postmaster_start_time())::float8,
	'database', current_database(),
	'seesAllSessions', (SELECT sees_all FROM rights),
	'max', current_setting('max_connections')::int,
	'usable', current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
		- coalesce(current_setting('reserved_connections', true), '0')::int,
	'states', (SELECT json_object_agg(name, number) FROM (
		SELECT CASE WHEN is_own THEN 'idle' ELSE coalesce(state, 'unknown') END AS name, count(*) AS number
		FROM activity WHERE is_client GROUP BY 1) s),
	'databases', (SELECT json_agg(d) FROM (
		SELECT coalesce(datname, '') AS database, count(*) AS count
		FROM activity WHERE is_client GROUP BY 1 ORDER BY 2 DESC, 1) d),
	'waiting', (SELECT json_agg(w) FROM waiting w),
	'totals', (SELECT row_to_json(totals) FROM totals),
	'sessions', (SELECT json_agg(s) FROM (
		SELECT pid, usename AS user, datname AS database, application_name AS application,
			coalesce(host(client_addr), CASE WHEN client_port = -1 THEN 'local' END) AS client,
			backend_type AS kind, coalesce(state, '') AS state, is_client AS "isClient",
			wait_event_type AS "waitType", wait_event AS "waitEvent",
			extract(epoch FROM clock_timestamp() - xact_start)::float8 AS "transactionSeconds",
			extract(epoch FROM clock_timestamp() - query_start)::float8 AS "querySeconds",
			extract(epoch FROM clock_timestamp() - state_change)::float8 AS "stateSeconds",
			CASE WHEN application_name LIKE 'ops%' THEN 'own'
				WHEN (SELECT r.rolsuper FROM pg_roles r WHERE r.oid = usesysid) THEN 'superuser'
				WHEN NOT (pg_has_role(usesysid, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE')) THEN 'rights'
			END AS "cannotCancel",
			CASE WHEN octet_length(query) > 4000 THEN left(query, 1000) ELSE query END AS query
		FROM activity WHERE pid IN (SELECT pid FROM shown)) s)
) AS value`;
