import type {BackupSetValue} from './backups.ts';
import {missedRun} from './cron.ts';
import type {BackupTarget} from './targets.ts';

/** One backup file as the folder shows it. */
export type BackupFile = {
	readonly name: string;
	readonly atMs: number;
	readonly bytes: number;
};

// Clocks of servers differ by some minutes; a file that is dated later than this was written under a wrong clock.
const futureToleranceMs = 5 * 60_000;

// A file that changed just now may still be written, so its size says nothing yet.
const writingMs = 2 * 60_000;

/** The middle of some sizes. */
export function median(sizes: readonly number[]): number | undefined {
	const sorted = [...sizes].sort((a, b) => a - b);
	const upper = sorted[Math.floor(sorted.length / 2)];
	const lower = sorted[Math.ceil(sorted.length / 2) - 1];
	return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

/** The newest file that can be trusted; files from the future only where there are no others. */
function newestOf(files: readonly BackupFile[], nowMs: number): BackupFile | undefined {
	const latest = (some: readonly BackupFile[]) =>
		some.reduce<BackupFile | undefined>(
			(best, file) => (best === undefined || file.atMs > best.atMs ? file : best),
			undefined,
		);
	return latest(files.filter(file => file.atMs <= nowMs + futureToleranceMs)) ?? latest(files);
}

/**
 * Judges the files of one set. Ages are never negative. Overdue: there is none, the newest is older than `maxAgeMs`,
 * or a scheduled run left no file. Suspicious: the newest is empty or smaller than half the median of the others, once
 * nobody writes to it any more.
 */
export function backupSetOf(
	target: BackupTarget,
	files: readonly BackupFile[],
	nowMs: number,
	isTruncated = false,
): BackupSetValue {
	const newest = newestOf(files, nowMs);
	const others = files.filter(file => file !== newest);
	const medianBytes = median(others.map(file => file.bytes));
	const ageMs = newest && Math.max(0, nowMs - newest.atMs);
	const futureCount = files.filter(file => file.atMs > nowMs + futureToleranceMs).length;
	const sizeRatio = newest && medianBytes ? newest.bytes / medianBytes : undefined;
	const isSettled = ageMs !== undefined && ageMs >= writingMs;
	const isMissed =
		newest === undefined ||
		(target.schedule !== undefined && missedRun(target.schedule, newest.atMs, nowMs));
	return {
		id: target.id,
		kind: target.kind,
		folder: target.folder,
		pattern: target.pattern,
		...(target.schedule !== undefined && {schedule: target.schedule}),
		provenance: target.provenance,
		count: files.length,
		...(newest && {newest}),
		...(files.length > 0 && {
			oldestAtMs: files.reduce((oldest, file) => Math.min(oldest, file.atMs), Number.MAX_VALUE),
		}),
		totalBytes: files.reduce((total, file) => total + file.bytes, 0),
		...(medianBytes !== undefined && {medianBytes}),
		...(sizeRatio !== undefined && {sizeRatio}),
		...(ageMs !== undefined && {ageSeconds: ageMs / 1000}),
		maxAgeSeconds: target.maxAgeMs / 1000,
		isOverdue: isMissed || (ageMs ?? 0) > target.maxAgeMs,
		isSuspicious:
			isSettled && (newest?.bytes === 0 || (sizeRatio !== undefined && sizeRatio < 0.5)),
		...(isTruncated && {isTruncated}),
		...(futureCount > 0 && {futureCount}),
	};
}
