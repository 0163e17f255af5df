import type {Level} from './level.ts';
import type {MetricId} from './metrics.ts';

/** A threshold from the configuration. Values in the metric's own unit. */
export type Rule = {
	readonly id: string;
	readonly metric: MetricId;
	/** Only subjects that match (glob over the subject: a container, mount, endpoint or set name). */
	readonly subject?: string;
	readonly warn?: number;
	readonly crit?: number;
	/** `above`: trouble at or over the value; `below`: trouble at or under it. */
	readonly direction: 'above' | 'below';
	/** How long it must hold before it is an alert. */
	readonly forMs: number;
	/** Cleared only when the value is this share of the threshold away from it; 0.05 unless set. */
	readonly hysteresis: number;
	/** Handbook row (`H2-04`), `file:line` of the configuration, or `built in`. */
	readonly provenance: string;
};

/** Until when (wall-clock ms) an alert is held at the latest if nothing bad happens any more, where that is known. */
export type Recovery = {readonly untilMs?: number};

/** An alert that is raised, or about to be (`pending` until its hold time is over). */
export type Alert = {
	/** Rule, target and subject: unique. */
	readonly id: string;
	readonly ruleId: string;
	readonly metric: MetricId;
	readonly target: string;
	readonly subject: string;
	readonly level: Level;
	readonly isPending: boolean;
	/** Absent where the value is unknown. */
	readonly value?: number;
	readonly threshold?: number;
	/** Wall-clock time since when the condition holds. */
	readonly sinceMs: number;
	/** It was so at the first look already: `sinceMs` is when it began at the latest. */
	readonly isSinceLatest?: true;
	/** Its value falls back: it is only still held. */
	readonly recovery?: Recovery;
	readonly provenance: string;
};
