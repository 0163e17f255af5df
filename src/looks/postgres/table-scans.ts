import type {PostgresTarget} from '../../domain/targets.ts';
import {listOf, numberOf, textOf} from '../../sources/postgres/json.ts';
import {most} from '../figures.ts';
import type {LookFacts} from '../reader.ts';
import {askOne} from './ask.ts';

/** How a table was read since the statistics began. */
export type ScannedTable = {
	readonly id: number;
	readonly name: string;
	readonly scans: number;
	/** Rows that scans from end to end have read. */
	readonly rows: number;
	readonly indexScans: number;
	readonly bytes: number;
};

/** The table that is read from end to end the most. */
export type TableScans = {
	readonly table: ScannedTable;
	readonly rowsPerScan: number;
	/** Rows read by scans now; undefined where the two samples cannot be compared. */
	readonly rowsPerSecond: number | undefined;
	readonly isIndexMissing: boolean;
	/**
	 * Whether large scans read it between the two samples: a scan of a few rows is as quick as an index. Undefined where the
	 * two samples cannot be compared.
	 */
	readonly isScannedNow: boolean | undefined;
};

/** Sessions report their counts at most once a second (PGSTAT_MIN_INTERVAL). */
const betweenMs = 1100;
const fewScans = 20;
const manyRows = 5000;
/** A scan of fewer rows is as quick as an index. */
const leastRows = 1000;
const leastSharePercent = 10;

// The size by the pages of the last vacuum: measuring would wait behind an exclusive lock.
const scansSql = `
SELECT /* opsconsole */ json_build_object('rows', json_agg(t)) AS value FROM (
	SELECT s.relid::bigint AS id, s.schemaname || '.' || s.relname AS name, s.seq_scan::float8 AS scans,
		s.seq_tup_read::float8 AS rows, coalesce(s.idx_scan, 0)::float8 AS "indexScans",
		current_setting('block_size')::float8 * greatest(c.relpages, 0) AS bytes
	FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
	WHERE s.seq_tup_read > 0
	ORDER BY s.seq_tup_read DESC LIMIT 200
) t`;

async function sample(facts: LookFacts, target: PostgresTarget): Promise<readonly ScannedTable[]> {
	const fields = await askOne(facts, target, scansSql);
	return listOf(fields['rows']).map(row => ({
		id: numberOf(row['id']),
		name: textOf(row['name']),
		scans: numberOf(row['scans']),
		rows: numberOf(row['rows']),
		indexScans: numberOf(row['indexScans']),
		bytes: numberOf(row['bytes']),
	}));
}

/** Rows that were read by scans of a table between two samples; undefined where the statistics began anew. */
function rowsSince(before: readonly ScannedTable[], now: ScannedTable): number | undefined {
	const last = before.find(({id}) => id === now.id);
	const rows = now.rows - (last?.rows ?? 0);
	return rows < 0 ? undefined : rows;
}

function isMissing({scans, rows, indexScans}: ScannedTable): boolean {
	const share = (100 * scans) / (scans + indexScans);
	return scans >= fewScans && rows / scans >= manyRows && share >= leastSharePercent;
}

/**
 * Judges two samples: what is scanned now counts more than what was scanned since the statistics began, and what lacks an
 * index more than what is small.
 */
export function judgeScans(
	before: readonly ScannedTable[],
	after: readonly ScannedTable[],
	elapsedMs: number,
): TableScans | undefined {
	const rowsNow = (table: ScannedTable) => {
		const rows = rowsSince(before, table) ?? 0;
		return rows >= leastRows && table.rows / table.scans >= leastRows ? rows : undefined;
	};
	// A small table that is read all the time must not hide the large one that lacks an index.
	const now =
		most(after, table => (isMissing(table) ? rowsNow(table) : undefined)) ?? most(after, rowsNow);
	const table =
		now ??
		most(after, each => (isMissing(each) ? each.rows : undefined)) ??
		most(after, ({rows}) => rows);
	if (table === undefined || table.scans === 0) return undefined;
	const rows = rowsSince(before, table);
	return {
		table,
		rowsPerScan: table.rows / table.scans,
		rowsPerSecond: rows === undefined || elapsedMs <= 0 ? undefined : (rows * 1000) / elapsedMs,
		isIndexMissing: isMissing(table),
		isScannedNow: rows === undefined ? undefined : now !== undefined,
	};
}

/** Takes two samples a good second apart; undefined where no table was ever scanned. */
export async function readScans(
	facts: LookFacts,
	target: PostgresTarget,
): Promise<{readonly scans: TableScans | undefined; readonly tables: readonly ScannedTable[]}> {
	const {clock} = facts.io;
	const startMs = clock.monotonic();
	const before = await sample(facts, target);
	await clock.sleep(betweenMs, facts.signal);
	const after = await sample(facts, target);
	return {scans: judgeScans(before, after, clock.monotonic() - startMs), tables: after};
}
