import type {DoPlay} from './do-play.ts';
import {backupDoes} from './does-backups.ts';
import {databaseDoes} from './does-database.ts';
import {hostDoes} from './does-host.ts';
import {pausedDoes} from './does-paused.ts';
import {redisMemoryDoes} from './does-redis-memory.ts';
import {serviceDoes} from './does-services.ts';

/** Every `do` that is shown, in the order in which they are played. */
export const doPlays: readonly DoPlay[] = [
	...databaseDoes,
	...backupDoes,
	...redisMemoryDoes,
	...serviceDoes,
	...pausedDoes,
	...hostDoes,
];

/** `do` nodes that no play shows, as `wizard.node`, with the reason. */
export const doExceptions: Readonly<Record<string, string>> = {};
