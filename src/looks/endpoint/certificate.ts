import {clean} from '../../domain/clean.ts';
import {trustProblem} from '../../domain/certificate-file.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {LookReader} from '../reader.ts';
import {certificateFile} from './certificate-files.ts';
import {endpointOf} from './target.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const answerMs = 1200;

const nothing = {
	'is-tls': undefined,
	'days-left': undefined,
	'is-expired': undefined,
	subject: undefined,
	issuer: undefined,
	'chain-length': undefined,
	'chain-days-left': undefined,
	'chain-ends-first': undefined,
	'is-trusted': undefined,
	'trust-error': undefined,
	'trust-problem': undefined,
	file: undefined,
	'file-days-left': undefined,
	'is-file-newer': undefined,
};

/** The certificate that the address shows, and the file that it comes from where that is known. */
export const readEndpointCertificate: LookReader<'endpoint.certificate'> = async facts => {
	const {io, signal} = facts;
	const target = endpointOf(facts);
	if ('stopped' in target) {
		return {values: nothing, lines: [`${target.stopped}: does not run`]};
	}

	if (!target.url.startsWith('https:')) return {values: {...nothing, 'is-tls': false}};
	const limited = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
	const {certificate} = await io.http.get(target.url, limited).catch((error: unknown) => {
		signal.throwIfAborted();
		if (!limited.aborted) throw error;
		const params = {what: 'TLS', seconds: answerMs / 1000};
		throw new ProblemError({code: 'timed-out', params, retry: 'soon'});
	});
	if (certificate === undefined) return {values: {...nothing, 'is-tls': true}};
	const {validToMs, subject, issuer, above, isTrusted, trustError} = certificate;
	const first = above.toSorted((a, b) => a.validToMs - b.validToMs)[0];
	const nowMs = io.clock.now();
	const file = await certificateFile(facts, target, subject);
	return {
		values: {
			'is-tls': true,
			'days-left': (validToMs - nowMs) / dayMs,
			'is-expired': validToMs <= nowMs,
			subject,
			issuer: issuer === '' ? undefined : issuer,
			'chain-length': above.length,
			'chain-days-left': first && (first.validToMs - nowMs) / dayMs,
			'chain-ends-first': first?.subject,
			'is-trusted': isTrusted,
			'trust-error': trustError,
			'trust-problem': isTrusted ? 'none' : trustProblem(trustError ?? ''),
			file: file && clean(file.path, 300),
			'file-days-left': file && (file.notAfterMs - nowMs) / dayMs,
			'is-file-newer': file && file.notAfterMs > validToMs + hourMs,
		},
		lines: [
			...[{subject, validToMs}, ...above].map(
				each => `${each.subject}: ${new Date(each.validToMs).toISOString()}`,
			),
			...(file ? [clean(`${file.path}: ${new Date(file.notAfterMs).toISOString()}`, 400)] : []),
		],
	};
};
