import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {listOf, numberOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import {careDraft, carePlace, readPlace} from './care-plan.ts';
import {statement, statementsOf, type SqlCommand} from './commands.ts';
import {maxNameBytes, quoteQualified} from './quote.ts';
import {maybeText, requestOf, wantedText} from './restore-request.ts';
import {findServer, readIn} from './server.ts';
import {cutBytes} from './side-names.ts';
import {findNamed} from './tables-care.ts';

/** An index as the catalog and the statistics know it. */
export type IndexState = {
	readonly schema: string;
	readonly name: string;
	readonly table: string;
	readonly bytes: number;
	readonly scans: number;
	readonly isValid: boolean;
	/** It enforces something: unique, primary, an exclusion, a foreign key's target, a replica identity. */
	readonly isNeeded: boolean;
	readonly isPartitioned: boolean;
};

const indexesSql = `
SELECT /* opsconsole */ json_build_object('since', (SELECT coalesce(stats_reset, pg_postmaster_start_time())::text
	FROM pg_catalog.pg_stat_database WHERE datname = current_database()),
'indexes', (SELECT coalesce(json_agg(json_build_object(
	'schema', n.nspname, 'name', c.relname, 'table', i.indrelid::regclass::text,
	'bytes', pg_relation_size(c.oid)::float8, 'scans', coalesce(pg_stat_get_numscans(c.oid), 0),
	'valid', i.indisvalid, 'partitioned', c.relkind = 'I',
	'needed', i.indisunique OR i.indisprimary OR i.indisexclusion OR i.indisreplident
		OR EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid)
		OR EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid))), '[]')
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema'))) AS value`;

function indexesOf(value: unknown): readonly IndexState[] {
	return listOf(objectOf(value)['indexes'])
		.map(objectOf)
		.map(index => ({
			schema: textOf(index['schema']),
			name: textOf(index['name']),
			table: textOf(index['table']),
			bytes: numberOf(index['bytes']) ?? 0,
			scans: numberOf(index['scans']) ?? 0,
			isValid: index['valid'] === true,
			isNeeded: index['needed'] === true,
			isPartitioned: index['partitioned'] === true,
		}));
}

/**
 * Names that PostgreSQL gives to the second copy of an index while it is built concurrently, and to the old one after
 * the swap (makeObjectName, ChooseRelationName): one of them stays, invalid, when that fails.
 */
export function leftoverNames(index: string): readonly string[] {
	return ['ccnew', 'ccnew1', 'ccnew2', 'ccnew3', 'ccold', 'ccold1', 'ccold2', 'ccold3'].map(
		label => `${cutBytes(index, maxNameBytes - label.length - 1)}_${label}`,
	);
}

/** Which index is built anew. */
export type ReindexRequest = {
	readonly target?: string;
	readonly database?: string;
	readonly index: string;
};

async function dropLeftovers(
	tools: Tools<ReindexRequest>,
	commands: readonly SqlCommand[],
): Promise<void> {
	const {postgres} = tools.plan.identity;
	const target = findServer(tools.look, postgres?.target);
	const [row] = await readIn(tools.look, target, postgres?.database ?? '', [indexesSql]);
	for (const {schema, name, isValid} of indexesOf(row?.['value'])) {
		const text = `DROP INDEX CONCURRENTLY IF EXISTS ${quoteQualified(schema, name)}`;
		const command = commands.find(one => one.text === text);
		if (!isValid && command !== undefined) {
			await tools.sql(command);
			tools.note({code: 'reindex-cleaned', params: {name: clean(name, 130)}});
		}
	}
}

/** Builds an index anew beside the old one; readers and writers go on. */
export const reindexConcurrently: Operation<ReindexRequest> = {
	id: 'reindex-concurrently',
	title: {code: 'reindex-name'},
	parse(value) {
		const request = requestOf(value);
		return {
			...maybeText(request, 'target'),
			...maybeText(request, 'database'),
			index: wantedText(request, 'index'),
		};
	},
	async plan(look, request) {
		const place = await carePlace(look, request, true);
		if (place.server.versionNumber < 120_000) {
			throw new ProblemError({
				code: 'care-old-version',
				params: {here: Math.floor(place.server.versionNumber / 10_000), wanted: 12},
				retry: 'rarely',
			});
		}
		const [row] = await readPlace(look, place, [indexesSql]);
		const kind = {database: place.database, kind: 'index'};
		const {schema, name, bytes} = findNamed(indexesOf(row?.['value']), request.index, kind);
		const what = clean(`${schema}.${name}`, 130);
		const on = (text: string): SqlCommand => ({
			kind: 'sql',
			session: 'care',
			database: place.database,
			text,
		});
		const drops = leftoverNames(name).map(left =>
			on(`DROP INDEX CONCURRENTLY IF EXISTS ${quoteQualified(schema, left)}`),
		);
		return {
			...careDraft(place, [
				{resource: `pg-care:${place.server.systemIdentifier}:${place.database}`, mode: 'exclusive'},
			]),
			title: {code: 'reindex-title', params: {what}},
			risk: 'disruptive',
			steps: [
				{
					id: 'clean',
					title: {code: 'reindex-step-clean'},
					commands: drops,
					deadlineMs: 600_000,
				},
				{
					id: 'reindex',
					title: {code: 'reindex-step'},
					commands: [
						on("SET lock_timeout = '10s'"),
						on(`REINDEX INDEX CONCURRENTLY ${quoteQualified(schema, name)}`),
					],
					undo: drops,
					deadlineMs: 12 * 3_600_000,
				},
			],
			warnings: [{code: 'reindex-space', params: {size: formatBytes(bytes)}}],
			undo: {code: 'reindex-undo'},
		};
	},
	steps: {
		clean: {run: tools => dropLeftovers(tools, statementsOf(tools.step.commands))},
		reindex: {
			async run(tools) {
				const before = await sizeOf(tools);
				await tools.sql(statement(tools.step.commands, 'SET'));
				await tools.sql(statement(tools.step.commands, 'REINDEX'));
				const after = await sizeOf(tools);
				tools.note({
					code: 'reindex-effect',
					params: {
						index: clean(tools.request.index, 130),
						before: formatBytes(before),
						after: formatBytes(after),
					},
				});
			},
			undo: tools => dropLeftovers(tools, statementsOf(tools.step.undo)),
		},
	},
};

async function sizeOf(tools: Tools<ReindexRequest>): Promise<number> {
	const {postgres} = tools.plan.identity;
	const database = postgres?.database ?? '';
	const target = findServer(tools.look, postgres?.target);
	const [row] = await readIn(tools.look, target, database, [indexesSql]);
	const kind = {database, kind: 'index'};
	return findNamed(indexesOf(row?.['value']), tools.request.index, kind).bytes;
}

/**
 * Indexes that nothing has used, as advice with the statement to type: whether an index is needed once a month only its
 * owner knows, so that nothing here drops one.
 */
export async function unusedIndexAdvice(
	look: Look,
	target: PostgresTarget,
	database: string,
): Promise<readonly Phrase[]> {
	const [row] = await readIn(look, target, database, [indexesSql]);
	const since = clean(textOf(objectOf(row?.['value'])['since']), 40);
	return indexesOf(row?.['value'])
		.filter(({scans, isNeeded, isPartitioned}) => scans === 0 && !isNeeded && !isPartitioned)
		.sort((a, b) => b.bytes - a.bytes)
		.slice(0, 20)
		.flatMap(({schema, name, table, bytes}): readonly Phrase[] => [
			{
				code: 'unused-index',
				params: {
					table: clean(table, 130),
					index: clean(`${schema}.${name}`, 130),
					size: formatBytes(bytes),
					since,
				},
			},
			{
				code: 'unused-index-sql',
				params: {sql: clean(`DROP INDEX CONCURRENTLY ${quoteQualified(schema, name)}`, 300)},
			},
		]);
}
