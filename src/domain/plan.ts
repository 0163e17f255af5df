import type {Phrase} from '../words/phrases/phrase.ts';
import type {EnvironmentKind} from './settings.ts';

/** What JSON can hold; plans and journals consist of it. */
export type JsonValue =
	string | number | boolean | null | readonly JsonValue[] | {readonly [name: string]: JsonValue};

/** How an operation is confirmed. safe: Enter; disruptive: a card with the focus on cancel; destructive: a typed text. */
export type Risk = 'safe' | 'disruptive' | 'destructive';

/** One container of an identity: the very one, not a namesake. */
export type ContainerIdentity = {
	readonly key: string;
	readonly name: string;
	readonly id: string;
	readonly imageId: string;
};

/** What a plan was made for. It is looked up again before every run; any difference refuses the run. */
export type Identity = {
	readonly environment: {readonly kind: EnvironmentKind; readonly name: string};
	readonly hostname: string;
	/** First eight digits of /etc/machine-id; empty where there is none. */
	readonly machine: string;
	readonly project?: string;
	/** Working folder of the Compose project. */
	readonly folder?: string;
	readonly containers?: readonly ContainerIdentity[];
	readonly postgres?: {
		/** Id of the target that the `sql` commands go to; needed where more than one server is known. */
		readonly target?: string;
		/** From `pg_control_system()`; text, because it has 64 bits. */
		readonly systemIdentifier: string;
		readonly database: string;
		readonly oid: number;
		/** `server_version_num`. */
		readonly versionNumber: number;
	};
	readonly redis?: {
		/** Id of the target that the `redis` commands go to; needed where more than one server is known. */
		readonly target?: string;
		readonly runId: string;
		readonly version: string;
	};
	readonly backup?: {readonly id: string; readonly manifestSha256: string};
};

/** A read-write or read-only mount of a sidecar; the path inside is absolute. */
export type SidecarMount = {
	readonly from: string;
	readonly to: string;
	readonly isReadOnly: boolean;
};

/** A throw-away container that runs one program: labelled with the operation, removed with it, limited in memory. */
export type Sidecar = {
	/** Short name, unique in the plan; the container is called `opsconsole-<operation>-<name>`. */
	readonly name: string;
	/** Image id (`sha256:…`) or reference; never pulled. */
	readonly image: string;
	readonly argv: readonly [string, ...string[]];
	/** No network, the network of a container (`container:<id>`), or a network by name. */
	readonly network: string;
	readonly memoryBytes: number;
	readonly mounts?: readonly SidecarMount[];
	/** In-memory folders and their size in bytes. */
	readonly tmpfs?: Readonly<Record<string, number>>;
	/** Never a secret: secrets come by a mounted file of mode 0600. */
	readonly environment?: Readonly<Record<string, string>>;
	/** `uid:gid`; the user of the image where absent. */
	readonly user?: string;
	/** Kept running in the background instead of waited for. */
	readonly isBackground?: boolean;
	/** The root file system may be written to (a database server needs it); read-only where absent. */
	readonly isWritable?: boolean;
};

/** Owner and permission bits of a file or folder. */
export type FileAttributes = {
	readonly mode: number;
	readonly userId: number;
	readonly groupId: number;
};

/**
 * One change, as data: shown on the card and carried out by the worker, so that the two cannot differ. `{name}` in a
 * text stands for a value that is known only later (a snapshot id, a chosen port); everything else is exact.
 */
