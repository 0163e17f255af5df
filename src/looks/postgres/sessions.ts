import {clean} from '../../domain/clean.ts';
import {
	fieldsOf,
	listOf,
	numberOf,
	optionalNumber,
	statementOf,
	textOf,
	type Fields,
} from '../../sources/postgres/json.ts';
import {percentOf, someText} from '../figures.ts';
import type {LookReader} from '../reader.ts';
import {postgresOf} from '../target.ts';
import {askOne} from './ask.ts';
import {clientSql, isHiddenSql, programSql, runsNowSql} from './session-sql.ts';

/** Fewer usable connections than this are few for an application with several workers. */
const lowLimit = 40;

/**
 * Sessions of clients by what they do; those of opsconsole count in the total only. View pg_stat_activity; `hidden` counts
 * those whose state this role may not see.
 */
const sessionsSql = `
WITH /* opsconsole */ clients AS MATERIALIZED (
	SELECT pid, usename, application_name, ${clientSql} AS client, state, query,
		wait_event_type, wait_event, clock_timestamp() - query_start AS query_age,
		clock_timestamp() - xact_start AS xact_age, clock_timestamp() - state_change AS state_age
	FROM pg_stat_activity
	WHERE coalesce(backend_type = 'client backend', datid IS NOT NULL AND usesysid IS NOT NULL)
), others AS MATERIALIZED (
	SELECT * FROM clients WHERE application_name <> 'opsconsole'
), active AS (
	SELECT * FROM others WHERE ${runsNowSql}
), open AS (
	SELECT * FROM others WHERE state LIKE 'idle in transaction%'
)
SELECT json_build_object(
	'total', (SELECT count(*) FROM clients),
	'others', (SELECT count(*) FROM others),
	'hidden', (SELECT count(*) FROM others WHERE ${isHiddenSql}),
	'active', (SELECT count(*) FROM active),
	'idle', (SELECT count(*) FROM others WHERE state = 'idle'),
	'open', (SELECT count(*) FROM open),
	'oldestOpen', (SELECT json_build_object('pid', pid, 'seconds', extract(epoch FROM state_age)::float8)
		FROM open ORDER BY state_age DESC LIMIT 1),
	'longIdle', (SELECT count(*) FROM others WHERE state LIKE 'idle%' AND state_age > interval '10 minutes'),
	'longActive', (SELECT count(*) FROM active WHERE query_age > interval '1 minute'),
	'lockWaits', (SELECT count(*) FROM active WHERE wait_event_type = 'Lock'),
	'diskWaits', (SELECT count(*) FROM active WHERE wait_event_type = 'IO'),
	'longest', (SELECT json_build_object('pid', pid, 'seconds', extract(epoch FROM query_age)::float8,
			'waitType', wait_event_type, 'waitEvent', wait_event,
			'query', CASE WHEN octet_length(query) > 4000 THEN left(query, 1000) ELSE query END)
		FROM active ORDER BY query_age DESC LIMIT 1),
	'holders', (SELECT json_agg(h) FROM (
		SELECT ${programSql} AS application, client, count(*) AS count,
			count(*) FILTER (WHERE state LIKE 'idle in transaction%') AS open
		FROM others GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 10) h),
	'usable', current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
		- coalesce(current_setting('reserved_connections', true), '0')::int
) AS value`;

function waitsOf(longest: Fields): string | undefined {
	const type = textOf(longest['waitType']);
	return type === '' ? undefined : `${type}: ${textOf(longest['waitEvent'])}`;
}

function lineOf(holder: Fields): string {
	const name = `${textOf(holder['application'])} ${textOf(holder['client'])}`;
	return clean(
		`${name}: ${numberOf(holder['count'])}, idle in transaction ${numberOf(holder['open'])}`,
		200,
	);
}

/** Who has the connections and what they do with them. */
export const readPostgresSessions: LookReader<'postgres.sessions'> = async facts => {
	const target = postgresOf(facts);
	const fields = await askOne(facts, target, sessionsSql);
	const total = numberOf(fields['total']);
	const others = numberOf(fields['others']);
	const usable = numberOf(fields['usable']);
	// Where states are hidden, a count of them would be too small.
	const seen = (name: string) =>
		numberOf(fields['hidden']) > 0 ? undefined : numberOf(fields[name]);
	const share = (name: string) => (others === 0 ? seen(name) : percentOf(seen(name), others));
	const oldest = fieldsOf(fields['oldestOpen']);
	const longest = fieldsOf(fields['longest']);
	const holders = listOf(fields['holders']);
	const [holder] = holders;
	const holderCount = holder === undefined ? undefined : numberOf(holder['count']);
	return {
		values: {
			total,
			active: seen('active'),
			'active-percent': share('active'),
			idle: seen('idle'),
			'idle-percent': share('idle'),
			'idle-in-transaction': seen('open'),
			'idle-in-transaction-percent': share('open'),
			'oldest-idle-in-transaction':
				optionalNumber(oldest['seconds']) ?? (seen('open') === 0 ? 0 : undefined),
			'oldest-idle-in-transaction-pid': optionalNumber(oldest['pid']),
			'idle-over-10-minutes': seen('longIdle'),
			holder: someText(textOf(holder?.['application'])),
			'holder-client': someText(textOf(holder?.['client'])),
			'holder-count': holderCount,
			'holder-percent': percentOf(holderCount, usable),
			'longest-active-pid': optionalNumber(longest['pid']),
			'longest-active':
				optionalNumber(longest['seconds']) ?? (seen('active') === 0 ? 0 : undefined),
			'longest-active-query': someText(statementOf(longest['query'])),
			'longest-active-waits': waitsOf(longest),
			'active-over-1-minute': seen('longActive'),
			'waiting-for-lock': seen('lockWaits'),
			'waiting-for-disk': seen('diskWaits'),
			usable,
			'limit-is-low': usable < lowLimit,
		},
		lines: holders.map(lineOf),
	};
};
