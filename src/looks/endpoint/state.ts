import {displayAddress} from '../../domain/endpoint-address.ts';
import {endpointFailure, healthWords, type HealthWords} from '../../domain/endpoint-failure.ts';
import {clean} from '../../domain/clean.ts';
import {maskText} from '../../domain/mask.ts';
import type {EndpointTarget} from '../../domain/targets.ts';
import {freshOf} from '../fresh-of.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {endpointOf} from './target.ts';

const answerMs = 1200;
const proxyErrors: ReadonlySet<number | undefined> = new Set([502, 504]);

/** What the answer says of itself; nothing where it does not come in time. */
async function wordsOf({io, signal}: LookFacts, {url}: EndpointTarget): Promise<HealthWords> {
	try {
		const limited = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
		return healthWords((await io.http.get(url, limited)).body);
	} catch {
		signal.throwIfAborted();
		return {failedParts: []};
	}
}

/** The address as its panel has it, and what its answer says of itself. */
export const readEndpointState: LookReader<'endpoint.state'> = async facts => {
	const target = endpointOf(facts);
	if ('stopped' in target) {
		return {
			values: {
				url: undefined,
				answers: false,
				failure: 'refused',
				status: undefined,
				latency: undefined,
				p95: undefined,
				'failure-percent': undefined,
				says: undefined,
				'failed-part': undefined,
				'is-proxy-error': false,
				'certificate-days': undefined,
			},
			lines: [`${target.stopped}: does not run`],
		};
	}

	const [reading, words] = await Promise.all([
		facts.reading('http.endpoint', target.id),
		wordsOf(facts, target),
	]);
	const value = freshOf('http.endpoint', reading);
	const {status, failure, facts: said} = value;
	return {
		values: {
			url: displayAddress(target.url),
			answers: value.isUp,
			failure: endpointFailure(failure),
			status,
			latency: value.latencyMs,
			p95: value.p95Ms,
			'failure-percent': value.failurePercent,
			says: words.says,
			'failed-part': words.failedPart,
			'is-proxy-error': proxyErrors.has(status),
			'certificate-days': value.certificateDaysLeft,
		},
		lines: [
			...(failure === undefined ? [] : [failure]),
			...words.failedParts.slice(0, 5),
			...said.slice(0, 10).map(({name, value: text}) => clean(maskText(`${name}: ${text}`), 200)),
		],
	};
};
