import type {Command, Plan} from '../domain/plan.ts';
import {ProblemError} from '../domain/problem.ts';
import {isObject, numberOf, textOf} from '../domain/unknown.ts';
import type {PostgresTarget, RedisTarget} from '../domain/targets.ts';
import type {Act, FileWriter, PostgresSession, RedisSession} from '../io/act.ts';
import type {Look} from '../operations/operation.ts';

/** The connections of a run, made when they are first needed and kept until `close`. */
export type Sessions = {
	postgres(command: Command & {kind: 'sql'}): Promise<PostgresSession>;
	redis(
		command: Command & {kind: 'redis'},
		kept: Readonly<Record<string, unknown>>,
	): Promise<RedisSession>;
	/** Remembers a file that is being written, so that no run ends with it open. */
	writer(writer: FileWriter): FileWriter;
	/** Closes everything. Half-written files are removed, or left as they are where the run counts as dead. */
	close(isDead?: boolean): Promise<void>;
};

/** The target that a plan names, or the only one there is. */
function chosen<T extends {readonly id: string}>(
	targets: readonly T[],
	id: string | undefined,
	kind: string,
): T {
	const found =
		id === undefined
			? targets.length === 1
				? targets[0]
				: undefined
			: targets.find(target => target.id === id);
	if (found !== undefined) return found;
	throw new ProblemError({code: 'road-no-server', params: {kind}, retry: 'soon'});
}

/** The PostgreSQL server that a plan is for. */
export function postgresOf(plan: Plan, {targets}: Pick<Look, 'targets'>): PostgresTarget {
	return chosen(targets.postgres, plan.identity.postgres?.target, 'PostgreSQL');
}

/** The Redis server that a plan is for; `scratch` is the one that a step kept under that name (host, port). */
export function redisOf(
	plan: Plan,
	{targets}: Pick<Look, 'targets'>,
	scratch: {readonly host: string; readonly port: number} | undefined,
): RedisTarget {
	if (scratch === undefined) return chosen(targets.redis, plan.identity.redis?.target, 'Redis');
	return {id: 'scratch', origin: 'container', ...scratch, tls: 'off'};
}

/** Makes the connections of one run. */
export function createSessions(facts: {
	readonly act: Act;
	readonly plan: Plan;
	readonly look: Pick<Look, 'targets'>;
}): Sessions {
	const {act, plan, look} = facts;
	const postgres = new Map<string, Promise<PostgresSession>>();
	const redis = new Map<string, Promise<RedisSession>>();
	const writers = new Set<FileWriter>();
	return {
		writer(writer) {
			writers.add(writer);
			return {
				write: chunk => writer.write(chunk),
				finish() {
					writers.delete(writer);
					return writer.finish();
				},
				discard() {
					writers.delete(writer);
					return writer.discard();
				},
			};
		},
		async postgres({session, database}) {
			const key = JSON.stringify([session, database]);
			const before = await postgres.get(key)?.catch(() => undefined);
			if (before?.isOpen() === true) return before;
			const opened = act.postgres(postgresOf(plan, look), database, plan.id);
			postgres.set(key, opened);
			return opened;
		},
		async redis({server}, kept) {
			const before = await redis.get(server)?.catch(() => undefined);
			if (before !== undefined) return before;
			const scratch = isObject(kept['scratch']) ? kept['scratch'] : undefined;
			const place = {
				host: textOf(scratch?.['host']),
				port: numberOf(scratch?.['port']) ?? 6379,
			};
			if (server === 'scratch' && place.host === '') {
				const params = {kind: 'Redis scratch'};
				throw new ProblemError({code: 'road-no-server', params, retry: 'soon'});
			}

			const target = redisOf(plan, look, server === 'scratch' ? place : undefined);
			const opened = act.redis(target, plan.id);
			redis.set(server, opened);
			return opened;
		},
		async close(isDead = false) {
			const written = [...writers];
			writers.clear();
			await Promise.allSettled(
				written.map(writer => (isDead ? writer.finish() : writer.discard())),
			);
			const open = [...postgres.values(), ...redis.values()];
			postgres.clear();
			redis.clear();
			await Promise.allSettled(open.map(async session => (await session).close()));
		},
	};
}
