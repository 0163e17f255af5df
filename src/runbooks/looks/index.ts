import type {LookDeclaration} from '../look.ts';
import {hostLooks} from './host.ts';

/** Everything that a runbook can look at, by id. One line for each area. */
export const lookDeclarations = {
	...hostLooks,
} as const satisfies Readonly<Record<string, LookDeclaration>>;

export type LookId = keyof typeof lookDeclarations;
