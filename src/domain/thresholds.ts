import type {Alert, Recovery, Rule} from './alerts.ts';
import {compareLevels, type Level} from './level.ts';
import {everySubject, valueAt, type MetricId, type Sample} from './metrics.ts';
import {crosses, generalRule, prepareRules, rulesFor, staysNear} from './rules.ts';

/** An unknown value must stay so for at least this long (or the rule's hold time) before it is an alert. */
export const unknownHoldMs = 10_000;

/** After a pause longer than this (suspended process) nobody knows what held meanwhile, so hold times start anew. */
export const longestGapMs = 60_000;

/** The wall clock is only for display; a stored time that is off by more than this is set right again. */
const clockToleranceMs = 5000;

/** Since when a condition holds, by both clocks, and whether its hold time is over. */
type Hold = {
	readonly sinceMonotonicMs: number;
	readonly sinceMs: number;
	readonly isRaised: boolean;
};

/** What is remembered of one rule at one subject. */
type Entry = {
	readonly rule: Rule;
	readonly metric: MetricId;
	readonly target: string;
	readonly subject: string;
	readonly warn?: Hold;
	readonly crit?: Hold;
	readonly unknown?: Hold;
	readonly wasKnown: boolean;
	readonly value?: number;
	/** Since when it is so as the source says, where it does. */
	readonly saidSinceMs?: number;
	/** What holds held at the first look already. */
	readonly isSinceLatest?: true;
	readonly recovery?: Recovery;
	readonly alert?: Alert;
};

/** Memory of `evaluate` from one call to the next. Plain data; bounded by rules times subjects. */
export type ThresholdState = {
	readonly entries: ReadonlyMap<string, Entry>;
	readonly lastMonotonicMs?: number;
};

/** Where watching starts. */
export const noThresholdState: ThresholdState = {entries: new Map()};

/** What happened to an alert at one evaluation. `cleared` carries the alert as it was. */
export type AlertChange = {
	readonly kind: 'pending' | 'raised' | 'level' | 'cleared';
	readonly alert: Alert;
	/** The level before, for `level`. */
	readonly from?: Level;
	readonly atMs: number;
};

/** Wall clock for display, monotonic clock for durations. Both in milliseconds. */
export type Times = {readonly nowMs: number; readonly monotonicMs: number};

type Timing = Times & {readonly isAfterGap: boolean};

/** Goes on with a condition that holds, or starts it. */
function hold(before: Hold | undefined, holdMs: number, timing: Timing): Hold {
	const goesOn = before && (before.isRaised || !timing.isAfterGap) ? before : undefined;
	const sinceMonotonicMs = goesOn?.sinceMonotonicMs ?? timing.monotonicMs;
	const heldMs = timing.monotonicMs - sinceMonotonicMs;
	const sinceMs = timing.nowMs - heldMs;
	const isOff = !goesOn || Math.abs(goesOn.sinceMs - sinceMs) > clockToleranceMs;
	return {
		sinceMonotonicMs,
		sinceMs: isOff ? sinceMs : goesOn.sinceMs,
		isRaised: goesOn?.isRaised === true || heldMs >= holdMs,
	};
}

/** The hold of one level after a known value. */
function levelHold(
	rule: Rule,
	level: 'warn' | 'crit',
	known: {readonly value: number; readonly before: Hold | undefined},
	timing: Timing,
): Hold | undefined {
	const {value, before} = known;
	const holds =
		crosses(rule, rule[level], value) ||
		(before?.isRaised === true && staysNear(rule, rule[level], value));
	return holds ? hold(before, rule.forMs, timing) : undefined;
}

/** A rule at a subject, and what it said before. */
type Place = Pick<Entry, 'rule' | 'metric' | 'target' | 'subject'> & {
	readonly before: Entry | undefined;
	readonly saidSinceMs?: number | undefined;
	readonly fallsBelowMs?: Sample['fallsBelowMs'];
	/** Until when it is held, where what it tells of is over. */
	readonly heldUntilMs?: number | undefined;
};

/**
 * Whether what is raised falls back: its value is on the good side already and only held by the hysteresis, or the source
 * says when it will be if nothing bad happens any more.
 */
function recoveryOf(
	{rule, fallsBelowMs, heldUntilMs}: Place,
	value: number,
	{warn, crit, nowMs}: {readonly warn: boolean; readonly crit: boolean; readonly nowMs: number},
): Recovery | undefined {
	if (!warn && !crit) return undefined;
	if (heldUntilMs !== undefined) return {untilMs: heldUntilMs};
	// The milder level is the last that goes.
	const limit = warn ? rule.warn : rule.crit;
	const restMs =
		limit === undefined || rule.direction === 'below'
			? undefined
			: fallsBelowMs?.(limit - Math.abs(limit) * rule.hysteresis);
	if (restMs !== undefined) return {untilMs: nowMs + restMs};
	const isGood = !crosses(rule, rule.warn, value) && !crosses(rule, rule.crit, value);
	return isGood ? {} : undefined;
}

