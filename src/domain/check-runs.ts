import type {Settings} from './settings.ts';
import {isObject, numberOf, textOf} from './unknown.ts';

/** Where the results of checklists are kept. */
export type CheckTarget = {readonly id: string; readonly folder: string};

/** The checklists that were ever gone through here, and whether the next time is overdue. */
export type CheckRunsValue = {
	readonly checklists: readonly {
		readonly id: string;
		/** When it was gone through last, in ms. */
		readonly lastAtMs: number;
		/** Absent where it is done on demand only. */
		readonly missedAfterMs?: number;
		readonly isMissed: boolean;
	}[];
};

/** What is watched of these settings; undefined where it is not known where results are kept. */
export function checkTargetOf({audit}: Pick<Settings, 'audit'>): CheckTarget | undefined {
	const folder = audit?.folder;
	if (folder === undefined) return undefined;
	return {id: 'checks', folder: `${folder.replace(/\/[^/]*$/, '')}/checks`};
}

/** One checklist by its newest result; undefined where that is none. A line of JSON as `opsconsole check` keeps it. */
export function checkRunOf(
	text: string,
	nowMs: number,
): CheckRunsValue['checklists'][number] | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}

	if (!isObject(value)) return undefined;
	const id = textOf(value['checklist']);
	const lastAtMs = numberOf(value['atMs']);
	if (!/^[a-z][a-z0-9-]{0,63}$/.test(id) || lastAtMs === undefined) return undefined;
	const missedAfterMs = numberOf(value['missedAfterMs']);
	return {
		id,
		lastAtMs,
		...(missedAfterMs !== undefined && {missedAfterMs}),
		isMissed: missedAfterMs !== undefined && nowMs - lastAtMs > missedAfterMs,
	};
}
