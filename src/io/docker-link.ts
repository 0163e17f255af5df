import {
	Agent,
	request,
	type ClientRequest,
	type IncomingMessage,
	type OutgoingHttpHeaders,
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
import type {DockerVersion} from './io.ts';

/** The newest API that this code was written against and the oldest that has all it needs. */
const newestApi = '1.51';
const oldestApi = '1.24';

/** Short requests share these; streams get a socket each. */
const maxSockets = 6;
const maxBodyBytes = 64 * 1024 * 1024;

/**
 * Which socket a request gets: `shared`: one of a few that are kept open; `stream`: one of its own; `once`: one that was
 * never used and is not used again, for everything that must not be sent twice.
 */
export type SocketKind = 'shared' | 'stream' | 'once';

/** Options of a request; headers are an object, so that others can be added. */
export type LinkOptions = Omit<RequestOptions, 'headers'> & {
	readonly headers?: OutgoingHttpHeaders;
};

/** The way to one engine. The API version is negotiated at the first exchange and again after the connection was lost. */
export type DockerLink = {
	readonly address: string;
	/** What `http.request` needs to reach a path. Rejects where there is no way to the engine. */
	readonly optionsFor: (
		path: string,
		kind: SocketKind,
		signal: AbortSignal,
	) => Promise<LinkOptions>;
	/** Sends one GET of an unversioned path; resolves when the headers are there. */
	readonly get: (path: string, kind: SocketKind, signal: AbortSignal) => Promise<IncomingMessage>;
	/** Runs one exchange with the negotiated version. Rejects with a ProblemError or the reason of the signal. */
	readonly exchange: <T>(signal: AbortSignal, work: (api: string) => Promise<T>) => Promise<T>;
	/** Engine and negotiated version; cached until the connection was lost. */
	readonly version: (signal: AbortSignal) => Promise<DockerVersion>;
	/** Makes the next exchange negotiate again. */
	readonly forget: () => void;
};

/** The certificates of a TLS connection; a missing file is left out, the server says whether it needs it. */
async function tlsOptions(
	route: DockerRoute & {kind: 'tcp'},
	keepAlive: boolean,
): Promise<LinkOptions> {
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
			keepAlive,
			rejectUnauthorized: isVerified,
			...(ca && {ca}),
			...(cert && {cert}),
			...(key && {key}),
		}),
	};
}

/** Makes the function that finds the options of a request. */
function createOptions(route: DockerRoute): DockerLink['optionsFor'] {
	if (route.kind === 'none') {
		return () => Promise.reject(new ProblemError(route.problem));
	}

	const pool = new Agent({keepAlive: true, maxSockets, scheduling: 'lifo'});
	const base: LinkOptions =
		route.kind === 'socket'
			? {socketPath: route.path, headers: {host: 'docker'}}
			: {host: route.host, port: route.port};
	let kept: Promise<LinkOptions> | undefined;
	let once: Promise<LinkOptions> | undefined;
	const secure = async (kind: SocketKind) => {
		if (route.kind !== 'tcp' || !route.tls) return {};
		return kind === 'once'
			? await (once ??= tlsOptions(route, false))
			: await (kept ??= tlsOptions(route, true));
	};

	return async (path, kind, signal) => {
		const tls = await secure(kind);
		return {...base, path, agent: kind === 'shared' ? pool : false, ...tls, signal};
	};
}

/** Sends one GET. A kept socket that the engine closed meanwhile is not an error: it is tried once more. */
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

/** The whole body as text; at most 64 MiB. */
export async function bodyOf(answer: IncomingMessage): Promise<string> {
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

type Get = DockerLink['get'];

/** Chooses the API version from the unversioned ping; SAFETY.md section 1, "API version". */
async function negotiate(get: Get, address: string, signal: AbortSignal): Promise<string> {
	const answer = await get('/_ping', 'shared', signal);
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
	const version = await readVersion(get, newestApi, signal);
	if (compareApiVersions(version.minApiVersion, newestApi) > 0) {
		const params = {server: version.minApiVersion, ours: newestApi};
		throw new ProblemError({code: 'docker-version-too-new', params, retry: 'rarely'});
	}

	return newestApi;
}

async function readVersion(
	get: Get,
	apiVersion: string,
	signal: AbortSignal,
): Promise<DockerVersion> {
	const answer = await get('/version', 'shared', signal);
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

/** The way to the engine that `choice` names; nothing is opened until the first exchange. */
export function createDockerLink(choice: DockerChoice): DockerLink {
	const route = findDockerRoute(choice);
	const {address} = route;
	const optionsFor = createOptions(route);
	const get: Get = async (path, kind, signal) => answerOf(await optionsFor(path, kind, signal));
	let apiVersion: string | undefined;
	let version: DockerVersion | undefined;

	const forget = () => {
		apiVersion = undefined;
		version = undefined;
	};

	/** Any failure that is not an answer of the engine makes the next call negotiate again. */
	const exchange: DockerLink['exchange'] = async (signal, work) => {
		try {
			signal.throwIfAborted();
			apiVersion ??= await negotiate(get, address, signal);
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
		optionsFor,
		get,
		exchange,
		version: signal =>
			exchange(signal, async api => (version ??= await readVersion(get, api, signal))),
		forget,
	};
}
