import type {DoPlay} from './do-play.ts';

/** The `do` nodes of the wizards of backups, recovery and rollback. */
export const backupDoes: readonly DoPlay[] = [];
