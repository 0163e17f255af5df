import {expect, test} from 'vitest';
import {defaultRules} from '../../../config/defaults.ts';
import {applyEvent} from '../../../src/domain/container-events.ts';
import {containerFromInspect} from '../../../src/domain/container-facts.ts';
import type {Container} from '../../../src/domain/containers.ts';
import {oomHoldMs, standingOomKill} from '../../../src/domain/oom-kill.ts';
import {samplesOf} from '../../../src/domain/samples.ts';
import {evaluate, noThresholdState} from '../../../src/domain/thresholds.ts';
import {container} from '../../support/state.ts';

const killedAtMs = Date.UTC(2026, 10, 21, 12);
const minuteMs = 60_000;

function event(action: string, atMs: number, attributes = {}) {
	return {id: 'app', action, detail: '', atMs, attributes};
}

/** A container that was killed and that its policy starts again at once. */
function killed(...later: readonly (readonly [action: string, afterMs: number])[]): Container {
	const before = container('app', {restartPolicy: 'always', startedAtMs: killedAtMs - 3_600_000});
	const events = [
		event('oom', killedAtMs),
		event('die', killedAtMs + 10, {exitCode: '137'}),
		...later.map(([action, afterMs]) => event(action, killedAtMs + afterMs)),
	];
	const after = events.reduce<Container | undefined>(
		(known, one) => applyEvent(known, one, false),
		before,
	);
	if (after === undefined) throw new Error('no container');
	return after;
}

/** The alert as it stands some minutes after the kill. */
function alertAfter(minutes: number, changed: Container) {
	const engine = {version: '', apiVersion: '', name: '', operatingSystem: ''};
	const value = {engine, containers: [changed]};
	const samples = samplesOf('docker.containers', 'docker', value);
	const nowMs = killedAtMs + minutes * minuteMs;
	const {alerts} = evaluate(noThresholdState, defaultRules, samples, {nowMs, monotonicMs: nowMs});
	return alerts.find(({metric}) => metric === 'container.oom-killed');
}

test('a kill stands while the container is down or restarting because of it', () => {
	const alert = alertAfter(600, killed());
	expect(alert?.sinceMs).toBe(killedAtMs);
	expect(alert?.recovery).toBeUndefined();
	expect(alertAfter(600, {...killed(), state: 'exited'})).toBeDefined();
});

test('where it runs again the alert recovers, and clears a quarter of an hour after the last kill', () => {
	const restarted = killed(['start', 200]);
	expect(alertAfter(12, restarted)?.recovery).toEqual({untilMs: killedAtMs + oomHoldMs});
	expect(alertAfter(15, restarted)).toBeUndefined();
	const again = killed(['start', 200], ['oom', 10 * minuteMs], ['die', 10 * minuteMs]);
	const back = applyEvent(again, event('start', killedAtMs + 11 * minuteMs), false);
	expect(back && alertAfter(20, back)?.recovery?.untilMs).toBe(
		killedAtMs + 10 * minuteMs + oomHoldMs,
	);
	expect(back && alertAfter(25, back)).toBeUndefined();
});

test('an inspection does not make an old kill new, whatever the mark of the engine says', () => {
	const restarted = killed(['start', 200]);
	for (const OOMKilled of [true, false]) {
		const State = {Status: 'running', OOMKilled, StartedAt: '2026-11-21T12:00:00.2Z'};
		const inspected = containerFromInspect({Id: 'app', Name: '/app', State}, restarted);
		expect(alertAfter(14, inspected)?.recovery).toBeDefined();
		expect(alertAfter(16, inspected)).toBeUndefined();
	}
});

test('a loop of kills is no recovery between two of them', () => {
	const alert = alertAfter(2, {...killed(['start', 200]), isCrashLooping: true});
	expect(alert).toBeDefined();
	expect(alert?.recovery).toBeUndefined();
});

test.each([
	['runs since before anybody looked', {state: 'running', startedAtMs: killedAtMs}],
	['was stopped on purpose since', {state: 'exited', exitCode: 143, finishedAtMs: killedAtMs}],
] as const)('of a container that has the mark and %s only the last moments count', (_, facts) => {
	const marked = container('app', {oomKilled: true, ...facts});
	expect(standingOomKill(marked, killedAtMs + minuteMs)).toBeDefined();
	expect(standingOomKill(marked, killedAtMs + 20 * minuteMs)).toBeUndefined();
});
