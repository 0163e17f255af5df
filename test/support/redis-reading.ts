import {onTestFinished} from 'vitest';
import {ProblemError, type Problem} from '../../src/domain/problem.ts';
import type {RedisValue} from '../../src/domain/redis.ts';
import type {RedisTarget} from '../../src/domain/targets.ts';
import {createRedis} from '../../src/io/redis.ts';
import {redisServer} from '../../src/sources/redis-server.ts';
import {partialIo} from './io.ts';
import {realClock} from './clock.ts';
import {startRedis, type RedisOptions, type RedisServer} from './redis-server.ts';

/** Tests that need a component skip where it is missing, but fail on the build server. */
export function mustSkip(missing: string | undefined): boolean {
	return missing !== undefined && process.env['CI'] !== 'true';
}

/** A title that tells why the tests under it are skipped. */
export function titleFor(title: string, missing: string | undefined): string {
	return missing === undefined ? title : `${title} (${missing})`;
}

/** A server that is removed when the test ends. */
export async function serverForTest(options: RedisOptions = {}): Promise<RedisServer> {
	const server = await startRedis(options);
	onTestFinished(() => server.remove());
	return server;
}

/** A reader of `redis.server` with the real client; the client is closed when the test ends. */
export function readerFor(target: RedisTarget): (timeoutMs?: number) => Promise<RedisValue> {
	const redis = createRedis({clock: realClock});
	onTestFinished(() => redis(target).close());
	const reader = redisServer.open(partialIo({redis}), target);
	return (timeoutMs = 5000) => reader.read(AbortSignal.timeout(timeoutMs));
}

/** The problem that a promise is rejected with; throws where it is not. */
export async function problemOf(promise: Promise<unknown>): Promise<Problem> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof ProblemError) return error.problem;
		throw error;
	}

	throw new Error('it did not fail');
}
