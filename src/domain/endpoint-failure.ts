import {clean} from './clean.ts';

/** Why an address does not answer as it should. */
export type EndpointFailure =
	'none' | 'refused' | 'timeout' | 'name' | 'unreachable' | 'tls' | 'reset' | 'status' | 'other';

const rows: readonly (readonly [EndpointFailure, RegExp])[] = [
	['status', /^HTTP \d/],
	['refused', /ECONNREFUSED/],
	['timeout', /timeout|ETIMEDOUT/i],
	['name', /ENOTFOUND|EAI_/],
	['unreachable', /EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL/],
	['tls', /SSL|TLS|CERT|EPROTO/],
	['reset', /ECONNRESET|EPIPE|socket hang up|not HTTP/],
];

/** The kind of a probe's short code (`ECONNREFUSED`, `timeout`, `HTTP 503`); `none` where there is no failure. */
export function endpointFailure(code: string | undefined): EndpointFailure {
	if (code === undefined) return 'none';
	return rows.find(([, pattern]) => pattern.test(code))?.[0] ?? 'other';
}

const bad =
	/^(?:false|err(?:or)?|fail(?:ed|ing|ure)?|down|unhealthy|unavailable|disconnected|critical|dead|degraded|unreachable|timeout|not[ _-]?(?:ok|ready|connected)|异常|失败|不可用|断开)\b/i;
const verdict = /^(?:status|health|state|healthy|ok)$/i;
const maxDepth = 4;
const maxValues = 300;

type Scalar = {readonly path: string; readonly name: string; readonly value: string};

function scalars(value: unknown, path: readonly string[]): readonly Scalar[] {
	const found: Scalar[] = [];
	const visit = (item: unknown, at: readonly string[]): void => {
		if (found.length >= maxValues || at.length > maxDepth) return;
		if (typeof item === 'object' && item !== null) {
			for (const [name, inner] of Object.entries(item)) visit(inner, [...at, name]);
		} else if (item !== null && ['string', 'boolean', 'number'].includes(typeof item)) {
			const text = typeof item === 'string' ? item : JSON.stringify(item);
			found.push({path: at.join('.'), name: at.at(-1) ?? '', value: text});
		}
	};
	visit(value, path);
	return found;
}

/** What a health answer says of itself and of its parts. */
export type HealthWords = {
	/** Its overall verdict: `healthy`, `degraded`, `ok`. */
	readonly says?: string;
	/** Path of the first part that it calls bad (`checks.database`), with the word in the answer. */
	readonly failedPart?: string;
	readonly failedParts: readonly string[];
};

/** Reads the JSON body of a health answer, at most four levels deep; a body that is none says nothing. */
export function healthWords(body: string): HealthWords {
	let json: unknown;
	try {
		json = /^\s*\{/.test(body) ? JSON.parse(body) : undefined;
	} catch {
		// Cut at the limit, or not JSON at all.
		json = undefined;
	}

	const all = scalars(json, []);
	const overall = all.find(({path, name}) => path === name && verdict.test(name));
	const failed = all
		.filter(item => item !== overall && bad.test(item.value) && isVerdictOfPart(item))
		.map(({path, name}) => (verdict.test(name) ? path.slice(0, -name.length - 1) || name : path))
		.map(path => clean(path, 100));
	const [failedPart] = failed;
	return {
		...(overall && {says: clean(overall.value, 60)}),
		...(failedPart !== undefined && {failedPart}),
		failedParts: [...new Set(failed)],
	};
}

/** A `false` is bad only where the name asks for health; `debug: false` and `maintenance: false` are not. */
function isVerdictOfPart({name, value, path}: Scalar): boolean {
	if (value !== 'false') return true;
	return (
		verdict.test(name) ||
		/database|db|postgres|redis|cache|queue|connected|ready|alive|available|(?:^|\.)checks?\./i.test(
			path,
		)
	);
}
