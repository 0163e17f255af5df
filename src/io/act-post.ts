import type {IncomingMessage} from 'node:http';

import {ProblemError} from '../domain/problem.ts';
import {actProblem, reasonOf} from './act-problem.ts';
import {causeOf, parseAddress} from './http-parts.ts';

/** Longest for the whole exchange, in ms. */
const deadlineMs = 10_000;

/**
 * One POST of a JSON text on a connection of its own; follows nothing, verifies certificates. Resolves with any status.
 * Problems name only the origin, since the path of such an address is often its secret.
 */
export async function post(url: string, body: string, signal: AbortSignal): Promise<number> {
	signal.throwIfAborted();
	const address = parse(url);
	// The default export, because the bundle requires these modules and knows no other.
	const {request} =
		address.protocol === 'https:'
			? (await import('node:https')).default
			: (await import('node:http')).default;
	const limit = AbortSignal.timeout(deadlineMs);
	try {
		const answer = await new Promise<IncomingMessage>((resolve, reject) => {
			const sent = request(address, {
				method: 'POST',
				agent: false,
				signal: AbortSignal.any([signal, limit]),
				maxHeaderSize: 32 * 1024,
				headers: {
					'user-agent': 'opsconsole',
					'content-type': 'application/json',
					'content-length': Buffer.byteLength(body),
				},
			});
			sent.on('response', resolve);
			sent.on('error', reject);
			sent.end(body);
		});
		// The status is the answer; its body is not read.
		answer.on('error', () => undefined);
		answer.destroy();
		return answer.statusCode ?? 0;
	} catch (error) {
		if (signal.aborted) throw reasonOf(signal);
		const cause = limit.aborted ? `no answer within ${deadlineMs / 1000} s` : causeOf(error);
		// The error itself is not kept: it may repeat the address.
		throw actProblem('act-post-failed', {url: address.origin, cause});
	}
}

function parse(url: string): URL {
	try {
		return parseAddress(url);
	} catch (error) {
		if (error instanceof ProblemError) {
			throw actProblem('act-post-failed', {url: '…', cause: 'no http or https address'});
		}

		throw error;
	}
}
