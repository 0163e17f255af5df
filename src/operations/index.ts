import type {Operation} from './operation.ts';
import {serviceOperations} from './services/index.ts';

/** Every change that opsconsole can make to a server, by id. One line each. */
export const operations: Readonly<Record<string, Operation>> = {
	...serviceOperations,
};
