import {clean} from '../domain/clean.ts';
import {displayAddress} from '../domain/endpoint-address.ts';
import {factsOf} from '../domain/endpoint-facts.ts';
import {probeEveryMs, summariseProbes, windowSize, type Probe} from '../domain/endpoint-window.ts';
import type {EndpointValue} from '../domain/endpoint.ts';
import {ProblemError} from '../domain/problem.ts';
import type {EndpointTarget} from '../domain/targets.ts';
import type {HttpAnswer, Io} from '../io/io.ts';
import type {PolledSource} from './source.ts';

const defaultTimeoutMs = 3000;
const maxTimeoutMs = 30_000;
const dayMs = 24 * 3600 * 1000;

type Outcome = {readonly probe: Probe; readonly answer?: HttpAnswer};

/**
 * Probes one HTTP address every 5 s, each within the target's own deadline (3 s where it has none, at most 30 s). An
 * endpoint that does not answer or answers with the wrong status is a value with a failure, not a failed reading.
 */
export const httpEndpoint: PolledSource<'http.endpoint', EndpointTarget> = {
	id: 'http.endpoint',
	kind: 'polled',
	everyMs: probeEveryMs,
	// The probe ends by its own deadline; this one is only the last resort.
	timeoutMs: maxTimeoutMs + 2000,
	open(io: Io, target: EndpointTarget) {
		let probes: readonly Probe[] = [];
		return {
			read: async signal => {
				const outcome = await probe(io, target, signal);
				probes = [...probes, outcome.probe].slice(-windowSize);
				return valueOf(target, outcome, probes, io.clock.now());
			},
		};
	},
};

/** One request within the target's deadline. Rejects only where the signal ended it or the address is none. */
async function probe(io: Io, target: EndpointTarget, signal: AbortSignal): Promise<Outcome> {
	const deadline = new AbortController();
	const finished = new AbortController();
	const timeoutMs = Math.min(target.timeoutMs ?? defaultTimeoutMs, maxTimeoutMs);
	io.clock.sleep(timeoutMs, finished.signal).then(
		() => {
			deadline.abort(new Error('timeout'));
		},
		() => undefined,
	);
	try {
		const either = AbortSignal.any([signal, deadline.signal]);
		const answer = await io.http.get(target.url, either);
		const failure = isGood(answer.status, target) ? {} : {failure: `HTTP ${answer.status}`};
		return {probe: {latencyMs: answer.latencyMs, ...failure}, answer};
	} catch (error) {
		signal.throwIfAborted();
		if (deadline.signal.aborted) return {probe: {failure: 'timeout'}};
		return {probe: {failure: failureOf(error)}};
	} finally {
		finished.abort();
	}
}

function isGood(status: number, {expectStatus}: EndpointTarget): boolean {
	return expectStatus === undefined ? status >= 200 && status < 400 : status === expectStatus;
}

/** The short code of a failed request; a problem of the address itself goes on to the engine. */
function failureOf(error: unknown): string {
	if (!(error instanceof ProblemError) || error.problem.code !== 'http-failed') throw error;
	return clean(String(error.problem.params['cause']), 60);
}

function valueOf(
	target: EndpointTarget,
	{probe: last, answer}: Outcome,
	probes: readonly Probe[],
	nowMs: number,
): EndpointValue {
	const certificate = answer?.certificate;
	return {
		url: displayAddress(target.url),
		isUp: last.failure === undefined,
		...last,
		...(answer === undefined ? {} : {status: answer.status}),
		...summariseProbes(probes),
		facts: answer === undefined ? [] : factsOf(answer.body, target.facts),
		...(certificate === undefined
			? {}
			: {
					certificateDaysLeft: Math.floor((certificate.validToMs - nowMs) / dayMs),
					certificateSubject: certificate.subject,
				}),
		...(certificate?.trustError === undefined
			? {}
			: {certificateTrustError: certificate.trustError}),
	};
}
