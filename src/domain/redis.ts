/** State of a Redis or Valkey server, from INFO, SLOWLOG, LATENCY and CONFIG GET. */
export type RedisValue = {
	readonly flavour: 'redis' | 'valkey';
	readonly version: string;
	readonly runId: string;
	readonly role: 'master' | 'replica';
	readonly uptimeSeconds: number;
	readonly memory: {
		readonly usedBytes: number;
		readonly rssBytes: number;
		readonly peakBytes: number;
		/** 0 means no limit. */
		readonly maxBytes: number;
		/** Absent where no limit is set. */
		readonly usedPercent?: number;
		readonly policy: string;
		/** Resident / used memory; absent below 64 MiB, where the program itself outweighs its data. */
		readonly fragmentationRatio?: number;
	};
	readonly keys: {
		readonly total: number;
		readonly expiring: number;
		readonly databases: readonly {
			readonly index: number;
			readonly keys: number;
			readonly expiring: number;
		}[];
	};
	readonly evictedKeys: number;
	readonly expiredKeys: number;
	/** Per second since the sample before. */
	readonly evictionsPerSecond?: number;
	readonly expiriesPerSecond?: number;
	/** Over the last minute if there were look-ups in it, else since start; hits / (hits + misses). */
	readonly hitPercent?: number;
	readonly clients: {
		readonly connected: number;
		readonly blocked: number;
		readonly max: number;
		readonly usedPercent: number;
	};
	readonly rejectedConnections: number;
	readonly operationsPerSecond: number;
	/** Round trip of a PING as seen from here. */
	readonly pingMs: number;
	readonly slowLog: readonly {
		readonly id: number;
		readonly atMs: number;
		readonly durationMs: number;
		readonly command: string;
	}[];
	/** Why the slow log is missing, where the ACL forbids it. */
	readonly slowLogDenied: boolean;
	readonly persistence: {
		readonly isLoading: boolean;
		readonly lastSaveAtMs?: number;
		readonly lastSaveOk: boolean;
		readonly changesSinceSave: number;
		readonly isSaving: boolean;
		readonly aofEnabled: boolean;
		readonly aofOk: boolean;
	};
	readonly replication: {
		readonly replicas: number;
		/** On a replica: whether the link to the master is up. */
		readonly masterLinkUp?: boolean;
		readonly masterLagSeconds?: number;
	};
	/**
	 * Conditions in which commands fail: by the state of the server, and by errors that any client got in the last 10 s
	 * (INFO errorstats, Redis 6.2 and later). A server that a script blocks gives no value but a problem.
	 */
	readonly trouble: readonly (
		'out-of-memory' | 'save-failed' | 'read-only' | 'loading' | 'busy-script'
	)[];
};

/** Sample of keys by SCAN within a budget, on demand only. */
export type RedisKeySample = {
	/** The sampled database: the one with the most keys. */
	readonly database: number;
	readonly scanned: number;
	readonly total: number;
	readonly isComplete: boolean;
	readonly largest: readonly {
		readonly key: string;
		readonly type: string;
		readonly bytes: number;
		readonly ttlSeconds?: number;
	}[];
	readonly byPrefix: readonly {
		readonly prefix: string;
		readonly keys: number;
		readonly bytes: number;
	}[];
	readonly withoutExpiry: number;
};
