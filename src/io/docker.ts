import type {IncomingMessage} from 'node:http';

import type {DockerChoice} from './docker-address.ts';
import {dockerFailure, refusal} from './docker-failure.ts';
import {bodyOf, createDockerLink} from './docker-link.ts';
import type {Clock, Docker} from './io.ts';

/** Passes chunks on and turns a break of the connection into a problem. */
export async function* chunksOf(answer: IncomingMessage, address: string, signal: AbortSignal) {
	try {
		for await (const chunk of answer) {
			if (chunk instanceof Uint8Array) {
				yield chunk;
			}
		}
	} catch (error) {
		throw dockerFailure(error, address, signal);
	}

	signal.throwIfAborted();
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
