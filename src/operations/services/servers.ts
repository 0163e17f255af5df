import {infoNumber, keysOf, parseInfo, persistenceOf, productOf} from '../../domain/redis-info.ts';
import type {ServiceContainer} from '../../domain/service-facts.ts';
import type {PostgresTarget, RedisTarget} from '../../domain/targets.ts';
import {textOf} from '../../domain/unknown.ts';
import type {Look} from '../operation.ts';

const answerMs = 5000;

/** What a Redis server says about its data before it is ended. */
export type RedisNow = {
	readonly target: RedisTarget;
	readonly runId: string;
	readonly version: string;
	readonly keys: number;
	readonly unsaved: number;
	/** Whether it writes its data down by itself: save points or the append-only file. */
	readonly isPersistent: boolean;
	readonly lastSaveOk: boolean;
	/** Without our own connection. */
	readonly clients: number;
};

/** What a PostgreSQL server says before it is ended. */
export type PostgresNow = {
	readonly target: PostgresTarget;
	readonly systemIdentifier: string;
	readonly oid: number;
	readonly versionNumber: number;
	readonly isStandby: boolean;
	/** Sessions of clients without our own. */
	readonly clients: number;
};

/** The target that a container is: by its id, else by its service, where the container was replaced. */
export function targetOf<T extends PostgresTarget | RedisTarget>(
	targets: readonly T[],
	{container}: ServiceContainer,
): T | undefined {
	const {id, project, service} = container;
	return (
		targets.find(target => target.container?.containerId === id) ??
		targets.find(
			target =>
				service !== undefined &&
				target.container?.service === service &&
				target.container.project === project,
		)
	);
}

function limited({signal}: Pick<Look, 'signal'>): AbortSignal {
	return AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
}

/** Asks the Redis server in a container; undefined where it is not known or does not answer. INFO, CONFIG GET save. */
export async function redisNow(
	look: Look,
	member: ServiceContainer,
): Promise<RedisNow | undefined> {
	const target = targetOf(look.targets.redis, member);
	if (target === undefined || member.container.state !== 'running') return undefined;
	const signal = limited(look);
	try {
		const client = look.io.redis(target);
		const info = parseInfo(textOf(await client.call('INFO', [], signal)));
		const save = await client.call('CONFIG', ['GET', 'save'], signal).catch(() => undefined);
		const {aofEnabled, changesSinceSave, lastSaveOk} = persistenceOf(info);
		// Where the setting may not be read, save points count as set: a false "all is lost" helps nobody.
		const rules = Array.isArray(save) ? textOf(save[1]) : '?';
		return {
			target,
			runId: info.get('run_id') ?? '',
			version: productOf(info).version,
			keys: keysOf(info).total,
			unsaved: changesSinceSave,
			isPersistent: aofEnabled || rules !== '',
			lastSaveOk,
			clients: Math.max(0, (infoNumber(info, 'connected_clients') ?? 1) - 1),
		};
	} catch {
		look.signal.throwIfAborted();
		return undefined;
	}
}

// The one row that names this very server and database, and who is connected; every role may read it.
const serverSql = `select
	(select system_identifier::text from pg_control_system()) as system_identifier,
	(select oid::int8::text from pg_database where datname = current_database()) as oid,
	current_setting('server_version_num') as version,
	pg_is_in_recovery() as is_standby,
	(select count(*)::text from pg_stat_activity
		where backend_type = 'client backend' and pid <> pg_backend_pid()) as clients`;

/** Asks the PostgreSQL server in a container; undefined where it is not known or does not answer. */
export async function postgresNow(
	look: Look,
	member: ServiceContainer,
): Promise<PostgresNow | undefined> {
	const target = targetOf(look.targets.postgres, member);
	if (target === undefined || member.container.state !== 'running') return undefined;
	try {
		const [row] = await look.io.postgres(target).query(serverSql, [], limited(look));
		return {
			target,
			systemIdentifier: textOf(row?.['system_identifier']),
			oid: Number(row?.['oid'] ?? 0),
			versionNumber: Number(row?.['version'] ?? 0),
			isStandby: row?.['is_standby'] === true,
			clients: Number(row?.['clients'] ?? 0),
		};
	} catch {
		look.signal.throwIfAborted();
		return undefined;
	}
}
