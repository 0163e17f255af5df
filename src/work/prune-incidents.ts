import {readdir, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {AuditLine} from '../domain/audit.ts';
import {timeOfId} from '../domain/catalogue.ts';
import {isRunId} from '../domain/run-id.ts';
import {readAudit} from './audit.ts';
import {incidentsFolder, readIncident, type IncidentPlace} from './incidents.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** How long a closed incident is kept unless the configuration says otherwise, like the audit (H4-18). */
const keptMs = 180 * dayMs;
/** The newest stay whatever the clock says. */
const alwaysKept = 20;
/** No more go at once, so that nobody waits for it. */
const mostDropped = 20;

/** Folders are renamed to this before they are deleted, so that none is ever there by half. */
const dropped = '.dropped-';

/**
 * Whether the audit speaks against the clock: it knows a later time, or everything that it knows of the time for which
 * incidents are kept is of one day, as after a jump ahead.
 */
export function isClockStrange(
	lines: readonly Pick<AuditLine, 't'>[],
	{nowMs, keepMs}: {readonly nowMs: number; readonly keepMs: number},
): boolean {
	const times = lines.map(({t}) => Date.parse(t));
	if (times.some(atMs => atMs > nowMs)) return true;
	const recent = times.filter(atMs => nowMs - atMs <= keepMs);
	return new Set(recent.map(atMs => Math.floor(atMs / dayMs))).size < 2;
}

/**
 * Deletes incidents that were closed longer ago than they are kept, the oldest first and at most twenty at once. Open
 * ones stay however old they are, and those whose record is not whole; nothing goes where the audit is not whole or speaks
 * against the clock. Gives the ids that went; rejects with Node's error.
 */
export async function pruneIncidents(
	place: IncidentPlace,
	{nowMs, keepMs = keptMs}: {readonly nowMs: number; readonly keepMs?: number | undefined},
): Promise<readonly string[]> {
	const folder = incidentsFolder(place);
	const names = await readdir(folder).catch(() => []);
	const left = names.filter(name => name.startsWith(dropped));
	await Promise.all(left.map(name => rm(join(folder, name), {recursive: true, force: true})));
	const candidates = names
		.filter(isRunId)
		.toSorted()
		.slice(0, -alwaysKept)
		.filter(id => nowMs - (timeOfId(id) ?? nowMs) > keepMs);
	if (candidates.length === 0) return [];
	const {lines, damage} = await readAudit(place.audit);
	if (damage || isClockStrange(lines, {nowMs, keepMs})) return [];
	const gone: string[] = [];
	for (const id of candidates) {
		if (gone.length >= mostDropped) break;
		const record = await readIncident(place, id).catch(() => undefined);
		const closedAtMs = record?.incident.closed?.atMs;
		if (closedAtMs === undefined || record?.damage || nowMs - closedAtMs <= keepMs) continue;
		const aside = join(folder, `${dropped}${id}`);
		await rename(join(folder, id), aside);
		await rm(aside, {recursive: true, force: true});
		gone.push(id);
	}

	return gone;
}
