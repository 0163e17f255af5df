import {describe, expect, test} from 'vitest';
import {alertLimitMs, clocksOf, wholeRollbackLimitMs} from '../../../src/incidents/clocks.ts';
import type {IncidentEvent, RollbackStep} from '../../../src/incidents/event.ts';
import {alertFacts, incidentWith, minute, opened} from '../../support/incidents.ts';

type At = readonly [minutes: number, event: IncidentEvent];
const ack = (minutes: number): At => [minutes, {kind: 'acknowledged'}];
const severity = (minutes: number, to: 'minor' | 'major' | 'critical'): At => [
	minutes,
	{kind: 'severity-changed', severity: to},
];
const closed = (minutes: number): At => [
	minutes,
	{kind: 'closed', cause: 'c', done: 'd', followUps: []},
];

function response(nowMinutes: number, ...events: readonly At[]) {
	const clock = clocksOf(incidentWith(...events), minute(nowMinutes)).find(
		({about}) => about.kind === 'response',
	);
	return [clock?.state, (clock?.tookMs ?? NaN) / 60_000, (clock?.limitMs ?? NaN) / 60_000];
}

describe('response by severity (H2-21)', () => {
	test.each([
		['minor', 240],
		['major', 60],
		['critical', 15],
	] as const)('%s: %i min', (level, limit) => {
		const first: At = [0, opened({severity: level})];
		expect(response(limit - 1, first)).toEqual(['running', limit - 1, limit]);
		expect(response(limit, first)).toEqual(['running', limit, limit]);
		expect(response(limit + 1, first)).toEqual(['missed', limit + 1, limit]);
		expect(response(900, first, ack(limit))).toEqual(['met', limit, limit]);
		expect(response(900, first, ack(limit + 1))).toEqual(['missed', limit + 1, limit]);
	});

	test('closing it without having taken it on keeps nothing', () => {
		expect(response(900, closed(30))).toEqual(['unanswered', 30, 60]);
		expect(response(900, closed(61))).toEqual(['missed', 61, 60]);
		expect(response(900, ack(30), closed(61))).toEqual(['met', 30, 60]);
	});

	test('worse gives no more time, milder does, and late stays late', () => {
		expect(response(30, severity(20, 'critical'))).toEqual(['running', 30, 35]);
		expect(response(58, severity(50, 'critical'))).toEqual(['running', 58, 60]);
		expect(response(100, severity(20, 'minor'))).toEqual(['running', 100, 240]);
		expect(response(100, severity(70, 'minor'))).toEqual(['missed', 100, 60]);
	});

	test('a clock that jumped back makes nothing negative', () => {
		expect(response(-10)).toEqual(['running', 0, 60]);
	});
});

describe('response by alert (H4-06)', () => {
	test.each([
		['endpoint.p95', 'warn', 30],
		['errors.server-errors', 'crit', 15],
		['host.disk', 'warn', 60],
		['postgres.connections', 'unknown', undefined],
		['host.disk', 'unknown', undefined],
		['postgres.connections', 'crit', undefined],
		['host.cpu', 'crit', undefined],
		['toString', 'crit', undefined],
	] as const)('%s %s: %s min', (metric, level, limit) => {
		const limitMs = alertLimitMs(alertFacts(metric, {level}));
		expect(limitMs === undefined ? undefined : limitMs / 60_000).toBe(limit);
	});

	test('a database that does not answer has one clock, and no figure of it has one', () => {
		const raised = ['postgres.connections', 'postgres.checksum-failures'].map((metric): At => [
			2,
			{
				kind: 'alert-raised',
				alert: alertFacts(metric, {id: metric, level: 'unknown', subject: '*'}),
			},
		]);
		const clocks = clocksOf(incidentWith(...raised), minute(3));
		expect(clocks.slice(1).map(({about, limitMs}) => [about, limitMs])).toEqual([
			[{kind: 'silence', target: 'app'}, 300_000],
		]);
	});

	test('ends with the one who takes it on, or with itself', () => {
		const alert = alertFacts('errors.server-errors');
		const raised: At = [2, {kind: 'alert-raised', alert}];
		const stateOf = (...events: readonly At[]) =>
			clocksOf(incidentWith(raised, ...events), minute(40))
				.filter(({about}) => about.kind === 'alert')
				.map(({state, tookMs, source}) => [state, tookMs / 60_000, source]);
		expect(stateOf()).toEqual([['missed', 40, 'H4-06']]);
		expect(stateOf(ack(10))).toEqual([['met', 10, 'H4-06']]);
		expect(stateOf([12, {kind: 'alert-cleared', alert}])).toEqual([['cleared', 12, 'H4-06']]);
		// Taken on before the alert came: it was answered at once.
		const later = alertFacts('host.disk', {sinceMs: minute(20)});
		expect(stateOf(ack(1), [20, {kind: 'alert-raised', alert: later}])).toEqual([
			['met', 1, 'H4-06'],
			['met', 0, 'H4-06'],
		]);
	});
});

describe('budgets of a rollback (H4-13)', () => {
	const step = (minutes: number, name: RollbackStep, state: 'started' | 'done'): At => [
		minutes,
		{kind: 'rollback', step: name, state},
	];
	const budgets = (nowMinutes: number, ...events: readonly At[]) =>
		Object.fromEntries(
			clocksOf(incidentWith(...events), minute(nowMinutes)).flatMap(
				({about, state, tookMs, limitMs}) =>
					about.kind === 'rollback'
						? [[about.step, `${state} ${tookMs / 60_000}/${limitMs / 60_000}`]]
						: [],
			),
		);

	test('none was begun, none is shown', () => {
		expect(budgets(10)).toEqual({});
	});

	test('kept, missed and running ones, and all together', () => {
		expect(
			budgets(
				70,
				...[step(5, 'decide', 'started'), step(15, 'decide', 'done')],
				...[step(15, 'code', 'started'), step(31, 'code', 'done')],
				...[step(31, 'database', 'started'), step(41, 'database', 'done')],
				...[step(41, 'config', 'started'), step(47, 'config', 'done')],
				...[step(47, 'redeploy', 'started'), step(60, 'redeploy', 'done')],
				step(64, 'verify', 'started'),
			),
		).toEqual({
			decide: 'met 10/15',
			code: 'missed 16/15',
			database: 'met 10/10',
			config: 'missed 6/5',
			redeploy: 'met 13/20',
			verify: 'running 6/10',
			all: 'missed 65/60',
		});
		expect(wholeRollbackLimitMs).toBe(3_600_000);
	});

	test('what was begun again has not ended; closing the incident ends nothing', () => {
		const again = [step(0, 'code', 'started'), step(4, 'code', 'done'), step(6, 'code', 'started')];
		expect(budgets(8, ...again)).toEqual({code: 'running 8/15', all: 'running 8/60'});
		expect(budgets(90, ...again, closed(9))).toEqual({code: 'stopped 9/15', all: 'stopped 9/60'});
		expect(budgets(90, ...again, closed(20))).toEqual({
			code: 'missed 20/15',
			all: 'stopped 20/60',
		});
	});
});
