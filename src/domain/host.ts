/** One real file system (no overlay, tmpfs or bind duplicates). */
export type Disk = {
	readonly mount: string;
	readonly device: string;
	readonly type: string;
	readonly totalBytes: number;
	/** As df counts it: without the blocks reserved for root in the free part. */
	readonly usedBytes: number;
	readonly availableBytes: number;
	/** used / (used + available), as df prints it. */
	readonly usedPercent: number;
	/** Absent on file systems without a fixed number of inodes. */
	readonly inodesUsedPercent?: number;
	/** Share of the last interval in which the device was busy (/proc/diskstats, field 13). */
	readonly busyPercent?: number;
	readonly readBytesPerSecond?: number;
	readonly writtenBytesPerSecond?: number;
};

export type NetworkInterface = {
	readonly name: string;
	readonly receivedBytesPerSecond?: number;
	readonly sentBytesPerSecond?: number;
};

/** The machine itself. Absent means not available here; nothing is ever NaN. */
export type HostValue = {
	readonly hostname: string;
	readonly kernel: string;
	readonly uptimeSeconds?: number;
	readonly cpu: {
		readonly cores: number;
		/** Busy share of all cores since the sample before; absent at the first. */
		readonly busyPercent?: number;
		readonly ioWaitPercent?: number;
		readonly stealPercent?: number;
		readonly perCorePercent: readonly number[];
	};
	/** Load average over 1, 5 and 15 minutes. */
	readonly load?: readonly [number, number, number];
	readonly memory?: {
		readonly totalBytes: number;
		/** MemAvailable of /proc/meminfo. */
		readonly availableBytes: number;
		readonly usedBytes: number;
		readonly usedPercent: number;
		readonly cachedBytes: number;
	};
	/** Absent where the host has no swap. */
	readonly swap?: {
		readonly totalBytes: number;
		readonly usedBytes: number;
		readonly usedPercent: number;
	};
	readonly disks: readonly Disk[];
	/** Mounts whose space could not be read: no answer in time (a network file system that hangs) or no right. */
	readonly unreadDisks?: readonly {
		readonly mount: string;
		readonly reason: 'no-answer' | 'no-right' | 'failed';
	}[];
	readonly network: readonly NetworkInterface[];
};

/** One process, for the on-demand list of the top ones. */
export type HostProcess = {
	readonly pid: number;
	readonly user: string;
	readonly name: string;
	/** Command line with secret-looking arguments masked. */
	readonly command: string;
	/** Percent of one core over the sampling interval. */
	readonly cpuPercent: number;
	readonly memoryBytes: number;
	readonly startedAtMs?: number;
};

export type ProcessesValue = {readonly processes: readonly HostProcess[]};