/** The entry after a known value. */
function knownEntry(place: Place, value: number, timing: Timing): Entry {
	const {before, rule, metric, target, subject, saidSinceMs} = place;
	const names = {rule, metric, target, subject};
	const warn = levelHold(rule, 'warn', {value, before: before?.warn}, timing);
	const crit = levelHold(rule, 'crit', {value, before: before?.crit}, timing);
	const isBad = warn !== undefined || crit !== undefined;
	const isSinceLatest = before ? before.isSinceLatest === true : true;
	const raised = {warn: warn?.isRaised === true, crit: crit?.isRaised === true};
	const recovery = recoveryOf(place, value, {...raised, nowMs: timing.nowMs});
	return {
		...names,
		...(warn && {warn}),
		...(crit && {crit}),
		wasKnown: true,
		value,
		...(saidSinceMs !== undefined && {saidSinceMs}),
		...(isBad && isSinceLatest && {isSinceLatest}),
		...(recovery && {recovery}),
	};
}

/** The entry after an unknown value: what was raised stays raised, what was pending starts anew. */
function unknownEntry(place: Place, timing: Timing): Entry {
	const {before, rule, metric, target, subject} = place;
	const names = {rule, metric, target, subject};
	const wasKnown = before?.wasKnown ?? subject === everySubject;
	const kept = (held: Hold | undefined) => (held?.isRaised ? hold(held, 0, timing) : undefined);
	const warn = kept(before?.warn);
	const crit = kept(before?.crit);
	const holdMs = Math.max(rule.forMs, unknownHoldMs);
	const {saidSinceMs, isSinceLatest} = before ?? {};
	return {
		...names,
		...((warn ?? crit) && saidSinceMs !== undefined && {saidSinceMs}),
		...((warn ?? crit) && isSinceLatest && {isSinceLatest}),
		...(warn && {warn}),
		...(crit && {crit}),
		// A value that was never known here is not missed: the first sample of a rate, a figure this host lacks.
		...(wasKnown && {unknown: hold(before?.unknown, holdMs, timing)}),
		wasKnown,
	};
}

/** The level that an entry shows: the worst raised one, else the worst that waits for its hold time. */
function shownLevel(entry: Entry): {readonly level: Level; readonly held: Hold} | undefined {
	const {crit, warn, unknown} = entry;
	if (crit?.isRaised) return {level: 'crit', held: crit};
	if (warn?.isRaised) return {level: 'warn', held: warn};
	if (unknown?.isRaised) return {level: 'unknown', held: unknown};
	if (crit) return {level: 'crit', held: crit};
	if (warn) return {level: 'warn', held: warn};
	// An unknown value is shown by its panel; as an alert only when it lasts.
	return undefined;
}

/** The alert of an entry, if it has one. */
function alertOf(id: string, entry: Entry): Alert | undefined {
	const shown = shownLevel(entry);
	if (shown === undefined) return undefined;
	const {level, held} = shown;
	const threshold = level === 'warn' || level === 'crit' ? entry.rule[level] : undefined;
	const {saidSinceMs, isSinceLatest, recovery} = level === 'unknown' ? {} : entry;
	return {
		id,
		ruleId: entry.rule.id,
		metric: entry.metric,
		target: entry.target,
		subject: entry.subject,
		level,
		isPending: !held.isRaised,
		...(entry.value !== undefined && {value: entry.value}),
		...(threshold !== undefined && {threshold}),
		sinceMs: Math.min(held.sinceMs, saidSinceMs ?? held.sinceMs),
		...(isSinceLatest && saidSinceMs === undefined && {isSinceLatest}),
		...(recovery && {recovery}),
		provenance: entry.rule.provenance,
	};
}

/** What became of an alert between two evaluations. */
function changeOf(
	before: Alert | undefined,
	after: Alert | undefined,
	atMs: number,
): AlertChange | undefined {
	const wasRaised = before !== undefined && !before.isPending;
	if (after === undefined || (wasRaised && after.isPending)) {
		return wasRaised ? {kind: 'cleared', alert: before, atMs} : undefined;
	}

	if (after.isPending) return before ? undefined : {kind: 'pending', alert: after, atMs};
	if (!wasRaised) return {kind: 'raised', alert: after, atMs};
	if (before.level === after.level) return undefined;
	return {kind: 'level', alert: after, from: before.level, atMs};
}

