import type {Rule} from './alerts.ts';
import type {FileSetChoice} from './file-set.ts';
import type {
	BackupTarget,
	EndpointTarget,
	LogFormat,
	LogTarget,
	PostgresTarget,
	RedisTarget,
} from './targets.ts';
import type {Problem} from './problem.ts';
import type {Secret} from './secret.ts';

export type {Language} from '../words/language.ts';
import type {Language} from '../words/language.ts';

/** The kind of environment; `unknown` is treated as production. */
export type EnvironmentKind = 'production' | 'staging' | 'test' | 'development' | 'unknown';

/** A service that the configuration expects, by its Compose service name or container name. */
export type ExpectedService = {
	readonly name: string;
	readonly title?: string;
	readonly port?: number;
	readonly isCritical: boolean;
	readonly runtime: 'compose' | 'systemd' | 'kubernetes' | 'process';
	readonly provenance: string;
};

export type Contact = {
	readonly name: string;
	readonly role: string;
	readonly reach: string;
	readonly respondWithinMinutes?: number;
};

/** What `opsconsole schedule install` lets the machine run, as the words behind `opsconsole`. */
export type ScheduleRun =
	| `backup ${'database' | 'redis' | 'files' | 'logs' | 'all'}`
	| 'verify latest'
	| 'verify all'
	| 'prune'
	| 'status'
	| 'notify overdue'
	| `check ${'daily' | 'weekly' | 'monthly'}`;

/** A job that runs on a schedule, for the calendar and the overdue check. */
export type Schedule = {
	readonly id: string;
	readonly title: string;
	readonly cron: string;
	/** What the machine runs; absent: people do it. */
	readonly run?: ScheduleRun;
	readonly owner?: string;
	readonly provenance: string;
};

/** What somebody wants to be told of. */
export type NoticeEvent = 'finished' | 'failed' | 'overdue';

/** Where notices go. The address of a webhook is its password. */
export type Notification = {
	readonly id: string;
	readonly events: readonly NoticeEvent[];
} & (
	| {readonly kind: 'webhook'; readonly url: Secret}
	| {
			readonly kind: 'mail';
			readonly to: string;
			readonly from?: string;
			/** A program that takes a message with its headers on standard input. */
			readonly command: readonly [string, ...string[]];
	  }
);

/** The Compose service that a configured target lives in; discovery fills in its address. */
type ServiceHint = {
	/** Id that the target gets. */
	readonly id: string;
	readonly service: string;
	/** Only the service of this Compose project. */
	readonly project?: string;
};

/** A PostgreSQL server in a Compose service: what is absent comes from its container (environment, command line). */
export type PostgresHint = ServiceHint & {
	/** Port inside the container. */
	readonly port?: number;
	readonly database?: string;
	readonly user?: string;
	readonly password?: Secret;
	readonly tls?: PostgresTarget['tls'];
	readonly caFile?: string;
};

/** A Redis server in a Compose service: what is absent comes from its container. */
export type RedisHint = ServiceHint & {
	/** Port inside the container. */
	readonly port?: number;
	readonly user?: string;
	readonly password?: Secret;
	readonly tls?: RedisTarget['tls'];
	readonly caFile?: string;
};

/** An HTTP address of a Compose service; its URL is made from the published port or the container's address. */
export type EndpointHint = ServiceHint & {
	readonly scheme: 'http' | 'https';
	/** Port inside the container; absent: its only or first one. */
	readonly port?: number;
	readonly path: string;
	readonly expectStatus?: number;
	readonly facts?: readonly string[];
	readonly timeoutMs?: number;
};

/** How the container log of a Compose service is understood. */
export type LogHint = ServiceHint & {readonly format: LogFormat};

/** Configured targets whose address only discovery knows. */
export type Hints = {
	readonly postgres: readonly PostgresHint[];
	readonly redis: readonly RedisHint[];
	readonly endpoints: readonly EndpointHint[];
	readonly logs: readonly LogHint[];
};

