import {isRunId} from './run-id.ts';
import type {Risk} from './plan.ts';
import {isObject, numberOf, textOf} from './unknown.ts';

/**
 * The maintenance flag (SAFETY 3.0.8): a file that tells monitors from outside that something is stopped or changed on
 * purpose. It is there exactly while an operation runs; what a crash left in it goes with the next operation.
 */
export type MaintenanceEntry = {
	/** Id of the run. */
	readonly id: string;
	readonly operation: string;
	/** What it is done to: `prod/shop`. */
	readonly target: string;
	/** The database that it changes, with the id of its server. */
	readonly postgres?: {readonly target: string; readonly database: string};
	readonly risk: Risk;
	/** ISO 8601 in UTC. */
	readonly since: string;
	/** Of its worker. */
	readonly pid: number;
};

/** Where root's operations raise the flag; everybody may read it. */
export const publicFlag = '/run/opsconsole/maintenance.json';

/** Name of the flag in a state folder. */
export const flagName = 'maintenance.json';

const risks: readonly Risk[] = ['safe', 'disruptive', 'destructive'];

function entryOf(value: unknown): MaintenanceEntry | undefined {
	if (!isObject(value) || !isRunId(textOf(value['id']))) return undefined;
	const risk = risks.find(each => each === value['risk']);
	const pid = numberOf(value['pid']);
	if (risk === undefined || pid === undefined) return undefined;
	const {id, operation, target, since, postgres} = value;
	return {
		id: textOf(id),
		operation: textOf(operation),
		target: textOf(target),
		...(isObject(postgres) && {
			postgres: {target: textOf(postgres['target']), database: textOf(postgres['database'])},
		}),
		risk,
		since: textOf(since),
		pid,
	};
}

/** Reads the text of a flag; what is no entry is left out. Whether its worker lives is not asked here. */
export function parseMaintenance(text: string): readonly MaintenanceEntry[] {
	try {
		const value: unknown = JSON.parse(text);
		const all = isObject(value) && Array.isArray(value['operations']) ? value['operations'] : [];
		return all.flatMap(each => entryOf(each) ?? []);
	} catch {
		return [];
	}
}
