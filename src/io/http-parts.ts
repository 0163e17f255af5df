import {clean} from '../domain/clean.ts';
import {displayAddress} from '../domain/endpoint-address.ts';
import {ProblemError, type Problem} from '../domain/problem.ts';

/** An http or https address, or a problem. */
export function parseAddress(url: string): URL {
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
		throw new ProblemError(httpProblem('http-bad-address', url, 'address'));
	}

	return parsed;
}

/** The problem of a request; the address is shown without its secrets. */
export function httpProblem(code: Problem['code'], url: string, cause: string): Problem {
	return {code, params: {url: displayAddress(url), cause}, retry: 'soon'};
}

/** Node's code of an error. */
export function codeOf(error: unknown): string | undefined {
	if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
	return typeof error.code === 'string' ? error.code : undefined;
}

/** A short code for a failed request: Node's own, `not HTTP` for an answer that is none, or the text. */
export function causeOf(error: unknown): string {
	const code = codeOf(error);
	if (code?.startsWith('HPE_') === true) return code === 'HPE_HEADER_OVERFLOW' ? code : 'not HTTP';
	if (code !== undefined) return clean(code, 60);
	return clean(error instanceof Error ? error.message : String(error), 60);
}
