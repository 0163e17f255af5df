import type {Operation} from '../operation.ts';
import {dropKeptDatabase} from './drop-kept.ts';
import {importDump} from './import-dump.ts';
import {reindexConcurrently} from './indexes-care.ts';
import {restoreDatabase} from './restore-database.ts';
import {restoreTable} from './restore-table.ts';
import {cancelQuery, terminateSessions} from './sessions.ts';
import {swapBackDatabase} from './swap-back.ts';
import {analyzeDatabase, vacuumTable} from './tables-care.ts';

/** Everything that can be done to PostgreSQL beside backups, by id. */
export const postgresOperations = {
	'restore-database': restoreDatabase,
	'swap-back-database': swapBackDatabase,
	'drop-kept-database': dropKeptDatabase,
	'restore-table': restoreTable,
	'import-dump': importDump,
	'cancel-query': cancelQuery,
	'terminate-sessions': terminateSessions,
	'analyze-database': analyzeDatabase,
	'vacuum-table': vacuumTable,
	'reindex-concurrently': reindexConcurrently,
} as const satisfies Readonly<Record<string, Operation>>;
