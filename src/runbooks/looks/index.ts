import type {LookDeclaration} from '../look.ts';
import {backupLooks} from './backup.ts';
import {hostCareLooks} from './host-care.ts';
import {hostStateLooks} from './host-state.ts';
import {hostLooks} from './host.ts';
import {ownLooks} from './own.ts';
import {postgresCareLooks} from './postgres-care.ts';
import {postgresLooks} from './postgres.ts';
import {redisLooks} from './redis.ts';
import {composeLooks} from './compose.ts';
import {endpointLooks} from './endpoint.ts';
import {errorsLooks} from './errors.ts';
import {networkLooks} from './network.ts';
import {serviceLooks} from './service.ts';

/** Everything that a runbook can look at, by id. One line for each area. */
export const lookDeclarations = {
	...hostLooks,
	...hostStateLooks,
	...hostCareLooks,
	...postgresLooks,
	...postgresCareLooks,
	...redisLooks,
	...backupLooks,
	...ownLooks,
	...serviceLooks,
	...networkLooks,
	...composeLooks,
	...endpointLooks,
	...errorsLooks,
} as const satisfies Readonly<Record<string, LookDeclaration>>;

export type LookId = keyof typeof lookDeclarations;
