/** What is known when a rollback is thought about; absent means not known. */
export type RollbackFigures = {
	/** Share of answers that are errors of the server, in percent. */
	readonly errorPercent?: number;
	readonly p95Ms?: number;
	/** Usual p95 of the version before. */
	readonly baselineP95Ms?: number;
	readonly hasSecurityHole?: boolean;
	readonly hasInconsistentData?: boolean;
};

/** One reason to roll back (handbook row H4-12), and whether it holds. */
export type RollbackTrigger = {
	readonly id: 'errors' | 'latency' | 'security' | 'data';
	readonly state: 'met' | 'not-met' | 'unknown';
	/** Percent or ms; absent for what is only yes or no, and where it is not known. */
	readonly value?: number;
	readonly limit?: number;
};

/** `cannot-tell` where no reason is known to hold and at least one is not known: unknown is never good news. */
export type RollbackJudgement = {
	readonly verdict: 'roll-back' | 'stay' | 'cannot-tell';
	readonly triggers: readonly RollbackTrigger[];
};

const errorLimitPercent = 10;
const latencyLimitMs = 5000;
/** The handbook's limit is this many times its own baseline. */
const baselineFactor = 2.5;
/** Below the limit of the latency alert (H4-06) no latency is a reason, however fast the version before was. */
const latencyFloorMs = 2000;

function figure(
	id: RollbackTrigger['id'],
	value: number | undefined,
	limit: number,
): RollbackTrigger {
	if (value === undefined || !Number.isFinite(value)) return {id, state: 'unknown', limit};
	return {id, state: value > limit ? 'met' : 'not-met', value, limit};
}

function truth(id: RollbackTrigger['id'], value: boolean | undefined): RollbackTrigger {
	return {id, state: value === undefined ? 'unknown' : value ? 'met' : 'not-met'};
}

/**
 * Judges the reasons for a rollback (handbook row H4-12): more than 10 % errors; p95 over 5 s, or over 2.5 times a baseline
 * that is known (never below 2 s); a security hole; inconsistent data. One that holds is enough.
 */
export function judgeRollback(figures: RollbackFigures): RollbackJudgement {
	const {errorPercent, p95Ms, baselineP95Ms, hasSecurityHole, hasInconsistentData} = figures;
	const isKnown =
		baselineP95Ms !== undefined && Number.isFinite(baselineP95Ms) && baselineP95Ms > 0;
	const ownLimitMs = isKnown ? baselineP95Ms * baselineFactor : latencyLimitMs;
	const limitMs = Math.min(latencyLimitMs, Math.max(ownLimitMs, latencyFloorMs));
	const triggers = [
		figure('errors', errorPercent, errorLimitPercent),
		figure('latency', p95Ms, limitMs),
		truth('security', hasSecurityHole),
		truth('data', hasInconsistentData),
	];
	const isMet = triggers.some(({state}) => state === 'met');
	const isBlind = triggers.some(({state}) => state === 'unknown');
	return {verdict: isMet ? 'roll-back' : isBlind ? 'cannot-tell' : 'stay', triggers};
}
