import {clean} from '../../domain/clean.ts';
import {ProblemError} from '../../domain/problem.ts';
import {parseInfo, type RedisInfo} from '../../domain/redis-info.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {redisPolicies} from '../../runbooks/looks/redis.ts';
import type {LookFacts} from '../reader.ts';

/** INFO of a server, all usual sections or those named. */
export async function readInfo(
	{io, signal}: Pick<LookFacts, 'io' | 'signal'>,
	target: RedisTarget,
	...sections: readonly string[]
): Promise<RedisInfo> {
	const answer = await io.redis(target).call('INFO', sections, signal);
	return parseInfo(typeof answer === 'string' ? answer : '');
}

/** A command that this server does not have, or that this user may not run. */
export function isDenied(error: unknown): boolean {
	const code = error instanceof ProblemError ? error.problem.code : '';
	return code === 'redis-no-permission' || code === 'redis-error';
}

/** A setting; undefined where it may not be read or the server does not know it. */
export async function readSetting(
	{io, signal}: Pick<LookFacts, 'io' | 'signal'>,
	target: RedisTarget,
	name: string,
): Promise<string | undefined> {
	try {
		const answer = await io.redis(target).call('CONFIG', ['GET', name], signal);
		const text: unknown = Array.isArray(answer) ? answer[1] : undefined;
		return typeof text === 'string' ? clean(text, 300) : undefined;
	} catch (error) {
		if (!isDenied(error)) throw error;
		return undefined;
	}
}

/** The policy as one of those that are declared; undefined for none of them. */
export function policyOf(text: string | undefined): (typeof redisPolicies)[number] | undefined {
	return redisPolicies.find(policy => policy === text);
}
