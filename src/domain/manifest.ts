import type {Operator} from './operator.ts';
import type {ProofKind} from './table-proof.ts';

/** What a backup holds. */
export type BackupKind = 'database' | 'redis' | 'files' | 'logs';

/** One file of a backup. */
export type Artefact = {
	/** Its name in the backup's folder. */
	readonly name: string;
	readonly bytes: number;
	readonly sha256: string;
	readonly format: 'pg-custom' | 'sql' | 'rdb' | 'tar' | 'json' | 'gzip';
};

/** A table as it was in the backup's snapshot. */
export type TableFacts = {
	readonly schema: string;
	readonly name: string;
	readonly rows: number;
	/** Sum of the hashes of all rows (`ProofKind` says of what); absent where only rows were counted. */
	readonly hash?: string;
	readonly bytes: number;
};

/** Where a database backup comes from, and what a dump does not hold but a restore needs. */
export type DatabaseFacts = {
	readonly systemIdentifier: string;
	readonly database: string;
	readonly oid: number;
	readonly versionNumber: number;
	readonly dumpVersion: string;
	readonly encoding: string;
	readonly collate: string;
	readonly ctype: string;
	readonly owner: string;
	/** Access rights as PostgreSQL prints them: `app=CTc/owner`. */
	readonly acl: readonly string[];
	readonly connectionLimit: number;
	readonly comment?: string;
	/** `ALTER DATABASE … SET` and `ALTER ROLE … IN DATABASE … SET`. */
	readonly settings: readonly {readonly role: string; readonly setting: string}[];
	readonly extensions: readonly {readonly name: string; readonly version: string}[];
	/** Every role that an object or a right of the database names. */
	readonly roles: readonly string[];
	readonly sizeBytes: number;
	readonly tables: readonly TableFacts[];
	/** `lastValue` is empty where the sequence was never used. */
	readonly sequences: readonly {
		readonly schema: string;
		readonly name: string;
		readonly lastValue: string;
		readonly isDescending?: boolean;
	}[];
	/** Entries of the archive's table of contents (`pg_restore --list`). */
	readonly archiveEntries?: number;
	/** Large objects of the database. */
	readonly largeObjects?: number;
	/** Constraints declared NOT VALID. */
	readonly unvalidatedConstraints?: number;
	/** Image of the container that the server ran in, for verifying with the same programs. */
	readonly image?: string;
	readonly snapshot: string;
	/** How deep the tables were compared. */
	readonly proof: ProofKind;
};

export type RedisFacts = {
	readonly version: string;
	readonly rdbVersion: number;
	readonly runId: string;
	/** Keys, and how many of them expire, by database number. */
	readonly databases: readonly {
		readonly index: number;
		readonly keys: number;
		readonly expires: number;
	}[];
	readonly usedMemoryBytes: number;
	readonly isAofEnabled: boolean;
	readonly saveRules: string;
	readonly evictionPolicy: string;
	readonly maxMemoryBytes: number;
};

/** One file or folder of a files backup, with where it came from. */
export type FileFacts = {
	/** Name inside the archive. */
	readonly path: string;
	/** Absolute path it was read from, or `container:<name>` for the log of one. */
	readonly origin: string;
	readonly type: 'file' | 'folder' | 'link';
	readonly bytes: number;
	readonly sha256?: string;
	readonly mode: number;
	readonly userId: number;
	readonly groupId: number;
	readonly modifiedAtMs: number;
	/** Target of a link; stored, never followed. */
	readonly link?: string;
	/** Its content is secret: shown masked in every comparison. */
	readonly isSecret?: boolean;
};

/** Everything that is known of one backup; written last, so that a folder without a whole manifest is no backup. */
export type Manifest = {
	readonly version: 1;
	/** Name of its folder: time and operation, `20261121T101500Z-3f9c2a1b`. */
	readonly id: string;
	readonly kind: BackupKind;
	/** The series that it belongs to, and the folder above: `pg-shop`, `redis-cache`, `files-config`. */
	readonly series: string;
	readonly startedAt: string;
	readonly finishedAt: string;
	readonly hostname: string;
	readonly machine: string;
	readonly environment: string;
	readonly project?: string;
	readonly operator: Operator;
	/** Version of opsconsole. */
	readonly tool: string;
	readonly artefacts: readonly Artefact[];
	readonly database?: DatabaseFacts;
	readonly redis?: RedisFacts;
	readonly files?: readonly FileFacts[];
	readonly durationMs: number;
	/** Size or content differs so much from the backups before that retention does not count it. */
	readonly isSuspicious?: boolean;
	/** Made by an operation before it changed something; retention keeps it for 14 days. */
	readonly isSafety?: boolean;
	readonly note?: string;
};

/** How far a backup is proven: present, checksums, read in full, restored and compared, assertions hold. */
export type ProofLevel = 0 | 1 | 2 | 3 | 4;

/** The result of one verification; kept beside the backups, appended, never changed. */
export type Verification = {
	readonly backup: string;
	readonly level: ProofLevel;
	readonly isGood: boolean;
	readonly at: string;
	readonly operation: string;
	readonly durationMs: number;
	/** What was compared, or what was wrong; cleaned. */
	readonly detail: string;
};
