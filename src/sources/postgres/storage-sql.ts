/** What the other statements need to know first. "System Information Functions", view pg_extension. */
export const factsSql = `
SELECT /* opsconsole */ json_build_object(
	'versionNumber', current_setting('server_version_num')::int,
	'isStandby', pg_is_in_recovery(),
	'dataChecksums', current_setting('data_checksums') = 'on',
	'statements', (SELECT json_build_object('schema', quote_ident(nspname), 'version', extversion)
		FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pg_stat_statements')
) AS value`;

/** Sizes of the databases this role may look into. "Database Object Management Functions", pg_database_size. */
export const databasesSql = `
SELECT /* opsconsole */ json_build_object('rows', json_agg(d)) AS value FROM (
	SELECT datname AS name, pg_database_size(oid)::float8 AS bytes
	FROM pg_database
	WHERE datallowconn
		AND (pg_has_role('pg_read_all_stats', 'USAGE') OR has_database_privilege(oid, 'CONNECT'))
	ORDER BY 2 DESC, 1
) d`;

// The size functions lock what they measure, so they would wait behind an exclusive lock (VACUUM FULL, ALTER TABLE),
// also behind one that waits itself. Such relations are estimated from their pages at the last vacuum.
const lockedRelations = `
	SELECT relation FROM pg_locks
	WHERE mode = 'AccessExclusiveLock' AND locktype = 'relation'
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/**
 * The ten largest tables of the connected database, with indexes and TOAST. Measured exactly among the 1,000 that
 * are largest by their last known pages. "Database Object Management Functions", pg_total_relation_size; view
 * pg_stat_user_tables.
 */
export const tablesSql = `
WITH /* opsconsole */ locked AS MATERIALIZED (${lockedRelations}
), busy AS MATERIALIZED (
	SELECT relation AS oid FROM locked
	UNION SELECT indrelid FROM pg_index JOIN locked ON indexrelid = relation
	UNION SELECT c.oid FROM pg_class c JOIN locked ON reltoastrelid = relation
	UNION SELECT c.oid FROM pg_class c JOIN pg_index i ON i.indrelid = c.reltoastrelid
		JOIN locked ON i.indexrelid = relation
), candidates AS MATERIALIZED (
	SELECT c.oid, nspname, relname, reltoastrelid, relpages, reltuples
	FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
	WHERE relkind IN ('r', 'm') AND relpersistence <> 't'
		AND nspname NOT IN ('pg_catalog', 'information_schema')
	ORDER BY relpages DESC LIMIT 1000
), sized AS MATERIALIZED (
	SELECT oid, nspname, relname, reltuples, CASE WHEN oid IN (SELECT oid FROM busy)
		THEN current_setting('block_size')::float8 * (greatest(relpages, 0)
			+ coalesce((SELECT greatest(t.relpages, 0) FROM pg_class t WHERE t.oid = reltoastrelid), 0)
			+ coalesce((SELECT sum(greatest(x.relpages, 0)) FROM pg_index i JOIN pg_class x ON x.oid = indexrelid
				WHERE indrelid = candidates.oid), 0))
		ELSE pg_total_relation_size(oid)::float8 END AS bytes
	FROM candidates
)
SELECT json_build_object('rows', json_agg(t)) AS value FROM (
	SELECT nspname AS schema, s.relname AS name, bytes,
		CASE WHEN n_live_tup = 0 AND reltuples <= 0 AND bytes > 65536
			AND coalesce(last_vacuum, last_autovacuum, last_analyze, last_autoanalyze) IS NULL
			THEN NULL ELSE n_live_tup END AS "liveRows", n_dead_tup AS "deadRows",
		extract(epoch FROM greatest(last_vacuum, last_autovacuum))::float8 AS "vacuumSeconds",
		extract(epoch FROM greatest(last_analyze, last_autoanalyze))::float8 AS "analyzeSeconds"
	FROM sized s LEFT JOIN pg_stat_user_tables u ON u.relid = s.oid
	WHERE bytes IS NOT NULL
	ORDER BY bytes DESC, 1, 2 LIMIT 10
) t`;

/**
 * Indexes never scanned since the statistics reset that nothing else needs: no unique, primary or constraint index,
 * no part of a partitioned index. Twenty largest. Views pg_stat_user_indexes and pg_index.
 */
export const unusedIndexesSql = `
WITH /* opsconsole */ locked AS MATERIALIZED (${lockedRelations}
)
SELECT json_build_object('rows', json_agg(t)) AS value FROM (
	SELECT s.schemaname AS schema, s.relname AS "table", s.indexrelname AS name, s.idx_scan AS scans,
		CASE WHEN s.indexrelid IN (SELECT relation FROM locked)
			THEN current_setting('block_size')::float8 * greatest(c.relpages, 0)
			ELSE pg_relation_size(s.indexrelid)::float8 END AS bytes
	FROM pg_stat_user_indexes s
		JOIN pg_index i ON i.indexrelid = s.indexrelid
		JOIN pg_class c ON c.oid = s.indexrelid
	WHERE s.idx_scan = 0 AND NOT i.indisunique AND NOT i.indisprimary AND NOT i.indisexclusion
		AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = s.indexrelid)
		AND NOT EXISTS (SELECT FROM pg_inherits p WHERE p.inhrelid = s.indexrelid)
	ORDER BY bytes DESC NULLS LAST, 1, 3 LIMIT 20
) t`;

/**
 * The ten statements that took most of the time, over all databases; own readings are left out. `*_exec_time` since
 * version 1.8 of the extension (which may be older than the server). "pg_stat_statements".
 */
export function statementsSql(schema: string, extensionVersion: string): string {
	const [major = 0, minor = 0] = extensionVersion.split('.').map(Number);
	const time = major > 1 || minor >= 8 ? 'total_exec_time' : 'total_time';
	return `
