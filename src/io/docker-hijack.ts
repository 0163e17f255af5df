import {request, type IncomingMessage} from 'node:http';
import type {Duplex} from 'node:stream';

import type {DockerLink} from './docker-link.ts';

/** What answers a request for a raw connection: the connection, or an ordinary answer. */
export type Hijacked =
	| {readonly kind: 'raw'; readonly socket: Duplex; readonly head: Buffer}
	| {readonly kind: 'answer'; readonly answer: IncomingMessage};

/**
 * Sends a POST that asks for the connection itself (exec start, attach). Its socket belongs to the caller, who must
 * destroy it; an error of it before that is reported when it is read.
 */
export async function hijack(
	link: DockerLink,
	path: string,
	body: unknown,
	signal: AbortSignal,
): Promise<Hijacked> {
	const options = await link.optionsFor(path, 'once', signal);
	const text = body === undefined ? '' : JSON.stringify(body);
	return await new Promise((resolve, reject) => {
		const sent = request({
			...options,
			method: 'POST',
			headers: {
				...options.headers,
				connection: 'Upgrade',
				upgrade: 'tcp',
				'content-type': 'application/json',
				'content-length': Buffer.byteLength(text),
			},
		});
		sent.on('error', reject);
		sent.on('response', answer => resolve({kind: 'answer', answer}));
		sent.on('upgrade', (_answer, socket, head) => {
			// Stays, so that an error nobody reads is never an unhandled one.
			socket.on('error', () => undefined);
			resolve({kind: 'raw', socket, head});
		});
		sent.end(text);
	});
}
