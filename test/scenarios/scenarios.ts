import {databaseScenarios} from './database.ts';
import {hostScenarios} from './host.ts';
import {redisScenarios} from './redis.ts';
import type {Scenario} from './scenario.ts';
import {serviceScenarios} from './services.ts';
import {stackScenarios} from './stack.ts';

/** Every scenario, in the order in which they are played: what leaves the least behind first. */
export const scenarios: readonly Scenario[] = [
	...stackScenarios,
	...hostScenarios,
	...serviceScenarios,
	...databaseScenarios,
	...redisScenarios,
];
