import type {IncomingMessage} from 'node:http';

import type {DockerChoice} from './docker-address.ts';
import {dockerFailure, refusal} from './docker-failure.ts';
import {bodyOf, createDockerLink} from './docker-link.ts';
import type {Clock, Docker} from './io.ts';

/**
 * Passes chunks on and turns a break of the connection into a problem. While the reader does not ask for the next chunk
 * nothing is read: what comes waits in the kernel, and many small pieces become one.
 */
export async function* chunksOf(answer: IncomingMessage, address: string, signal: AbortSignal) {
	try {
		for await (const chunk of answer) {
			if (chunk instanceof Uint8Array) {
				answer.socket.pause();
				yield withRest(chunk, answer);
				answer.socket.resume();
			}
		}
	} catch (error) {
		throw dockerFailure(error, address, signal);
	}

	signal.throwIfAborted();
}

/** A chunk and what came with it: the engine sends each line of a log by itself. */
function withRest(first: Uint8Array, answer: IncomingMessage): Uint8Array {
	const parts = [first];
	while (answer.readableLength > 0) {
		const part: unknown = answer.read();
		if (!(part instanceof Uint8Array)) break;
		parts.push(part);
	}

	return parts.length === 1 ? first : Buffer.concat(parts);
}

/**
 * The Docker Engine API over a Unix socket or TCP, without a package: nothing is opened until the first call. The API
 * version is negotiated at the first call and again after the connection was lost.
 */
export function createDocker(choice: DockerChoice & {readonly clock: Clock}): Docker {
	const link = createDockerLink(choice);
	const {address, exchange} = link;
	return {
		address,
		get: (path, signal) =>
			exchange(signal, async api => {
				const answer = await link.get(`/v${api}${path}`, 'shared', signal);
				const body = await bodyOf(answer);
				if (answer.statusCode !== 200) {
					throw refusal(answer.statusCode ?? 0, body);
				}

				const value: unknown = JSON.parse(body);
				return value;
			}),
		stream: (path, signal) =>
			exchange(signal, async api => {
				const answer = await link.get(`/v${api}${path}`, 'stream', signal);
				answer.on('error', link.forget);
				if (answer.statusCode !== 200) {
					throw refusal(answer.statusCode ?? 0, await bodyOf(answer));
				}

				return chunksOf(answer, address, signal);
			}),
		version: link.version,
	};
}
