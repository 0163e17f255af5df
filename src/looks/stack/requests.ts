import type {Container} from '../../domain/containers.ts';
import {summariseRequests} from '../../domain/request-summary.ts';
import {callName} from '../service/subject.ts';
import {readLog} from '../service/log-lines.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {knownMembers} from './members.ts';

const windowMs = 5 * 60_000;
const maxBytes = 512 * 1024;
const maxLines = 1500;
const maxLogs = 16;
const answerMs = 1200;

/** The end of one container's log; undefined where it cannot be read in time. */
async function linesOf(
	{io, signal}: LookFacts,
	{id}: Container,
): Promise<readonly string[] | undefined> {
	try {
		const limited = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
		const sinceMs = io.clock.now() - windowMs;
		// With a terminal the frames are plain lines; no web server of a stack has one.
		const lines = await readLog(
			{io, signal: limited},
			{id, isTerminal: false},
			{sinceMs, count: maxLines, maxBytes},
		);
		return lines.map(({text}) => text);
	} catch {
		signal.throwIfAborted();
		return undefined;
	}
}

/** What the access and error logs of the stack say about its requests in the last five minutes. */
export const readStackRequests: LookReader<'stack.requests'> = async facts => {
	const members = knownMembers(facts)
		.filter(({state}) => state === 'running' || state === 'restarting')
		.slice(0, maxLogs);
	const logs = await Promise.all(
		members.map(async container => ({
			service: callName(container),
			lines: await linesOf(facts, container),
		})),
	);
	const read = logs.flatMap(({service, lines}) => (lines === undefined ? [] : [{service, lines}]));
	const found = summariseRequests(read);
	const {requests, serverErrors, topPath, topNotFound, topService} = found;
	const unread = logs.filter(({lines}) => lines === undefined).map(({service}) => service);
	return {
		values: {
			requests,
			'server-errors': serverErrors,
			'server-error-percent': requests === 0 ? undefined : (serverErrors / requests) * 100,
			'top-path': topPath?.[0],
			'top-path-percent': topPath && (topPath[1] / serverErrors) * 100,
			'top-service': topService?.[0],
			'bad-gateway': found.badGateway,
			'not-found': found.notFound,
			'top-not-found': topNotFound?.[0],
			forbidden: found.forbidden,
			'too-many': found.tooMany,
			'preflights-refused': found.preflightsRefused,
			cors: found.cors,
			'cors-origin': found.corsOrigin,
			'upstream-refused': found.upstreamRefused,
			'upstream-timeouts': found.upstreamTimeouts,
			'upstream-unresolved': found.upstreamUnresolved,
			upstream: found.upstream,
		},
		lines: [
			...(unread.length === 0 ? [] : [`not read: ${unread.join(', ')}`]),
			...found.examples.toReversed(),
		].slice(0, 20),
	};
};
