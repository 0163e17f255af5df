import {clean} from './clean.ts';
import type {Outcome, Risk} from './plan.ts';
import {isObject, numberOf, objectOf, textOf} from './unknown.ts';

/** One run of an operation, as far as its folder tells without checking every line. */
export type RunSummary = {
	readonly id: string;
	readonly operation: string;
	readonly risk: Risk | undefined;
	/** What it is done to, as the operator typed it, or the name of its thing. */
	readonly target: string;
	readonly hasBegun: boolean;
	/** Wall time of the last line of its journal. */
	readonly lastAtMs: number | undefined;
	/** Absent while it has not ended. */
	readonly outcome?: Outcome;
};

const risks: readonly Risk[] = ['safe', 'disruptive', 'destructive'];
const outcomes: readonly Outcome[] = [
	'done',
	'warnings',
	'undone',
	'failed',
	'manual',
	'refused',
	'cancelled',
];

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Reads a plan and the end of its journal; undefined where the plan is none. A torn last line is left out. */
export function summariseRun(
	id: string,
	planText: string,
	journalTail: string,
): RunSummary | undefined {
	const plan = parsed(planText);
	if (!isObject(plan) || typeof plan['operation'] !== 'string') return undefined;
	const identity = objectOf(plan['identity']);
	const database = textOf(objectOf(identity['postgres'])['database']);
	const lines = journalTail.split('\n').map(parsed).filter(isObject);
	const last = lines.at(-1);
	const lastAtMs = Date.parse(textOf(last?.['t']));
	const end = last?.['st'] === 'end' ? objectOf(last['d']) : undefined;
	const outcome = outcomes.find(each => each === end?.['outcome']);
	return {
		id,
		operation: clean(plan['operation'], 60),
		risk: risks.find(risk => risk === plan['risk']),
		target: clean(textOf(plan['confirm']) || database || textOf(identity['project']), 100),
		hasBegun: numberOf(last?.['seq']) !== undefined,
		lastAtMs: Number.isNaN(lastAtMs) ? undefined : lastAtMs,
		...(outcome !== undefined && {outcome}),
	};
}
