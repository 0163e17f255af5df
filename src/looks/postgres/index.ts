import {readPostgresActivity} from './activity.ts';
import {readPostgresLocks} from './locks.ts';
import {readPostgresQueries} from './queries.ts';
import {readPostgresSessions} from './sessions.ts';
import {readPostgresSettings} from './settings.ts';
import {readPostgresStorage} from './storage.ts';

/** How the looks at a PostgreSQL server are read. */
export const postgresReaders = {
	'postgres.activity': readPostgresActivity,
	'postgres.sessions': readPostgresSessions,
	'postgres.locks': readPostgresLocks,
	'postgres.queries': readPostgresQueries,
	'postgres.storage': readPostgresStorage,
	'postgres.settings': readPostgresSettings,
};
