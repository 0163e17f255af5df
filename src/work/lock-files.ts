import {readdir, readlink} from 'node:fs/promises';
import {join} from 'node:path';
import {runFiles} from './run-folder.ts';

/** File numbers above these are not what flock(1) opens. */
const maxNumber = 40;

/** The numbers of the lock files that this worker inherited, so that its programs inherit them too. */
export async function inheritedLocks(folder: string, locks: string): Promise<readonly number[]> {
	const names = await readdir('/proc/self/fd').catch(() => []);
	const open = await Promise.all(
		names.map(async name => ({
			number: Number(name),
			path: await readlink(`/proc/self/fd/${name}`).catch(() => ''),
		})),
	);
	const isLock = (path: string) =>
		path === join(folder, runFiles.alive) || path.startsWith(`${locks}/`);
	return open
		.filter(({number, path}) => number > 2 && number < maxNumber && isLock(path))
		.map(({number}) => number);
}
