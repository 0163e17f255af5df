import {readBackupSet} from './set.ts';
import {readBackupSets} from './sets.ts';

/** How the looks at backups are read. */
export const backupReaders = {
	'backup.sets': readBackupSets,
	'backup.set': readBackupSet,
};
