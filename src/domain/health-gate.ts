import type {ContainerState, Health} from './containers.ts';

/** When a started service counts as working. All times in ms. */
export type GateRules = {
	/** How long it must run without being started anew. */
	readonly stableMs: number;
	/** Health checks in a row that must have been good since the start, where it has a health check. */
	readonly healthyInRow: number;
	/** Looks in a row at which its address must have answered, where one is known. */
	readonly probesInRow: number;
	/** How long `unhealthy` may still turn into `healthy` after the start. */
	readonly settleMs: number;
	readonly deadlineMs: number;
	/** RestartCount that it starts with; the engine sets it to 0 at every start by hand. */
	readonly restartCount: number;
	/** A job that others wait for the end of: ending with status 0 is its success. */
	readonly isJob?: boolean;
};

/** One look at a container. */
export type GateSample = {
	/** Of a clock that never jumps. */
	readonly atMs: number;
	readonly state: ContainerState | 'gone';
	/** The engine's text of the start time; another text is another start. */
	readonly startedAt: string;
	readonly restartCount: number;
	readonly health: Health;
	/** Good health checks in a row since the start. */
	readonly healthyInRow: number;
	/** Its address: answered, did not, or there is none to ask. */
	readonly probe: 'ok' | 'failed' | 'none';
	readonly exitCode?: number;
	readonly isOutOfMemory: boolean;
};

/** What is not yet there. */
export type GateWait = 'running' | 'stable' | 'health' | 'probe';

/** Why a service does not work. `restarted`: it ended and the engine started it again. */
export type GateFailure =
	| 'gone'
	| 'exited'
	| 'out-of-memory'
	| 'restarted'
	| 'paused'
	| 'unhealthy'
	| 'never-running'
	| 'never-stable'
	| 'never-healthy'
	| 'never-answered';

export type GateVerdict =
	| {readonly kind: 'waiting'; readonly for: GateWait}
	| {readonly kind: 'healthy'; readonly afterMs: number}
	| {readonly kind: 'failed'; readonly reason: GateFailure; readonly exitCode?: number};

/** What is remembered between two looks. */
export type GateState = {
	readonly verdict: GateVerdict;
	readonly firstAtMs?: number;
	/** The first look at which it ran. */
	readonly started?: {readonly atMs: number; readonly startedAt: string};
	readonly probesOk: number;
};

/** Before the first look. */
export const gateStart: GateState = {verdict: {kind: 'waiting', for: 'running'}, probesOk: 0};

const lateReasons: Readonly<Record<GateWait, GateFailure>> = {
	running: 'never-running',
	stable: 'never-stable',
	health: 'never-healthy',
	probe: 'never-answered',
};

/** What one look alone says: a failure, an end that is right, or nothing. */
function failureOf(
	rules: GateRules,
	state: GateState,
	sample: GateSample,
): GateVerdict | undefined {
	const fail = (reason: GateFailure): GateVerdict => ({
		kind: 'failed',
		reason,
		...(sample.exitCode !== undefined && {exitCode: sample.exitCode}),
	});
	if (sample.state === 'gone' || sample.state === 'removing') return fail('gone');
	if (sample.state === 'paused') return fail('paused');
	const isEnded = sample.state === 'exited' || sample.state === 'dead';
	if (isEnded && rules.isJob === true && sample.exitCode === 0) {
		return {kind: 'healthy', afterMs: sample.atMs - (state.firstAtMs ?? sample.atMs)};
	}

	if (isEnded) return fail(sample.isOutOfMemory ? 'out-of-memory' : 'exited');
	const isOther = state.started !== undefined && state.started.startedAt !== sample.startedAt;
	if (sample.state === 'restarting' || sample.restartCount > rules.restartCount || isOther) {
		return fail(sample.isOutOfMemory ? 'out-of-memory' : 'restarted');
	}

	const ranMs = sample.atMs - (state.started?.atMs ?? sample.atMs);
	return sample.health === 'unhealthy' && ranMs >= rules.settleMs ? fail('unhealthy') : undefined;
}

/** What is still missing at this look; undefined where nothing is. */
function missing(rules: GateRules, state: GateState, sample: GateSample): GateWait | undefined {
	if (sample.state !== 'running' || state.started === undefined) return 'running';
	const isHealthy = sample.health === 'healthy' && sample.healthyInRow >= rules.healthyInRow;
	if (sample.health !== 'none' && !isHealthy) return 'health';
	if (sample.probe !== 'none' && state.probesOk < rules.probesInRow) return 'probe';
	return sample.atMs - state.started.atMs < rules.stableMs ? 'stable' : undefined;
}

