import {clean} from '../src/domain/clean.ts';
import {maxAgeOf} from '../src/domain/max-age.ts';
import type {
	EndpointHint,
	Hints,
	LogHint,
	PostgresHint,
	RedisHint,
} from '../src/domain/settings.ts';
import type {
	BackupTarget,
	EndpointTarget,
	LogTarget,
	PostgresTarget,
	RedisTarget,
} from '../src/domain/targets.ts';
import {expect, type ConfigError, type Place} from './error.ts';
import type {Merged} from './merge.ts';
import {provenanceOf} from './rules.ts';
import {resolvePassword, type SecretSource} from './secrets.ts';

/** Configured targets: with an address, and (hints) in a Compose service without one. */
export type ResolvedTargets = {
	readonly postgres: readonly PostgresTarget[];
	readonly redis: readonly RedisTarget[];
	readonly endpoints: readonly EndpointTarget[];
	readonly logs: readonly LogTarget[];
	readonly backups: readonly BackupTarget[];
	readonly hints: Hints;
};

const dayMs = 86_400_000;

function oneWay(
	{at, value}: {readonly at: Place; readonly value: {readonly id: string}},
	key: string,
	ways: string,
): ConfigError {
	const expected = expect('one-of-ways', {values: ways});
	return {kind: 'missing-key', ...at, key: `${key}.${clean(value.id, 60)}`, expected};
}

/** Resolves all configured targets; mistakes go to `secrets.errors`. */
export async function resolveTargets(
	merged: Merged,
	secrets: SecretSource,
): Promise<ResolvedTargets> {
	const {errors} = secrets;
	const [postgres, redis] = await Promise.all([
		Promise.all(merged.postgres.map(async entry => resolvePostgres(entry, secrets))),
		Promise.all(merged.redis.map(async entry => resolveRedis(entry, secrets))),
	]);
	const endpoints = merged.endpoints.map(entry => resolveEndpoint(entry, errors));
	const logs = merged.logs.map(entry => resolveLog(entry));
	return {
		postgres: postgres.flatMap(({target}) => target ?? []),
		redis: redis.flatMap(({target}) => target ?? []),
		endpoints: endpoints.flatMap(({target}) => target ?? []),
		logs: logs.flatMap(({target}) => target ?? []),
		backups: merged.backups.flatMap(entry => resolveBackup(entry, errors)),
		hints: {
			postgres: postgres.flatMap(({hint}) => hint ?? []),
			redis: redis.flatMap(({hint}) => hint ?? []),
			endpoints: endpoints.flatMap(({hint}) => hint ?? []),
			logs: logs.flatMap(({hint}) => hint ?? []),
		},
	};
}

type Resolved<Target, Hint> = {readonly target?: Target; readonly hint?: Hint};

async function resolvePostgres(
	entry: Merged['postgres'][number],
	secrets: SecretSource,
): Promise<Resolved<PostgresTarget, PostgresHint>> {
	const {id, host, service, project, port, database, user, tls, ca_file: caFile} = entry.value;
	if ((host === undefined) === (service === undefined)) {
		secrets.errors.push(oneWay(entry, 'postgres', 'host, service'));
		return {};
	}

	const password = await resolvePassword(secrets, 'postgres', entry.value, entry.at);
	const credentials = {...(password && {password}), ...(caFile !== undefined && {caFile})};
	if (host !== undefined) {
		const target: PostgresTarget = {
			id,
			origin: 'configured',
			host: clean(host, 400),
			port: port ?? 5432,
			database: database ?? 'postgres',
			user: user ?? 'postgres',
			tls: tls ?? 'off',
			...credentials,
		};
		return {target};
	}

	if (service === undefined) return {};

	const hint: PostgresHint = {
		id,
		service,
		...(project !== undefined && {project}),
		...(port !== undefined && {port}),
		...(database !== undefined && {database}),
		...(user !== undefined && {user}),
		...(tls !== undefined && {tls}),
		...credentials,
	};
	return {hint};
}

async function resolveRedis(
	entry: Merged['redis'][number],
	secrets: SecretSource,
): Promise<Resolved<RedisTarget, RedisHint>> {
	const {id, host, service, project, port, user, tls, ca_file: caFile} = entry.value;
	if ((host === undefined) === (service === undefined)) {
		secrets.errors.push(oneWay(entry, 'redis', 'host, service'));
		return {};
	}

	const password = await resolvePassword(secrets, 'redis', entry.value, entry.at);
	const credentials = {
		...(user !== undefined && {user}),
		...(password && {password}),
		...(caFile !== undefined && {caFile}),
	};
	if (host !== undefined) {
		const at = {host: clean(host, 400), port: port ?? 6379, tls: tls ?? ('off' as const)};
		return {target: {id, origin: 'configured', ...at, ...credentials}};
	}

	if (service === undefined) return {};

	const hint: RedisHint = {
		id,
		service,
		...(project !== undefined && {project}),
		...(port !== undefined && {port}),
		...(tls !== undefined && {tls}),
		...credentials,
	};
	return {hint};
}

function resolveEndpoint(
	entry: Merged['endpoints'][number],
	errors: ConfigError[],
): Resolved<EndpointTarget, EndpointHint> {
	const {id, url, service, project, scheme, port, path, facts, timeout} = entry.value;
	const probe = {
		...(entry.value.expect_status !== undefined && {expectStatus: entry.value.expect_status}),
		...(facts && {facts: facts.map(fact => clean(fact, 200))}),
		...(timeout !== undefined && {timeoutMs: timeout}),
	};
	if ((url === undefined) === (service === undefined)) {
		errors.push(oneWay(entry, 'endpoints', 'url, service'));
		return {};
	}

	if (url !== undefined)
		return {target: {id, origin: 'configured', url: clean(url, 2000), ...probe}};
	if (service === undefined) return {};

	const hint: EndpointHint = {
		id,
		service,
		...(project !== undefined && {project}),
		scheme: scheme ?? 'http',
		...(port !== undefined && {port}),
		path: path ?? '/',
		...probe,
	};
	return {hint};
}

function resolveLog({value}: Merged['logs'][number]): Resolved<LogTarget, LogHint> {
	const {id, service, path, unit} = value;
	const format = value.format ?? 'auto';
	if (path !== undefined) return {target: {id, service, format, from: {kind: 'file', path}}};
	if (unit !== undefined) return {target: {id, service, format, from: {kind: 'journal', unit}}};
	return {hint: {id, service, format}};
}

function resolveBackup(entry: Merged['backups'][number], errors: ConfigError[]): BackupTarget[] {
	const {id, kind, folder, pattern, schedule, max_age: maxAge, keep, from} = entry.value;
	if (folder === undefined || pattern === undefined) {
		const missing = folder === undefined ? 'folder' : 'pattern';
		const expected = expect('required', {name: missing});
		errors.push({kind: 'missing-key', ...entry.at, key: `backups.${id}.${missing}`, expected});
		return [];
	}

	return [
		{
			id,
			kind: kind ?? 'files',
			folder,
			pattern,
			maxAgeMs: maxAge ?? maxAgeOf(schedule ?? '0 0 * * *'),
			...(schedule !== undefined && {schedule}),
			...(keep !== undefined && {keepDays: Math.round(keep / dayMs)}),
			provenance: clean(from ?? provenanceOf(entry.at), 200),
		},
	];
}