/** What the application has promised, for comparison with what is measured. */
export type Objectives = {
	readonly p95Ms?: number;
	readonly errorPercent?: number;
	readonly requestsPerSecond?: number;
	readonly availabilityPercent?: number;
	readonly networkLatencyMs?: number;
	readonly provenance?: string;
};

/** What retention keeps: one backup for each of the newest `daily` days, and so on. */
export type RetentionPolicy = {
	readonly keepLast?: number;
	readonly daily?: number;
	readonly weekly?: number;
	readonly monthly?: number;
	/** Fewest verified backups that must stay of each series (2 unless set, never below 1). */
	readonly minVerified?: number;
	/** Only warned about: nothing is deleted for it. */
	readonly maxTotalBytes?: number;
};

/** A statement that must hold on a restored copy: its one value against `=5`, `>0`, `<=10`, or a text. */
export type BackupAssertion = {
	/** Only for backups of this database. */
	readonly database?: string;
	readonly sql: string;
	readonly expect: string;
};

/** Our own backups. */
export type Storage = {
	/** Absolute; `backups` in the state folder unless set. */
	readonly backups?: string;
	readonly retention?: RetentionPolicy;
	/** Up to this size of all tables, their content is hashed and not only counted (20 GiB unless set). */
	readonly hashLimitBytes?: number;
	/** Oldest that the newest backup of a series may be (26 h unless set). */
	readonly maxAgeMs?: number;
	/** Within which time a backup of each series must have been restored for proof (7 d unless set). */
	readonly proveWithinMs?: number;
	readonly assertions?: readonly BackupAssertion[];
};

/** The whole resolved configuration: defaults, profile, files, environment and secrets already merged. */
export type Settings = {
	/** Id of the shipped profile in use, for example `football-prediction`. */
	readonly system?: string;
	/** Name for the status line: the profile's title, else the Compose project. */
	readonly title?: string;
	readonly environment: {readonly kind: EnvironmentKind; readonly name: string};
	readonly language: Language;
	/** Base interval of the fast sources and of drawing. */
	readonly refreshMs: number;
	readonly isReadOnly: boolean;
	/** Groups of the system whose members may act (absent: everybody), and those that only look. Root always may. */
	readonly access?: {readonly operators?: readonly string[]; readonly viewers?: readonly string[]};
	readonly docker: {
		/** DOCKER_HOST or a configured address; absent: the current context, else the default socket. */
		readonly host?: string;
		readonly context?: string;
		/** Only these Compose projects; absent: all. */
		readonly projects?: readonly string[];
		readonly isEnabled: boolean;
	};
	readonly discovery: {readonly isEnabled: boolean};
	/** The record of changes: whether the head of its chain is told to syslog, and its folder, once it is known. */
	readonly audit?: {readonly isInSyslog: boolean; readonly folder?: string};
	/** How long closed incidents are kept, where it is set. */
	readonly incidents?: {readonly keepMs: number};
	readonly services: readonly ExpectedService[];
	readonly postgres: readonly PostgresTarget[];
	readonly redis: readonly RedisTarget[];
	readonly endpoints: readonly EndpointTarget[];
	readonly logs: readonly LogTarget[];
	readonly backups: readonly BackupTarget[];
	/** Sets of files for backups, beside or instead of those of the Compose projects. */
	readonly fileSets?: readonly FileSetChoice[];
	readonly storage?: Storage;
	/** Configured targets in Compose services, still without an address. */
	readonly hints?: Hints;
	readonly rules: readonly Rule[];
	readonly objectives?: Objectives;
	readonly schedules: readonly Schedule[];
	readonly notifications?: readonly Notification[];
	readonly contacts: readonly Contact[];
	readonly links: readonly {readonly title: string; readonly url: string}[];
	/** Files that were read, in the order of the layers. */
	readonly files: readonly string[];
	/** What is not fatal but must be said: unsafe owner of a file (then read-only), missing variable. */
	readonly problems: readonly Problem[];
};
