import type {GatePace} from '../../src/domain/health-gate.ts';

/** A health gate for tests: as strict as the usual one, only much shorter. */
export const quickPace: GatePace = {
	stableMs: 400,
	settleMs: 0,
	probesInRow: 2,
	everyMs: 60,
	deadlineMs: 20_000,
	leastGraceSeconds: 1,
};
