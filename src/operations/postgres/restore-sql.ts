import {quoteName, quoteText} from './quote.ts';
import {isSideName} from './side-names.ts';
import type {Properties, RoleSetting} from './server-facts.ts';

/** How the new database is made: as the old one was, or as the manifest says. */
export type NewDatabase = {
	readonly encoding: string;
	readonly collate: string;
	readonly ctype: string;
	readonly localeProvider?: string;
	readonly icuLocale?: string;
	readonly tablespace?: string;
};

// PostgreSQL documentation, CREATE DATABASE. The provider is written only where it is not the C library, which is the
// only one before version 15.
function localeOf({localeProvider, icuLocale}: NewDatabase): string {
	if (localeProvider === 'i') {
		return ` LOCALE_PROVIDER icu ICU_LOCALE ${quoteText(icuLocale ?? 'und')}`;
	}
	if (localeProvider === 'b') {
		return ` LOCALE_PROVIDER builtin BUILTIN_LOCALE ${quoteText(icuLocale ?? 'C')}`;
	}
	return '';
}

/** `CREATE DATABASE` from the untouched template, so that nothing of a changed template1 comes in. */
export function createDatabase(name: string, facts: NewDatabase): string {
	const tablespace =
		facts.tablespace === undefined || facts.tablespace === 'pg_default'
			? ''
			: ` TABLESPACE ${quoteName(facts.tablespace)}`;
	return (
		`CREATE DATABASE ${quoteName(name)} TEMPLATE template0 ENCODING ${quoteText(facts.encoding)}` +
		` LC_COLLATE ${quoteText(facts.collate)} LC_CTYPE ${quoteText(facts.ctype)}` +
		`${localeOf(facts)}${tablespace}`
	);
}

/** Nobody but the owner and superusers get into a database that is being loaded. */
export function closeToPublic(name: string): string {
	return `REVOKE ALL ON DATABASE ${quoteName(name)} FROM PUBLIC`;
}

/** How the one statement that removes a database begins; it stands nowhere else (test/tidy.test.ts). */
export const dropStart = 'DROP DATABASE'; // refused: any name but those of `isSideName`

/** Removes a database with the sessions in it (see `endBeforeDrop`). Throws an Error for a name that no restore made. */
export function dropDatabase(name: string, versionNumber: number): string {
	if (!isSideName(name)) throw new Error('only a database that a restore made is removed');
	// FORCE exists since version 13.
	const force = versionNumber >= 130_000 ? ' WITH (FORCE)' : '';
	return `${dropStart} IF EXISTS ${quoteName(name)}${force}`;
}

/**
 * What must go before `dropDatabase`: before version 13 the sessions in it are ended, ours too; the server itself waits
 * five seconds until they are gone.
 */
export function endBeforeDrop(name: string, versionNumber: number): readonly string[] {
	return versionNumber >= 130_000 ? [] : [clearSessions([name])];
}

/** Keeps every new session out, superusers too, or lets them in again. */
export function allowConnections(name: string, isAllowed: boolean): string {
	return `ALTER DATABASE ${quoteName(name)} ALLOW_CONNECTIONS ${isAllowed}`;
}

/** How `clearSessions` begins. */
export const clearStart = 'SELECT count(*)::int AS "left"';

/**
 * Ends the sessions in some databases, except the one that asks, and tells how many there were. Workers of autovacuum
 * and parallel queries are among them: all of them stand in the way of a rename.
 */
export function clearSessions(names: readonly string[]): string {
	return (
		`${clearStart}, count(*) FILTER (WHERE pg_terminate_backend(pid))::int AS ended` +
		` FROM pg_stat_activity WHERE datname IN (${names.map(quoteText).join(', ')})` +
		' AND pid <> pg_backend_pid()'
	);
}

/** Ends what programs of a run have open; they carry its id as application name. */
export function endOwnPrograms(application: string): string {
	return (
		'SELECT count(pg_terminate_backend(pid))::int AS ended FROM pg_stat_activity' +
		` WHERE application_name = ${quoteText(application)} AND pid <> pg_backend_pid()`
	);
}

