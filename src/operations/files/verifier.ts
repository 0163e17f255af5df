import {ProblemError} from '../../domain/problem.ts';
import {sayProblem} from '../../words/say-problem.ts';
import {BadBackup, type Verifier} from '../verify/verifier.ts';
import {verifiedBackup} from '../verify/verified.ts';
import {readArchive} from './archive.ts';

/** Verifies a backup of files: every member is read and hashed against the manifest (L2). */
export const filesVerifier: Verifier = {
	highest: 2,
	levels: {'files-read': 2},
	plan(_look, {level}) {
		const read = {
			id: 'files-read',
			title: {code: 'step-files-read'},
			commands: [],
			deadlineMs: 2 * 3_600_000,
		} as const;
		return Promise.resolve({steps: level < 2 ? [] : [read]});
	},
	steps: {
		'files-read': {
			async run(tools) {
				const {folder, manifest} = await verifiedBackup(tools);
				const archive = {path: `${folder}/files.tar`, files: manifest.files ?? []};
				try {
					await readArchive(tools.look, archive, {open: () => undefined});
				} catch (error) {
					if (error instanceof ProblemError && error.problem.code === 'files-bad-archive') {
						throw new BadBackup(sayProblem('en', error.problem).summary);
					}

					throw error;
				}
			},
		},
	},
};
