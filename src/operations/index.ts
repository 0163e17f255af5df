import type {Operation} from './operation.ts';

/** Every change that opsconsole can make to a server, by id. One line each. */
export const operations: Readonly<Record<string, Operation>> = {};
