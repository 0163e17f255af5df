import type {AuditLine} from './audit.ts';
import type {Job} from './job.ts';

/** How long the folder of an ended run is kept, in days, like its entries in the audit (H4-18). */
export const runsKeptDays = 180;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Runs that ended needing a person and were not brought to an end since, by the audit. That a later recovery was refused
 * resolves nothing.
 */
export function unresolvedRuns(lines: readonly AuditLine[]): ReadonlySet<string> {
	const unresolved = new Set<string>();
	for (const {kind, op, outcome} of lines) {
		if ((kind === 'end' || kind === 'refused') && outcome === 'manual') unresolved.add(op);
		else if (kind === 'end') unresolved.delete(op);
	}

	return unresolved;
}

/** Whether the folder of a run is of no more use to anybody: it ended long ago, and nothing of it waits for a person. */
export function isOldRun(
	{id, state, outcome, endedAtMs, sinceMs}: Job,
	{nowMs, unresolved}: {readonly nowMs: number; readonly unresolved: ReadonlySet<string>},
): boolean {
	if (state !== 'ended' || outcome === 'manual' || unresolved.has(id)) return false;
	return nowMs - Math.max(endedAtMs ?? 0, sinceMs) > runsKeptDays * dayMs;
}
