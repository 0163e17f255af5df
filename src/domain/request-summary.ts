import {foldRoute} from './log-access.ts';
import {parseLine} from './log-parse.ts';
import {placeIn} from './log-places.ts';

/** The lines of one service's log, cleaned, oldest first. */
export type ServiceLines = {readonly service: string; readonly lines: readonly string[]};

/** What the logs of a stack say about its HTTP requests. */
export type RequestSummary = {
	readonly requests: number;
	readonly serverErrors: number;
	readonly badGateway: number;
	readonly notFound: number;
	readonly forbidden: number;
	readonly tooMany: number;
	readonly preflightsRefused: number;
	/** Path (ids folded) with most 5xx, and how many. */
	readonly topPath?: readonly [string, number];
	readonly topNotFound?: readonly [string, number];
	/** Service that answered most 5xx; one behind a proxy goes before the proxy that passed its answers on. */
	readonly topService?: readonly [string, number];
	readonly cors: number;
	readonly corsOrigin?: string;
	readonly upstreamRefused: number;
	readonly upstreamTimeouts: number;
	readonly upstreamUnresolved: number;
	readonly upstream?: string;
	/** The most telling lines, at most 12. */
	readonly examples: readonly string[];
};

const corsLine =
	/\bCORS\b|Access-Control-Allow-Origin|cross-origin|origin .{0,200}not allowed|disallowed.{0,20}origin|跨域/i;
const arrival = {atMs: 0, isExact: false};
const maxExamples = 12;

function top(counts: ReadonlyMap<string, number>): readonly [string, number] | undefined {
	return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0];
}

function add(counts: Map<string, number>, name: string): void {
	counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Summarises the access and error lines of all services. A request that a proxy passes on is in both logs and counted twice. */
export function summariseRequests(logs: readonly ServiceLines[]): RequestSummary {
	const tally = {
		requests: 0,
		serverErrors: 0,
		badGateway: 0,
		notFound: 0,
		forbidden: 0,
		tooMany: 0,
		preflightsRefused: 0,
		cors: 0,
		upstreamRefused: 0,
		upstreamTimeouts: 0,
		upstreamUnresolved: 0,
	};
	const [bad, missing, own, passedOn] = Array.from({length: 4}, () => new Map<string, number>());
	const examples: string[] = [];
	let corsOrigin: string | undefined;
	let upstream: string | undefined;

	const takeRequest = (
		service: string,
		{
			method,
			route,
			status,
		}: {readonly method: string; readonly route: string; readonly status: number},
	): boolean => {
		tally.requests += 1;
		if (status === 404) {
			tally.notFound += 1;
			if (missing) add(missing, foldRoute(route));
		}

		if (status === 401 || status === 403) tally.forbidden += 1;
		if (status === 429) tally.tooMany += 1;
		const isRefused = method === 'OPTIONS' && status >= 400;
		if (isRefused) tally.preflightsRefused += 1;
		if (status < 500) return isRefused;
		tally.serverErrors += 1;
		if (bad) add(bad, `${method} ${foldRoute(route)}`);
		const isPassedOn = status >= 502 && status <= 504;
		if (isPassedOn) tally.badGateway += 1;
		const services = isPassedOn ? passedOn : own;
		if (services) add(services, service);
		return true;
	};

	const takeText = (line: string): boolean => {
		const isUpstream = /upstream|\[error\].{0,80}could not be resolved/.test(line);
		if (isUpstream) {
			if (/upstream timed out/.test(line)) tally.upstreamTimeouts += 1;
			else if (/host not found in upstream|could not be resolved/.test(line)) {
				tally.upstreamUnresolved += 1;
			} else if (/while connecting to upstream|no live upstreams/.test(line)) {
				tally.upstreamRefused += 1;
			}

			const place = placeIn(line);
			if (place) {
				upstream = place.port === undefined ? place.host : `${place.host}:${String(place.port)}`;
			}
		}

		const isCors = corsLine.test(line);
		if (isCors) {
			tally.cors += 1;
			corsOrigin ??= /\bhttps?:\/\/[\w.:[\]-]{1,253}/.exec(line)?.[0];
		}

		return isUpstream || isCors;
	};

	for (const {service, lines} of logs) {
		for (const line of lines) {
			if (!/ |"/.test(line)) continue;
			const {request} = parseLine(line, 'auto', arrival);
			const isTelling = request ? takeRequest(service, request) : takeText(line);
			if (isTelling && examples.length < 200) examples.push(`${service}: ${line}`);
		}
	}

	const [topPath, topNotFound] = [top(bad ?? new Map()), top(missing ?? new Map())];
	const topService = top(own ?? new Map()) ?? top(passedOn ?? new Map());
	return {
		...tally,
		...(topPath && {topPath}),
		...(topNotFound && {topNotFound}),
		...(topService && {topService}),
		...(corsOrigin !== undefined && {corsOrigin}),
		...(upstream !== undefined && {upstream}),
		examples: examples.slice(-maxExamples),
	};
}
