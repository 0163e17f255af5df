import {readdir, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {timeOfId} from '../domain/catalogue.ts';
import {isOldRun, runsKeptDays, unresolvedRuns} from '../domain/old-runs.ts';
import {readAudit} from './audit.ts';
import {readJob} from './jobs.ts';
import {isRunId} from '../domain/run-id.ts';
import type {StateFolders} from './state-folders.ts';

/** The newest runs stay whatever the clock says: one that jumped ahead must not cost the whole history. */
const alwaysKept = 50;
/** A worker drops no more than this at its end, and looks at no more than `mostLookedAt`. */
const mostDropped = 20;
const mostLookedAt = 200;
const dayMs = 24 * 60 * 60 * 1000;

/** Folders are renamed to this before they are deleted, so that none is ever there by half. */
const dropped = '.dropped-';

async function drop(runs: string, id: string): Promise<void> {
	const aside = join(runs, `${dropped}${id}`);
	await rename(join(runs, id), aside);
	await rm(aside, {recursive: true, force: true});
}

/**
 * Deletes the folders of runs that ended more than 180 days ago, oldest first, some at a time. Leaves those that have not
 * ended, that wait for a person, that cannot be read, and all where the audit is not whole. Gives the ids that went;
 * rejects with Node's error.
 */
export async function pruneRuns(
	{runs, audit}: Pick<StateFolders, 'runs' | 'audit'>,
	nowMs: number,
): Promise<readonly string[]> {
	const all = await readdir(runs);
	const left = all.filter(name => name.startsWith(dropped));
	await Promise.all(left.map(name => rm(join(runs, name), {recursive: true, force: true})));
	const candidates = all
		.filter(isRunId)
		.toSorted()
		.slice(0, -alwaysKept)
		.filter(id => nowMs - (timeOfId(id) ?? nowMs) > runsKeptDays * dayMs)
		.slice(0, mostLookedAt);
	if (candidates.length === 0) return [];
	const {lines, damage} = await readAudit(audit);
	if (damage) return [];
	const unresolved = unresolvedRuns(lines);
	const gone: string[] = [];
	for (const id of candidates) {
		if (gone.length >= mostDropped) break;
		const job = await readJob(join(runs, id)).catch(() => undefined);
		if (job === undefined || !isOldRun(job, {nowMs, unresolved})) continue;
		await drop(runs, id);
		gone.push(id);
	}

	return gone;
}
