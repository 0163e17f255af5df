import {createClock} from '../../src/io/clock.ts';

/** The real clock, for tests against real servers. */
export const realClock = createClock();
