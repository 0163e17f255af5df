import type {DoPlay} from './do-play.ts';

/** The `do` nodes of the wizards of services. */
export const serviceDoes: readonly DoPlay[] = [];
