import {backupDatabase} from './backup/backup-database.ts';
import {backupEverything} from './backup-everything.ts';
import {pinBackup, unpinBackup} from './retention/pin.ts';
import {pruneBackups} from './retention/prune.ts';
import {cleanBuildCache} from './disk/build-cache.ts';
import {cleanImages} from './disk/images.ts';
import {cleanLogs} from './disk/logs.ts';
import {backupFiles} from './files/backup.ts';
import {restoreFiles} from './files/restore.ts';
import {backupLogs} from './logs/backup.ts';
import {backupRedis} from './redis/backup.ts';
import {deleteRedisKeys} from './redis/delete-keys.ts';
import {restoreRedis} from './redis/restore.ts';
import {setRedisMemory, setRedisPolicy, setRedisSave} from './redis/settings.ts';
import type {Operation} from './operation.ts';
import {postgresOperations} from './postgres/index.ts';
import {scheduleOperations} from './schedule/index.ts';
import {serviceOperations} from './services/index.ts';
import {verifyBackupWith} from './verify/verify-backup.ts';
import {verifiers} from './verify/verifiers.ts';

const verifyBackup = verifyBackupWith(verifiers);

/** Every change that opsconsole can make to a server, by id. One line each. */
export const operations: Readonly<Record<string, Operation>> = {
	...postgresOperations,
	...scheduleOperations,
	...serviceOperations,
	[backupDatabase.id]: backupDatabase,
	[backupEverything.id]: backupEverything,
	[backupFiles.id]: backupFiles,
	[backupLogs.id]: backupLogs,
	[backupRedis.id]: backupRedis,
	[cleanBuildCache.id]: cleanBuildCache,
	[cleanImages.id]: cleanImages,
	[cleanLogs.id]: cleanLogs,
	[deleteRedisKeys.id]: deleteRedisKeys,
	[restoreFiles.id]: restoreFiles,
	[restoreRedis.id]: restoreRedis,
	[setRedisMemory.id]: setRedisMemory,
	[setRedisPolicy.id]: setRedisPolicy,
	[setRedisSave.id]: setRedisSave,
	[pinBackup.id]: pinBackup,
	[pruneBackups.id]: pruneBackups,
	[unpinBackup.id]: unpinBackup,
	[verifyBackup.id]: verifyBackup,
};
