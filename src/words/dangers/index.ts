import {containerDangers} from './containers.ts';
import {databaseDangers} from './database.ts';
import {filesDangers} from './files.ts';
import {redisDangers} from './redis.ts';
import {systemDangers} from './system.ts';

/** Everything that a command of a handbook can be marked with. */
export const dangers = {
	...containerDangers,
	...databaseDangers,
	...filesDangers,
	...redisDangers,
	...systemDangers,
};

export type DangerId = keyof typeof dangers;
