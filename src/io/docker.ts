import {
	Agent,
	request,
	type ClientRequest,
	type IncomingMessage,
	type RequestOptions,
} from 'node:http';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';

import {cleanLine} from '../domain/clean.ts';
import {compareApiVersions} from '../domain/docker-version.ts';
import {ProblemError} from '../domain/problem.ts';
import {objectOf, textOf} from '../domain/unknown.ts';
import {findDockerRoute, type DockerChoice, type DockerRoute} from './docker-address.ts';
import {dockerFailure, refusal} from './docker-failure.ts';
import type {Clock, Docker, DockerVersion} from './io.ts';

/** The newest API that this code was written against and the oldest that has all it needs. */
const newestApi = '1.51';
const oldestApi = '1.24';

/** Short requests share these; streams get a socket each. */
const maxSockets = 6;
const maxBodyBytes = 64 * 1024 * 1024;

type Send = (
	path: string,
	options: {isStream: boolean},
	signal: AbortSignal,
) => Promise<IncomingMessage>;

/** The certificates of a TLS connection; a missing file is left out, the server says whether it needs it. */
async function tlsOptions(route: DockerRoute & {kind: 'tcp'}): Promise<RequestOptions> {
	if (!route.tls) {
		return {};
	}

	const {folder, isVerified} = route.tls;
	const read = (name: string) =>
		folder === '' ? undefined : readFile(join(folder, name)).catch(() => undefined);
	const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
	const {Agent: SecureAgent} = (await import('node:https')).default;
	return {
		protocol: 'https:',
		agent: new SecureAgent({
			keepAlive: true,
			rejectUnauthorized: isVerified,
			...(ca && {ca}),
			...(cert && {cert}),
			...(key && {key}),
		}),
	};
}

/** Makes the function that sends one GET and gives its answer when the headers are there. */
function createSend(route: DockerRoute): Send {
	if (route.kind === 'none') {
		return () => Promise.reject(new ProblemError(route.problem));
	}

	const pool = new Agent({keepAlive: true, maxSockets, scheduling: 'lifo'});
	const base: RequestOptions =
		route.kind === 'socket'
			? {socketPath: route.path, headers: {host: 'docker'}}
			: {host: route.host, port: route.port};
	let secure: Promise<RequestOptions> | undefined;
	return async (path, {isStream}, signal) => {
		const tls = route.kind === 'tcp' && route.tls ? await (secure ??= tlsOptions(route)) : {};
		const options = {...base, path, agent: isStream ? false : pool, ...tls, signal};
		return await answerOf(options);
	};
}

/** Sends one request. A kept socket that the engine closed meanwhile is not an error: it is tried once more. */
function answerOf(options: RequestOptions): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		const attempt = (isRetry: boolean) => {
			const sent: ClientRequest = request(options, resolve);
			// This listener stays, so that a late error never is an unhandled one.
			sent.on('error', error => {
				const isStaleSocket = sent.reusedSocket && !isRetry && options.signal?.aborted !== true;
				if (isStaleSocket && 'code' in error && error.code === 'ECONNRESET') {
					attempt(true);
				} else {
					reject(error);
				}
			});
			sent.end();
		};

		attempt(false);
	});
}

/** The whole body as text. */
async function bodyOf(answer: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of answer) {
		if (!Buffer.isBuffer(chunk)) {
			continue;
		}

		length += chunk.length;
		if (length > maxBodyBytes) {
			throw refusal(answer.statusCode ?? 0, 'more than 64 MiB of answer');
		}

		chunks.push(chunk);
	}

	return Buffer.concat(chunks, length).toString('utf8');
}

/** Chooses the API version from the unversioned ping; SAFETY.md section 1, "API version". */
async function negotiate(send: Send, address: string, signal: AbortSignal): Promise<string> {
	const answer = await send('/_ping', {isStream: false}, signal);
	const server = answer.headers['api-version'];
	const body = await bodyOf(answer);
	if (typeof server !== 'string') {
		const cause = `status ${answer.statusCode ?? 0} without Api-Version, ${cleanLine(body, 60)}`;
		throw new ProblemError({code: 'docker-not-an-engine', params: {address, cause}, retry: 'soon'});
	}

	if (compareApiVersions(server, oldestApi) < 0) {
		const params = {server: cleanLine(server, 20), ours: oldestApi};
		throw new ProblemError({code: 'docker-version-too-old', params, retry: 'rarely'});
	}

	if (compareApiVersions(server, newestApi) <= 0) {
		return server;
	}

	// Only an engine newer than this code can refuse it, so only then is its minimum asked for.
	const version = await readVersion(send, newestApi, signal);
	if (compareApiVersions(version.minApiVersion, newestApi) > 0) {
		const params = {server: version.minApiVersion, ours: newestApi};
		throw new ProblemError({code: 'docker-version-too-new', params, retry: 'rarely'});
	}

	return newestApi;
}

async function readVersion(
	send: Send,
	apiVersion: string,
	signal: AbortSignal,
): Promise<DockerVersion> {
	const answer = await send('/version', {isStream: false}, signal);
	const body = await bodyOf(answer);
	if (answer.statusCode !== 200) {
		throw refusal(answer.statusCode ?? 0, body);
	}

	const value = objectOf(JSON.parse(body));
	return {
		version: cleanLine(textOf(value['Version']), 60),
		apiVersion,
		minApiVersion: cleanLine(textOf(value['MinAPIVersion']), 20),
		operatingSystem: cleanLine(textOf(value['Os']), 60),
	};
}

/** Passes chunks on and turns a break of the connection into a problem. */
async function* chunksOf(answer: IncomingMessage, address: string, signal: AbortSignal) {
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
	const route = findDockerRoute(choice);
	const {address} = route;
	const send = createSend(route);
	let apiVersion: string | undefined;
	let version: DockerVersion | undefined;

	const forget = () => {
		apiVersion = undefined;
		version = undefined;
	};

	/** Runs one exchange; any failure that is not an answer of the engine makes the next call negotiate again. */
	const exchange = async <T>(
		signal: AbortSignal,
		work: (api: string) => Promise<T>,
	): Promise<T> => {
		try {
			signal.throwIfAborted();
			apiVersion ??= await negotiate(send, address, signal);
			return await work(apiVersion);
		} catch (error) {
			if (
				!signal.aborted &&
				!(error instanceof ProblemError && error.problem.code === 'docker-not-found')
			) {
				forget();
			}

			throw dockerFailure(error, address, signal);
		}
	};

	return {
		address,
		get: (path, signal) =>
			exchange(signal, async api => {
				const answer = await send(`/v${api}${path}`, {isStream: false}, signal);
				const body = await bodyOf(answer);
				if (answer.statusCode !== 200) {
					throw refusal(answer.statusCode ?? 0, body);
				}

				const value: unknown = JSON.parse(body);
				return value;
			}),
		stream: (path, signal) =>
			exchange(signal, async api => {
				const answer = await send(`/v${api}${path}`, {isStream: true}, signal);
				answer.on('error', forget);
				if (answer.statusCode !== 200) {
					throw refusal(answer.statusCode ?? 0, await bodyOf(answer));
				}

				return chunksOf(answer, address, signal);
			}),
		version: signal =>
			exchange(signal, async api => (version ??= await readVersion(send, api, signal))),
	};
}
