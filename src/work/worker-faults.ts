import {kill, pid} from 'node:process';
import type {Plan} from '../domain/plan.ts';
import {isChosen, noFailpoint, parseFailpoint, type Failpoint} from './failpoint.ts';

/** Faults that a test asked for: at a place of the run, and in the journal from there on. */
export type Faults = {
	readonly failpoint: Failpoint;
	/** Error code that writing the journal fails with now. */
	readonly journalFault: () => string | undefined;
};

const none: Faults = {failpoint: noFailpoint, journalFault: () => undefined};

/** Reads OPSCONSOLE_FAILPOINT. In production and in unknown environments it is not listened to. */
export function createFaults(plan: Plan, text: string | undefined): Faults {
	const {kind} = plan.identity.environment;
	const choice = text === undefined ? undefined : parseFailpoint(text);
	if (choice === undefined || kind === 'production' || kind === 'unknown') return none;
	let code: string | undefined;
	return {
		journalFault: () => code,
		async failpoint(step, place, count) {
			if (!isChosen(choice, step, place, count)) return;
			switch (choice.action) {
				case 'kill':
					kill(pid, 'SIGKILL');
					await new Promise(() => undefined);
					return;
				case 'hang':
					await new Promise(() => undefined);
					return;
				case 'exit':
					process.exit(1);
					return;
				case 'enospc':
				case 'eio':
					code = choice.action.toUpperCase();
			}
		},
	};
}
