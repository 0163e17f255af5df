import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {
	fieldsOf,
	listOf,
	numberOf,
	optionalNumber,
	statementOf,
	textOf,
	type Fields,
} from '../../sources/postgres/json.ts';
import {factsSql, statementsSql, unusedIndexesSql} from '../../sources/postgres/storage-sql.ts';
import {percentOf, someText} from '../figures.ts';
import {maybe} from '../maybe.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {postgresOf} from '../target.ts';
import {askOne} from './ask.ts';
import {senderOf} from './statement-sender.ts';
import {tableCareSql, tableCareValues} from './table-care.ts';
import {readScans, type ScannedTable} from './table-scans.ts';

type Statements = {readonly rows: readonly Fields[]; readonly totalMs: number};

/** The statements that took most of the time; undefined where the extension is missing or hides them all. */
async function readStatements(
	facts: LookFacts,
	target: PostgresTarget,
	server: Fields,
): Promise<Statements | undefined> {
	const extension = fieldsOf(server['statements']);
	const {schema} = extension;
	if (typeof schema !== 'string') return undefined;
	const sql = statementsSql(schema, textOf(extension['version']));
	const fields = await maybe(askOne(facts, target, sql), facts.signal);
	const rows = listOf(fields?.['rows']);
	const isHidden = rows.length === 0 && numberOf(fields?.['hidden']) > 0;
	if (fields === undefined || isHidden) return undefined;
	return {rows, totalMs: numberOf(fields['totalMs'])};
}

function statementValues(statements: Statements | undefined) {
	const slowest = statements?.rows[0];
	const totalMs = optionalNumber(slowest?.['totalMs']);
	const calls = optionalNumber(slowest?.['calls']);
	return {
		'has-statements': statements !== undefined,
		slowest: someText(statementOf(slowest?.['query'])),
		'slowest-share': percentOf(totalMs, statements?.totalMs),
		'slowest-mean': totalMs === undefined || !calls ? undefined : totalMs / calls,
		'slowest-calls': calls,
	};
}

/** A standby counts only its own scans: an index that is never used there may be needed on the primary. */
async function unusedValues(facts: LookFacts, target: PostgresTarget, server: Fields) {
	const fields =
		server['isStandby'] === true
			? undefined
			: await maybe(askOne(facts, target, unusedIndexesSql), facts.signal);
	const [index] = listOf(fields?.['rows']);
	const name = index && `${textOf(index['schema'])}.${textOf(index['name'])}`;
	return {
		'unused-index': name,
		'unused-index-bytes': index === undefined ? undefined : optionalNumber(index['bytes']),
	};
}

function linesOf(
	statements: Statements | undefined,
	tables: readonly ScannedTable[],
): readonly string[] {
	const ofStatements = (statements?.rows ?? []).slice(0, 8).map(row => {
		const share = percentOf(numberOf(row['totalMs']), statements?.totalMs) ?? 0;
		return `${share.toFixed(0)} % ${numberOf(row['calls'])} x ${statementOf(row['query'])}`;
	});
	const ofTables = tables.slice(0, 8).map(({name, rows, scans, bytes}) => {
		const each = scans === 0 ? 0 : Math.round(rows / scans);
		return `seq scan ${name}: ${scans} x ${each} rows, ${formatBytes(bytes)}`;
	});
	return [...ofTables, ...ofStatements].map(line => clean(line, 300));
}

/** Where the server's time goes, and what would help: indexes, vacuum, statistics. */
export const readPostgresQueries: LookReader<'postgres.queries'> = async facts => {
	const target = postgresOf(facts);
	const {signal} = facts;
	// The first statement has to work: a server that is gone must not look like one without a problem.
	const server = await askOne(facts, target, factsSql);
	const [found, {statements, sender}, care, unused] = await Promise.all([
		maybe(readScans(facts, target), signal),
		readStatements(facts, target, server).then(async read => ({
			statements: read,
			sender: await senderOf(facts, target, read?.rows[0]),
		})),
		maybe(askOne(facts, target, tableCareSql), signal),
		unusedValues(facts, target, server),
	]);
	const scans = found?.scans;
	const isKnown = found !== undefined;
	const rate = scans?.rowsPerSecond;
	return {
		values: {
			...statementValues(statements),
			...sender,
			'scanned-table': scans?.table.name,
			'rows-per-scan': scans?.rowsPerScan,
			scans: scans?.table.scans,
			'scanned-bytes': scans?.table.bytes,
			'scanned-rows': scans === undefined && isKnown ? 0 : rate,
			'is-index-missing': isKnown ? scans?.isIndexMissing === true : undefined,
			'is-scanned-now': scans === undefined ? (isKnown ? false : undefined) : scans.isScannedNow,
			...unused,
			...tableCareValues(care),
		},
		lines: linesOf(statements, found?.tables ?? []),
	};
};