/** `COMMENT ON DATABASE`; no comment removes it. */
export function commentOn(name: string, comment: string | undefined): string {
	return `COMMENT ON DATABASE ${quoteName(name)} IS ${comment === undefined ? 'NULL' : quoteText(comment)}`;
}

function rename(from: string, to: string): string {
	return `ALTER DATABASE ${quoteName(from)} RENAME TO ${quoteName(to)}`;
}

/**
 * Several changes of names as one transaction: at every moment everybody sees either all old or all new ones, and a
 * server that dies in between has changed nothing (SAFETY 0.5).
 */
export function swapNames(
	renames: readonly {readonly from: string; readonly to: string}[],
	more: readonly string[] = [],
): readonly string[] {
	return [
		'BEGIN',
		"SET LOCAL lock_timeout = '5s'",
		...renames.map(({from, to}) => rename(from, to)),
		...more,
		'COMMIT',
	];
}

// GUC_LIST_QUOTE: their values are stored as lists of quoted names, and must be written name by name.
const nameLists = new Set([
	'local_preload_libraries',
	'search_path',
	'session_preload_libraries',
	'shared_preload_libraries',
	'temp_tablespaces',
	'unix_socket_directories',
]);

/** The names of a stored list: `"$user", public`. */
export function splitNames(list: string): readonly string[] {
	return [...list.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^",\s][^,]*?))\s*(?:,|$)/g)].map(
		([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
	);
}

function settingName(name: string): string {
	return name.split('.').map(quoteName).join('.');
}

/** `SET …` of a stored setting `name=value`, as pg_dumpall writes it. */
function assignment(setting: string): string {
	const at = setting.indexOf('=');
	const name = setting.slice(0, at);
	const value = setting.slice(at + 1);
	const values = nameLists.has(name.toLowerCase()) && value !== '' ? splitNames(value) : [value];
	return `SET ${settingName(name)} TO ${values.map(quoteText).join(', ')}`;
}

function settingOf(database: string, {role, setting}: RoleSetting): string {
	const place =
		role === ''
			? `ALTER DATABASE ${quoteName(database)}`
			: `ALTER ROLE ${quoteName(role)} IN DATABASE ${quoteName(database)}`;
	return `${place} ${assignment(setting)}`;
}

const privileges = new Set(['CREATE', 'CONNECT', 'TEMPORARY']);

/**
 * What gives a database the owner, rights, limit, settings and comment of another one. Rights are written whole: none
 * that a new database has by itself stays unless it is wanted.
 */
export function copyProperties(name: string, properties: Properties): readonly string[] {
	const database = quoteName(name);
	const owner = quoteName(properties.owner);
	const grants = properties.grants ?? [
		{grantee: '', privilege: 'CONNECT', isGrantable: false},
		{grantee: '', privilege: 'TEMPORARY', isGrantable: false},
		...[...privileges].map(privilege => ({
			grantee: properties.owner,
			privilege,
			isGrantable: false,
		})),
	];
	return [
		`ALTER DATABASE ${database} OWNER TO ${owner}`,
		`REVOKE ALL ON DATABASE ${database} FROM PUBLIC, ${owner}`,
		...grants
			.filter(({privilege}) => privileges.has(privilege))
			.map(({grantee, privilege, isGrantable}) => {
				const to = grantee === '' ? 'PUBLIC' : quoteName(grantee);
				// Nobody gives the owner what owners can always give.
				const option = isGrantable && grantee !== properties.owner ? ' WITH GRANT OPTION' : '';
				return `GRANT ${privilege} ON DATABASE ${database} TO ${to}${option}`;
			}),
		`ALTER DATABASE ${database} CONNECTION LIMIT ${Math.trunc(properties.connectionLimit)}`,
		...properties.settings.map(setting => settingOf(name, setting)),
		commentOn(name, properties.comment),
	];
}

/** A table of its own with the columns and rows of another, and nothing else of it. */
export function copyTable(from: string, to: string): string {
	return `CREATE TABLE ${to} AS TABLE ${from}`;
}
