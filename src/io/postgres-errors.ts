import {clean} from '../domain/clean.ts';
import {ProblemError, type Problem} from '../domain/problem.ts';
import type {PostgresTarget} from '../domain/targets.ts';

/** Where a server is, as shown to the operator: `db:5432` or the path of the socket. */
export function postgresAddress(target: Pick<PostgresTarget, 'host' | 'port'>): string {
	const {host, port} = target;
	if (host.startsWith('/')) {
		return clean(`${host}/.s.PGSQL.${port}`);
	}
	return clean(host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
}

/** Thrown where the server asks for a password and there is none. */
export const noPassword = 'opsconsole has no password for this server';

/** What the mapping of an error needs to know besides the error. */
export type ErrorPlace = {
	readonly target: PostgresTarget;
	/** max_connections, once a connection has told it. */
	readonly limit?: number | undefined;
	/** Seconds that were waited, for the messages about slowness. */
	readonly seconds: number;
};

type Facts = {
	readonly code: string;
	readonly message: string;
	readonly routine: string;
};

function textOf(error: object, name: string): string {
	const value: unknown = Reflect.get(error, name);
	return typeof value === 'string' ? value : '';
}

function factsOf(error: unknown, password: string | undefined): Facts {
	if (!(error instanceof Error)) {
		return {code: '', message: clean(String(error), 300), routine: ''};
	}
	const text = password ? error.message.replaceAll(password, '•••') : error.message;
	return {
		code: textOf(error, 'code'),
		message: clean(text, 300),
		routine: textOf(error, 'routine'),
	};
}

const unreachable = new Set([
	'ETIMEDOUT',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EHOSTDOWN',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EADDRNOTAVAIL',
]);
const broken = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);
const untrusted = new Set([
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'CERT_HAS_EXPIRED',
	'CERT_NOT_YET_VALID',
	'CERT_UNTRUSTED',
	'CERT_REVOKED',
	'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function networkProblem(facts: Facts, place: ErrorPlace): Problem | undefined {
	const params = {address: postgresAddress(place.target), cause: facts.code || facts.message};
	const isSocket = place.target.host.startsWith('/');
	if (isSocket && ['ENOENT', 'EACCES', 'ECONNREFUSED', 'ENOTSOCK'].includes(facts.code)) {
		return {code: 'postgres-no-socket', params, retry: 'soon'};
	}
	if (facts.code === 'ECONNREFUSED') {
		return {code: 'postgres-refused', params: {address: params.address}, retry: 'soon'};
	}
	if (unreachable.has(facts.code)) {
		return {code: 'postgres-unreachable', params, retry: 'soon'};
	}
	if (
		broken.has(facts.code) ||
		/^(Connection terminated|Client (has encountered|was closed))/.test(facts.message)
	) {
		return {code: 'postgres-lost', params, retry: 'soon'};
	}
	if (untrusted.has(facts.code)) {
		return {code: 'postgres-untrusted', params, retry: 'rarely'};
	}
	if (facts.message === 'The server does not support SSL connections') {
		return {code: 'postgres-no-tls', params: {address: params.address}, retry: 'rarely'};
	}
	if (
		facts.code === 'EPROTO' ||
		/^ERR_(SSL|TLS|OSSL)_/.test(facts.code) ||
		/SSL/.test(facts.message)
	) {
		return {code: 'postgres-tls', params, retry: 'rarely'};
	}
	return undefined;
}

// Codes: PostgreSQL documentation, appendix A. `routine` names the place in the server and is never translated.
function loginProblem(facts: Facts, place: ErrorPlace): Problem | undefined {
	const user = clean(place.target.user);
	if (facts.message === noPassword) {
		return {code: 'postgres-no-password', params: {user}, retry: 'rarely'};
	}
	if (facts.code === '28P01') {
		return {code: 'postgres-password', params: {user}, retry: 'rarely'};
	}
	if (facts.code === '28000' && facts.routine === 'InitializeSessionUserId') {
		return {code: 'postgres-no-role', params: {user}, retry: 'rarely'};
	}
	if (facts.code === '28000') {
		return {code: 'postgres-login-refused', params: {user, cause: facts.message}, retry: 'rarely'};
	}
	if (facts.code === '3D000') {
		const database = clean(place.target.database);
		return {code: 'postgres-no-database', params: {database}, retry: 'rarely'};
	}
	return undefined;
}

function serverProblem(facts: Facts, place: ErrorPlace): Problem | undefined {
	const cause = facts.message;
	const user = clean(place.target.user);
	const database = clean(place.target.database);
	switch (facts.code) {
		case '53300':
			return place.limit === undefined
				? {code: 'postgres-full-unknown', params: {cause}, retry: 'soon'}
				: {code: 'postgres-full', params: {cause, limit: place.limit}, retry: 'soon'};
		case '57P03':
			return {code: 'postgres-starting', params: {cause}, retry: 'soon'};
		case '55000':
			return {code: 'postgres-not-accepting', params: {cause, database}, retry: 'soon'};
		case '57P01':
		case '57P02':
		case '57P05':
			return {code: 'postgres-shutdown', params: {state: facts.code, cause}, retry: 'soon'};
		case '42501':
			return {code: 'postgres-no-rights', params: {user, database, cause}, retry: 'rarely'};
		case '57014':
			return slowProblem(place);
		case '55P03':
			return {code: 'postgres-locked', params: {}, retry: 'soon'};
		default:
			return undefined;
	}
}

/** The problem of a server that gives no result in time. */
export function slowProblem({target, seconds}: ErrorPlace): Problem {
	return {
		code: 'postgres-slow',
		params: {address: postgresAddress(target), seconds},
		retry: 'soon',
	};
}

/** The problem of a server that does not even finish the connection in time. */
export function noAnswerProblem({target, seconds}: ErrorPlace): Problem {
	return {
		code: 'postgres-no-answer',
		params: {address: postgresAddress(target), seconds},
		retry: 'soon',
	};
}

/**
 * Names what an error of the driver, the network or the server means. The text never holds the password, even
 * where a server repeats it.
 */
export function postgresProblem(error: unknown, place: ErrorPlace): ProblemError {
	if (error instanceof ProblemError) {
		return error;
	}
	const facts = factsOf(error, place.target.password?.reveal());
	const known =
		loginProblem(facts, place) ?? serverProblem(facts, place) ?? networkProblem(facts, place);
	if (known) {
		return new ProblemError(known);
	}
	const params = {cause: facts.message};
	return /^[0-9A-Z]{5}$/.test(facts.code)
		? new ProblemError({
				code: 'postgres-statement',
				params: {...params, state: facts.code},
				retry: 'soon',
			})
		: new ProblemError({
				code: 'unexpected',
				params: {what: `PostgreSQL ${postgresAddress(place.target)}`, ...params},
				retry: 'soon',
			});
}