/** Takes one more look into account. A verdict other than waiting is final. */
export function nextGate(rules: GateRules, before: GateState, sample: GateSample): GateState {
	if (before.verdict.kind !== 'waiting') return before;
	const firstAtMs = before.firstAtMs ?? sample.atMs;
	const isFirstRun = before.started === undefined && sample.state === 'running';
	const started = isFirstRun ? {atMs: sample.atMs, startedAt: sample.startedAt} : before.started;
	const probesOk = sample.probe === 'ok' ? before.probesOk + 1 : 0;
	const state = {...before, firstAtMs, probesOk, ...(started !== undefined && {started})};
	const final = failureOf(rules, state, sample);
	if (final !== undefined) return {...state, verdict: final};
	const wait = missing(rules, state, sample);
	const afterMs = sample.atMs - firstAtMs;
	if (wait === undefined) return {...state, verdict: {kind: 'healthy', afterMs}};
	return afterMs >= rules.deadlineMs
		? {...state, verdict: {kind: 'failed', reason: lateReasons[wait]}}
		: {...state, verdict: {kind: 'waiting', for: wait}};
}

/** The verdict over a series of looks; waiting where there were none. */
export function healthGate(rules: GateRules, samples: readonly GateSample[]): GateVerdict {
	return samples.reduce((state, sample) => nextGate(rules, state, sample), gateStart).verdict;
}

/** How patient a gate is; tests take less. */
export type GatePace = Pick<GateRules, 'stableMs' | 'settleMs' | 'probesInRow'> & {
	/** Between two looks. */
	readonly everyMs: number;
	/** The least deadline; a slow health check gets more. */
	readonly deadlineMs: number;
	/** The least time between stop signal and SIGKILL, instead of the one for the kind of service. */
	readonly leastGraceSeconds?: number;
};

/** SAFETY 3.8: RestartCount unchanged for 10 s, probe good three times. */
export const usualPace: GatePace = {
	stableMs: 10_000,
	settleMs: 30_000,
	probesInRow: 3,
	everyMs: 300,
	deadlineMs: 90_000,
};

const longestGateMs = 15 * 60_000;
const healthWaitMs = 60_000;

/** The rules for a container with this health check: three good checks, fewer where they come less than every 20 s. */
export function gateRules(
	pace: GatePace,
	check: HealthCheckTimes | undefined,
	options: {readonly restartCount?: number; readonly isJob?: boolean} = {},
): GateRules {
	const {restartCount = 0, isJob = false} = options;
	const every = Math.max(check?.intervalMs ?? 0, 1);
	const healthyInRow = Math.min(3, Math.max(1, Math.floor(healthWaitMs / every)));
	const checksMs =
		check === undefined
			? 0
			: check.startPeriodMs + (every + check.timeoutMs) * (check.retries + healthyInRow);
	const {stableMs, settleMs, probesInRow} = pace;
	const deadlineMs = Math.min(longestGateMs, Math.max(pace.deadlineMs, checksMs));
	return {stableMs, settleMs, probesInRow, healthyInRow, deadlineMs, restartCount, isJob};
}

/** The engine calls a paused container unhealthy until its next check: that one gets the time of two. */
export function rulesAfterPause(rules: GateRules, check: HealthCheckTimes | undefined): GateRules {
	const twiceMs = 2 * ((check?.intervalMs ?? 0) + (check?.timeoutMs ?? 0));
	return {...rules, settleMs: Math.max(rules.settleMs, twiceMs)};
}

/** Usual time until a gate is passed, in ms: every check is good at once, and all stays so for as long as it asks. */
export function usualGateMs(pace: GatePace, check: HealthCheckTimes | undefined): number {
	const {stableMs, healthyInRow} = gateRules(pace, check);
	const checksMs = check === undefined ? 0 : check.startPeriodMs + check.intervalMs * healthyInRow;
	return Math.max(stableMs, checksMs);
}

/** How a container's health is checked. */
export type HealthCheckTimes = {
	readonly intervalMs: number;
	readonly timeoutMs: number;
	readonly retries: number;
	readonly startPeriodMs: number;
};
