import {declarationOf} from '../say.ts';
import {dockerWords, redisWords} from './rule.ts';
import {sqlOf} from './rules/database.ts';
import type {Call} from './simple.ts';

type Suggestion = {readonly look: string; readonly when: (call: Call) => boolean};

const program = (wanted: RegExp) => (call: Call) => wanted.test(call.program);

const docker = (wanted: RegExp) => (call: Call) => {
	const words = dockerWords(call);
	return words !== undefined && wanted.test([words.verb, ...words.rest].join(' '));
};

const sql = (wanted: RegExp) => (call: Call) => sqlOf(call).some(text => wanted.test(text));

const redis = (wanted: RegExp) => (call: Call) =>
	wanted.test((redisWords(call) ?? ['-']).join(' '));

const words = (wanted: RegExp) => (call: Call) =>
	wanted.test([call.program, ...call.words].join(' '));

/** Which look sees what a command of a handbook is typed for. Only looks that exist are named. */
const suggestions: readonly Suggestion[] = [
	{look: 'stack.services', when: docker(/^ps\b/)},
	{look: 'service.usage', when: docker(/^stats\b/)},
	{look: 'service.state', when: docker(/^inspect\b/)},
	{look: 'errors.summary', when: docker(/^logs\b/)},
	{look: 'service.log', when: docker(/^logs\b/)},
	{look: 'compose.config', when: docker(/^config\b/)},
	{look: 'service.environment', when: words(/^(?:env|printenv)\b/)},
	{look: 'network.container', when: docker(/^network (?:ls|inspect)\b/)},
	{look: 'service.dependencies', when: program(/^(?:ping|telnet|nc)$/)},
	{look: 'service.ports', when: program(/^(?:ss|netstat|lsof)$/)},
	{look: 'endpoint.state', when: program(/^(?:curl|wget)$/)},
	{
		look: 'endpoint.certificate',
		when: words(/^openssl (?:x509|s_client)\b|^certbot certificates\b/),
	},
	{look: 'stack.requests', when: words(/^grep\b.*\b(?:40[34]|50[0-4])\b/)},
	{look: 'errors.summary', when: words(/^grep\b.*\bERROR\b/i)},
	{look: 'stack.changes', when: words(/^git (?:log|diff)\b/)},
	{look: 'stack.queue', when: redis(/^(?:llen|hlen|zcard)\b/)},
	{look: 'host.load', when: program(/^(?:df|free|top|htop|uptime|vmstat|iostat|mpstat)$/)},
	{look: 'host.processes', when: program(/^(?:ps|top|htop|pidstat)$/)},
	{look: 'host.disk-eaters', when: words(/^du\b|^ncdu\b/)},
	{look: 'host.disk-eaters', when: docker(/^system df\b/)},
	{look: 'host.kernel', when: words(/^dmesg\b|^journalctl\b.*\s-\w*k\b/)},
	{look: 'host.settings', when: words(/^sysctl\b|transparent_hugepage/)},
	{look: 'host.updates', when: words(/^apt(?:-get)? list\b|^(?:yum|dnf) check-update\b/)},
	{look: 'host.security', when: words(/Failed password|^ss\b|^netstat\b|-perm\b|^lastb?\b/)},
	{look: 'host.time', when: program(/^(?:timedatectl|chronyc|ntpq)$/)},
	{
		look: 'postgres.activity',
		when: call => call.program === 'pg_isready' || sql(/^\s*select 1\b/i)(call),
	},
	{look: 'postgres.sessions', when: sql(/\bpg_stat_activity\b/i)},
	{look: 'postgres.locks', when: sql(/\bpg_stat_activity\b|\bpg_locks\b/i)},
	{look: 'postgres.queries', when: sql(/\bpg_stat_(?:statements|user_indexes|user_tables)\b/i)},
	{look: 'postgres.storage', when: sql(/\bpg_(?:total_relation|database|relation|table)_size\b/i)},
	{look: 'redis.server', when: redis(/^(?:ping|info|dbsize)\b/)},
	{
		look: 'redis.latency',
		when: call =>
			redis(/^(?:slowlog|latency)\b/)(call) ||
			(redisWords(call) !== undefined && call.words.some(word => word.startsWith('--latency'))),
	},
	{
		look: 'redis.keys',
		when: call =>
			redisWords(call) !== undefined &&
			call.words.some(word => /^--(?:bigkeys|memkeys|scan)$/.test(word)),
	},
	{look: 'redis.settings', when: redis(/^config get\b/)},
	{look: 'backup.sets', when: words(/^(?:ls|find|du|stat)\b.*backup/i)},
];

/** The looks that see what a command is typed for, each once. */
export function looksFor(calls: readonly Call[]): readonly string[] {
	const found = suggestions
		.filter(({when}) => calls.some(call => when(call)))
		.map(({look}) => look);
	return [...new Set(found)].filter(look => declarationOf(look) !== undefined).slice(0, 4);
}

/** As `looksFor`, for a statement of an SQL block. */
export function looksForSql(statement: string): readonly string[] {
	const call = {program: 'psql', path: 'psql', words: ['-c', statement], set: [], via: []};
	return looksFor([{...call, pipeline: [call], at: 0}]);
}

/** Every look that is ever suggested, for a test. */
export const suggestedLooks: readonly string[] = suggestions.map(({look}) => look);
