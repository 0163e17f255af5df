import {readFile} from 'node:fs/promises';
import type {Redis, RedisOptions} from 'ioredis';
import {ProblemError} from '../domain/problem.ts';
import {problemOfRedisFailure, redisProblem, type RedisFailure} from '../domain/redis-problem.ts';
import type {RedisTarget} from '../domain/targets.ts';
import type {Clock} from './io.ts';

const connectTimeoutMs = 3000;

// Without the option that decides the type of the answers, which here stays the default.
type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>;

/** One connection that is signed in. */
export type RedisConnection = {
	readonly redis: Redis;
	/** The first error event of the connection, which says more than the `closed` of its commands. */
	readonly failure: () => unknown;
};

/** What is connected to, and the name that the connection gets. */
export type RedisPlace = {
	readonly target: RedisTarget;
	readonly clock: Clock;
	readonly name: string;
};

/** Settles as the promise does, or rejects with the signal's reason if that comes first. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		const onAbort = () => {
			reject(asError(signal.reason));
		};
		signal.addEventListener('abort', onAbort, {once: true});
		promise.then(resolve, reject).finally(() => {
			signal.removeEventListener('abort', onAbort);
		});
	});
}

function asError(reason: unknown): Error {
	return reason instanceof Error ? reason : new Error(String(reason));
}

/** Connects, signs in and gives the connection its name; within 3 s, else the socket is destroyed. */
export async function openRedis(
	{target, clock, name}: RedisPlace,
	signal: AbortSignal,
	onEnd: () => void,
): Promise<RedisConnection> {
	const options = await optionsFor(target);
	// The bundle knows only the default export of a CommonJS package.
	const {
		default: {Redis},
	} = await import('ioredis');
	const redis = new Redis(options);
	let failure: unknown;
	redis.on('error', error => {
		failure ??= error;
	});
	redis.on('end', onEnd);
	const destroy = () => {
		redis.disconnect();
	};
	if (signal.aborted) destroy();
	signal.addEventListener('abort', destroy, {once: true});
	const connection = {redis, failure: () => failure};
	const done = new AbortController();
	try {
		await Promise.race([
			signIn(connection, target, name),
			clock.sleep(connectTimeoutMs, done.signal).then(() => {
				throw new ProblemError(redisProblem('redis-connect-timeout', target, {seconds: 3}));
			}),
		]);
		return connection;
	} catch (error) {
		destroy();
		throw error;
	} finally {
		done.abort();
	}
}

/** How ioredis must behave here: no retries, no queue, no password of its own (it would warn on the console). */
async function optionsFor(target: RedisTarget): Promise<ConnectionOptions> {
	return {
		...(target.host.startsWith('/') ? {path: target.host} : {host: target.host, port: target.port}),
		...(target.tls === 'off' ? {} : {tls: await tlsFor(target)}),
		protocol: 2,
		lazyConnect: true,
		connectTimeout: connectTimeoutMs,
		disconnectTimeout: 50,
		retryStrategy: null,
		enableOfflineQueue: false,
		enableReadyCheck: false,
		autoResendUnfulfilledCommands: false,
		disableClientInfo: true,
	};
}

async function tlsFor(target: RedisTarget): Promise<{rejectUnauthorized: boolean; ca?: string}> {
	const rejectUnauthorized = target.tls === 'verify';
	if (target.caFile === undefined) return {rejectUnauthorized};
	try {
		return {rejectUnauthorized, ca: await readFile(target.caFile, 'utf8')};
	} catch (error) {
		const cause = codeOf(error) ?? 'unreadable';
		throw new ProblemError(redisProblem('redis-ca-file', target, {file: target.caFile, cause}));
	}
}

/** Connects and sends AUTH and CLIENT SETNAME in one round trip. */
async function signIn(
	connection: RedisConnection,
	target: RedisTarget,
	own: string,
): Promise<void> {
	try {
		await connection.redis.connect();
	} catch (error) {
		throw asProblem(connection, error, target, 'connect');
	}

	const password = target.password?.reveal();
	const user = target.user === undefined ? [] : [target.user];
	const [auth, name] = await Promise.allSettled([
		password === undefined
			? undefined
			: sendRedis(connection, target, ['AUTH', ...user, password]).catch(allowNoPassword),
		sendRedis(connection, target, ['CLIENT', 'SETNAME', own]),
	]);
	if (auth.status === 'rejected') throw asError(auth.reason);
	// A user that may not name its connection can still read.
	if (name.status === 'rejected' && codeOfProblem(name.reason) !== 'redis-no-permission') {
		throw asError(name.reason);
	}
}

/** A password that the server does not want is not a failure: it lets everybody in. */
function allowNoPassword(error: unknown): void {
	const cause = error instanceof ProblemError ? String(error.problem.params['cause']) : '';
	if (!/no password is set|without any password configured/i.test(cause)) throw asError(error);
}

function codeOfProblem(error: unknown): string | undefined {
	return error instanceof ProblemError ? error.problem.code : undefined;
}

/** Sends one command. Strings come back as UTF-8. */
export async function sendRedis(
	connection: RedisConnection,
	target: RedisTarget,
	[command, ...args]: readonly [string, ...(string | number)[]],
): Promise<unknown> {
	try {
		return await connection.redis.call(command, args);
	} catch (error) {
		const first = /^(ACL|CLIENT|CONFIG|LATENCY|MEMORY|OBJECT|SLOWLOG)$/i.test(command)
			? ` ${String(args[0])}`
			: '';
		throw asProblem(connection, error, target, `${command}${first}`.toUpperCase());
	}
}

/** The original error is not kept as the cause: ioredis puts the arguments of the command, which may be a password, into it. */
function asProblem(
	connection: RedisConnection,
	error: unknown,
	target: RedisTarget,
	command: string,
): ProblemError {
	const reply = failureOf(error);
	const failure = reply.isReply ? reply : failureOf(connection.failure() ?? error);
	return new ProblemError(problemOfRedisFailure(failure, target, command));
}

function failureOf(error: unknown): RedisFailure {
	const isReply = error instanceof Error && error.name === 'ReplyError';
	const message = error instanceof Error ? error.message : String(error);
	return {code: isReply ? undefined : codeOf(error), message, isReply};
}

function codeOf(error: unknown): string | undefined {
	if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
	return typeof error.code === 'string' ? error.code : undefined;
}
