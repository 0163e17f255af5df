import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import {ProblemError} from '../../domain/problem.ts';
import {listOf, numberOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import {careDraft, carePlace, readPlace, type CarePlace} from './care-plan.ts';
import {runAll, statementsOf, type SqlCommand} from './commands.ts';
import {quoteQualified} from './quote.ts';
import {maybeText, requestOf, wholeNumber} from './restore-request.ts';
import {findServer, readIn} from './server.ts';

/** A table with its dead rows, as the server's statistics know them. */
export type TableState = {
	readonly schema: string;
	readonly name: string;
	readonly liveRows: number;
	readonly deadRows: number;
	readonly bytes: number;
};

const tablesSql = `
SELECT /* opsconsole */ coalesce(json_agg(json_build_object('schema', schemaname, 'name', relname, 'live', n_live_tup,
	'dead', n_dead_tup, 'bytes', pg_table_size(relid)::float8)), '[]') AS value
FROM pg_catalog.pg_stat_user_tables`;

async function tablesNow(
	look: Look,
	place: Pick<CarePlace, 'target' | 'database'>,
): Promise<readonly TableState[]> {
	const [row] = await readPlace(look, place, [tablesSql]);
	return listOf(row?.['value'])
		.map(objectOf)
		.map(table => ({
			schema: textOf(table['schema']),
			name: textOf(table['name']),
			liveRows: numberOf(table['live']) ?? 0,
			deadRows: numberOf(table['dead']) ?? 0,
			bytes: numberOf(table['bytes']) ?? 0,
		}));
}

/** Share of dead rows in percent; 0 where there is no row at all. */
export function deadPercent({liveRows, deadRows}: TableState): number {
	const total = liveRows + deadRows;
	return total === 0 ? 0 : (deadRows / total) * 100;
}

/** The thing with this name, as `schema.name`, or as `name` where only one schema has it. Rejects where it is not clear. */
export function findNamed<T extends {readonly schema: string; readonly name: string}>(
	all: readonly T[],
	wanted: string,
	{database, kind}: {readonly database: string; readonly kind: string},
): T {
	const full = all.filter(({schema, name}) => `${schema}.${name}` === wanted);
	const found = full.length > 0 ? full : all.filter(({name}) => name === wanted);
	const [only] = found;
	if (only === undefined || found.length > 1) {
		throw new ProblemError({
			code: 'care-no-relation',
			params: {database: clean(database, 80), kind, name: clean(wanted, 130)},
			retry: 'rarely',
		});
	}
	return only;
}

function say({schema, name}: {readonly schema: string; readonly name: string}): string {
	return clean(`${schema}.${name}`, 130);
}

/** A statement in the database that is taken care of. */
function careStatement({database}: CarePlace, text: string): SqlCommand {
	return {kind: 'sql', session: 'care', database, text};
}

/** What is analysed. */
export type AnalyzeRequest = {
	readonly target?: string;
	readonly database?: string;
	/** Everything where absent. */
	readonly table?: string;
};

/** Which table is vacuumed: by name, or all with at least so many percent of dead rows. */
export type VacuumRequest = AnalyzeRequest & {readonly minDeadPercent?: number};

function parseAnalyze(value: unknown): AnalyzeRequest {
	const request = requestOf(value);
	return {
		...maybeText(request, 'target'),
		...maybeText(request, 'database'),
		...maybeText(request, 'table'),
	};
}

/** Collects planner statistics of a table or of everything; blocks nobody. */
export const analyzeDatabase: Operation<AnalyzeRequest> = {
	id: 'analyze-database',
	title: {code: 'analyze-name'},
	parse: parseAnalyze,
	async plan(look, request) {
		const place = await carePlace(look, request, true);
		const kind = {database: place.database, kind: 'table'};
		const table =
			request.table === undefined
				? undefined
				: findNamed(await tablesNow(look, place), request.table, kind);
		const what = table === undefined ? clean(place.database, 100) : say(table);
		const text =
			table === undefined ? 'ANALYZE' : `ANALYZE ${quoteQualified(table.schema, table.name)}`;
		return {
			...careDraft(place, []),
			title: {code: 'analyze-title', params: {what}},
			risk: 'safe',
			steps: [
				{
					id: 'analyze',
					title: {code: 'analyze-title', params: {what}},
					commands: [careStatement(place, text)],
					deadlineMs: 2 * 3_600_000,
				},
			],
			warnings: [],
			undo: {code: 'care-nothing-to-undo'},
		};
	},
	steps: {analyze: {run: tools => runAll(tools, statementsOf(tools.step.commands))}},
};

const defaultDeadPercent = 10;
/** Tables with fewer dead rows are not worth a look, whatever their share. */
const leastDeadRows = 100;

function chosenTables(
	all: readonly TableState[],
	{table, minDeadPercent = defaultDeadPercent}: VacuumRequest,
	database: string,
): readonly TableState[] {
	if (table !== undefined) {
		return [findNamed(all, table, {database, kind: 'table'})];
	}
	return all
		.filter(state => deadPercent(state) >= minDeadPercent && state.deadRows >= leastDeadRows)
		.sort((a, b) => b.deadRows - a.deadRows)
		.slice(0, 20);
}

function deadLine(state: TableState): Phrase {
	return {
		code: 'vacuum-dead',
		params: {
			table: say(state),
			dead: state.deadRows,
			total: state.liveRows + state.deadRows,
			percent: Math.round(deadPercent(state)),
			size: formatBytes(state.bytes),
		},
	};
}

async function deadNow(tools: Tools<VacuumRequest>): Promise<ReadonlyMap<string, number>> {
	const {postgres} = tools.plan.identity;
	const target = findServer(tools.look, postgres?.target);
	const [row] = await readIn(tools.look, target, postgres?.database ?? '', [tablesSql]);
	return new Map(
		listOf(row?.['value'])
			.map(objectOf)
			.map(table => [
				quoteQualified(textOf(table['schema']), textOf(table['name'])),
				numberOf(table['dead']) ?? 0,
			]),
	);
}

async function deadIn(tools: Tools<VacuumRequest>, table: string): Promise<number> {
	return (await deadNow(tools)).get(table) ?? 0;
}

const statisticsMs = 3000;

/** Takes dead rows out of tables; nobody waits for it. Never FULL, which locks the table and needs its size again. */
export const vacuumTable: Operation<VacuumRequest> = {
	id: 'vacuum-table',
	title: {code: 'vacuum-name'},
	parse(value) {
		const request = requestOf(value);
		return {
			...parseAnalyze(request),
			...(request['minDeadPercent'] !== undefined && {
				minDeadPercent: wholeNumber(request, 'minDeadPercent', {least: 1, most: 100}),
			}),
		};
	},
	async plan(look, request) {
		const place = await carePlace(look, request, true);
		const tables = chosenTables(await tablesNow(look, place), request, place.database);
		if (tables.length === 0) {
			throw new ProblemError({
				code: 'care-nothing-dead',
				params: {percent: request.minDeadPercent ?? defaultDeadPercent},
				retry: 'rarely',
			});
		}
		const what = clean(tables.map(say).join(', '), 300);
		return {
			...careDraft(place, [
				{resource: `pg-care:${place.server.systemIdentifier}:${place.database}`, mode: 'exclusive'},
			]),
			title: {code: 'vacuum-title', params: {what}},
			risk: 'safe',
			steps: [
				{
					id: 'vacuum',
					title: {code: 'vacuum-title', params: {what}},
					commands: tables.map(({schema, name}) =>
						careStatement(place, `VACUUM (ANALYZE) ${quoteQualified(schema, name)}`),
					),
					deadlineMs: 6 * 3_600_000,
				},
			],
			warnings: tables.map(deadLine),
			undo: {code: 'vacuum-undo'},
		};
	},
	steps: {
		vacuum: {
			async run(tools) {
				const {clock} = tools.look.io;
				const before = await deadNow(tools);
				for (const command of statementsOf(tools.step.commands)) {
					await tools.sql(command);
					const table = command.text.slice('VACUUM (ANALYZE) '.length);
					const dead = before.get(table) ?? 0;
					const startedAt = clock.monotonic();
					let after = await deadIn(tools, table);
					// The statistics may come a moment later than the end of the statement.
					while (after >= dead && dead > 0 && clock.monotonic() - startedAt < statisticsMs) {
						await clock.sleep(200, tools.look.signal);
						after = await deadIn(tools, table);
					}
					const code = after < dead || dead === 0 ? 'vacuum-effect' : 'vacuum-no-effect';
					const phrase = {
						code,
						params: {table: clean(table, 140), before: dead, after},
					} as const;
					if (code === 'vacuum-effect') {
						tools.note(phrase);
					} else {
						tools.warn(phrase);
					}
				}
			},
		},
	},
};
