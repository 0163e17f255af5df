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
	/** Files with a time in the future (a clock was wrong); they are not taken for the newest. */
	readonly futureCount?: number;
};
