import type {Problem} from '../../domain/problem.ts';
import type {postgresFailures} from '../../runbooks/looks/postgres.ts';
import type {ProblemCode} from '../../words/index.ts';

/** Why a PostgreSQL server does not answer, in the few words that runbooks compare. */
export type PostgresFailure = (typeof postgresFailures)[number];

const byCode: Readonly<Partial<Record<ProblemCode, PostgresFailure>>> = {
	'postgres-refused': 'refused',
	'postgres-no-socket': 'refused',
	'postgres-no-answer': 'timeout',
	'postgres-slow': 'timeout',
	'timed-out': 'timeout',
	'discovery-stopped': 'unreachable',
	'discovery-unreachable': 'unreachable',
	'postgres-password': 'authentication',
	'postgres-no-password': 'authentication',
	'postgres-no-role': 'authentication',
	'postgres-login-refused': 'authentication',
	'postgres-no-database': 'no-database',
	'postgres-full': 'too-many-clients',
	'postgres-full-unknown': 'too-many-clients',
	'postgres-starting': 'starting',
	'postgres-shutdown': 'starting',
	'postgres-restoring': 'restoring',
	'postgres-no-tls': 'tls',
	'postgres-untrusted': 'tls',
	'postgres-tls': 'tls',
	'postgres-ca-file': 'tls',
};

/** Node's codes of a connection, which `postgres-unreachable` carries. */
const byCause: Readonly<Record<string, PostgresFailure>> = {
	ENOTFOUND: 'name',
	EAI_AGAIN: 'name',
	ETIMEDOUT: 'timeout',
};

/** Names the failure behind a problem of a PostgreSQL server. */
export function postgresFailure({code, params}: Problem): PostgresFailure {
	if (code === 'postgres-unreachable') return byCause[String(params['cause'])] ?? 'unreachable';
	return byCode[code] ?? 'other';
}
