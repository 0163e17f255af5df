import {readFile, rm, stat, writeFile} from 'node:fs/promises';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {startTime} from './process-facts.ts';

const waitMs = 5000;
const oldMs = 10_000;
const everyMs = 10;

function isTaken(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

/**
 * Does something short while no other process does the same under this file; who died with it is not waited for. Rejects
 * with Node's error where the file cannot be made, or where it is somebody else's for five seconds.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
	const end = performance.now() + waitMs;
	const {pid} = process;
	const own = `${pid} ${(await startTime(pid)) ?? ''}`;
	for (;;) {
		try {
			await writeFile(path, own, {flag: 'wx', mode: 0o600});
			break;
		} catch (error) {
			if (!isTaken(error) || performance.now() > end) throw error;
			const text = await readFile(path, 'utf8').catch(() => '');
			const [holder = '', since = ''] = text.split(' ');
			const age = await stat(path).then(
				facts => Date.now() - facts.mtimeMs,
				() => 0,
			);
			const isDead = text !== '' && (await startTime(Number(holder))) !== since;
			if (isDead || age > oldMs) await rm(path, {force: true});
			else await pause(everyMs);
		}
	}

	try {
		return await work();
	} finally {
		await rm(path, {force: true});
	}
}
