import {clean} from '../../domain/clean.ts';
import {extraTables, nameKey} from '../../domain/compare-tables.ts';
import {proofOf, type CatalogueBackup} from '../../domain/catalogue.ts';
import type {DatabaseFacts} from '../../domain/manifest.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {formatBytes} from '../../domain/format.ts';
import {listOf, numberOf, textOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look} from '../operation.ts';
import {readIn} from './server.ts';
import type {ServerFacts} from './server-facts.ts';

/** Rows that a table has now, as the server's statistics estimate them. */
export type LiveTable = {readonly schema: string; readonly name: string; readonly rows: number};

/** Most lines about tables, and about sessions, on a card. */
const maxLines = 12;

const liveTablesSql = `
SELECT /* opsconsole */ json_agg(json_build_array(n.nspname, c.relname,
	greatest(c.reltuples, 0, pg_stat_get_live_tuples(c.oid))::float8)) AS value
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
	AND n.nspname NOT LIKE 'pg_temp%'`;

async function liveTables(
	look: Look,
	target: PostgresTarget,
	database: string,
): Promise<readonly LiveTable[]> {
	const [row] = await readIn(look, target, database, [liveTablesSql]);
	return listOf(row?.['value'])
		.map(listOf)
		.map(([schema, name, rows]) => ({
			schema: textOf(schema),
			name: textOf(name),
			rows: numberOf(rows) ?? 0,
		}));
}

type Weighed = {readonly difference: number; readonly phrase: Phrase};

/** How the tables differ, the largest difference first; at most twelve, then how many more. */
export function tableDifferences(
	backup: DatabaseFacts['tables'],
	live: readonly LiveTable[],
): readonly Phrase[] {
	const say = ({schema, name}: Pick<LiveTable, 'schema' | 'name'>) =>
		clean(`${schema}.${name}`, 130);
	const now = new Map(live.map(table => [nameKey(table), table.rows]));
	const extra = extraTables(backup, live).map((table): Weighed => {
		const params = {table: say(table), live: table.rows};
		return {difference: Infinity, phrase: {code: 'restore-card-extra', params}};
	});
	const changed = backup.flatMap((table): readonly Weighed[] => {
		const rowsNow = now.get(nameKey(table));
		if (rowsNow === undefined) {
			const params = {table: say(table), backup: table.rows};
			return [{difference: Infinity, phrase: {code: 'restore-card-missing', params}}];
		}
		const params = {table: say(table), live: rowsNow, backup: table.rows};
		const difference = Math.abs(rowsNow - table.rows);
		return difference === 0 ? [] : [{difference, phrase: {code: 'restore-card-table', params}}];
	});
	const all = [...extra, ...changed].sort((a, b) =>
		a.difference === b.difference ? 0 : b.difference - a.difference,
	);
	const more = all.length - maxLines;
	return [
		...all.slice(0, maxLines).map(({phrase}) => phrase),
		...(more > 0 ? [{code: 'restore-card-more' as const, params: {count: more}}] : []),
	];
}

function sessionLines({live}: ServerFacts): readonly Phrase[] {
	return (live?.sessions ?? []).slice(0, maxLines).map(({application, user, count}) => ({
		code: 'restore-card-sessions',
		params: {count, user: clean(user, 60), application: clean(application || '-', 60)},
	}));
}

/** What the card is about. */
type CardFacts = {
	readonly target: PostgresTarget;
	readonly database: string;
	readonly facts: DatabaseFacts;
	readonly server: ServerFacts;
	readonly backup: Pick<CatalogueBackup, 'startedAtMs' | 'verifications'>;
	readonly names: {readonly kept: string};
};

/** What an operator should know before typing the confirmation: rows now and then, last activity, who is cut off. */
export async function restoreWarnings(
	look: Look,
	{target, database, facts, server, backup, names}: CardFacts,
	{hasSpaceSeen}: {readonly hasSpaceSeen: boolean},
): Promise<readonly Phrase[]> {
	const {live} = server;
	const phrases: Phrase[] = [
		{
			code: 'restore-card-age',
			params: {at: new Date(backup.startedAtMs).toISOString()},
		},
	];
	if ((proofOf(backup.verifications).level ?? 0) < 3) {
		phrases.push({code: 'restore-card-unproven'});
	}
	if (facts.proof === 'counts') {
		phrases.push({code: 'restore-card-counts'});
	}
	if (facts.systemIdentifier !== server.systemIdentifier) {
		phrases.push({code: 'restore-card-foreign', params: {from: facts.systemIdentifier}});
	}
	if (server.isArchiving && server.archiveFailures > 0) {
		phrases.push({code: 'restore-card-archiver', params: {count: server.archiveFailures}});
	}
	if (!hasSpaceSeen) {
		phrases.push({code: 'restore-card-space'});
	}
	if (live === undefined) {
		return [
			...phrases,
			{code: 'restore-card-new', params: {database: clean(database, 100)}},
			...tableDifferences(facts.tables, []),
		];
	}
	const {lastActivityMs} = live;
	return [
		...phrases,
		...tableDifferences(facts.tables, await liveTables(look, target, database)),
		lastActivityMs === undefined
			? {code: 'restore-card-idle'}
			: {
					code: 'restore-card-activity',
					params: {at: new Date(lastActivityMs).toISOString()},
				},
		...sessionLines(server),
		{
			code: 'restore-card-kept',
			params: {kept: clean(names.kept, 100), size: formatBytes(live.sizeBytes)},
		},
	];
}
