import {chmod, lstat, mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {parseMaintenance, publicFlag, type MaintenanceEntry} from '../domain/maintenance.ts';
import type {Plan} from '../domain/plan.ts';
import {withFileLock} from './file-lock.ts';
import {isLocked} from './locks.ts';
import {runFiles, targetOf} from './run-folder.ts';
import type {StateFolders} from './state-folders.ts';

type Places = Pick<StateFolders, 'maintenance' | 'runs'>;

/** The operations that run now: what stands in the file and has a living worker. */
export async function readMaintenance({
	maintenance,
	runs,
}: Places): Promise<readonly MaintenanceEntry[]> {
	const text = await readFile(maintenance, 'utf8').catch(() => '');
	const entries = parseMaintenance(text);
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
	const isPublic = file === publicFlag;
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
	const {id, operation, risk, identity} = plan;
	const {target, database} = identity.postgres ?? {};
	const own: MaintenanceEntry = {
		id,
		operation,
		target: targetOf(plan),
		...(target !== undefined && database !== undefined && {postgres: {target, database}}),
		risk,
		since: new Date(nowMs).toISOString(),
		pid: process.pid,
	};
	const others = (now: readonly MaintenanceEntry[]) => now.filter(entry => entry.id !== id);
	await change(places, now => [...others(now), own]).catch(() => undefined);
	return () => change(places, others).catch(() => undefined);
}
