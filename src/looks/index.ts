import type {LookId} from '../runbooks/looks/index.ts';
import {backupReaders} from './backup/index.ts';
import {readHostLoad} from './host-load.ts';
import {hostReaders} from './host/index.ts';
import {ownReaders} from './own/index.ts';
import {postgresReaders} from './postgres/index.ts';
import type {LookReader} from './reader.ts';
import {redisReaders} from './redis/index.ts';

/** How each look is read. The compiler refuses a missing one. */
export const lookReaders: {readonly [Id in LookId]: LookReader<Id>} = {
	'host.load': readHostLoad,
	...hostReaders,
	...postgresReaders,
	...redisReaders,
	...backupReaders,
	...ownReaders,
};
