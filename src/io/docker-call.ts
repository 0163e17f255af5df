import {request, type IncomingMessage} from 'node:http';

import type {EngineAnswer, Feed} from './act.ts';
import {actProblem} from './act-problem.ts';
import {refusal} from './docker-failure.ts';
import {bodyOf, type DockerLink} from './docker-link.ts';
import {writeTo} from './docker-pump.ts';
import {watchFeed} from './output-tail.ts';

/** What is sent with a request that changes something. */
export type CallOptions = {
	readonly body?: unknown;
	readonly feed?: Feed;
	readonly signal: AbortSignal;
};

export type CallMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** How long the engine may take to say that it wants a body, and to say why it does not take the rest, in ms. */
const continueMs = 1000;
const lastWordMs = 1000;

/** One exchange with the engine on a fresh socket, never repeated; rejects where there is no answer or it is 5xx. */
export async function call(
	link: DockerLink,
	method: CallMethod,
	path: string,
	options: CallOptions,
): Promise<EngineAnswer> {
	const watched = options.feed && watchFeed(options.feed);
	const sending = watched ? {...options, feed: watched.feed} : options;
	try {
		return await link.exchange(options.signal, async api => {
			const answer = await send(link, method, `/v${api}${path}`, sending);
			const body = await bodyOf(answer);
			const status = answer.statusCode ?? 0;
			if (status >= 500) throw refusal(status, body);
			return {status, json: jsonOf(body)};
		});
	} catch (error) {
		throw watched?.failure() ?? error;
	}
}

/** As `call`, and rejects with the engine's refusal where its status is none of the expected ones. */
export async function expectCall(
	link: DockerLink,
	[method, path, ...expected]: readonly [CallMethod, string, ...number[]],
	options: CallOptions,
): Promise<EngineAnswer> {
	const answer = await call(link, method, path, options);
	if (expected.includes(answer.status)) return answer;
	throw refusalOf(answer);
}

/** The problem of an answer that was not wanted. */
export function refusalOf({status, json}: EngineAnswer): Error {
	const cause = messageOf(json);
	return status === 409
		? actProblem('act-docker-conflict', {status, cause})
		: refusal(status, cause);
}

/** What the engine says in an answer: its `message`, or the answer itself. */
export function messageOf(json: unknown): string {
	if (typeof json === 'object' && json !== null && 'message' in json) return String(json.message);
	if (json === undefined) return '';
	return typeof json === 'string' ? json : JSON.stringify(json);
}

/** JSON, several lines of it as a list, or the text itself. */
function jsonOf(body: string): unknown {
	if (body.trim() === '') return undefined;
	try {
		return JSON.parse(body) as unknown;
	} catch {
		const lines = body.split('\n').filter(line => line.trim() !== '');
		try {
			return lines.map(line => JSON.parse(line) as unknown);
		} catch {
			return body;
		}
	}
}

async function send(
	link: DockerLink,
	method: CallMethod,
	path: string,
	{body, feed, signal}: CallOptions,
): Promise<IncomingMessage> {
	const options = await link.optionsFor(path, 'once', signal);
	const text = body === undefined ? undefined : JSON.stringify(body);
	const headers = {
		...options.headers,
		...(feed
			? {'content-type': 'application/x-tar', expect: '100-continue'}
			: text !== undefined && {
					'content-type': 'application/json',
					'content-length': Buffer.byteLength(text),
				}),
	};
	const sent = request({...options, method, headers});
	const answered = Promise.withResolvers<IncomingMessage>();
	sent.on('response', answered.resolve);
	if (!feed) {
		sent.on('error', answered.reject);
		sent.end(text);
		return await answered.promise;
	}

	answered.promise.catch(() => undefined);
	// While a body is sent the engine may break off and say why: its answer is worth more than the broken pipe.
	sent.on('error', error => {
		setTimeout(() => answered.reject(error), signal.aborted ? 0 : lastWordMs);
	});
	sent.flushHeaders();
	const wanted = Promise.withResolvers<undefined>();
	const timer = setTimeout(() => wanted.resolve(undefined), continueMs);
	sent.on('continue', () => wanted.resolve(undefined));
	await Promise.race([wanted.promise, answered.promise]).finally(() => clearTimeout(timer));
	let isAnswered = false;
	void answered.promise.then(
		() => (isAnswered = true),
		() => (isAnswered = true),
	);
	try {
		for await (const chunk of feed) {
			if (isDone(() => isAnswered) || !(await writeTo(sent, chunk))) break;
		}
	} catch (error) {
		sent.destroy();
		throw error;
	}

	sent.end();
	return await answered.promise;
}

// Read through a function, since the compiler does not see that a callback changes the variable.
function isDone(read: () => boolean): boolean {
	return read();
}