/** The name of a rule at a subject: an alert's id. */
function entryId(ruleId: string, target: string, subject: string): string {
	return `${ruleId}|${target}|${subject}`;
}

/** Raised before pending, worst first, then the oldest. */
function compareAlerts(a: Alert, b: Alert): number {
	return (
		Number(a.isPending) - Number(b.isPending) ||
		compareLevels(a.level, b.level) ||
		a.sinceMs - b.sinceMs ||
		(a.id < b.id ? -1 : 1)
	);
}

/**
 * The next entries for a source that has no value: raised alerts of its subjects stay, everything else about them is
 * forgotten for one entry that stands for all.
 */
function failedEntries(
	sample: Sample,
	rule: Rule,
	state: ThresholdState,
	timing: Timing,
): ReadonlyMap<string, Entry> {
	const next = new Map<string, Entry>();
	for (const [id, before] of state.entries) {
		const isHere = before.metric === sample.metric && before.target === sample.target;
		const isRaised = before.warn?.isRaised === true || before.crit?.isRaised === true;
		if (isHere && isRaised && before.subject !== everySubject) {
			const {metric, target, subject} = before;
			next.set(id, unknownEntry({rule: before.rule, metric, target, subject, before}, timing));
		}
	}

	const {metric, target, subject} = sample;
	const id = entryId(rule.id, target, subject);
	const before = state.entries.get(id);
	next.set(id, unknownEntry({rule, metric, target, subject, before}, timing));
	return next;
}

/**
 * Judges all samples of this moment by the rules. Pure.
 *
 * - An alert is `pending` while its condition holds and raised after `forMs` of it, by the monotonic clock; each of the
 *   two levels has its own hold time. One value on the good side while pending starts it anew.
 * - A raised level clears when the value is `hysteresis` of the threshold away from it, at once.
 * - Which rules count for a subject: see `rulesFor`.
 * - An unknown value keeps what is raised, never clears it. It is an alert `unknown` itself after `forMs` (at least
 *   `unknownHoldMs`), if it was known before or if its whole source has no value.
 * - A subject that is not among the samples any more has vanished: its alerts clear.
 */
export function evaluate(
	state: ThresholdState,
	rules: readonly Rule[],
	samples: readonly Sample[],
	times: Times,
): {
	readonly state: ThresholdState;
	readonly alerts: readonly Alert[];
	readonly changes: readonly AlertChange[];
} {
	const book = prepareRules(rules);
	const gapMs = times.monotonicMs - (state.lastMonotonicMs ?? times.monotonicMs);
	const timing: Timing = {...times, isAfterGap: gapMs > longestGapMs};
	const entries = new Map<string, Entry>();
	for (const sample of samples) {
		if (sample.subject === everySubject) {
			const rule = generalRule(book, sample.metric);
			if (rule === undefined) continue;
			for (const [id, entry] of failedEntries(sample, rule, state, timing)) entries.set(id, entry);
			continue;
		}

		const {metric, target, subject, sinceMs: saidSinceMs, fallsBelowMs, isOver} = sample;
		const value = valueAt(sample, times.nowMs);
		for (const rule of rulesFor(book, sample)) {
			const id = entryId(rule.id, target, subject);
			const before = state.entries.get(id);
			const heldUntilMs = isOver ? sample.heldUntilMs : undefined;
			const said = {saidSinceMs, fallsBelowMs, heldUntilMs};
			const place: Place = {rule, metric, target, subject, before, ...said};
			const isKnown = value !== undefined && Number.isFinite(value);
			entries.set(id, isKnown ? knownEntry(place, value, timing) : unknownEntry(place, timing));
		}
	}

	return conclude(state, entries, times);
}

/** Makes alerts and changes out of the entries before and after. */
function conclude(state: ThresholdState, entries: ReadonlyMap<string, Entry>, times: Times) {
	const alerts: Alert[] = [];
	const changes: AlertChange[] = [];
	const next = new Map<string, Entry>();
	for (const [id, entry] of entries) {
		const alert = alertOf(id, entry);
		const change = changeOf(state.entries.get(id)?.alert, alert, times.nowMs);
		if (alert) alerts.push(alert);
		if (change) changes.push(change);
		next.set(id, alert ? {...entry, alert} : entry);
	}

	for (const [id, entry] of state.entries) {
		const change = entries.has(id) ? undefined : changeOf(entry.alert, undefined, times.nowMs);
		if (change) changes.push(change);
	}

	return {
		state: {entries: next, lastMonotonicMs: times.monotonicMs},
		alerts: alerts.sort(compareAlerts),
		changes,
	};
}
