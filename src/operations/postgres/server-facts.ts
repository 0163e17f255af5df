import {
	listOf,
	numberOf,
	objectOf,
	textOf,
	textsOf,
	withoutAbsent,
	type Json,
} from '../../domain/unknown.ts';

/** One right on a database: `grantee` is empty for PUBLIC. */
export type Grant = {
	readonly grantee: string;
	readonly privilege: string;
	readonly isGrantable: boolean;
};

/** A setting of a database, for everybody (`role` empty) or for one role in it: `work_mem=64MB`. */
export type RoleSetting = {readonly role: string; readonly setting: string};

/** What belongs to a database and is in no dump of it. */
export type Properties = {
	readonly owner: string;
	/** Absent: the rights that a new database has. */
	readonly grants?: readonly Grant[];
	readonly connectionLimit: number;
	readonly comment?: string;
	readonly settings: readonly RoleSetting[];
};

/** A database that exists, under its own name as PostgreSQL knows it. */
export type LiveDatabase = Properties & {
	readonly oid: number;
	readonly allowsConnections: boolean;
	readonly isTemplate: boolean;
	readonly sizeBytes: number;
	readonly encoding: string;
	readonly collate: string;
	readonly ctype: string;
	/** `c`, `i` or `b` since version 15. */
	readonly localeProvider?: string;
	readonly icuLocale?: string;
	readonly tablespace: string;
	readonly sessions: readonly {
		readonly application: string;
		readonly user: string;
		readonly count: number;
	}[];
	/** Last change of state of any session, in ms since 1970. */
	readonly lastActivityMs?: number;
	readonly preparedTransactions: readonly string[];
	readonly slots: readonly string[];
	readonly subscriptions: number;
};

/** What a restore needs to know of the server. Names are as they are, not cleaned: they go into SQL. */
export type ServerFacts = {
	readonly versionNumber: number;
	readonly systemIdentifier: string;
	readonly isStandby: boolean;
	readonly user: string;
	/** The port that the server listens on, inside its container where it has one. */
	readonly port: number;
	readonly isSuperuser: boolean;
	readonly mayCreateDatabases: boolean;
	/** Empty where the role may not see it. */
	readonly dataFolder: string;
	readonly maxWalBytes: number;
	readonly isArchiving: boolean;
	readonly archiveFailures: number;
	readonly roles: readonly string[];
	readonly extensions: readonly {readonly name: string; readonly versions: readonly string[]}[];
	readonly collations: readonly string[];
	readonly databases: readonly {
		readonly name: string;
		readonly oid: number;
		readonly sizeBytes: number;
		readonly comment: string;
		readonly allowsConnections: boolean;
	}[];
	readonly live?: LiveDatabase;
};

/**
 * Everything about the server and one database ($1) as one JSON value; read on another database of the server. The
 * icu locale's column has another name since version 17, so it is read by its name in the row's JSON.
 *
 * PostgreSQL documentation: pg_database, pg_db_role_setting, pg_shdepend's neighbours in "System Catalogs"; "System
 * Information Functions" (aclexplode, pg_control_system); pg_prepared_xacts, pg_replication_slots, pg_stat_archiver.
 */
export const serverFactsSql = `
SELECT /* opsconsole */ json_build_object(
	'versionNumber', current_setting('server_version_num')::int,
	'systemIdentifier', (SELECT system_identifier::text FROM pg_control_system()),
	'isStandby', pg_is_in_recovery(),
	'user', current_user, 'port', current_setting('port')::int,
	'isSuperuser', r.rolsuper,
	'mayCreateDatabases', r.rolcreatedb OR r.rolsuper,
	'dataFolder', CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE') THEN current_setting('data_directory', true) END,
	'maxWalBytes', pg_size_bytes(current_setting('max_wal_size'))::float8,
	'isArchiving', current_setting('archive_mode') <> 'off',
	'archiveFailures', (SELECT failed_count::float8 FROM pg_stat_archiver),
	'roles', (SELECT json_agg(rolname) FROM pg_roles),
	'extensions', (SELECT json_agg(e) FROM (
		SELECT name, json_agg(version) AS versions FROM pg_available_extension_versions GROUP BY 1) e),
	'collations', (SELECT json_agg(DISTINCT collcollate) FROM pg_collation WHERE collcollate IS NOT NULL),
	'databases', (SELECT json_agg(d) FROM (
		SELECT datname AS name, oid::bigint AS oid, datallowconn AS "allowsConnections",
			CASE WHEN datname ~ '__o_[0-9a-f]{8}$' OR datname = $1
				THEN pg_database_size(oid)::float8 ELSE 0 END AS "sizeBytes",
			shobj_description(oid, 'pg_database') AS comment
		FROM pg_database) d),
	'live', (SELECT json_build_object(
		'oid', d.oid::bigint, 'owner', pg_get_userbyid(d.datdba),
		'grants', CASE WHEN d.datacl IS NOT NULL THEN (SELECT coalesce(json_agg(g), '[]') FROM (
			SELECT CASE WHEN a.grantee = 0 THEN '' ELSE pg_get_userbyid(a.grantee) END AS grantee,
				privilege_type AS privilege, bool_or(is_grantable) AS "isGrantable"
			FROM aclexplode(d.datacl) a GROUP BY 1, 2 ORDER BY 1, 2) g) END,
		'connectionLimit', d.datconnlimit, 'comment', shobj_description(d.oid, 'pg_database'),
		'settings', (SELECT json_agg(s) FROM (
			SELECT CASE WHEN setrole = 0 THEN '' ELSE pg_get_userbyid(setrole) END AS role, u.setting
			FROM pg_db_role_setting, unnest(setconfig) WITH ORDINALITY u(setting, place)
			WHERE setdatabase = d.oid ORDER BY 1, u.place) s),
		'allowsConnections', d.datallowconn, 'isTemplate', d.datistemplate,
		'sizeBytes', pg_database_size(d.oid)::float8,
		'encoding', pg_encoding_to_char(d.encoding), 'collate', d.datcollate, 'ctype', d.datctype,
		'localeProvider', to_json(d) ->> 'datlocprovider',
		'icuLocale', coalesce(to_json(d) ->> 'datlocale', to_json(d) ->> 'daticulocale'),
		'tablespace', (SELECT spcname FROM pg_tablespace t WHERE t.oid = d.dattablespace),
		'sessions', (SELECT json_agg(s) FROM (
			SELECT application_name AS application, usename AS user, count(*) AS count FROM pg_stat_activity
			WHERE datid = d.oid AND backend_type = 'client backend' AND application_name <> 'opsconsole'
			GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 20) s),
		'lastActivityMs', (SELECT extract(epoch FROM max(state_change))::float8 * 1000 FROM pg_stat_activity
			WHERE datid = d.oid AND backend_type = 'client backend' AND application_name NOT LIKE 'ops%'),
		'preparedTransactions', (SELECT json_agg(gid) FROM pg_prepared_xacts WHERE database = d.datname),
		'slots', (SELECT json_agg(slot_name) FROM pg_replication_slots WHERE database = d.datname),
		'subscriptions', (SELECT count(*) FROM pg_subscription WHERE subdbid = d.oid)
	) FROM pg_database d WHERE d.datname = $1)
) AS value
FROM pg_roles r WHERE r.rolname = current_user`;

