import {blockedCount} from '../../domain/blocking.ts';
import {clean} from '../../domain/clean.ts';
import type {BlockingNode} from '../../domain/postgres.ts';
import {numberOf, optionalNumber, textOf} from '../../sources/postgres/json.ts';
import {someText} from '../figures.ts';
import {freshOf} from '../fresh-of.ts';
import type {LookReader} from '../reader.ts';
import {postgresOf} from '../target.ts';
import {askOne} from './ask.ts';

const shownCount = 20;

/**
 * What is waited for. A session that waits for a row waits for another transaction; the table is that of the row lock that
 * it holds in the queue. Schema changes want locks from SHARE UPDATE EXCLUSIVE on; one that waits keeps everybody behind it
 * waiting. Views pg_locks and pg_prepared_xacts; `waitstart` exists since PostgreSQL 14, hence by its name.
 */
const locksSql = `
WITH /* opsconsole */ here AS MATERIALIZED (
	SELECT l.pid, l.locktype, l.mode, l.granted, l.relation, (to_jsonb(l) ->> 'waitstart')::timestamptz AS since
	FROM pg_locks l
	WHERE l.database IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) OR l.database IS NULL
), waits AS MATERIALIZED (SELECT * FROM here WHERE NOT granted
), changes AS MATERIALIZED (
	SELECT DISTINCT w.pid FROM waits w
	WHERE w.locktype = 'relation' AND w.mode IN ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock')
		AND EXISTS (SELECT FROM waits o WHERE o.relation = w.relation AND o.pid <> w.pid
			AND w.pid = ANY (pg_blocking_pids(o.pid)))
)
SELECT json_build_object(
	'relation', (SELECT n.nspname || '.' || c.relname FROM here h
		JOIN pg_class c ON c.oid = h.relation JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE h.pid IN (SELECT pid FROM waits) AND (NOT h.granted OR h.locktype = 'tuple')
		GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1),
	'longestWait', (SELECT extract(epoch FROM max(clock_timestamp() - since))::float8 FROM waits),
	'changes', (SELECT count(*) FROM changes),
	'changePid', (SELECT min(pid) FROM changes),
	'prepared', (SELECT count(*) FROM pg_prepared_xacts),
	'oldestPrepared', (SELECT extract(epoch FROM max(clock_timestamp() - prepared))::float8 FROM pg_prepared_xacts)
) AS value`;

function depthOf(node: BlockingNode): number {
	return 1 + Math.max(0, ...node.blocks.map(depthOf));
}

/** All sessions that wait, below these nodes. */
function waitersOf(nodes: readonly BlockingNode[]): readonly BlockingNode[] {
	return nodes.flatMap(({blocks}) => [...blocks, ...waitersOf(blocks)]);
}

function linesOf(node: BlockingNode, depth = 0): readonly string[] {
	const {pid, application, user, state, query} = node.session;
	const line = `${'  '.repeat(depth)}${pid} ${application || user} [${state}] ${query}`;
	return [clean(line, 300), ...node.blocks.flatMap(below => linesOf(below, depth + 1))];
}

/** The tree of who blocks whom, from its root. */
export const readPostgresLocks: LookReader<'postgres.locks'> = async facts => {
	const target = postgresOf(facts);
	const activity = freshOf(
		'postgres.activity',
		await facts.reading('postgres.activity', target.id),
	);
	const fields = await askOne(facts, target, locksSql);
	const {blocking} = activity;
	const [root] = blocking;
	const session = root?.session;
	const waits = waitersOf(blocking).map(node => node.session.querySeconds ?? 0);
	return {
		values: {
			blocked: blocking.reduce((sum, node) => sum + blockedCount(node), 0),
			roots: blocking.length,
			'root-pid': session?.pid === 0 ? undefined : session?.pid,
			'root-application': someText(session && (session.application || session.user)),
			'root-state': someText(session?.state),
			'root-is-idle': session?.state.startsWith('idle in transaction'),
			'root-age': session?.transactionSeconds,
			'root-blocks': root === undefined ? undefined : blockedCount(root),
			'root-is-prepared': session === undefined ? undefined : session.pid === 0,
			'chain-depth': Math.max(0, ...blocking.map(node => depthOf(node) - 1)),
			'longest-wait': optionalNumber(fields['longestWait']) ?? Math.max(0, ...waits),
			relation: someText(textOf(fields['relation'])),
			'pending-ddl': numberOf(fields['changes']),
			'pending-ddl-pid': optionalNumber(fields['changePid']),
			prepared: numberOf(fields['prepared']),
			'oldest-prepared': optionalNumber(fields['oldestPrepared']),
		},
		lines: blocking.flatMap(node => linesOf(node)).slice(0, shownCount),
	};
};
