import type {Operation} from '../operation.ts';
import {parseRestoreRequest, type RestoreRequest} from './restore-request.ts';
import {planRestore} from './restore-plan.ts';
import {prepareSteps} from './restore-steps.ts';
import {isSwapped, swapSteps} from './swap-steps.ts';

/**
 * Puts a database back to a backup: the backup is loaded into a new database and compared there, then both names are
 * swapped in one transaction. The old database is kept. SAFETY 3.4.
 */
export const restoreDatabase: Operation<RestoreRequest> = {
	id: 'restore-database',
	title: {code: 'restore-name'},
	parse: parseRestoreRequest,
	plan: planRestore,
	steps: {...prepareSteps, ...swapSteps},
	isCommitted: isSwapped,
};
