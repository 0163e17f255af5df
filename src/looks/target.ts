import {ProblemError, type Problem} from '../domain/problem.ts';
import type {PostgresTarget, RedisTarget} from '../domain/targets.ts';
import type {LookFacts} from './reader.ts';

/** The target that the scope names. Rejects with why it is missing, or with `look-nothing-here` where there is none. */
export function targetNamed<T extends {readonly id: string}>(
	targets: readonly T[],
	id: string | undefined,
	subject: string,
	missing?: Problem,
): T {
	const target = targets.find(each => each.id === id);
	if (target === undefined) {
		const nothing: Problem = {code: 'look-nothing-here', params: {subject}, retry: 'rarely'};
		throw new ProblemError(missing ?? nothing);
	}

	return target;
}

type Facts = Pick<LookFacts, 'targets' | 'scope'>;

function whyMissing({targets, scope}: Facts, kind: 'postgres' | 'redis'): Problem | undefined {
	return targets.missing.find(({area, name}) => area === kind && name === scope[kind])?.problem;
}

/** The PostgreSQL server of the scope. Rejects where nobody can connect to it: then nothing is known of what is in it. */
export function postgresOf(facts: Facts): PostgresTarget {
	const {targets, scope} = facts;
	const missing = whyMissing(facts, 'postgres');
	return targetNamed(targets.postgres, scope.postgres, 'PostgreSQL', missing);
}

/** The Redis server of the scope. Rejects where nobody can connect to it: then nothing is known of what is in it. */
export function redisOf(facts: Facts): RedisTarget {
	const {targets, scope} = facts;
	return targetNamed(targets.redis, scope.redis, 'Redis', whyMissing(facts, 'redis'));
}
