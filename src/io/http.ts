import type {ClientRequest, IncomingMessage, RequestOptions} from 'node:http';
import {clean} from '../domain/clean.ts';
import {ProblemError} from '../domain/problem.ts';
import {certificateOf} from './http-certificate.ts';
import {causeOf, httpProblem, parseAddress} from './http-parts.ts';
import type {Clock, Http} from './io.ts';

const maxBodyBytes = 64 * 1024;

/**
 * HTTP by Node's own client, loaded at the first request. Every request makes a connection of its own, so the latency is
 * what a new client meets: name, connection, TLS and the whole answer (or its first 64 KiB). Nothing is followed or kept.
 */
export function createHttp({clock}: {readonly clock: Clock}): Http {
	return {
		async get(url, signal) {
			signal.throwIfAborted();
			const address = parseAddress(url);
			// The default export, because the bundle requires these modules and knows no other.
			const {request} =
				address.protocol === 'https:'
					? (await import('node:https')).default
					: (await import('node:http')).default;
			const startMs = clock.monotonic();
			try {
				const response = await start(request, address, signal);
				const certificate = certificateOf(response);
				const dateMs = Date.parse(response.headers.date ?? '');
				const body = await readBody(response);
				return {
					status: response.statusCode ?? 0,
					latencyMs: clock.monotonic() - startMs,
					contentType: clean(response.headers['content-type'] ?? '', 100),
					body,
					...(!Number.isNaN(dateMs) && {dateMs}),
					...(certificate === undefined ? {} : {certificate}),
				};
			} catch (error) {
				signal.throwIfAborted();
				throw new ProblemError(httpProblem('http-failed', url, causeOf(error)), {cause: error});
			}
		},
	};
}

type Request = (
	url: URL,
	options: RequestOptions & {readonly rejectUnauthorized?: boolean},
) => ClientRequest;

/** Sends the request and waits for the head of the answer; the signal destroys its socket. */
function start(request: Request, url: URL, signal: AbortSignal): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		const sent = request(url, {
			method: 'GET',
			agent: false,
			signal,
			// The certificate is read and reported, also where it is not valid.
			rejectUnauthorized: false,
			maxHeaderSize: 32 * 1024,
			headers: {'user-agent': 'opsconsole', accept: '*/*', 'accept-encoding': 'identity'},
		});
		sent.on('response', resolve);
		sent.on('error', reject);
		sent.end();
	});
}

/** The body up to the limit; where it is longer, the connection is cut there. */
function readBody(response: IncomingMessage): Promise<string> {
	return new Promise((resolve, reject) => {
		const chunks: Uint8Array[] = [];
		let bytes = 0;
		const done = () => {
			resolve(Buffer.concat(chunks).subarray(0, maxBodyBytes).toString('utf8'));
		};
		response.on('data', (chunk: Uint8Array) => {
			chunks.push(chunk);
			bytes += chunk.length;
			if (bytes < maxBodyBytes) return;
			done();
			response.destroy();
		});
		response.on('end', done);
		response.on('error', reject);
		response.on('close', () => {
			reject(Object.assign(new Error('the answer broke off'), {code: 'ECONNRESET'}));
		});
	});
}
