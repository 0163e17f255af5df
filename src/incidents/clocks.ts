import {everySubject} from '../domain/metrics.ts';
import {rollbackSteps, type RollbackStep, type Severity} from './event.ts';
import type {Incident, IncidentAlert} from './incident.ts';

const minuteMs = 60_000;

/** Within which time somebody must have taken an incident on, by its severity (handbook row H2-21). */
export const responseLimitsMs: Readonly<Record<Severity, number>> = {
	minor: 240 * minuteMs,
	major: 60 * minuteMs,
	critical: 15 * minuteMs,
};

/** Time budgets of the steps of a rollback (handbook row H4-13). */
export const rollbackLimitsMs: Readonly<Record<RollbackStep, number>> = {
	decide: 15 * minuteMs,
	code: 15 * minuteMs,
	database: 10 * minuteMs,
	config: 5 * minuteMs,
	redeploy: 20 * minuteMs,
	verify: 10 * minuteMs,
};

/** Budget of a whole rollback (handbook row H4-13). */
export const wholeRollbackLimitMs = 60 * minuteMs;

/** Within which time somebody must have answered that a database does not answer (handbook row H4-06). */
export const silenceLimitMs = 5 * minuteMs;

/**
 * Within which time somebody must have answered an alert (handbook row H4-06); undefined where the handbooks set none. Of
 * a figure that is not known nothing is promised.
 */
export function alertLimitMs({metric, level}: IncidentAlert['alert']): number | undefined {
	if (level === 'unknown') return undefined;
	const limits: Readonly<Record<string, number>> = {
		'endpoint.p95': 30 * minuteMs,
		'errors.server-errors': 15 * minuteMs,
		'host.disk': 60 * minuteMs,
	};
	return Object.hasOwn(limits, metric) ? limits[metric] : undefined;
}

/**
 * A time that should be kept. `missed` also while it still runs, once its limit has passed. Where the incident was closed
 * within the limit without that what was timed came to its end: `unanswered` where somebody should have taken it on,
 * `stopped` for the rest. `cleared`: nobody took it on, but the alert cleared by itself within the limit.
 */
export type IncidentClock = {
	readonly about:
		| {readonly kind: 'response'}
		| {readonly kind: 'alert'; readonly metric: string; readonly subject: string}
		/** A database of which no figure is known: it does not answer. */
		| {readonly kind: 'silence'; readonly target: string}
		| {readonly kind: 'rollback'; readonly step: RollbackStep | 'all'};
	readonly state: 'running' | 'met' | 'cleared' | 'missed' | 'unanswered' | 'stopped';
	readonly startedAtMs: number;
	/** When it must have ended. */
	readonly dueAtMs: number;
	/** How long it may take, from its start. */
	readonly limitMs: number;
	readonly endedAtMs?: number;
	/** Until its end, or until now. Never negative. */
	readonly tookMs: number;
	/** Handbook row. */
	readonly source: 'H2-21' | 'H4-06' | 'H4-13';
};

type Span = Pick<IncidentClock, 'about' | 'source' | 'startedAtMs' | 'dueAtMs'> & {
	readonly endedAtMs?: number | undefined;
	/** When it stopped without an end. */
	readonly stoppedAtMs?: number | undefined;
	/** It ended by itself: nobody answered. */
	readonly isByItself?: boolean;
};

function clock({endedAtMs, stoppedAtMs, isByItself, ...span}: Span, nowMs: number): IncidentClock {
	const {startedAtMs, dueAtMs} = span;
	const untilMs = endedAtMs ?? stoppedAtMs ?? nowMs;
	const isLate = untilMs > dueAtMs;
	const stopped = span.about.kind === 'rollback' ? 'stopped' : 'unanswered';
	const ended = isByItself === true ? 'cleared' : 'met';
	const inTime = endedAtMs !== undefined ? ended : stoppedAtMs === undefined ? 'running' : stopped;
	return {
		...span,
		state: isLate ? 'missed' : inTime,
		limitMs: Math.max(0, dueAtMs - startedAtMs),
		...(endedAtMs !== undefined && {endedAtMs}),
		tookMs: Math.max(0, untilMs - startedAtMs),
	};
}

/**
 * By when it must be taken on. One that becomes worse gives no more time than its new severity from then on; one that
 * becomes milder has the time of its new severity from the opening, unless it was already late.
 */
