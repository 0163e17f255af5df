import {userInfo} from 'node:os';

import {cleanLine} from '../domain/clean.ts';
import {ProblemError, type Problem} from '../domain/problem.ts';

const unreachable = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

/** The `code` of a Node error, else an empty text. */
export function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error && typeof error.code === 'string'
		? error.code
		: '';
}

/** Name of the user who runs this, for the command that grants the right. */
function userName(): string {
	try {
		return userInfo().username;
	} catch {
		return '$USER';
	}
}

/** Turns an error of the connection into a problem. */
function problemOf(error: unknown, address: string): Problem {
	const code = codeOf(error);
	const cause = cleanLine(code || (error instanceof Error ? error.message : 'unknown'), 200);
	const retry = 'soon';
	if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK') {
		return {code: 'docker-not-running', params: {address}, retry};
	}

	if (code === 'EACCES' || code === 'EPERM') {
		return {code: 'docker-no-permission', params: {address, user: userName()}, retry};
	}

	if (unreachable.has(code)) {
		return {code: 'docker-unreachable', params: {address, cause}, retry};
	}

	if (code.startsWith('HPE_')) {
		return {code: 'docker-not-an-engine', params: {address, cause}, retry};
	}

	return /^ERR_(TLS|SSL|OSSL)|CERT|SIGNATURE|^EPROTO/.test(code)
		? {code: 'docker-tls', params: {address, cause}, retry}
		: {code: 'docker-connection-lost', params: {address, cause}, retry};
}

/** What a caller gets for a broken request: the reason of its own signal, or a problem with the cause. */
export function dockerFailure(error: unknown, address: string, signal: AbortSignal): unknown {
	if (signal.aborted) {
		return signal.reason;
	}

	return error instanceof ProblemError
		? error
		: new ProblemError(problemOf(error, address), {cause: error});
}

/** The problem of an answer with an error status. `body` is the engine's JSON or text. */
export function refusal(status: number, body: string): ProblemError {
	const cause = cleanLine(messageOf(body), 300);
	return new ProblemError(
		status === 404
			? {code: 'docker-not-found', params: {cause}, retry: 'soon'}
			: {code: 'docker-refused', params: {status, cause}, retry: 'soon'},
	);
}

function messageOf(body: string): string {
	try {
		const parsed: unknown = JSON.parse(body);
		return typeof parsed === 'object' && parsed !== null && 'message' in parsed
			? String(parsed.message)
			: body;
	} catch {
		return body;
	}
}
