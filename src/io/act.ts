import type {FileAttributes, Sidecar} from '../domain/plan.ts';
import type {PostgresTarget, RedisTarget} from '../domain/targets.ts';

/** Rows of a statement as objects. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

/** A reply of Redis: texts, numbers, null or lists of them. */
export type RedisReply = string | number | null | readonly RedisReply[];

/** How a program ended. The outputs are its last 64 KiB, cleaned of nothing. */
export type ProgramResult = {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
};

export type SidecarResult = ProgramResult & {
	readonly containerId: string;
	readonly wasOutOfMemory: boolean;
};

export type EngineAnswer = {readonly status: number; readonly json: unknown};

/** A database session that may write. One statement at a time; the application name carries the operation's id. */
export type PostgresSession = {
	query(sql: string, values: readonly unknown[], signal: AbortSignal): Promise<Rows>;
	/** Whether the server still holds the session. */
	isOpen(): boolean;
	close(): Promise<void>;
};

export type RedisSession = {
	call(argv: readonly string[], signal: AbortSignal): Promise<RedisReply>;
	close(): Promise<void>;
};

/** A new file that is hashed while it is written. */
export type FileWriter = {
	write(chunk: Uint8Array): Promise<void>;
	/** Flushes to the disk and closes. */
	finish(): Promise<{readonly bytes: number; readonly sha256: string}>;
	/** Closes and removes what was written. */
	discard(): Promise<void>;
};

export type Feed = AsyncIterable<Uint8Array>;

/** What changes the Docker engine. Failures are ProblemErrors. */
export type DockerAct = {
	/** Any answer of the engine, also 304 and 409; rejects only where there was none or it is 5xx. */
	request(
		method: 'POST' | 'PUT' | 'DELETE',
		path: string,
		options: {readonly body?: unknown; readonly feed?: Feed; readonly signal: AbortSignal},
	): Promise<EngineAnswer>;
	/** Runs a program inside a container; the exit code comes from `exec/<id>/json`, never from the stream. */
	exec(
		exec: {
			readonly containerId: string;
			readonly argv: readonly string[];
			readonly user?: string;
			readonly environment?: Readonly<Record<string, string>>;
		},
		options: ActStream,
	): Promise<ProgramResult>;
	/** Creates, starts, follows, waits for and removes a sidecar; or only starts a background one. */
	sidecar(
		sidecar: Sidecar & {readonly operation: string},
		options: ActStream,
	): Promise<SidecarResult>;
	/** Removes every sidecar of an operation, by label; with its programs. */
	removeSidecars(operation: string, signal: AbortSignal): Promise<number>;
	/** A file of a container, as the single member of a tar stream: its content, chunk by chunk. */
	readFile(
		containerId: string,
		path: string,
		signal: AbortSignal,
	): Promise<{readonly bytes: number; readonly content: Feed}>;
};

export type ActStream = {
	readonly signal: AbortSignal;
	onOutput?(chunk: Uint8Array): void | Promise<void>;
	onError?(chunk: Uint8Array): void | Promise<void>;
	readonly input?: Feed;
};

/** Files that are written. Nothing follows a symbolic link, nothing is readable by others, everything is flushed. */
export type FileActs = {
	/** A private folder (0700); its parents must exist, unless `withParents`. An existing own one is right. */
	makeFolder(path: string, withParents?: boolean, attributes?: FileAttributes): Promise<void>;
	/** A new file (0600, until it is finished); rejects where one exists. */
	create(path: string, attributes?: FileAttributes): Promise<FileWriter>;
	/** Flushes every file of the folder and the folder, renames it, flushes both parents; never replaces. */
	publish(folder: string, to: string): Promise<void>;
	/** Renames without replacing and flushes both parents. */
	move(path: string, to: string): Promise<void>;
	/** Renames over an existing file and flushes the folder. */
	replace(path: string, to: string): Promise<void>;
	/** One file, or a folder with everything in it; never follows a link; what is gone already is right. */
	remove(path: string): Promise<void>;
};

/** Everything that changes something outside. Only `src/work` calls it. */
export type Act = {
	readonly docker: DockerAct;
	/** A new session on a database of this server. */
	postgres(target: PostgresTarget, database: string, operation: string): Promise<PostgresSession>;
	redis(target: RedisTarget, operation: string): Promise<RedisSession>;
	readonly files: FileActs;
	/** A program by argument array: no shell, no input unless given, own process group, small environment. */
	program(
		command: {
			readonly argv: readonly [string, ...string[]];
			readonly folder?: string;
			readonly environment?: Readonly<Record<string, string>>;
		},
		options: ActStream,
	): Promise<ProgramResult>;
	/** Sends a notification; resolves with the status. */
	post(url: string, body: string, signal: AbortSignal): Promise<number>;
};
