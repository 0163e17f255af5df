import {maskText} from '../domain/mask.ts';
import {ProblemError} from '../domain/problem.ts';
import {problemOfRedisFailure, redisProblem} from '../domain/redis-problem.ts';
import type {RedisTarget} from '../domain/targets.ts';
import type {RedisReply, RedisSession} from './act.ts';
import {reasonOf, unlessAborted} from './act-problem.ts';
import type {Clock} from './io.ts';
import {openRedis, sendRedis} from './redis-connection.ts';

/** Opens a connection for one operation, named after it: no reconnecting, no queue, every command allowed. */
export async function openRedisSession(
	target: RedisTarget,
	operation: string,
	clock: Clock,
): Promise<RedisSession> {
	const ended = new AbortController();
	// A name must not hold spaces or anything that cannot be printed.
	const name = `opsc:${operation.replace(/[^\x21-\x7e]/g, '_')}`;
	const state = {isOpen: true};
	const connection = await openRedis({target, clock, name}, ended.signal, () => {
		state.isOpen = false;
	});
	const drop = () => {
		state.isOpen = false;
		ended.abort();
	};
	return {
		async call([command = '', ...args], signal) {
			signal.throwIfAborted();
			if (!state.isOpen) throw new ProblemError(redisProblem('redis-connection-lost', target));
			try {
				// In capitals the driver knows no command, and changes neither arguments nor answers.
				const sent = sendRedis(connection, target, [command.toUpperCase(), ...args]);
				return replyOf(await unlessAborted(sent, signal), target, command);
			} catch (error) {
				if (!signal.aborted) throw forWriting(error, target, command);
				// There is no way to take a command back; without its connection at least nothing follows it.
				drop();
				throw reasonOf(signal);
			}
		},
		async close() {
			if (!state.isOpen) return;
			// After QUIT the server has taken everything that was sent before.
			const limit = AbortSignal.timeout(1000);
			await unlessAborted(sendRedis(connection, target, ['QUIT']), limit).catch(() => undefined);
			drop();
		},
	};
}

/** An error inside a list, as EXEC answers, is a failure like any other. */
function replyOf(value: unknown, target: RedisTarget, command: string): RedisReply {
	if (value instanceof Error) {
		const failure = {message: value.message, isReply: true};
		throw new ProblemError(problemOfRedisFailure(failure, target, command.toUpperCase()));
	}

	if (Array.isArray(value)) return value.map(one => replyOf(one, target, command));
	return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** The words for a missing right name what the reading side needs; here it is another right. */
function forWriting(error: unknown, target: RedisTarget, command: string): unknown {
	if (!(error instanceof ProblemError)) return error;
	const {code, params, retry} = error.problem;
	const cause = maskText(String(params['cause'] ?? ''));
	return code === 'redis-no-permission'
		? new ProblemError(redisProblem('act-redis-no-permission', target, {...params, command, cause}))
		: new ProblemError({code, params: {...params, cause}, retry});
}
