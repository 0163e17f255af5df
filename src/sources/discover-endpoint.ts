import type {Problem} from '../domain/problem.ts';
import {
	httpCandidates,
	placeOf,
	refOf,
	targetId,
	type HttpCandidate,
	type Place,
	type ServiceFacts,
	type Standpoint,
} from '../domain/recognise.ts';
import type {EndpointTarget} from '../domain/targets.ts';
import type {Io} from '../io/io.ts';
import {withDeadline} from './deadline.ts';

const probeTimeoutMs = 2000;

/** What the search for an HTTP address of one container gave. */
export type EndpointFound =
	| {readonly kind: 'found'; readonly target: EndpointTarget}
	| {readonly kind: 'missing'; readonly problem: Problem}
	| {readonly kind: 'none'};

/** An address as text; an IPv6 one needs brackets. */
export function urlOf(scheme: string, {host, port}: Place, path: string): string {
	const isUsual = port === (scheme === 'https' ? 443 : 80);
	return `${scheme}://${host.includes(':') ? `[${host}]` : host}${isUsual ? '' : `:${port}`}${path}`;
}

/** The first path that answers with something other than 404; undefined where the port speaks no HTTP. */
async function firstAnswer(
	io: Io,
	{scheme, paths}: HttpCandidate,
	place: Place,
	signal: AbortSignal,
): Promise<string | undefined> {
	for (const path of paths) {
		const url = urlOf(scheme, place, path);
		const options = {clock: io.clock, what: url, timeoutMs: probeTimeoutMs, signal};
		const status = await withDeadline(options, limited => io.http.get(url, limited)).then(
			answer => answer.status,
			() => undefined,
		);
		signal.throwIfAborted();
		if (status === undefined) {
			return undefined;
		}

		if (status !== 404) {
			return url;
		}
	}

	return undefined;
}

/** Looks for the health address of a running container by asking it. */
export async function findEndpoint(
	io: Io,
	facts: ServiceFacts,
	standpoint: Standpoint,
	signal: AbortSignal,
): Promise<EndpointFound> {
	const {container} = facts;
	const asTarget = (url: string): EndpointFound => ({
		kind: 'found',
		target: {id: targetId(container), origin: 'container', container: refOf(container), url},
	});
	const candidates = httpCandidates(facts);
	const asked: number[] = [];
	let sure: string | undefined;
	for (const candidate of candidates) {
		const place = placeOf(facts, candidate.port, standpoint);
		if (!place) {
			continue;
		}

		const url = await firstAnswer(io, candidate, place, signal);
		if (url !== undefined) {
			return asTarget(url);
		}

		asked.push(candidate.port);
		sure ??= candidate.isSure
			? urlOf(candidate.scheme, place, candidate.paths[0] ?? '/')
			: undefined;
	}

	// An address that the health check names is right also while it is down; that is what should be seen.
	if (sure !== undefined) {
		return asTarget(sure);
	}

	const isPublished = container.ports.some(({hostPort}) => hostPort !== undefined);
	const params = {name: container.name, ports: [...new Set(asked)].join(', ')};
	return asked.length > 0 && isPublished
		? {kind: 'missing', problem: {code: 'discovery-no-answer', params, retry: 'soon'}}
		: {kind: 'none'};
}