function responseDueAtMs(incident: Incident): number {
	const {opened, severities, acknowledged} = incident;
	const respondedMs = acknowledged?.atMs ?? Number.POSITIVE_INFINITY;
	let dueAtMs = Number.POSITIVE_INFINITY;
	let before: Severity | undefined;
	for (const {severity, atMs} of severities) {
		// What it became after it was late, or after somebody took it on, changes nothing.
		if (atMs > Math.min(dueAtMs, respondedMs)) break;
		const limitMs = responseLimitsMs[severity];
		const isMilder = before !== undefined && limitMs > responseLimitsMs[before];
		dueAtMs = isMilder ? opened.atMs + limitMs : Math.min(dueAtMs, atMs + limitMs);
		before = severity;
	}

	return dueAtMs;
}

function responseClock(incident: Incident, nowMs: number): IncidentClock {
	return clock(
		{
			about: {kind: 'response'},
			source: 'H2-21',
			startedAtMs: incident.opened.atMs,
			dueAtMs: responseDueAtMs(incident),
			endedAtMs: incident.acknowledged?.atMs,
			// Closing it says that it is over, not that somebody answered in time.
			stoppedAtMs: incident.closed?.atMs,
		},
		nowMs,
	);
}

/** Whether all figures of a database are unknown: then it does not answer. */
function isSilenceOfDatabase({metric, level, subject}: IncidentAlert['alert']): boolean {
	return level === 'unknown' && subject === everySubject && metric.startsWith('postgres.');
}

/** An alert is answered when somebody takes the incident on, or has done so before it; or it clears by itself. */
function alertClocks(incident: Incident, nowMs: number): readonly IncidentClock[] {
	const respondedMs = incident.acknowledged?.atMs ?? Number.POSITIVE_INFINITY;
	const silent = new Set<string>();
	return incident.alerts.flatMap(({alert, raisedAtMs, clearedAtMs = Number.POSITIVE_INFINITY}) => {
		const {metric, subject, target} = alert;
		const isSilence = isSilenceOfDatabase(alert);
		const key = `${target} ${clearedAtMs}`;
		// All its figures are unknown at once; that is one fact.
		if (isSilence && silent.has(key)) return [];
		if (isSilence) silent.add(key);
		const limitMs = isSilence ? silenceLimitMs : alertLimitMs(alert);
		if (limitMs === undefined) return [];
		const startedAtMs = Math.min(alert.sinceMs, raisedAtMs);
		const endedMs = Math.min(Math.max(respondedMs, startedAtMs), clearedAtMs);
		return [
			clock(
				{
					about: isSilence ? {kind: 'silence', target} : {kind: 'alert', metric, subject},
					source: 'H4-06',
					startedAtMs,
					dueAtMs: startedAtMs + limitMs,
					endedAtMs: Number.isFinite(endedMs) ? endedMs : undefined,
					isByItself: clearedAtMs < respondedMs,
					stoppedAtMs: incident.closed?.atMs,
				},
				nowMs,
			),
		];
	});
}

/** First start and last end of a step; a step that was begun again has not ended. */
function stepSpan(
	{rollback}: Incident,
	step: RollbackStep,
): {readonly startedAtMs: number; readonly endedAtMs?: number} | undefined {
	const own = rollback.filter(each => each.step === step);
	const first = own[0];
	const last = own.at(-1);
	if (first === undefined || last === undefined) return undefined;
	return {startedAtMs: first.atMs, ...(last.state === 'done' && {endedAtMs: last.atMs})};
}

/** The budgets of the steps that were begun, and of the whole: from the first start to the end of the verification. */
function rollbackClocks(incident: Incident, nowMs: number): readonly IncidentClock[] {
	const first = incident.rollback[0];
	if (first === undefined) return [];
	// Nobody goes on with a rollback of an incident that is closed.
	const stoppedAtMs = incident.closed?.atMs;
	const steps = rollbackSteps.flatMap(step => {
		const span = stepSpan(incident, step);
		if (span === undefined) return [];
		const dueAtMs = span.startedAtMs + rollbackLimitsMs[step];
		const about = {kind: 'rollback', step} as const;
		return [clock({about, source: 'H4-13', stoppedAtMs, ...span, dueAtMs}, nowMs)];
	});
	const whole = clock(
		{
			about: {kind: 'rollback', step: 'all'},
			source: 'H4-13',
			startedAtMs: first.atMs,
			dueAtMs: first.atMs + wholeRollbackLimitMs,
			endedAtMs: stepSpan(incident, 'verify')?.endedAtMs,
			stoppedAtMs,
		},
		nowMs,
	);
	return [...steps, whole];
}

/** Every clock of an incident at this moment: response, alerts, rollback. */
export function clocksOf(incident: Incident, nowMs: number): readonly IncidentClock[] {
	return [
		responseClock(incident, nowMs),
		...alertClocks(incident, nowMs),
		...rollbackClocks(incident, nowMs),
	];
}
