import type {AuditEntry} from '../domain/audit.ts';
import {clean} from '../domain/clean.ts';
import type {Operator} from '../domain/operator.ts';
import type {Settings} from '../domain/settings.ts';
import {appendAudit} from './audit.ts';
import {newId} from './make-plan.ts';

/** A terminal that is to be opened in a container. */
export type TerminalOpening = {
	readonly program: 'shell' | 'attach';
	readonly container: {readonly id: string; readonly name: string};
	readonly operator: Operator;
	readonly hostname: string;
	readonly environment: Settings['environment'];
};

/**
 * Writes down that somebody opens a terminal in a container: what is typed there is seen by nobody. Gives what writes down
 * its end, with the program's exit status where it is known. Rejects with Node's error where it cannot be written; then
 * the terminal must not be opened.
 */
export async function auditTerminal(
	folder: string,
	opening: TerminalOpening,
	now: () => number,
): Promise<(exitStatus?: number) => Promise<void>> {
	const {program, container, operator, hostname, environment} = opening;
	const sinceMs = now();
	const entry = {
		op: newId(sinceMs),
		operation: program,
		operator,
		hostname: clean(hostname, 64),
		target: clean(`${environment.name || environment.kind}/${container.name}`, 200),
		container: clean(container.id, 64),
	} satisfies Omit<AuditEntry, 'kind'>;
	await appendAudit(folder, {...entry, kind: 'terminal'}, sinceMs);
	return async exitStatus => {
		const untilMs = now();
		await appendAudit(
			folder,
			{
				...entry,
				kind: 'terminal-end',
				since: new Date(sinceMs).toISOString(),
				durationMs: Math.max(0, Math.round(untilMs - sinceMs)),
				...(exitStatus !== undefined && {exitStatus}),
			},
			untilMs,
		);
	};
}
