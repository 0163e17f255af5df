import type {Alert} from './alerts.ts';
import type {Level} from './level.ts';

/** An alert as it is remembered. `metric` is a text, because a later version may know others. */
export type AlertFacts = {
	/** Rule, target and subject: unique. */
	readonly id: string;
	readonly metric: string;
	readonly target: string;
	readonly subject: string;
	readonly level: Level;
	readonly value?: number;
	readonly threshold?: number;
	/** Wall-clock time since when its condition held. */
	readonly sinceMs: number;
	/** It was so at the first look already: `sinceMs` is when it began at the latest. */
	readonly isSinceLatest?: true;
	/** Handbook row or place in the configuration of its threshold. */
	readonly provenance: string;
};

/** What is remembered of an alert that is raised. */
export function alertFactsOf(alert: Alert): AlertFacts {
	const {id, metric, target, subject, level, value, threshold, sinceMs, provenance} = alert;
	const {isSinceLatest} = alert;
	return {
		...{id, metric, target, subject, level},
		...(value !== undefined && {value}),
		...(threshold !== undefined && {threshold}),
		...{sinceMs, provenance},
		...(isSinceLatest && {isSinceLatest}),
	};
}
