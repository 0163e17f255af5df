import {someText} from '../figures.ts';
import {numberOf, optionalNumber, textOf, type Fields} from '../../sources/postgres/json.ts';
import {fieldsOf} from '../../sources/postgres/json.ts';

/**
 * The table with the most dead rows, the one whose statistics are the most out of date, tables without any, and indexes that
 * a failed build has left. Views pg_stat_user_tables and pg_index.
 */
export const tableCareSql = `
SELECT /* opsconsole */ json_build_object(
	'dead', (SELECT json_build_object('name', schemaname || '.' || relname, 'dead', n_dead_tup::float8,
			'live', n_live_tup::float8)
		FROM pg_stat_user_tables WHERE n_dead_tup > 0 ORDER BY n_dead_tup DESC LIMIT 1),
	'stale', (SELECT json_build_object('name', schemaname || '.' || relname,
			'percent', 100 * n_mod_since_analyze::float8 / greatest(n_live_tup, 1),
			'age', extract(epoch FROM clock_timestamp() - greatest(last_analyze, last_autoanalyze))::float8)
		FROM pg_stat_user_tables WHERE n_mod_since_analyze >= 1000
		ORDER BY n_mod_since_analyze::float8 / greatest(n_live_tup, 1) DESC LIMIT 1),
	'never', (SELECT count(*) FROM pg_stat_user_tables
		WHERE coalesce(last_analyze, last_autoanalyze) IS NULL AND n_live_tup >= 1000),
	'invalid', (SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		WHERE NOT i.indisvalid AND c.relkind = 'i'),
	'firstInvalid', (SELECT min(n.nspname || '.' || c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND c.relkind = 'i'),
	'isVacuumOff', current_setting('autovacuum') = 'off' OR current_setting('track_counts') = 'off'
) AS value`;

/** Reads the answer into fields; all undefined where there was none. */
export function tableCareValues(fields: Fields | undefined) {
	const dead = fieldsOf(fields?.['dead']);
	const stale = fieldsOf(fields?.['stale']);
	const rows = optionalNumber(dead['dead']);
	const isRead = fields !== undefined;
	const count = (name: string) => (isRead ? numberOf(fields[name]) : undefined);
	return {
		'invalid-indexes': count('invalid'),
		'invalid-index': someText(textOf(fields?.['firstInvalid'])),
		'dead-table': someText(textOf(dead['name'])),
		'dead-rows': rows ?? (isRead ? 0 : undefined),
		'dead-percent':
			rows === undefined
				? isRead
					? 0
					: undefined
				: (100 * rows) / Math.max(1, rows + numberOf(dead['live'])),
		'is-vacuum-off': isRead ? fields['isVacuumOff'] === true : undefined,
		'stale-table': someText(textOf(stale['name'])),
		'stale-percent': optionalNumber(stale['percent']) ?? (isRead ? 0 : undefined),
		'analyze-age': optionalNumber(stale['age']),
		'never-analyzed': count('never'),
	};
}
