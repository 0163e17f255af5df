import {tableProof, type ProofKind} from './table-proof.ts';

/** Schemas that are not the system's. */
const userSchema = `n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`;

/** The tables whose rows `pg_dump` writes: no parents of partitions, no foreign or temporary ones, none of extensions. */
export const tablesSql = `SELECT c.oid::bigint AS oid, n.nspname AS schema, c.relname AS name,
	coalesce(pg_catalog.pg_table_size(c.oid), 0) AS bytes
	FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${userSchema}
	AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend p
		WHERE p.classid = 'pg_catalog.pg_class'::regclass AND p.objid = c.oid AND p.deptype = 'e')
	ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

/** The sequences with their last values (absent where one was never used). */
export const sequencesSql = `SELECT schemaname AS schema, sequencename AS name,
	coalesce(last_value::text, '') AS "lastValue", increment_by < 0 AS "isDescending"
	FROM pg_catalog.pg_sequences ORDER BY schemaname COLLATE "C", sequencename COLLATE "C"`;

/** Everything of a manifest's `database` but tables, sequences and proof, as one JSON document. */
export const databaseFactsSql = `SELECT json_build_object(
	'systemIdentifier', (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
	'database', d.datname,
	'oid', d.oid::bigint,
	'versionNumber', current_setting('server_version_num')::int,
	'encoding', pg_catalog.pg_encoding_to_char(d.encoding),
	'collate', d.datcollate,
	'ctype', d.datctype,
	'owner', pg_catalog.pg_get_userbyid(d.datdba),
	'acl', (SELECT coalesce(json_agg(a::text), '[]') FROM unnest(d.datacl) a),
	'connectionLimit', d.datconnlimit,
	'comment', pg_catalog.shobj_description(d.oid, 'pg_database'),
	'settings', (SELECT coalesce(json_agg(json_build_object('role', coalesce(r.rolname, ''), 'setting', c)
			ORDER BY r.rolname, c), '[]')
		FROM pg_catalog.pg_db_role_setting s CROSS JOIN unnest(s.setconfig) c
		LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = d.oid),
	'extensions', (SELECT coalesce(json_agg(json_build_object('name', extname, 'version', extversion)
			ORDER BY extname), '[]') FROM pg_catalog.pg_extension),
	'roles', (SELECT json_agg(DISTINCT r.rolname) FROM pg_catalog.pg_roles r
		WHERE r.oid = 10 OR r.oid = d.datdba
		OR r.oid IN (SELECT setrole FROM pg_catalog.pg_db_role_setting WHERE setdatabase = d.oid)
		OR r.oid IN (SELECT refobjid FROM pg_catalog.pg_shdepend s
			WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND (s.dbid = d.oid
			OR (s.dbid = 0 AND s.classid = 'pg_catalog.pg_database'::regclass AND s.objid = d.oid)))),
	'sizeBytes', pg_catalog.pg_database_size(d.oid),
	'largeObjects', (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata),
	'unvalidatedConstraints', (SELECT count(*) FROM pg_catalog.pg_constraint WHERE NOT convalidated)
	) AS facts FROM pg_catalog.pg_database d WHERE d.datname = current_database()`;

/**
 * What decides whether a backup may be made now, as one JSON document. Blockers hold or want an AccessExclusiveLock on a
 * table for more than a second: a migration, which a backup would stand in the way of and the other way round.
 */
export const preflightSql = `SELECT json_build_object(
	'systemIdentifier', (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
	'database', d.datname,
	'oid', d.oid::bigint,
	'versionNumber', current_setting('server_version_num')::int,
	'port', current_setting('port')::int,
	'isStandby', pg_catalog.pg_is_in_recovery(),
	'isSuperuser', (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
	'unreadable', (SELECT c.oid::regclass::text FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't' AND ${userSchema}
		AND NOT (has_schema_privilege(n.oid, 'USAGE') AND CASE c.relkind
			WHEN 'S' THEN has_sequence_privilege(c.oid, 'SELECT') ELSE has_table_privilege(c.oid, 'SELECT') END)
		ORDER BY 1 LIMIT 1),
	'checksumFailures', (SELECT checksum_failures FROM pg_catalog.pg_stat_database WHERE datid = d.oid),
	'blocker', (SELECT json_build_object('pid', a.pid, 'application', a.application_name,
			'relation', l.relation::regclass::text)
		FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
		WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.database = d.oid
		AND l.relation >= 16384 AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
		AND now() - a.xact_start > interval '1 second' ORDER BY a.xact_start LIMIT 1),
	'freeConnections', current_setting('max_connections')::int
		- current_setting('superuser_reserved_connections')::int
		- (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend')
	) AS facts FROM pg_catalog.pg_database d WHERE d.datname = current_database()`;

/** Sizes; apart, because they wait for tables that are locked. */
export const sizesSql = `SELECT (SELECT coalesce(sum(pg_catalog.pg_table_size(c.oid)), 0)::bigint
	FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind IN ('r', 'm') AND ${userSchema}) AS "tableBytes",
	pg_catalog.pg_database_size(current_database())::bigint AS "sizeBytes"`;

/**
 * What is compared with a manifest after a restore, as one JSON document on one line: every table with its proof
 * (`parseProof`), the sequences, and what a load may have left unfinished.
 */
export function restoredSql(kind: ProofKind): string {
	return `SELECT jsonb_build_object(
	'tables', (SELECT coalesce(jsonb_agg(jsonb_build_object('schema', x.schema, 'name', x.name, 'proof',
			${tableProof(kind, 'x.oid::pg_catalog.oid')})), '[]') FROM (${tablesSql}) x),
	'sequences', (SELECT coalesce(jsonb_agg(jsonb_build_object('schema', x.schema, 'name', x.name,
			'lastValue', x."lastValue")), '[]') FROM (${sequencesSql}) x),
	'largeObjects', (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata),
	'unvalidatedConstraints', (SELECT count(*) FROM pg_catalog.pg_constraint WHERE NOT convalidated),
	'invalidIndexes', (SELECT count(*) FROM pg_catalog.pg_index WHERE NOT indisvalid))`;
}