WITH /* opsconsole */ statements AS MATERIALIZED (
	SELECT min(query) AS query, sum(calls)::float8 AS calls, sum(${time})::float8 AS "totalMs",
		sum(rows)::float8 AS rows, queryid::text AS id, dbid::text AS database,
		string_agg(DISTINCT pg_get_userbyid(userid)::text, ', ') AS users
	FROM ${schema}.pg_stat_statements
	WHERE query NOT LIKE '%/* opsconsole */%'
	GROUP BY dbid, queryid, query = '<insufficient privilege>'
)
SELECT json_build_object(
	'hidden', (SELECT count(*) FROM statements WHERE query = '<insufficient privilege>'),
	'totalMs', (SELECT sum("totalMs") FROM statements),
	'rows', (SELECT json_agg(s) FROM (
		SELECT CASE WHEN octet_length(query) > 4000 THEN left(query, 1000) ELSE query END AS query,
			calls, "totalMs", rows, id, database, users
		FROM statements WHERE query <> '<insufficient privilege>'
		ORDER BY "totalMs" DESC LIMIT 10) s)
) AS value`;
}

/**
 * Who follows this server and what is kept for them; on a standby, how far it is behind. Views pg_stat_replication,
 * pg_replication_slots and pg_stat_wal_receiver; "Recovery Information Functions".
 */
export const replicationSql = `
WITH /* opsconsole */ here AS MATERIALIZED (
	SELECT CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
		ELSE pg_current_wal_lsn() END AS lsn
)
SELECT json_build_object(
	'replicas', (SELECT json_agg(r) FROM (
		SELECT application_name AS name, coalesce(host(client_addr), 'local') AS client, coalesce(state, '') AS state,
			pg_wal_lsn_diff(here.lsn, replay_lsn)::float8 AS "lagBytes",
			extract(epoch FROM replay_lag)::float8 AS "lagSeconds"
		FROM pg_stat_replication, here ORDER BY 1, 2) r),
	'slots', (SELECT json_agg(s) FROM (
		SELECT slot_name AS name, active AS "isActive",
			pg_wal_lsn_diff(here.lsn, restart_lsn)::float8 AS "retainedBytes"
		FROM pg_replication_slots, here ORDER BY 1) s),
	'isReceiving', CASE WHEN pg_is_in_recovery() THEN EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL) END,
	'receiverLagSeconds', CASE
		WHEN NOT pg_is_in_recovery() THEN NULL
		WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
			AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL) THEN 0
		ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8 END
) AS value`;

/** Archiving of the write-ahead log. View pg_stat_archiver; "Write Ahead Log", archive_mode. */
export const archivingSql = `
SELECT /* opsconsole */ json_build_object(
	'mode', current_setting('archive_mode'),
	'archived', archived_count, 'failed', failed_count,
	'archivedSeconds', extract(epoch FROM last_archived_time)::float8,
	'failedSeconds', extract(epoch FROM last_failed_time)::float8,
	'failedFile', last_failed_wal
) AS value FROM pg_stat_archiver`;
