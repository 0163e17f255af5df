/** State as the Docker Engine API names it (`State.Status`). */
export type ContainerState =
	'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

export type Health = 'none' | 'starting' | 'healthy' | 'unhealthy';

export type Port = {
	readonly containerPort: number;
	readonly protocol: string;
	/** Present where the port is published on the host. */
	readonly hostPort?: number;
	readonly hostAddress?: string;
};

/** One container as the engine describes it. All names are cleaned. */
export type Container = {
	/** Full id of this very container; changes when it is replaced. */
	readonly id: string;
	/** What stays the same when the container is replaced: `project/service/number`, else the name. */
	readonly key: string;
	readonly name: string;
	readonly project?: string;
	readonly service?: string;
	/** Id of the operation that this container helps: one of ours, not of the system that is watched. */
	readonly operation?: string;
	/** Compose container number of a scaled service, 1 for the first. */
	readonly number?: number;
	readonly image: string;
	readonly imageId: string;
	/** Repository digest of the image, where the image has one. */
	readonly digest?: string;
	readonly command: string;
	readonly state: ContainerState;
	readonly health: Health;
	/** Output of the last failed health check, one line. */
	readonly healthOutput?: string;
	readonly restartCount: number;
	/** Restarts seen in the last ten minutes: by RestartCount and by the engine's die/start events. */
	readonly recentRestarts: number;
	/** At least three restarts in ten minutes, or restarting now after a failure. */
	readonly isCrashLooping: boolean;
	/** Last exit code; absent while it never exited. */
	readonly exitCode?: number;
	/** The engine's mark; it may stay while the container runs on. */
	readonly oomKilled: boolean;
	/** When the engine told of its last kill for lack of memory (wall-clock ms); absent where nobody saw it. */
	readonly oomKilledAtMs?: number;
	readonly restartPolicy?: string;
	readonly createdAtMs: number;
	readonly startedAtMs?: number;
	readonly finishedAtMs?: number;
	readonly ports: readonly Port[];
	/** Address inside each network the container is attached to. */
	readonly addresses: readonly string[];
	readonly pid?: number;
	readonly cgroupParent?: string;
	/** False until the engine was asked for the details (restart count, health output, exit code). */
	readonly isInspected: boolean;
};

export type ContainersValue = {
	readonly engine: {
		readonly version: string;
		readonly apiVersion: string;
		readonly name: string;
		readonly operatingSystem: string;
	};
	/** Ordered by project, service, number, name. */
	readonly containers: readonly Container[];
};

/** What one container uses now. Rates are per second since the sample before. */
export type Usage = {
	/** Percent of one core, as `docker stats` prints it: 200 is two whole cores. Absent at the first sample. */
	readonly cpuPercent?: number;
	/** Memory without reclaimable page cache, as `docker stats` prints it. */
	readonly memoryUsedBytes: number;
	/** Absent where no limit is set. */
	readonly memoryLimitBytes?: number;
	readonly networkReceivedBytesPerSecond?: number;
	readonly networkSentBytesPerSecond?: number;
	readonly blockReadBytesPerSecond?: number;
	readonly blockWrittenBytesPerSecond?: number;
	readonly pids?: number;
};

export type ContainerUsageValue = {
	/** How it was measured: control group files (no load on the engine) or the engine's stats streams. */
	readonly via: 'cgroup' | 'stats';
	readonly byId: Readonly<Record<string, Usage>>;
};

/** Facts of one container, read on demand for its detail view. Values of secret-looking variables are masked at the source. */
export type ContainerDetail = {
	readonly id: string;
	readonly environment: readonly {
		readonly name: string;
		readonly value: string;
		readonly isMasked: boolean;
	}[];
	readonly mounts: readonly {
		readonly type: string;
		readonly source: string;
		readonly destination: string;
		readonly isReadOnly: boolean;
	}[];
	readonly networks: readonly {readonly name: string; readonly address: string}[];
	readonly labels: Readonly<Record<string, string>>;
	readonly entrypoint: string;
	readonly user: string;
	readonly workingFolder: string;
	readonly restartPolicy: string;
	readonly healthCheck?: string;
	readonly memoryLimitBytes?: number;
	readonly cpuLimit?: number;
};
