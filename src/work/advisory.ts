import type {Plan} from '../domain/plan.ts';
import {textOf} from '../domain/unknown.ts';
import type {Act} from '../io/act.ts';
import type {Look} from '../operations/operation.ts';
import {busyInServer, lockSession} from './lock-name.ts';
import {sortedLocks} from './locks.ts';
import {postgresOf} from './sessions.ts';

const timeoutMs = 20_000;

const take = {
	exclusive: 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
	shared: 'SELECT pg_try_advisory_lock_shared(hashtextextended($1, 0)) AS taken',
} as const;

/** Who has a lock, by the name that every worker gives its session, and where from. */
const holder = `
	SELECT activity.application_name AS name, coalesce(host(activity.client_addr), 'local') AS place,
		to_char(activity.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
	FROM pg_locks AS locks JOIN pg_stat_activity AS activity USING (pid)
	WHERE locks.locktype = 'advisory' AND locks.granted AND locks.objsubid = 1
		AND (locks.classid::bigint << 32) | locks.objid::bigint = hashtextextended($1, 0)
	LIMIT 1
`;

/**
 * Takes the plan's database locks (`pg:…`) in the server as well, so that a worker on another host or of another user keeps
 * away. `owner`: who confirmed the plan. Held until the returned function is called, or the worker's session ends. Rejects with `road-busy`.
 */
export async function holdInServer(
	plan: Plan,
	act: Act,
	look: Pick<Look, 'targets'>,
	owner = '?',
): Promise<() => Promise<void>> {
	const locks = sortedLocks(plan.locks).filter(({resource}) => resource.startsWith('pg:'));
	if (locks.length === 0 || plan.identity.postgres === undefined) return () => Promise.resolve();
	const signal = AbortSignal.timeout(timeoutMs);
	// Advisory locks belong to one database; all workers meet in `postgres`.
	const name = lockSession({id: plan.id, owner});
	const session = await act.postgres(postgresOf(plan, look), 'postgres', name);
	try {
		for (const {resource, mode} of locks) {
			const [row] = await session.query(take[mode], [resource], signal);
			if (row?.['taken'] === true) continue;
			const [found] = await session.query(holder, [resource], signal);
			const text = (name: string) => textOf(found?.[name]) || '?';
			throw busyInServer(text('name'), {place: text('place'), since: text('since')});
		}
	} catch (error) {
		await session.close();
		throw error;
	}

	return () => session.close();
}
