import {blockedCount} from '../../domain/blocking.ts';
import {clean} from '../../domain/clean.ts';
import type {PostgresActivity} from '../../domain/postgres.ts';
import type {Problem} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {sayProblem} from '../../words/say-problem.ts';
import {percentOf, secondsSince} from '../figures.ts';
import {freshOf} from '../fresh-of.ts';
import {absenceOf} from '../lost-server.ts';
import {maybe, within} from '../maybe.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {postgresOf} from '../target.ts';
import {postgresFailure} from './failure.ts';

const settingMs = 800;

// Our own session is read-only, so its setting tells nothing: what counts is where other sessions get theirs from.
const roleSettingsSql = `
SELECT /* opsconsole */ count(*) > 0 AS value FROM pg_db_role_setting s, unnest(s.setconfig) c
WHERE c IN ('default_transaction_read_only=on', 'default_transaction_read_only=true')
	AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))`;
const fileSettingsSql = `
SELECT /* opsconsole */ coalesce((SELECT setting IN ('on', 'true', 'yes', '1') FROM pg_file_settings
	WHERE name = 'default_transaction_read_only' AND applied ORDER BY seqno DESC LIMIT 1), false) AS value`;

/** Whether sessions are read-only unless they ask otherwise; the file can be read by few roles. */
async function isReadOnlyByDefault(
	{io, signal}: LookFacts,
	target: PostgresTarget,
): Promise<boolean | undefined> {
	const limited = within(settingMs, signal);
	const ask = async (sql: string) => {
		const rows = await maybe(io.postgres(target).query(sql, [], limited), signal);
		return rows?.[0]?.['value'];
	};
	const [byRole, byFile] = [await ask(roleSettingsSql), await ask(fileSettingsSql)];
	if (byRole === true || byFile === true) return true;
	return byRole === undefined ? undefined : false;
}

function valuesOf(activity: PostgresActivity, isReadOnly: boolean | undefined, nowMs: number) {
	const {connections, commitsPerSecond: commits, rollbacksPerSecond: rollbacks} = activity;
	const ends = commits === undefined || rollbacks === undefined ? undefined : commits + rollbacks;
	const isStandby = activity.role === 'standby';
	// Who may not see the sessions of others cannot say that there is none.
	const none = activity.seesAllSessions ? 0 : undefined;
	return {
		answers: true,
		failure: 'none',
		used: connections.used,
		usable: connections.usable,
		'used-percent': connections.usedPercent,
		waiting: activity.waiting,
		blocked: activity.blocking.reduce((sum, node) => sum + blockedCount(node), 0),
		'longest-query': activity.longestQuery?.querySeconds ?? none,
		'longest-transaction': activity.longestTransaction?.transactionSeconds ?? none,
		deadlocks: activity.deadlocksSeen,
		'cache-hit': activity.cacheHitPercent,
		'rollback-percent': percentOf(rollbacks, ends),
		transactions: ends,
		'is-standby': isStandby,
		'is-read-only': isStandby || isReadOnly,
		'server-age': secondsSince(activity.startedAtMs, nowMs),
		'sees-all': activity.seesAllSessions,
		'checksum-failures': activity.checksumFailures,
	} as const;
}

function failed(problem: Problem) {
	return {
		answers: false,
		failure: postgresFailure(problem),
		used: undefined,
		usable: undefined,
		'used-percent': undefined,
		waiting: undefined,
		blocked: undefined,
		'longest-query': undefined,
		'longest-transaction': undefined,
		deadlocks: undefined,
		'cache-hit': undefined,
		'rollback-percent': undefined,
		transactions: undefined,
		'is-standby': undefined,
		'is-read-only': undefined,
		'server-age': undefined,
		'sees-all': undefined,
		'checksum-failures': undefined,
	};
}

function withoutAnswer({language}: LookFacts['settings'], problem: Problem) {
	const {summary} = sayProblem(language, problem);
	return {values: failed(problem), lines: [clean(summary, 300)]};
}

/** What happens in the server now; a server that does not answer is what was seen, and no failure of the look. */
export const readPostgresActivity: LookReader<'postgres.activity'> = async facts => {
	const {io, reading, settings} = facts;
	const absence = await absenceOf(facts, 'postgres');
	if (absence) return withoutAnswer(settings, absence);
	const target = postgresOf(facts);
	const found = await reading('postgres.activity', target.id);
	if (found.kind === 'failed' || found.kind === 'stale') {
		return withoutAnswer(settings, found.problem);
	}

	const activity = freshOf('postgres.activity', found);
	const isReadOnly = await isReadOnlyByDefault(facts, target);
	return {
		values: valuesOf(activity, isReadOnly, io.clock.now()),
		lines: activity.active
			.slice(0, 10)
			.map(({pid, querySeconds = 0, query}) =>
				clean(`${pid} ${querySeconds.toFixed(1)} s ${query}`, 300),
			),
	};
};
