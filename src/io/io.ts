import type {PostgresTarget, RedisTarget} from '../domain/targets.ts';

/** Time. `monotonic` never jumps and is for durations; `now` is the wall clock and is for display. Both in ms. */
export type Clock = {
	now(): number;
	monotonic(): number;
	/** Resolves after the time or rejects with the signal's reason. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
};

/** The Docker Engine API over its socket; the version prefix is negotiated and added here. Failures are ProblemErrors. */
export type Docker = {
	/** Where the engine is, for display: `unix:///var/run/docker.sock`. */
	readonly address: string;
	/** The JSON of `GET /v{negotiated}{path}`. A 404 rejects with problem code `docker-not-found`. */
	get(path: string, signal: AbortSignal): Promise<unknown>;
	/** The body of a streaming GET, chunk by chunk; ends when the engine ends it, rejects when the connection breaks. */
	stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
	/** Engine and negotiated API version, from `/version`; cached until the connection was lost. */
	version(signal: AbortSignal): Promise<DockerVersion>;
};

export type DockerVersion = {
	readonly version: string;
	readonly apiVersion: string;
	readonly minApiVersion: string;
	readonly operatingSystem: string;
};

/** The one connection to a PostgreSQL server: read-only, with application_name, statement timeout and one query in flight. */
export type PostgresClient = {
	/** Rows as objects. Rejects with a ProblemError; an aborted query is cancelled and its connection is destroyed if it does not end. */
	query(
		sql: string,
		values: readonly unknown[],
		signal: AbortSignal,
	): Promise<readonly Readonly<Record<string, unknown>>[]>;
	close(): Promise<void>;
};

/** The one connection to a Redis server. Rejects with a ProblemError. */
export type RedisClient = {
	/** Any read-only command with its arguments; KEYS, MONITOR and everything that writes are refused here. */
	call(command: string, args: readonly (string | number)[], signal: AbortSignal): Promise<unknown>;
	close(): Promise<void>;
};

/** What one HTTP request saw. */
export type HttpAnswer = {
	readonly status: number;
	readonly latencyMs: number;
	readonly contentType: string;
	/** At most 64 KiB of the body. */
	readonly body: string;
	/** The server's own time (`Date` header, whole seconds), where it says it. */
	readonly dateMs?: number;
	/** Certificate of an https address; read even where it is not valid. */
	readonly certificate?: {
		readonly validToMs: number;
		readonly subject: string;
		/** Who signed it, by organisation and name. */
		readonly issuer: string;
		/** The certificates above it that the server sent or this machine knows, from the nearest to the root. */
		readonly above: readonly {readonly subject: string; readonly validToMs: number}[];
		readonly isTrusted: boolean;
		readonly trustError?: string;
	};
};

export type Http = {
	/** One GET without following redirects. Rejects with a ProblemError whose params carry `cause`. */
	get(url: string, signal: AbortSignal): Promise<HttpAnswer>;
};

export type Tcp = {
	/**
	 * Opens a connection and closes it again, sending nothing: `open` where somebody accepts it, `refused` where the host
	 * says that nobody listens, `unreachable` for everything else. Rejects with the signal's reason.
	 */
	knock(
		place: {readonly host: string; readonly port: number},
		signal: AbortSignal,
	): Promise<'open' | 'refused' | 'unreachable'>;
};

export type FileEntry = {
	readonly name: string;
	readonly kind: 'file' | 'folder' | 'link' | 'other';
	readonly bytes: number;
	/** What it takes on its disk: less than `bytes` for a file with holes. Absent where the system does not tell. */
	readonly allocatedBytes?: number;
	readonly modifiedAtMs: number;
	readonly mode: number;
	readonly ownerId: number;
	readonly groupId: number;
	readonly inode: number;
	readonly device: number;
};

/**
 * A small file of /proc or /sys that is read again and again. Synchronous: such a read takes a few microseconds, a promise
 * for it many times that.
 */
export type FileProbe = {
	/** The whole text now, at most 64 KiB, one byte a character; undefined where the file or what it describes is gone. */
	read(): string | undefined;
	close(): void;
};

/** Files, for reading only. Failures are Node's own errors with `code`, turned into problems by the caller. */
export type Files = {
	/** The first `maxBytes` (default 1 MiB) as UTF-8. */
	readText(path: string, maxBytes?: number): Promise<string>;
	/** Bytes from an offset on, at most `maxBytes`. */
	readBytes(path: string, offset: number, maxBytes: number): Promise<Uint8Array>;
	/** Entries of a folder with their stat (links are not followed), at most `limit`. */
	list(folder: string, limit?: number): Promise<readonly FileEntry[]>;
	/** Names and kinds of a folder's entries without a stat of each (links are not followed), at most `limit`. */
	names(folder: string, limit?: number): Promise<readonly Pick<FileEntry, 'name' | 'kind'>[]>;
	stat(path: string): Promise<FileEntry>;
	/** As `stat`, but of a link itself. */
	lstat(path: string): Promise<FileEntry>;
	/** Target of a link, as it is stored. */
	readLink(path: string): Promise<string>;
	/**
	 * Opens a regular file through one handle that follows no link and never waits for a pipe. The content is exactly as
	 * long as the file was when it was opened, whatever is added meanwhile; rejects where it became shorter.
	 */
	snapshot(
		path: string,
		signal: AbortSignal,
	): Promise<{readonly entry: FileEntry; readonly content: AsyncIterable<Uint8Array>}>;
	/** Reads a whole regular file once, through one handle that follows no link. Rejects with the signal's reason. */
	hash(
		path: string,
		signal: AbortSignal,
		onBytes?: (bytes: number) => void,
	): Promise<{readonly bytes: number; readonly sha256: string}>;
	statfs(path: string): Promise<{
		readonly blockBytes: number;
		readonly blocks: number;
		readonly blocksFree: number;
		readonly blocksAvailable: number;
		readonly files: number;
		readonly filesFree: number;
	}>;
	/** Calls back after something in the file's folder changed, or at least every `everyMs`. */
	watch(path: string, everyMs: number, onChange: () => void, signal: AbortSignal): void;
	/**
	 * Opens a file of /proc or /sys for many reads; undefined where that is not possible. `isKept`: through one open
	 * handle, for files whose open handle holds nothing of the kernel (not for /proc/PID/net).
	 */
	probe(path: string, isKept: boolean): FileProbe | undefined;
};

/** Read-only programs (`journalctl`, `ss`): an argument array, no shell, a deadline and a limit on the output. */
export type Processes = {
	run(
		argv: readonly [string, ...string[]],
		signal: AbortSignal,
	): Promise<{readonly exitCode: number; readonly stdout: string; readonly stderr: string}>;
	/** Standard output line by line until the program or the signal ends. */
	lines(argv: readonly [string, ...string[]], signal: AbortSignal): AsyncIterable<string>;
	/** Whether a program is installed. */
	has(program: string): Promise<boolean>;
};

/** Facts from the operating system that are not in a file. */
export type Host = {
	hostname(): string;
	kernel(): string;
	platform(): string;
	userId(): number;
	/** Load and memory where there is no /proc (macOS); from systeminformation, loaded only then. */
	fallback(signal: AbortSignal): Promise<import('../domain/host.ts').HostValue>;
};

/** Everything outside: the only thing that tests fake, and only for faults that cannot be produced. */
export type Io = {
	readonly clock: Clock;
	readonly docker: Docker;
	/** The client of a target: the same one for the same target id, made at the first call. */
	postgres(target: PostgresTarget): PostgresClient;
	redis(target: RedisTarget): RedisClient;
	readonly http: Http;
	readonly tcp: Tcp;
	readonly files: Files;
	readonly processes: Processes;
	readonly host: Host;
	/** Environment variables of this process. */
	readonly environment: Readonly<Record<string, string | undefined>>;
};
