import {open} from 'node:fs/promises';
import {resolve} from 'node:path';
import {clean} from './domain/clean.ts';
import {ProblemError} from './domain/problem.ts';

/**
 * Writes a file of mode 0600 and flushes it; gives its absolute path. An existing one is only replaced where `isForced`.
 * Rejects with `report-unwritable`.
 */
export async function writeReport(
	path: string,
	content: string | Uint8Array,
	isForced: boolean,
): Promise<string> {
	const absolute = resolve(path);
	try {
		const file = await open(absolute, isForced ? 'w' : 'wx', 0o600);
		try {
			// Of one that was there already, too.
			await file.chmod(0o600);
			await file.writeFile(content);
			await file.sync();
		} finally {
			await file.close();
		}
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
		const params = {path: clean(absolute, 300), cause: clean(code, 60)};
		throw new ProblemError({code: 'report-unwritable', params, retry: 'rarely'}, {cause: error});
	}

	return absolute;
}