function bytesOf(value: unknown): number {
	return numberOf(value) ?? 0;
}

function grantsOf(value: unknown): readonly Grant[] {
	return listOf(value)
		.map(objectOf)
		.map(grant => ({
			grantee: textOf(grant['grantee']),
			privilege: textOf(grant['privilege']),
			isGrantable: grant['isGrantable'] === true,
		}));
}

function liveOf(value: unknown): LiveDatabase | undefined {
	if (typeof value !== 'object' || value === null) {
		return undefined;
	}
	const live: Json = objectOf(value);
	return withoutAbsent({
		oid: bytesOf(live['oid']),
		owner: textOf(live['owner']),
		grants: Array.isArray(live['grants']) ? grantsOf(live['grants']) : undefined,
		connectionLimit: numberOf(live['connectionLimit']) ?? -1,
		comment: typeof live['comment'] === 'string' ? live['comment'] : undefined,
		settings: listOf(live['settings'])
			.map(objectOf)
			.map(({role, setting}) => ({role: textOf(role), setting: textOf(setting)})),
		allowsConnections: live['allowsConnections'] === true,
		isTemplate: live['isTemplate'] === true,
		sizeBytes: bytesOf(live['sizeBytes']),
		encoding: textOf(live['encoding']),
		collate: textOf(live['collate']),
		ctype: textOf(live['ctype']),
		localeProvider: textOf(live['localeProvider']) || undefined,
		icuLocale: textOf(live['icuLocale']) || undefined,
		tablespace: textOf(live['tablespace']),
		sessions: listOf(live['sessions'])
			.map(objectOf)
			.map(({application, user, count}) => ({
				application: textOf(application),
				user: textOf(user),
				count: bytesOf(count),
			})),
		lastActivityMs: numberOf(live['lastActivityMs']),
		preparedTransactions: textsOf(live['preparedTransactions']),
		slots: textsOf(live['slots']),
		subscriptions: bytesOf(live['subscriptions']),
	});
}

/** Reads the value of `serverFactsSql`. */
export function parseServerFacts(value: unknown): ServerFacts {
	const facts = objectOf(value);
	return withoutAbsent({
		versionNumber: bytesOf(facts['versionNumber']),
		systemIdentifier: textOf(facts['systemIdentifier']),
		isStandby: facts['isStandby'] === true,
		user: textOf(facts['user']),
		port: bytesOf(facts['port']),
		isSuperuser: facts['isSuperuser'] === true,
		mayCreateDatabases: facts['mayCreateDatabases'] === true,
		dataFolder: textOf(facts['dataFolder']),
		maxWalBytes: bytesOf(facts['maxWalBytes']),
		isArchiving: facts['isArchiving'] === true,
		archiveFailures: bytesOf(facts['archiveFailures']),
		roles: textsOf(facts['roles']),
		extensions: listOf(facts['extensions'])
			.map(objectOf)
			.map(({name, versions}) => ({name: textOf(name), versions: textsOf(versions)})),
		collations: textsOf(facts['collations']),
		databases: listOf(facts['databases'])
			.map(objectOf)
			.map(database => ({
				name: textOf(database['name']),
				oid: bytesOf(database['oid']),
				sizeBytes: bytesOf(database['sizeBytes']),
				comment: textOf(database['comment']),
				allowsConnections: database['allowsConnections'] === true,
			})),
		live: liveOf(facts['live']),
	});
}
