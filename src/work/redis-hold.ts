import type {Plan} from '../domain/plan.ts';
import {ProblemError} from '../domain/problem.ts';
import type {Act, RedisReply, RedisSession} from '../io/act.ts';
import type {Look} from '../operations/operation.ts';
import {busyInServer, lockSession} from './lock-name.ts';
import {redisOf} from './sessions.ts';

const timeoutMs = 10_000;
/** A server that drops idle clients (`timeout`) must not drop this one, in ms. */
const stayEveryMs = 10_000;

/** Others that hold the server, as CLIENT LIST tells them: `id=7 addr=10.0.0.8:5000 … name=opsc:lock:… age=3 …`. */
function holderIn(reply: RedisReply | undefined): ProblemError | undefined {
	const text = typeof reply === 'string' ? reply : '';
	for (const line of text.split('\n')) {
		const fields = new Map(
			line.split(' ').map(field => {
				const at = field.indexOf('=');
				return [field.slice(0, at), field.slice(at + 1)];
			}),
		);
		const name = fields.get('name') ?? '';
		if (!name.startsWith('opsc:lock:')) continue;
		const age = Number(fields.get('age') ?? 0);
		const since = new Date(Date.now() - age * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
		return busyInServer(name, {place: fields.get('addr') ?? '?', since});
	}

	return undefined;
}

/** Lists all clients and takes the name in one transaction, so that of two at once exactly one sees nobody. */
async function take(session: RedisSession, name: string): Promise<void> {
	const signal = AbortSignal.timeout(timeoutMs);
	const call = (...argv: [string, ...string[]]) => session.call(argv, signal);
	await call('MULTI');
	await call('CLIENT', 'LIST');
	await call('CLIENT', 'SETNAME', `opsc:${name}`);
	const replies = await call('EXEC');
	const [list] = Array.isArray(replies) ? (replies as readonly RedisReply[]) : [];
	const busy = holderIn(list);
	if (busy) throw busy;
}

/**
 * Takes the plan's lock of a Redis server (`redis:…`) in the server as well, by the name of a connection, so that a worker
 * on another host or of another state folder keeps away. A key would be in every backup, vanish in a restore, and not be
 * written where the server refuses writes. Only a hint (SAFETY 4.2): a server that does not answer, or a user who may not
 * list clients, is no reason to refuse. Held until the returned function is called. Rejects with `road-busy`.
 */
export async function holdInRedis(
	plan: Plan,
	act: Pick<Act, 'redis'>,
	look: Pick<Look, 'targets'>,
	owner = '?',
): Promise<() => Promise<void>> {
	const isWanted = plan.locks.some(({resource}) => resource.startsWith('redis:'));
	if (!isWanted || plan.identity.redis === undefined) return () => Promise.resolve();
	let session: RedisSession | undefined;
	try {
		session = await act.redis(redisOf(plan, look, undefined), `look:${plan.id}`);
		await take(session, lockSession({id: plan.id, owner}));
	} catch (error) {
		await session?.close();
		if (error instanceof ProblemError && error.problem.code === 'road-busy') throw error;
		return () => Promise.resolve();
	}

	const held = session;
	const stay = setInterval(() => {
		held.call(['PING'], AbortSignal.timeout(timeoutMs)).catch(() => undefined);
	}, stayEveryMs);
	stay.unref();
	return async () => {
		clearInterval(stay);
		await held.close();
	};
}
