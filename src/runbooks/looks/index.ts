import type {LookDeclaration} from '../look.ts';
import {composeLooks} from './compose.ts';
import {endpointLooks} from './endpoint.ts';
import {errorsLooks} from './errors.ts';
import {hostLooks} from './host.ts';
import {networkLooks} from './network.ts';
import {serviceLooks} from './service.ts';

/** Everything that a runbook can look at, by id. One line for each area. */
export const lookDeclarations = {
	...hostLooks,
	...serviceLooks,
	...networkLooks,
	...composeLooks,
	...endpointLooks,
	...errorsLooks,
} as const satisfies Readonly<Record<string, LookDeclaration>>;

export type LookId = keyof typeof lookDeclarations;
