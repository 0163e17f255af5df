import {describe, expect, test} from 'vitest';
import {
	gateRules,
	gateStart,
	healthGate,
	nextGate,
	rulesAfterPause,
	usualPace,
	type GateRules,
	type GateSample,
} from '../../../src/domain/health-gate.ts';

const rules: GateRules = {
	stableMs: 1000,
	healthyInRow: 2,
	probesInRow: 2,
	settleMs: 500,
	deadlineMs: 5000,
	restartCount: 0,
};

const up: GateSample = {
	atMs: 0,
	state: 'running',
	startedAt: 'a',
	restartCount: 0,
	health: 'none',
	healthyInRow: 0,
	probe: 'none',
	isOutOfMemory: false,
};

/** Looks every 250 ms, the last one going on. */
function looks(count: number, ...changes: readonly Partial<GateSample>[]): readonly GateSample[] {
	return Array.from({length: count}, (_, index) => ({
		...up,
		...changes[Math.min(index, changes.length - 1)],
		atMs: index * 250,
	}));
}

describe('a service works', () => {
	test('when it ran long enough', () => {
		expect(healthGate(rules, looks(4))).toEqual({kind: 'waiting', for: 'stable'});
		expect(healthGate(rules, looks(5))).toEqual({kind: 'healthy', afterMs: 1000});
		expect(healthGate(rules, [])).toEqual({kind: 'waiting', for: 'running'});
	});

	test('when its health check was good often enough', () => {
		const once = {health: 'healthy', healthyInRow: 1} as const;
		expect(healthGate(rules, looks(9, once))).toEqual({kind: 'waiting', for: 'health'});
		const twice = {health: 'healthy', healthyInRow: 2} as const;
		expect(healthGate(rules, looks(9, once, twice))).toMatchObject({kind: 'healthy'});
		// Unhealthy may heal for a while after the start.
		const ill = {health: 'unhealthy'} as const;
		expect(healthGate(rules, looks(9, ill, ill, twice))).toMatchObject({kind: 'healthy'});
	});

	test('when its address answered in a row', () => {
		const [ok, bad] = [{probe: 'ok'} as const, {probe: 'failed'} as const];
		expect(healthGate(rules, looks(9, ok, bad))).toEqual({kind: 'waiting', for: 'probe'});
		const late = [...looks(8, bad), ...looks(10, ok).slice(8)];
		expect(healthGate(rules, late.slice(0, 9))).toEqual({kind: 'waiting', for: 'probe'});
		expect(healthGate(rules, late)).toMatchObject({kind: 'healthy'});
	});

	test('when it is a job and ended with status 0', () => {
		const ended = {state: 'exited', exitCode: 0} as const;
		expect(healthGate({...rules, isJob: true}, looks(2, {}, ended))).toMatchObject({
			kind: 'healthy',
		});
		expect(healthGate(rules, looks(2, {}, ended))).toMatchObject({reason: 'exited', exitCode: 0});
		const bad = {state: 'exited', exitCode: 1} as const;
		expect(healthGate({...rules, isJob: true}, looks(2, {}, bad))).toMatchObject({
			reason: 'exited',
		});
	});
});

describe('a service does not work', () => {
	test.each([
		['ended', {state: 'exited', exitCode: 3}, 'exited'],
		['was killed for memory', {state: 'exited', isOutOfMemory: true}, 'out-of-memory'],
		['is between two starts', {state: 'restarting'}, 'restarted'],
		['was started by the engine again', {restartCount: 1}, 'restarted'],
		['was started by somebody else', {startedAt: 'b'}, 'restarted'],
		['is gone', {state: 'gone'}, 'gone'],
		['is being removed', {state: 'removing'}, 'gone'],
		['was paused', {state: 'paused'}, 'paused'],
		['is unhealthy', {health: 'unhealthy'}, 'unhealthy'],
	] as const)('that %s, also after it worked for a moment', (_what, change, reason) => {
		const verdict = healthGate(rules, looks(4, {}, {}, {}, change));
		expect(verdict).toMatchObject({kind: 'failed', reason});
	});

	test.each([
		[{state: 'created'}, 'never-running'],
		[{health: 'starting'}, 'never-healthy'],
		[{probe: 'failed'}, 'never-answered'],
	] as const)('that is late: %o', (change, reason) => {
		expect(healthGate(rules, looks(20, change))).toMatchObject({kind: 'waiting'});
		expect(healthGate(rules, looks(21, change))).toEqual({kind: 'failed', reason});
	});
});

test('2,000 random series: a verdict is final, comes by the deadline, and healthy means healthy', () => {
	let seed = 11;
	const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
	const pick = <T>(...items: readonly [T, ...T[]]): T =>
		items[Math.floor(random() * items.length)] ?? items[0];
	for (let round = 0; round < 2000; round++) {
		const hasProbe = random() < 0.5;
		const samples = Array.from({length: 24}, (_, index): GateSample => ({
			atMs: index * 250,
			state:
				random() < 0.95 ? 'running' : pick('created', 'exited', 'restarting', 'gone', 'paused'),
			startedAt: random() < 0.98 ? 'a' : 'b',
			restartCount: random() < 0.98 ? 0 : 1,
			health: pick('none', 'starting', 'healthy', 'unhealthy'),
			healthyInRow: Math.floor(random() * 4),
			probe: hasProbe ? pick('ok', 'failed') : 'none',
			isOutOfMemory: random() < 0.1,
		}));
		let state = gateStart;
		for (const [index, sample] of samples.entries()) {
			const before = state;
			state = nextGate(rules, state, sample);
			if (before.verdict.kind !== 'waiting') expect(state).toBe(before);
			else if (state.verdict.kind === 'healthy') expectWorks(samples.slice(0, index + 1));
		}

		expect(state.verdict.kind).not.toBe('waiting');
	}
});

function expectWorks(seen: readonly GateSample[]): void {
	const last = seen.at(-1);
	expect(last).toMatchObject({state: 'running', restartCount: 0});
	expect(['none', 'healthy']).toContain(last?.health);
	expect(['none', 'ok']).toContain(last?.probe);
	const running = seen.filter(({state}) => state === 'running');
	expect((last?.atMs ?? 0) - (running[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(rules.stableMs);
	expect(new Set(running.map(({startedAt}) => startedAt)).size).toBe(1);
	expect(seen.some(({state}) => ['exited', 'restarting', 'gone'].includes(state))).toBe(false);
}

test('a slow health check gets more time and fewer checks', () => {
	const check = {timeoutMs: 5000, retries: 3, startPeriodMs: 0};
	expect(gateRules(usualPace, undefined)).toMatchObject({stableMs: 10_000, deadlineMs: 90_000});
	expect(gateRules(usualPace, {...check, intervalMs: 5000})).toMatchObject({healthyInRow: 3});
	expect(gateRules(usualPace, {...check, intervalMs: 30_000})).toMatchObject({
		healthyInRow: 2,
		deadlineMs: 175_000,
	});
	const slow = {...check, intervalMs: 600_000, startPeriodMs: 600_000};
	expect(gateRules(usualPace, slow)).toMatchObject({healthyInRow: 1, deadlineMs: 900_000});
});

test('a container that goes on after a pause may be unhealthy until its second check', () => {
	const check = {intervalMs: 60_000, timeoutMs: 5000, retries: 3, startPeriodMs: 0};
	expect(rulesAfterPause(rules, check)).toEqual({...rules, settleMs: 130_000});
	expect(rulesAfterPause(rules, undefined)).toEqual(rules);
});
