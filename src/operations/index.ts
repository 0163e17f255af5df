import {backupDatabase} from './backup/backup-database.ts';
import {pinBackup, unpinBackup} from './retention/pin.ts';
import {pruneBackups} from './retention/prune.ts';
import type {Operation} from './operation.ts';
import {serviceOperations} from './services/index.ts';

/** Every change that opsconsole can make to a server, by id. One line each. */
export const operations: Readonly<Record<string, Operation>> = {
	...serviceOperations,
	[backupDatabase.id]: backupDatabase,
	[pinBackup.id]: pinBackup,
	[pruneBackups.id]: pruneBackups,
	[unpinBackup.id]: unpinBackup,
};
