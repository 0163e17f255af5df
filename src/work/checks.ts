import {mkdir, readdir, readFile, rename, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {isObject} from '../domain/unknown.ts';
import type {CheckResult} from '../runbooks/checklist.ts';

const namePattern = /^(\d{13,15})\.json$/;

/** Most results of one checklist that are read, the newest. */
const maxRead = 400;

/** The folder of kept checklists; one folder for each of them in it. */
export function checksFolder(root: string): string {
	return join(root, 'checks');
}

/** Keeps a result; it is whole or not there. The file's name is the time at which it was made. */
export async function keepCheck(root: string, result: CheckResult): Promise<string> {
	const folder = join(checksFolder(root), result.checklist);
	await mkdir(folder, {recursive: true, mode: 0o700});
	const path = join(folder, `${result.atMs}.json`);
	await writeFile(`${path}.new`, `${JSON.stringify(result)}\n`, {mode: 0o600, flush: true});
	await rename(`${path}.new`, path);
	return path;
}

function isResult(value: unknown): value is CheckResult {
	return (
		isObject(value) &&
		value['version'] === 1 &&
		typeof value['checklist'] === 'string' &&
		typeof value['atMs'] === 'number' &&
		Array.isArray(value['items']) &&
		isObject(value['figures'])
	);
}

/** Kept results of one checklist, the newest first. */
export async function readChecks(
	root: string,
	checklist: string,
	most: number = maxRead,
): Promise<readonly CheckResult[]> {
	const folder = join(checksFolder(root), checklist);
	const names = (await readdir(folder).catch(() => []))
		.filter(name => namePattern.test(name))
		.toSorted()
		.toReversed()
		.slice(0, most);
	const read = await Promise.all(
		names.map(async (name): Promise<CheckResult[]> => {
			try {
				const value: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'));
				return isResult(value) ? [value] : [];
			} catch {
				return [];
			}
		}),
	);
	return read.flat();
}

/** What went through all checklists in a time, oldest first; none where none was ever kept. */
export async function checksBetween(
	root: string,
	{fromMs, untilMs}: {readonly fromMs: number; readonly untilMs: number},
): Promise<readonly CheckResult[]> {
	const names = await readdir(checksFolder(root)).catch(() => []);
	const all = await Promise.all(names.map(async name => readChecks(root, name)));
	return all
		.flat()
		.filter(({atMs}) => atMs >= fromMs && atMs <= untilMs)
		.toSorted((a, b) => a.atMs - b.atMs);
}

/** When each checklist was gone through last, by its id. */
export async function lastChecks(root: string): Promise<Readonly<Record<string, number>>> {
	const names = await readdir(checksFolder(root)).catch(() => []);
	const last = await Promise.all(
		names.map(async name => [name, (await readChecks(root, name, 1))[0]?.atMs] as const),
	);
	return Object.fromEntries(
		last.flatMap(([name, atMs]) => (atMs === undefined ? [] : [[name, atMs]])),
	);
}
