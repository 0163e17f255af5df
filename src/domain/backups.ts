/** The files of one backup set, as the folder shows them (reading only). */
export type BackupSetValue = {
	readonly id: string;
	readonly kind: 'database' | 'redis' | 'configuration' | 'files' | 'logs';
	readonly folder: string;
	readonly pattern: string;
	readonly schedule?: string;
	readonly provenance: string;
	readonly count: number;
	readonly newest?: {readonly name: string; readonly atMs: number; readonly bytes: number};
	readonly oldestAtMs?: number;
	readonly totalBytes: number;
	/** Median size of the set without the newest; absent with fewer than two. */
	readonly medianBytes?: number;
	/** Size of the newest against the median, 1 is equal. */
	readonly sizeRatio?: number;
	/** Age of the newest at the time of reading; absent where there is none. */
	readonly ageSeconds?: number;
	readonly maxAgeSeconds: number;
	readonly isOverdue: boolean;
	/** Newest file is empty or smaller than half the median. */
	readonly isSuspicious: boolean;
	/** The folder holds more files than are read: the newest may be missing here. */
	readonly isTruncated?: boolean;
	/** Of our own catalogue: how far the newest is proven, and when (0 to 4, SAFETY 3.2). */
	readonly proof?: {readonly level: number; readonly atMs: number};
	/** When one of the series was restored for proof the last time. */
	readonly restoredAtMs?: number;
	/** The newest is not verified or was found bad, or none was restored for too long. Absent: not our own. */
	readonly isUnproven?: boolean;
	/** Files with a time in the future (a clock was wrong); they are not taken for the newest. */
	readonly futureCount?: number;
};
