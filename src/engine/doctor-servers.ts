import {clean} from '../domain/clean.ts';
import {ProblemError} from '../domain/problem.ts';
import type {Settings} from '../domain/settings.ts';
import {shellQuote, sqlName} from '../domain/shell-quote.ts';
import type {PostgresTarget, RedisTarget} from '../domain/targets.ts';
import type {Io, PostgresClient, RedisClient} from '../io/io.ts';
import {problemWords, words, type DoctorCheck} from './doctor-check.ts';

/** Name of the user for commands that are copied; the shell's own variable where it is not known. */
export function userName(io: Io): string {
	const name = io.environment['USER'] ?? io.environment['LOGNAME'] ?? '';
	return /^[a-z_][a-z0-9_-]*$/i.test(name) ? name : '"$USER"';
}

/** The engine answers and lets this user in. */
export async function checkDocker(
	io: Io,
	settings: Settings,
	signal: AbortSignal,
): Promise<DoctorCheck> {
	const head = {id: 'docker', title: words('docker-title')};
	if (!settings.docker.isEnabled) {
		return {...head, outcome: 'skipped', found: words('docker-off')};
	}

	try {
		const {version, apiVersion} = await io.docker.version(signal);
		const values = {version: clean(version), api: clean(apiVersion), address: io.docker.address};
		return {...head, outcome: 'ok', found: words('docker-ok', values)};
	} catch (error) {
		const {code, found, hint} = problemWords(error, 'docker');
		const commands: Readonly<Record<string, string>> = {
			'docker-no-permission': `sudo usermod -aG docker ${userName(io)} && newgrp docker`,
			'docker-not-running': 'sudo systemctl start docker',
		};
		const command = commands[code];
		return {...head, outcome: 'missing', found, hint, ...(command && {command})};
	}
}

/** The first row of an answer. */
async function firstRow(client: PostgresClient, sql: string, signal: AbortSignal) {
	const rows = await client.query(sql, [], signal);
	return rows[0] ?? {};
}

/** A field of a row as text. */
function text(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? clean(String(value), 200) : '';
}

// pg_monitor exists since PostgreSQL 10; a superuser has its rights too. The names of preloaded libraries are
// only visible to those who may read all settings, so the row may be missing.
const roleQuery = `select current_user as role, current_database() as database,
	current_setting('server_version') as version,
	pg_has_role(current_user, 'pg_monitor', 'usage') as sees_all`;
const statementsQuery = `select
	(select extversion from pg_extension where extname = 'pg_stat_statements') as version,
	(select setting from pg_settings where name = 'shared_preload_libraries') as libraries`;

/** Slow statements: the library is loaded and its extension created. */
async function checkStatements(
	target: PostgresTarget,
	client: PostgresClient,
	signal: AbortSignal,
): Promise<DoctorCheck> {
	const head = {
		id: `postgres:${target.id}:statements`,
		title: words('postgres-statements-title', {name: clean(target.id)}),
	};
	const row = await firstRow(client, statementsQuery, signal);
	const libraries = typeof row['libraries'] === 'string' ? row['libraries'] : undefined;
	const create = 'CREATE EXTENSION pg_stat_statements;';
	if (libraries !== undefined && !libraries.includes('pg_stat_statements')) {
		const all = [libraries.trim(), 'pg_stat_statements'].filter(name => name !== '').join(',');
		const load = `ALTER SYSTEM SET shared_preload_libraries = '${all.replaceAll("'", "''")}';`;
		return {
			...head,
			outcome: 'missing',
			found: words('postgres-statements-not-loaded'),
			command: row['version'] ? load : `${load} ${create}`,
		};
	}

	if (!row['version']) {
		const database = clean(target.database);
		return {
			...head,
			outcome: 'missing',
			found: words('postgres-statements-not-created', {database}),
			command: create,
		};
	}

	const found = words('postgres-statements-ok', {version: text(row['version'])});
	return {...head, outcome: 'ok', found};
}

/** A server answers, the role sees all sessions, and slow statements are recorded. */
export async function checkPostgres(
	io: Io,
	target: PostgresTarget,
	signal: AbortSignal,
): Promise<readonly DoctorCheck[]> {
	const head = {
		id: `postgres:${target.id}`,
		title: words('postgres-title', {name: clean(target.id)}),
	};
	try {
		const client = io.postgres(target);
		const row = await firstRow(client, roleQuery, signal);
		const role = text(row['role']);
		const values = {version: text(row['version']), role};
		const monitor: DoctorCheck =
			row['sees_all'] === true
				? {...head, outcome: 'ok', found: words('postgres-ok', values)}
				: {
						...head,
						outcome: 'missing',
						found: words('postgres-no-monitor', values),
						command: `GRANT pg_monitor TO ${sqlName(role)};`,
					};
		return [monitor, await checkStatements(target, client, signal)];
	} catch (error) {
		const {found, hint} = problemWords(error, clean(target.id));
		return [{...head, outcome: 'missing', found, hint}];
	}
}

// One harmless use of every command that the Redis sources send, and the ACL rule that grants it.
const redisNeeds = [
	['PING', [], '+ping'],
	['INFO', [], '+info'],
	['SLOWLOG', ['GET', 1], '+slowlog|get'],
	['CONFIG', ['GET', 'maxmemory'], '+config|get'],
	['DBSIZE', [], '+dbsize'],
	['SCAN', [0, 'COUNT', 1], '+scan'],
	['TYPE', ['opsconsole:doctor'], '+type'],
	['PTTL', ['opsconsole:doctor'], '+pttl'],
	['MEMORY', ['USAGE', 'opsconsole:doctor'], '+memory|usage'],
] as const;

/** Whether the server refuses a command for this user; any other failure is thrown. */
async function isDenied(
	client: RedisClient,
	[command, args]: (typeof redisNeeds)[number],
	signal: AbortSignal,
): Promise<boolean> {
	try {
		await client.call(command, args, signal);
		return false;
	} catch (error) {
		const code: string = error instanceof ProblemError ? error.problem.code : '';
		if (code === 'redis-no-permission') return true;
		throw error;
	}
}

/** A server answers and its ACL lets this user run every command that is needed. */
export async function checkRedis(
	io: Io,
	target: RedisTarget,
	signal: AbortSignal,
): Promise<DoctorCheck> {
	const head = {id: `redis:${target.id}`, title: words('redis-title', {name: clean(target.id)})};
	try {
		const client = io.redis(target);
		const denied: (typeof redisNeeds)[number][] = [];
		for (const need of redisNeeds) {
			if (await isDenied(client, need, signal)) denied.push(need);
		}

		const user = target.user ?? 'default';
		if (denied.length === 0) {
			return {...head, outcome: 'ok', found: words('redis-ok', {user: clean(user)})};
		}

		const names = denied.map(([command, args]) => [command, ...args.slice(0, 1)].join(' '));
		// A refused TYPE may also mean that the user may not read any key.
		const needsKeys = denied.some(([command]) => command === 'TYPE' || command === 'PTTL');
		const rules = [...denied.map(([, , rule]) => rule), ...(needsKeys ? ['%R~*'] : [])];
		return {
			...head,
			outcome: 'missing',
			found: words('redis-denied', {user: clean(user), commands: names.join(', ')}),
			command: `redis-cli ACL SETUSER ${shellQuote(user)} ${rules.map(shellQuote).join(' ')}`,
		};
	} catch (error) {
		const {found, hint} = problemWords(error, clean(target.id));
		return {...head, outcome: 'missing', found, hint};
	}
}
