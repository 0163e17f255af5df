import {BadBackup, type Verifier} from '../verify/verifier.ts';
import {verifiedBackup} from '../verify/verified.ts';
import {readCompressed} from './gzip.ts';

/** Verifies an archive of logs: every log is unpacked and hashed against the manifest (L2). */
export const logsVerifier: Verifier = {
	highest: 2,
	levels: {'logs-read': 2},
	plan(_look, {level}) {
		const read = {
			id: 'logs-read',
			title: {code: 'step-logs-read'},
			commands: [],
			deadlineMs: 2 * 3_600_000,
		} as const;
		return Promise.resolve({steps: level < 2 ? [] : [read]});
	},
	steps: {
		'logs-read': {
			async run(tools) {
				const {look} = tools;
				const {folder, manifest} = await verifiedBackup(tools);
				for (const {path, bytes, sha256} of manifest.files ?? []) {
					const found = await readCompressed(look, `${folder}/${path}`, bytes).catch(
						(error: unknown) => {
							look.signal.throwIfAborted();
							throw new BadBackup(`${path}: ${error instanceof Error ? error.message : ''}`);
						},
					);
					if (found.bytes === bytes && found.sha256 === sha256) continue;
					throw new BadBackup(`${path} does not hold what the manifest says`);
				}
			},
		},
	},
};