export type Command =
	| {
			readonly kind: 'sql';
			/** Connection that is kept for the whole run under this name: `control`, `snapshot`. */
			readonly session: string;
			readonly database: string;
			readonly text: string;
			readonly values?: readonly JsonValue[];
	  }
	| {readonly kind: 'redis'; readonly server: 'live' | 'scratch'; readonly argv: readonly string[]}
	| {
			readonly kind: 'engine';
			readonly method: 'POST' | 'PUT' | 'DELETE';
			/** Path of the Docker Engine API without the version, with its query. */
			readonly path: string;
			readonly body?: JsonValue;
			/** What an operator would type for it: `docker restart --time 30 shop-app-1`. */
			readonly say: string;
	  }
	| {readonly kind: 'sidecar'; readonly sidecar: Sidecar}
	| {
			readonly kind: 'exec';
			readonly containerId: string;
			readonly containerName: string;
			readonly argv: readonly [string, ...string[]];
			readonly user?: string;
	  }
	| {
			readonly kind: 'program';
			readonly argv: readonly [string, ...string[]];
			readonly folder?: string;
			/** Variables beside PATH, HOME and LC_ALL=C; never a secret. */
			readonly environment?: Readonly<Record<string, string>>;
	  }
	| {
			readonly kind: 'file';
			/**
			 * `make`: a private folder (0700); `write`: a new private file (0600, refuses an existing one);
			 * `publish`: flush everything in a folder, then rename it; `move`: rename without replacing;
			 * `replace`: rename over an existing file; `remove`: one file or an own folder.
			 */
			readonly action: 'make' | 'write' | 'publish' | 'move' | 'replace' | 'remove';
			readonly path: string;
			readonly to?: string;
			/** Of what `make` and `write` make, where it is not to be private and ours. */
			readonly attributes?: FileAttributes;
	  }
	| {
			readonly kind: 'http';
			readonly method: 'POST';
			/** The address without user, password, path secrets or query. */
			readonly url: string;
	  }
	| {
			/** Another operation as a job of its own, which must be safe; it has its own plan, locks, journal and audit. */
			readonly kind: 'job';
			readonly operation: string;
			readonly request: JsonValue;
	  };

/** A part of a plan: what is done, with which commands, and how it is undone. */
export type Step = {
	/** Unique in the plan, kebab-case: `swap`. */
	readonly id: string;
	readonly title: Phrase;
	/** Every change that this step may make, in order; empty for a step that only looks. */
	readonly commands: readonly Command[];
	/** How the step is undone before the commit point; absent: it leaves nothing to undo. */
	readonly undo?: readonly Command[];
	/** From the end of this step on the operation goes only forward. At most one step of a plan. */
	readonly isCommitPoint?: boolean;
	/** How long the step may take, in ms. */
	readonly deadlineMs: number;
};

/** What is held while an operation runs; two operations that exclude each other name the same resource. */
export type Lock = {
	/** For example `pg:<system identifier>:<database>`, `stack:<project>`, `catalogue:<folder>`. */
	readonly resource: string;
	readonly mode: 'exclusive' | 'shared';
};

/** What an operation would do: everything the card shows, and everything that the worker is allowed to do. */
export type Plan = {
	readonly version: 1;
	/** Id of the operation: `restore-database`. */
	readonly operation: string;
	/** Id of this run: time and random part, `20261121T101500Z-3f9c2a1b`. */
	readonly id: string;
	readonly request: JsonValue;
	readonly title: Phrase;
	readonly identity: Identity;
	readonly risk: Risk;
	/** The text to type where the risk is destructive: `<environment>/<name>`. */
	readonly confirm?: string;
	readonly steps: readonly Step[];
	readonly locks: readonly Lock[];
	/** Space that is needed and that was free when the plan was made. */
	readonly space: readonly {
		readonly folder: string;
		readonly neededBytes: number;
		/** How much of `neededBytes` is only to stay free; absent where nothing is. */
		readonly reserveBytes?: number;
		readonly freeBytes: number;
	}[];
	/** What does not answer meanwhile, and for how long usually; without a time: until somebody starts it again. */
	readonly outages: readonly {
		readonly what: string;
		readonly expectedMs?: number;
		readonly basis: Phrase;
	}[];
	/**
	 * Everything that is deleted, one by one. `count`: how many things go under this name where their number moves by itself;
	 * a few more than were confirmed are no other plan, many are.
	 */
	readonly deletes: readonly {
		readonly name: string;
		readonly bytes?: number;
		readonly count?: number;
		readonly why: Phrase;
	}[];
	/** What the operator should know before saying yes. */
	readonly warnings: readonly Phrase[];
	/** How the whole is undone afterwards, or that it cannot be. */
	readonly undo: Phrase;
	/** Usual duration, for the card; absent where it is not known. */
	readonly expectedMs?: number;
};

/** A plan as an operation makes it; the road adds version, id, environment and the text to type. */
export type PlanDraft = Omit<
	Plan,
	'version' | 'id' | 'operation' | 'request' | 'identity' | 'confirm'
> & {
	readonly identity: Omit<Identity, 'environment' | 'hostname' | 'machine'>;
	/** The name behind `<environment>/` of the text to type; needed where the risk is destructive. */
	readonly confirmName?: string;
};

/** How a run ended. Exit statuses: docs/operations.md. */
export type Outcome =
	'done' | 'warnings' | 'undone' | 'failed' | 'cancelled' | 'manual' | 'refused';
