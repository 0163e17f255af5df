import type {PostgresTarget} from '../../domain/targets.ts';
import {
	fieldsOf,
	numberOf,
	optionalNumber,
	textOf,
	type Fields,
} from '../../sources/postgres/json.ts';
import {someText} from '../figures.ts';
import {maybe} from '../maybe.ts';
import type {LookFacts} from '../reader.ts';
import {askOne} from './ask.ts';
import {clientSql, isHiddenSql, programSql, runsNowSql} from './session-sql.ts';

/** A statement that ended longer ago than this, in s, belongs to the past. */
const recentSeconds = 120;

/**
 * The session that runs a statement, or that ran it last: an idle one keeps the id of what it ran. View pg_stat_activity;
 * `query_id` since version 14, read through JSON because older servers lack it.
 */
const senderSql = `
WITH /* opsconsole */ sessions AS MATERIALIZED (
	SELECT pid, usename, application_name, ${clientSql} AS client, query,
		${runsNowSql} AS runs, state_change, query_start,
		to_jsonb(a)->>'query_id' AS query_id, datid
	FROM pg_stat_activity a
	WHERE pid <> pg_backend_pid() AND application_name <> 'opsconsole'
)
SELECT json_build_object(
	'hasIds', current_setting('server_version_num')::int >= 140000,
	'hidden', (SELECT count(*) FROM sessions WHERE ${isHiddenSql}),
	'last', (SELECT json_build_object('pid', pid, 'runs', runs, 'client', client,
			'application', ${programSql},
			'runsFor', extract(epoch FROM clock_timestamp() - query_start)::float8,
			'endedFor', extract(epoch FROM clock_timestamp() - state_change)::float8)
		FROM sessions WHERE query_id = $1 AND datid::text = $2
		ORDER BY runs DESC, CASE WHEN runs THEN query_start END, state_change DESC LIMIT 1)
) AS value`;

async function readSender(facts: LookFacts, target: PostgresTarget, statement: Fields) {
	const values = [textOf(statement['id']), textOf(statement['database'])];
	return maybe(askOne(facts, target, senderSql, values), facts.signal);
}

/** Who runs a statement now or ran it last, and whether it belongs to the present. */
export async function senderOf(
	facts: LookFacts,
	target: PostgresTarget,
	statement: Fields | undefined,
) {
	const fields = statement && (await readSender(facts, target, statement));
	const last = fieldsOf(fields?.['last']);
	const pid = optionalNumber(last['pid']);
	const isRunning = last['runs'] === true;
	const canTell =
		fields !== undefined && fields['hasIds'] === true && numberOf(fields['hidden']) === 0;
	const age = isRunning ? 0 : optionalNumber(last['endedFor']);
	return {
		'slowest-user': someText(textOf(statement?.['users'])),
		'slowest-sender': someText(textOf(last['application'])),
		'slowest-client': someText(textOf(last['client'])),
		'slowest-pid': isRunning ? pid : undefined,
		'slowest-running': isRunning ? optionalNumber(last['runsFor']) : canTell ? 0 : undefined,
		'slowest-age': age,
		'is-slowest-recent': age === undefined ? (canTell ? false : undefined) : age <= recentSeconds,
	};
}
