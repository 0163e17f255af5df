import type {DoPlay} from './do-play.ts';

/** The `do` nodes of the wizards of the host, the stack and the Redis cache. */
export const hostDoes: readonly DoPlay[] = [];
