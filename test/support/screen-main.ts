import process from 'node:process';
import {run} from '../../src/cli.ts';
import type {Operation} from '../../src/operations/operation.ts';
import {mover, type MoverRequest} from './mover.ts';

/** The mover under the id of an entry of the menu: on the folder of OPSCT_FOLDER, waiting for the file of OPSCT_WAIT. */
function moverAs(id: string, risk: 'safe' | 'destructive'): Operation<MoverRequest> {
	return {
		...mover,
		id,
		parse(request) {
			const {OPSCT_FOLDER: folder = '', OPSCT_WAIT: waitFor} = process.env;
			// In the worker the request comes back as it was made here.
			const given = mover.parse(request);
			return given.folder === '' ? {folder, risk, ...(waitFor && {waitFor})} : given;
		},
	};
}

const operations = {
	'backup-files': moverAs('backup-files', 'safe'),
	'prune-backups': moverAs('prune-backups', 'destructive'),
} as unknown as Readonly<Record<string, Operation>>;
process.exit(await run(process.argv.slice(2), {operations}));
