import type {Catalogue} from './domain/catalogue.ts';
import {clean} from './domain/clean.ts';
import {ProblemError} from './domain/problem.ts';
import type {Io} from './io/io.ts';
import {readCatalogue} from './sources/catalogue.ts';

/** Reads our own catalogue for a command. Rejects with `catalogue-folder` where it cannot be read. */
export async function readOwnCatalogue(io: Io, folder: string): Promise<Catalogue> {
	try {
		return await readCatalogue(io, folder);
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
		const params = {folder: clean(folder), cause: clean(code, 60)};
		throw new ProblemError({code: 'catalogue-folder', params, retry: 'rarely'}, {cause: error});
	}
}
