import type {DoPlay} from './do-play.ts';

/** The `do` nodes of the wizard of a full Redis. */
export const redisMemoryDoes: readonly DoPlay[] = [];
