import type {ProblemCode} from '../words/index.ts';
import {clean} from './clean.ts';
import type {Problem} from './problem.ts';
import type {RedisTarget} from './targets.ts';

/** What is known about a failure: Node's error code, and the text of the error or the server's answer. */
export type RedisFailure = {
	readonly code?: string | undefined;
	readonly message: string;
	/** Whether the server itself answered with an error. */
	readonly isReply: boolean;
};

// First word(s) of a server's error answer (Redis 6-8 and Valkey use the same). Order matters only for `ERR …`.
const replies: readonly (readonly [start: string, code: ProblemCode])[] = [
	['NOAUTH', 'redis-needs-password'],
	['WRONGPASS', 'redis-wrong-password'],
	['ERR invalid password', 'redis-wrong-password'],
	['NOPERM', 'redis-no-permission'],
	['LOADING', 'redis-loading'],
	['BUSY ', 'redis-busy-script'],
	['OOM', 'redis-out-of-memory'],
	['MISCONF', 'redis-save-failed'],
	['READONLY', 'redis-read-only'],
	['MASTERDOWN', 'redis-master-down'],
	['ERR max number of clients', 'redis-too-many-clients'],
	['DENIED', 'redis-protected'],
];

const networkCodes: Readonly<Record<string, ProblemCode>> = {
	ECONNREFUSED: 'redis-refused',
	ENOTFOUND: 'redis-unknown-host',
	EAI_AGAIN: 'redis-unknown-host',
	ENOENT: 'redis-no-socket',
	EACCES: 'redis-socket-denied',
	EHOSTUNREACH: 'redis-unreachable',
	ENETUNREACH: 'redis-unreachable',
	EHOSTDOWN: 'redis-unreachable',
	ECONNRESET: 'redis-connection-lost',
	EPIPE: 'redis-connection-lost',
};

// Trying these again fills the server's log or ACL LOG, or locks an account.
const rarely: ReadonlySet<ProblemCode> = new Set([
	'redis-needs-password',
	'redis-wrong-password',
	'redis-no-permission',
	'redis-protected',
]);

/** Where a server is, for display: `127.0.0.1:6379`, `[::1]:6379` or the path of its socket. */
export function redisAddress(target: Pick<RedisTarget, 'host' | 'port'>): string {
	if (target.host.startsWith('/')) return clean(target.host);
	const host = target.host.includes(':') ? `[${target.host}]` : target.host;
	return clean(`${host}:${target.port}`);
}

/** Makes a problem of a code with everything that its text may need. */
export function redisProblem(
	code: ProblemCode,
	target: RedisTarget,
	more: Readonly<Record<string, string | number>> = {},
): Problem {
	return {
		code,
		params: {
			address: redisAddress(target),
			host: clean(target.host),
			port: target.port,
			user: clean(target.user ?? 'default'),
			...more,
		},
		retry: rarely.has(code) ? 'rarely' : 'soon',
	};
}

/** Which problem a failure is. */
function codeOf({code, message, isReply}: RedisFailure): ProblemCode {
	if (isReply) {
		return replies.find(([start]) => message.startsWith(start))?.[1] ?? 'redis-error';
	}

	if (/ETIMEDOUT/.test(code ?? message)) return 'redis-connect-timeout';
	const known = code === undefined ? undefined : networkCodes[code];
	if (known !== undefined) return known;
	if (/^(CERT|ERR_SSL|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code ?? '')) {
		return 'redis-tls';
	}

	if (/before secure TLS/i.test(message)) return 'redis-tls';
	// ioredis' own parser: the first byte of an answer is none of the protocol's types.
	if (/unknown RESP type|protocol error|unexpected (first )?byte/i.test(message)) {
		return 'redis-not-redis';
	}

	return /closed|aborted/i.test(message) ? 'redis-connection-lost' : 'redis-error';
}

/** The problem behind a failed connection or command. The text of a server's answer is cleaned and cut; arguments are never in it. */
export function problemOfRedisFailure(
	failure: RedisFailure,
	target: RedisTarget,
	command: string,
): Problem {
	const code = codeOf(failure);
	const cause = clean(withoutPassword(failure.code ?? failure.message, target), 160);
	return redisProblem(code, target, {command, cause, seconds: 3});
}

/** A server's error may repeat its arguments (`unknown command … with args`); the password is taken out wherever it stands. */
function withoutPassword(text: string, target: RedisTarget): string {
	const password = target.password?.reveal() ?? '';
	return password === '' ? text : text.replaceAll(password, '•••');
}
