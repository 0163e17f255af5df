import {backupDatabase} from './backup/backup-database.ts';
import {pinBackup, unpinBackup} from './retention/pin.ts';
import {pruneBackups} from './retention/prune.ts';
import type {Operation} from './operation.ts';
import {postgresOperations} from './postgres/index.ts';
import {serviceOperations} from './services/index.ts';
import {verifyBackupWith} from './verify/verify-backup.ts';
import {verifiers} from './verify/verifiers.ts';

const verifyBackup = verifyBackupWith(verifiers);

/** Every change that opsconsole can make to a server, by id. One line each. */
export const operations: Readonly<Record<string, Operation>> = {
	...postgresOperations,
	...serviceOperations,
	[backupDatabase.id]: backupDatabase,
	[pinBackup.id]: pinBackup,
	[pruneBackups.id]: pruneBackups,
	[unpinBackup.id]: unpinBackup,
	[verifyBackup.id]: verifyBackup,
};
