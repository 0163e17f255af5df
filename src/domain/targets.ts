import type {Problem} from './problem.ts';
import type {Secret} from './secret.ts';

/** Where a target came from: the configuration, a container that runs here, or the host itself. */
export type Origin = 'configured' | 'container' | 'host';

/** The container behind a target, by what stays the same when it is replaced. */
export type ContainerRef = {
	readonly containerId: string;
	readonly containerName: string;
	readonly project?: string;
	readonly service?: string;
};

/** One PostgreSQL server that is watched. `id` is unique among the targets of its area and stable over restarts. */
export type PostgresTarget = {
	readonly id: string;
	readonly origin: Origin;
	readonly container?: ContainerRef;
	/** Host name or address, or the folder of a Unix socket (starts with `/`). */
	readonly host: string;
	readonly port: number;
	readonly database: string;
	readonly user: string;
	readonly password?: Secret;
	/** `off`: plain; `verify`: TLS with verification; `insecure`: TLS without it (shown as such). */
	readonly tls: 'off' | 'verify' | 'insecure';
	readonly caFile?: string;
};

/** One Redis or Valkey server that is watched. */
export type RedisTarget = {
	readonly id: string;
	readonly origin: Origin;
	readonly container?: ContainerRef;
	/** Host name or address, or the path of a Unix socket (starts with `/`). */
	readonly host: string;
	readonly port: number;
	readonly user?: string;
	readonly password?: Secret;
	readonly tls: 'off' | 'verify' | 'insecure';
	readonly caFile?: string;
};

/** One HTTP address that is probed. */
export type EndpointTarget = {
	readonly id: string;
	readonly origin: Origin;
	readonly container?: ContainerRef;
	readonly url: string;
	/** The status that counts as good; any 2xx or 3xx where it is absent. */
	readonly expectStatus?: number;
	/** JSON fields of the body to show, as dotted paths; all scalar top-level fields where absent. */
	readonly facts?: readonly string[];
	readonly timeoutMs?: number;
};

/** How the lines of a log are understood; `auto` decides by line. */
export type LogFormat = 'auto' | 'plain' | 'json' | 'nginx' | 'postgres' | 'redis';

/** One stream of log lines. */
export type LogTarget = {
	readonly id: string;
	/** The service whose log it is, as shown to the operator. */
	readonly service: string;
	readonly format: LogFormat;
	readonly from:
		| {readonly kind: 'container'; readonly container: ContainerRef}
		| {readonly kind: 'file'; readonly path: string}
		| {readonly kind: 'journal'; readonly unit?: string};
};

/** The Compose project that a log belongs to; nothing for logs of the host and of other containers. */
export function projectOf({from}: LogTarget): {readonly project?: string} {
	const project = from.kind === 'container' ? from.container.project : undefined;
	return project === undefined ? {} : {project};
}

/** One set of backups in a folder. */
export type BackupTarget = {
	readonly id: string;
	readonly kind: 'database' | 'redis' | 'configuration' | 'files' | 'logs';
	readonly folder: string;
	/** File names that belong to the set, as a glob over the name (`db_backup_*.sql.gz`). */
	readonly pattern: string;
	/** How old the newest may be, from its schedule. */
	readonly maxAgeMs: number;
	/** Cron expression of the schedule, for display. */
	readonly schedule?: string;
	readonly keepDays?: number;
	/** A series of our own catalogue: `folder` is the catalogue, `pattern` the series. */
	readonly isOwn?: boolean;
	/** Within which time one of the series must have been restored for proof. */
	readonly proveWithinMs?: number;
	/** Handbook row or file:line that asks for it. */
	readonly provenance: string;
};

/** Something that was looked for and not found, with the reason; shown so that silence is never mistaken for health. */
export type Missing = {
	readonly area: 'docker' | 'postgres' | 'redis' | 'endpoint' | 'logs' | 'backups';
	readonly name: string;
	readonly problem: Problem;
	/** Of a server: its container, which is the reason; it does not run, or it is in no network. */
	readonly container?: ContainerRef;
};

/** Everything that is watched here. */
export type Targets = {
	readonly postgres: readonly PostgresTarget[];
	readonly redis: readonly RedisTarget[];
	readonly endpoints: readonly EndpointTarget[];
	readonly logs: readonly LogTarget[];
	readonly backups: readonly BackupTarget[];
	readonly missing: readonly Missing[];
};

/** No targets at all. */
export const noTargets: Targets = {
	postgres: [],
	redis: [],
	endpoints: [],
	logs: [],
	backups: [],
	missing: [],
};
