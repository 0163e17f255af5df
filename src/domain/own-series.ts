import {backupSetOf} from './backup-set.ts';
import type {BackupSetValue} from './backups.ts';
import {proofOf, type Catalogue} from './catalogue.ts';
import {isSound} from './retention.ts';
import {maxAgeOf} from './max-age.ts';
import {scheduleOfKind} from './schedule.ts';
import type {Settings} from './settings.ts';
import type {BackupTarget} from './targets.ts';

const dayMs = 86_400_000;
/** A daily backup and two hours. */
const defaultMaxAgeMs = dayMs + 2 * 3_600_000;
const defaultProveWithinMs = 7 * dayMs;

const kinds: readonly (readonly [string, BackupTarget['kind']])[] = [
	['pg-', 'database'],
	['redis-', 'redis'],
	['logs-', 'logs'],
];

/**
 * A series of our own catalogue as a set that is watched; where a schedule makes its backups, a run that was missed makes
 * it overdue.
 */
export function ownSeriesTarget(
	folder: string,
	series: string,
	{storage = {}, schedules = []}: Partial<Pick<Settings, 'storage' | 'schedules'>>,
): BackupTarget {
	const kind = kinds.find(([start]) => series.startsWith(start))?.[1] ?? 'files';
	const schedule = scheduleOfKind(schedules, kind);
	const usualMs = schedule === undefined ? defaultMaxAgeMs : maxAgeOf(schedule);
	return {
		id: series,
		kind,
		folder,
		pattern: series,
		...(schedule !== undefined && {schedule}),
		maxAgeMs: storage.maxAgeMs ?? usualMs,
		provenance: 'storage',
		isOwn: true,
		proveWithinMs: storage.proveWithinMs ?? defaultProveWithinMs,
	};
}

/**
 * Judges one series of our own catalogue. Unproven: the newest is not read in full, or was found bad; or there are backups
 * for longer than `proveWithinMs` and none was restored for proof within that time.
 */
export function ownSeriesOf(
	target: BackupTarget,
	{backups, isTruncated}: Pick<Catalogue, 'backups' | 'isTruncated'>,
	nowMs: number,
): BackupSetValue {
	const own = backups.filter(({series}) => series === target.pattern);
	const [newest] = own;
	const set = backupSetOf(
		target,
		own.map(({id, startedAtMs, bytes}) => ({name: id, atMs: startedAtMs, bytes})),
		nowMs,
		isTruncated,
	);
	const proof = newest && proofOf(newest.verifications);
	const restored = own.flatMap(({verifications}) =>
		verifications.filter(({level, isGood}) => isGood && level >= 3).map(({at}) => Date.parse(at)),
	);
	const restoredAtMs = restored.length > 0 ? restored.reduce((a, b) => Math.max(a, b)) : undefined;
	const withinMs = target.proveWithinMs ?? defaultProveWithinMs;
	const oldestMs = own.at(-1)?.startedAtMs ?? nowMs;
	const isLongAgo = nowMs - (restoredAtMs ?? oldestMs) > withinMs;
	return {
		...set,
		isSuspicious: set.isSuspicious || newest?.manifest.isSuspicious === true,
		...(proof?.level !== undefined &&
			proof.atMs !== undefined && {proof: {level: proof.level, atMs: proof.atMs}}),
		...(restoredAtMs !== undefined && {restoredAtMs}),
		isUnproven:
			newest !== undefined &&
			((!isSound(newest) && newest.manifest.isSuspicious !== true) || isLongAgo),
	};
}
