import {ProblemError} from '../../domain/problem.ts';
import {serviceContainer, type ServiceContainer} from '../../domain/service-facts.ts';
import type {EndpointTarget} from '../../domain/targets.ts';
import type {Look} from '../operation.ts';
import {targetOf} from './servers.ts';

const answerMs = 3000;

/** How a container is asked whether it works; undefined where there is nothing to ask. */
export type Probe = (inspection: unknown) => Promise<boolean>;

/** The endpoint of a container's service; undefined where none is known. */
export function endpointOf(
	{targets}: Pick<Look, 'targets'>,
	{container}: ServiceContainer,
): EndpointTarget | undefined {
	const {id, project, service} = container;
	return targets.endpoints.find(
		target =>
			target.container?.containerId === id ||
			(service !== undefined &&
				target.container?.service === service &&
				target.container.project === project),
	);
}

/** A container may come back with another address: the place in the target is put right. */
function placeNow<T extends {readonly host: string}>(
	target: T,
	before: ServiceContainer,
	inspection: unknown,
): T {
	const index = before.container.addresses.indexOf(target.host);
	if (index === -1) return target;
	const addresses = serviceContainer(inspection).container.addresses;
	return {...target, host: addresses[index] ?? addresses[0] ?? target.host};
}

/** Refusals that only a working server gives. */
const refusals: ReadonlySet<string> = new Set([
	'redis-needs-password',
	'redis-wrong-password',
	'redis-no-permission',
	'redis-protected',
	'postgres-password',
	'postgres-no-password',
	'postgres-no-role',
	'postgres-login-refused',
	'postgres-no-database',
	'postgres-no-rights',
]);

async function answers(ask: (signal: AbortSignal) => Promise<boolean>, signal: AbortSignal) {
	try {
		return await ask(AbortSignal.any([signal, AbortSignal.timeout(answerMs)]));
	} catch (error) {
		signal.throwIfAborted();
		return error instanceof ProblemError && refusals.has(error.problem.code);
	}
}

/** An address that was found by looking counts as answering with any status below 500; a configured one as configured. */
function isGood(target: EndpointTarget, status: number): boolean {
	if (target.expectStatus !== undefined) return status === target.expectStatus;
	return target.origin === 'configured' ? status >= 200 && status < 400 : status < 500;
}

/** `SELECT 1`, `PING` or one GET, by what the container is. */
export function probeOf(look: Look, before: ServiceContainer): Probe | undefined {
	const {io, signal, targets} = look;
	const postgres = before.kind === 'postgres' && targetOf(targets.postgres, before);
	if (postgres) {
		return inspection => {
			const client = io.postgres(placeNow(postgres, before, inspection));
			return answers(async own => (await client.query('SELECT 1', [], own)).length === 1, signal);
		};
	}

	const redis = before.kind === 'redis' && targetOf(targets.redis, before);
	if (redis) {
		return inspection => {
			const client = io.redis(placeNow(redis, before, inspection));
			return answers(async own => (await client.call('PING', [], own)) === 'PONG', signal);
		};
	}

	const endpoint = endpointOf(look, before);
	if (endpoint === undefined || !URL.canParse(endpoint.url)) return undefined;
	return inspection => {
		const url = new URL(endpoint.url);
		url.hostname = placeNow({host: url.hostname}, before, inspection).host;
		const ask = async (own: AbortSignal) =>
			isGood(endpoint, (await io.http.get(url.href, own)).status);
		return answers(ask, signal);
	};
}
