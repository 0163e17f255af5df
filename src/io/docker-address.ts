import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';

import {clean} from '../domain/clean.ts';
import type {Problem} from '../domain/problem.ts';
import {objectOf, textOf} from '../domain/unknown.ts';

/** What `createDocker` is told; all of it may be absent. */
export type DockerChoice = {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly host?: string | undefined;
	readonly context?: string | undefined;
};

/** Folder of the certificates and whether the server's one is verified. */
export type DockerTls = {readonly folder: string; readonly isVerified: boolean};

/** How to reach the engine, or why that is not possible. */
export type DockerRoute =
	| {readonly kind: 'socket'; readonly address: string; readonly path: string}
	| {
			readonly kind: 'tcp';
			readonly address: string;
			readonly host: string;
			readonly port: number;
			readonly tls?: DockerTls;
	  }
	| {readonly kind: 'none'; readonly address: string; readonly problem: Problem};

const defaultAddress = 'unix:///var/run/docker.sock';

/** The JSON of a small file of the Docker client; an empty object where it cannot be read. */
function readJson(path: string): Readonly<Record<string, unknown>> {
	try {
		const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
		return objectOf(parsed);
	} catch {
		return {};
	}
}

function failed(address: string, code: Problem['code'], params: Problem['params']): DockerRoute {
	return {kind: 'none', address, problem: {code, params, retry: 'rarely'}};
}

/** TLS as the Docker client decides it from the environment. */
function tlsOf({environment}: DockerChoice, folder: string): DockerTls | undefined {
	const isVerified = Boolean(environment['DOCKER_TLS_VERIFY']);
	return isVerified || environment['DOCKER_TLS']
		? {folder: environment['DOCKER_CERT_PATH'] || folder, isVerified}
		: undefined;
}

/** Splits `unix://…`, `tcp://…` and `http(s)://…`; everything else is refused with its reason. */
function routeOf(given: string, tls: DockerTls | undefined): DockerRoute {
	// A password in the address must not reach the screen.
	const address = clean(given.replace(/\/\/[^/@]*@/, '//'), 200);
	if (given.startsWith('unix://')) {
		return {kind: 'socket', address, path: given.slice('unix://'.length)};
	}

	if (given.startsWith('ssh://')) {
		return failed(address, 'docker-ssh-unsupported', {address});
	}

	const [scheme = ''] = given.split('://', 1);
	if (!['tcp', 'http', 'https'].includes(scheme)) {
		return failed(address, 'docker-address', {address, cause: 'unknown scheme'});
	}

	try {
		// `tcp` is not a scheme that URL knows well: it would not split the port.
		const url = new URL(`http://${given.slice(scheme.length + 3)}`);
		const isTls = tls !== undefined || scheme === 'https';
		return {
			kind: 'tcp',
			address,
			host: url.hostname.replace(/^\[|\]$/g, ''),
			port: Number(url.port || (isTls ? 2376 : 2375)),
			...(isTls && {tls: tls ?? {folder: '', isVerified: true}}),
		};
	} catch {
		return failed(address, 'docker-address', {address, cause: 'not host:port'});
	}
}

/** The route of a named context of the Docker client (`docker context ls`). */
function routeOfContext(context: string, folder: string): DockerRoute {
	const id = createHash('sha256').update(context).digest('hex');
	const meta = readJson(join(folder, 'contexts', 'meta', id, 'meta.json'));
	const endpoint = objectOf(objectOf(meta['Endpoints'])['docker']);
	const host = textOf(endpoint['Host']);
	if (host === '') {
		const name = clean(context, 100);
		return failed(name, 'docker-context-missing', {context: name});
	}

	const tlsFolder = join(folder, 'contexts', 'tls', id, 'docker');
	const isSecure = host.startsWith('tcp://') && existsSync(join(tlsFolder, 'ca.pem'));
	const isVerified = endpoint['SkipTLSVerify'] !== true;
	return routeOf(host, isSecure ? {folder: tlsFolder, isVerified} : undefined);
}

/**
 * Where the engine is, in the order of the Docker client: the given host, DOCKER_HOST, the given context,
 * DOCKER_CONTEXT, the current context of ~/.docker/config.json, the default socket.
 */
export function findDockerRoute(choice: DockerChoice): DockerRoute {
	const {environment} = choice;
	const folder = environment['DOCKER_CONFIG'] || join(environment['HOME'] ?? homedir(), '.docker');
	const host = choice.host || environment['DOCKER_HOST'];
	if (host) {
		return routeOf(host, tlsOf(choice, folder));
	}

	const context =
		choice.context ||
		environment['DOCKER_CONTEXT'] ||
		textOf(readJson(join(folder, 'config.json'))['currentContext']);
	return context && context !== 'default'
		? routeOfContext(context, folder)
		: routeOf(defaultAddress, undefined);
}
