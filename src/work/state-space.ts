import {dirname} from 'node:path';
import {clean} from '../domain/clean.ts';
import type {Problem} from '../domain/problem.ts';
import type {Io} from '../io/io.ts';

/** What a run writes at least: its plan, 1 MiB of ballast for its journal, the audit, what its programs print. */
const neededBytes = 4 * 1024 * 1024;

/**
 * Why no run can be begun for want of space under the state folder, with the figures; undefined where there is enough, or
 * where that cannot be told. Only looks: the console and `status` need no space.
 */
export async function stateSpaceProblem(
	{files}: Pick<Io, 'files'>,
	root: string,
): Promise<Problem | undefined> {
	// It is made when it is first needed; until then the folder above it tells.
	for (let folder = root; ; folder = dirname(folder)) {
		try {
			const {blockBytes, blocksAvailable} = await files.statfs(folder);
			const freeBytes = blockBytes * blocksAvailable;
			if (freeBytes >= neededBytes) return undefined;
			const kibibytes = (bytes: number) => Math.floor(bytes / 1024);
			return {
				code: 'state-folder-full',
				params: {
					folder: clean(root, 300),
					freeKiB: kibibytes(freeBytes),
					neededKiB: kibibytes(neededBytes),
				},
				retry: 'soon',
			};
		} catch {
			if (dirname(folder) === folder) return undefined;
		}
	}
}
