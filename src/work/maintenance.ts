import {chmod, lstat, mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import process from 'node:process';
import type {Plan, Risk} from '../domain/plan.ts';
import {isObject, numberOf, textOf} from '../domain/unknown.ts';
import {withFileLock} from './file-lock.ts';
import {isLocked} from './locks.ts';
import {isRunId, runFiles, targetOf} from './run-folder.ts';
import type {StateFolders} from './state-folders.ts';

/**
 * The maintenance flag (SAFETY 3.0.8): a file that tells monitors from outside that something is stopped or changed on
 * purpose. It is there exactly while an operation runs; what a crash left in it goes with the next operation.
 */
export type MaintenanceEntry = {
	/** Id of the run. */
	readonly id: string;
	readonly operation: string;
	/** What it is done to: `prod/shop`. */
	readonly target: string;
	readonly risk: Risk;
	/** ISO 8601 in UTC. */
	readonly since: string;
	/** Of its worker. */
	readonly pid: number;
};

type Places = Pick<StateFolders, 'maintenance' | 'runs'>;

const risks: readonly Risk[] = ['safe', 'disruptive', 'destructive'];

function entryOf(value: unknown): MaintenanceEntry | undefined {
	if (!isObject(value) || !isRunId(textOf(value['id']))) return undefined;
	const risk = risks.find(each => each === value['risk']);
	const pid = numberOf(value['pid']);
	if (risk === undefined || pid === undefined) return undefined;
	const {id, operation, target, since} = value;
	return {
		id: textOf(id),
		operation: textOf(operation),
		target: textOf(target),
		risk,
		since: textOf(since),
		pid,
	};
}

async function entriesIn(file: string): Promise<readonly MaintenanceEntry[]> {
	try {
		const value: unknown = JSON.parse(await readFile(file, 'utf8'));
		const all = isObject(value) && Array.isArray(value['operations']) ? value['operations'] : [];
		return all.flatMap(each => entryOf(each) ?? []);
	} catch {
		return [];
	}
}

/** The operations that run now: what stands in the file and has a living worker. */
export async function readMaintenance({
	maintenance,
	runs,
}: Places): Promise<readonly MaintenanceEntry[]> {
	const entries = await entriesIn(maintenance);
	const isAlive = await Promise.all(
		entries.map(({id}) => isLocked(join(runs, id, runFiles.alive)).catch(() => true)),
	);
	return entries.filter((_, index) => isAlive[index]);
}

/** The folder of the file; in /run it is made for everybody to read. Rejects where it is a link or somebody else's. */
async function openFolder(folder: string): Promise<void> {
	await mkdir(folder, {recursive: true, mode: 0o755});
	const facts = await lstat(folder);
	if (!facts.isDirectory() || facts.uid !== process.getuid?.()) {
		throw new Error(`${folder} is not a folder of this user`);
	}
}

async function change(
	places: Places,
	next: (now: readonly MaintenanceEntry[]) => readonly MaintenanceEntry[],
): Promise<void> {
	const {maintenance: file} = places;
	const folder = dirname(file);
	await openFolder(folder);
	// The program's own mask keeps others out; who watches this machine may know that it is being worked on.
	const isPublic = folder.startsWith('/run/');
	if (isPublic) await chmod(folder, 0o755);
	await withFileLock(`${file}.lock`, async () => {
		const operations = next(await readMaintenance(places));
		if (operations.length === 0) {
			await rm(file, {force: true});
			return;
		}

		await writeFile(`${file}.new`, `${JSON.stringify({version: 1, operations})}\n`, {mode: 0o600});
		if (isPublic) await chmod(`${file}.new`, 0o644);
		await rename(`${file}.new`, file);
	});
}

/**
 * Raises the flag for a run whose worker this process is, and gives what lowers it. Neither ever rejects: a flag that
 * cannot be written is no reason to stop an operation in its middle.
 */
export async function raiseMaintenance(
	places: Places,
	plan: Plan,
	nowMs: number,
): Promise<() => Promise<void>> {
	const {id, operation, risk} = plan;
	const since = new Date(nowMs).toISOString();
	const own = {id, operation, target: targetOf(plan), risk, since, pid: process.pid};
	const others = (now: readonly MaintenanceEntry[]) => now.filter(entry => entry.id !== id);
	await change(places, now => [...others(now), own]).catch(() => undefined);
	return () => change(places, others).catch(() => undefined);
}
