/** One client session that waits, blocks, runs long or holds a transaction open. */
export type Session = {
	readonly pid: number;
	readonly user: string;
	readonly database: string;
	readonly application: string;
	readonly client: string;
	readonly state: string;
	readonly waitEvent?: string;
	readonly transactionSeconds?: number;
	readonly querySeconds?: number;
	readonly stateSeconds?: number;
	/** The statement, cleaned, on one line, at most 1,000 characters. */
	readonly query: string;
	/**
	 * Why its statement is not cancelled from here: it is one of opsconsole's own, a superuser has to say so, or the role
	 * that looks may not (needs pg_signal_backend). Absent where it may be.
	 */
	readonly cannotCancel?: 'own' | 'superuser' | 'rights';
};

/** A session that blocks others, with those that wait for it; several blockers and chains are kept. */
export type BlockingNode = {
	readonly session: Session;
	/** Sessions that wait for this one directly. */
	readonly blocks: readonly BlockingNode[];
	/** Other pids that the session waits for too, where it has more than one blocker. */
	readonly alsoBlockedBy: readonly number[];
};

/** A part that could not be read while the rest could: with the reason, never as an empty list. */
export type Part<T> =
	| {readonly available: true; readonly value: T}
	| {readonly available: false; readonly reason: PartReason};

export type PartReason =
	'extension-missing' | 'no-rights' | 'not-on-standby' | 'version' | 'timed-out' | 'failed';

/** What happens in the server now (pg_stat_activity, pg_locks, pg_stat_database). */
export type PostgresActivity = {
	/** For example `15.18`. */
	readonly version: string;
	readonly versionNumber: number;
	readonly role: 'primary' | 'standby';
	readonly startedAtMs: number;
	readonly database: string;
	readonly connections: {
		/** Client backends only; background processes do not count. */
		readonly used: number;
		/** max_connections less the slots reserved for superusers (and for reserved roles since 16). */
		readonly usable: number;
		readonly max: number;
		readonly usedPercent: number;
		readonly byState: Readonly<Record<string, number>>;
		readonly byDatabase: readonly {readonly database: string; readonly count: number}[];
	};
	/** Sessions that wait for a lock. */
	readonly waiting: number;
	/** Roots first; empty when nobody is blocked. */
	readonly blocking: readonly BlockingNode[];
	readonly longestQuery?: Session;
	readonly longestTransaction?: Session;
	/** Sessions idle in a transaction (aborted ones included), longest first. */
	readonly idleInTransaction: readonly Session[];
	/** Active sessions, longest first, at most 50. */
	readonly active: readonly Session[];
	/** Rates since the sample before; absent at the first. */
	readonly commitsPerSecond?: number;
	readonly rollbacksPerSecond?: number;
	/** Hit share of the buffer cache over the last interval, else since the statistics reset. */
	readonly cacheHitPercent?: number;
	/** Counters since the statistics reset. */
	readonly deadlocks: number;
	readonly tempBytes: number;
	readonly tempFiles: number;
	/** Increase since opsconsole started watching. */
	readonly deadlocksSeen: number;
	readonly checksumFailures: number;
	/** False where the role may not see other users' statements (needs pg_monitor). */
	readonly seesAllSessions: boolean;
};

export type TableSize = {
	readonly schema: string;
	readonly name: string;
	readonly totalBytes: number;
	/** Absent where nobody has counted them since the statistics were reset. */
	readonly liveRows?: number;
	readonly deadRows: number;
	readonly lastVacuumAtMs?: number;
	readonly lastAnalyzeAtMs?: number;
};

export type UnusedIndex = {
	readonly schema: string;
	readonly table: string;
	readonly name: string;
	readonly bytes: number;
	readonly scans: number;
};

export type Statement = {
	readonly query: string;
	readonly calls: number;
	readonly meanMs: number;
	readonly totalMs: number;
	readonly rows: number;
	/** Share of the total time of all statements. */
	readonly sharePercent: number;
};

export type Replica = {
	readonly name: string;
	readonly client: string;
	readonly state: string;
	readonly lagBytes?: number;
	readonly lagSeconds?: number;
};

/** What changes slowly: sizes, statements, replication, archiving. */
export type PostgresStorage = {
	readonly databases: Part<readonly {readonly name: string; readonly bytes: number}[]>;
	readonly tables: Part<readonly TableSize[]>;
	readonly unusedIndexes: Part<readonly UnusedIndex[]>;
	readonly statements: Part<readonly Statement[]>;
	readonly replication: Part<{
		readonly replicas: readonly Replica[];
		readonly slots: readonly {
			readonly name: string;
			readonly isActive: boolean;
			readonly retainedBytes?: number;
		}[];
		/** On a standby: seconds behind the primary. */
		readonly receiverLagSeconds?: number;
		/** On a standby: whether it is connected to its primary now. */
		readonly isReceiving?: boolean;
	}>;
	readonly archiving: Part<{
		readonly mode: string;
		readonly archived: number;
		readonly failed: number;
		readonly lastArchivedAtMs?: number;
		readonly lastFailedAtMs?: number;
		readonly lastFailedFile?: string;
	}>;
	/** Whether the server checks data pages (data_checksums). */
	readonly dataChecksums: Part<boolean>;
};
