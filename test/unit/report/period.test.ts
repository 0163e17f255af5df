import {describe, expect, test} from 'vitest';
import type {Figures} from '../../../src/domain/figures.ts';
import {htmlOf, markdownOf} from '../../../src/incidents/document.ts';
import {figuresOf} from '../../../src/report/figures-now.ts';
import {periodKinds, type PeriodFacts, type PeriodKind} from '../../../src/report/period/facts.ts';
import {periodReport} from '../../../src/report/period/index.ts';
import {alertFacts, incidentWith, minute, opened} from '../../support/incidents.ts';
import {jobOf} from '../../support/plans.ts';
import {container, containerAlert, hostTarget, nowMs, stateWith} from '../../support/state.ts';

const dayMs = 86_400_000;
const fromMs = nowMs - 30 * dayMs;

const empty: PeriodFacts = {
	...{fromMs, untilMs: nowMs, language: 'en', where: 'prod / web-1', isAuditWhole: true},
	...{figures: [], jobs: [], incidents: [], backups: [], audit: [], checks: []},
};

/** A reading a day: the disk grows by two percent, an address is slow and twice down. */
const figures = Array.from({length: 10}, (_, day): Figures => ({
	atMs: nowMs - (9 - day) * dayMs,
	level: day < 8 ? 'ok' : 'crit',
	values: {
		'host.disk': {'/': 60 + 2 * day},
		'capacity.disk-used': {'/': 6e10 + 2e9 * day},
		'capacity.disk-total': {'/': 1e11},
		'capacity.database': {'pg/shop': 1e9},
		'redis.memory-used': {redis: 5e8 - 1e7 * day},
		'capacity.redis-limit': {redis: 1e9},
		'endpoint.p95': {'http://shop': day === 9 ? 2600 : 100},
		'endpoint.down': {'http://shop': day < 8 ? 0 : 1, 'http://new': null},
		'postgres.cache-hit': {pg: day === 3 ? 71 : 99},
		'host.memory': {host: 40 + day},
	},
	alerts: day < 8 ? [] : [alertFacts('endpoint.down', {id: 'e', sinceMs: nowMs - 2 * dayMs})],
}));

const full: PeriodFacts = {
	...empty,
	figures,
	objectives: {p95Ms: 200, availabilityPercent: 75, errorPercent: 1},
	jobs: [
		jobOf({state: 'ended', outcome: 'done', sinceMs: nowMs - 5000, endedAtMs: nowMs - 3000}),
		jobOf({state: 'ended', outcome: 'failed', sinceMs: nowMs - 2000, endedAtMs: nowMs - 1000}),
		jobOf({state: 'running'}),
	],
	incidents: [
		{
			id: '20261120T120000Z-0a1b2c3d',
			incident: incidentWith(
				[0, opened({severity: 'critical'})],
				[16, {kind: 'acknowledged'}],
				[30, {kind: 'closed', cause: 'a lock', done: 'd', followUps: []}],
			),
		},
		{
			id: '20261120T130000Z-0a1b2c3d',
			incident: incidentWith([0, opened()], [4, {kind: 'acknowledged'}]),
		},
	],
	backups: [
		{
			...{series: 'database-shop', id: 'x', kind: 'database', ageSeconds: 5, sizeBytes: 1024},
			...{startedAt: '2026-11-20T03:00:00.000Z', medianBytes: null, sizeRatio: null},
			...{proofLevel: 3, provenAt: null, failure: null},
			...{isPinned: false, isSuspicious: false, isSafety: false},
		},
	],
	audit: [],
	checks: [
		{
			...{version: 1, checklist: 'daily', sha256: '', by: 'li', items: []},
			...{atMs: nowMs, level: 'warn', figures: {}},
		},
	],
	untilMs: minute(60),
};

const text = (kind: PeriodKind, facts: PeriodFacts = full) =>
	markdownOf(periodReport(kind, facts).document);

test.each(periodKinds)('%s without any record says so and names no figure', kind => {
	const said = text(kind, empty);
	expect(said).toContain('There is no reading of this time.');
	const rest = said.split('\n').slice(4).join('\n');
	expect(rest).not.toMatch(/\d%|NaN|undefined|null|Infinity/);
	const {data} = periodReport(kind, empty);
	expect(data).toMatchObject({version: '1.0', report: kind, readings: {count: 0, firstAt: null}});
	expect(text(kind, {...empty, language: 'zh'})).toContain('该时段没有读数');
});

test.each(periodKinds)('%s is whole in both languages and forms', kind => {
	expect(text(kind)).not.toMatch(/NaN|undefined|\[object|Infinity/);
	const chinese = text(kind, {...full, language: 'zh'});
	expect(chinese).toContain('读数');
	expect(chinese).not.toMatch(/Nothing|Growth|Readings|Objective/);
	expect(htmlOf(periodReport(kind, full).document)).toContain('<table>');
	expect(text(kind)).toContain('the longest time without one was 1 d');
	expect(text(kind, {...full, isAuditWhole: false})).toContain('The audit is not whole');
});

describe('performance', () => {
	test.each([
		['an objective that is not kept', '| p95 latency | 200 ms | 2.6 s | NOT KEPT |'],
		['one that is kept', '| availability | 75% | 80% | kept |'],
		['one that nobody measured', '| errors of the server | 1.0% | — | not known |'],
		['availability', '| http&#58;//shop | 80% | 10 | 0 |'],
		['an address that was never asked', '| http&#58;//new | — | 0 | 10 |'],
		['median and worst', '| 10 | 0 | 100 ms | 2.6 s | 2.6 s | 2026-11-20 12:00:00 |'],
		['that less is worse', '| pg | 10 | 0 | 99% | 71% | 71% | 2026-11-14 12:00:00 |'],
		['how long operations took', '(backup-database) | 1 | 2.0 s | 2.0 s |'],
	])('tells %s', (_name, row) => {
		expect(text('performance')).toContain(row);
	});
});

describe('capacity', () => {
	test.each([
		['when a disk is full', '| / | 60% | 78% | 100% | 2.0% | about 11 days | 100% |'],
		['bytes per day', '| / | 56 GiB | 73 GiB | — | 1.9 GiB | — | 100% |'],
		['that something does not grow', '| pg/shop | 954 MiB | 954 MiB | — | 0 B | no limit known |'],
		['that something shrinks', '| 954 MiB | -9.5 MiB | not growing | 100% |'],
		['peaks', '| host memory (host.memory) | host | 49% | 2026-11-20 12:00:00 | 10 |'],
	])('tells %s', (_name, row) => {
		expect(text('capacity')).toContain(row);
	});

	test('says where there is too little', () => {
		const few = {...full, figures: figures.slice(0, 3)};
		expect(text('capacity', few)).toContain('too little to tell (readings: 3, over 2.0 days');
		expect(periodReport('capacity', few).data).toMatchObject({
			disks: [{isEnough: false, perDay: null, daysUntilFull: null}, {}],
		});
	});
});

describe('monitoring', () => {
	test.each([
		['levels', '| CRITICAL | 2 | 20% |'],
		['alerts', '| CRITICAL | 2 | 2026-11-18 12:00:00 | 2026-11-20 12:00:00 |'],
		['incidents', 'Incidents: 2; taken on after 10 m on average (1 too late), closed after 30 m.'],
		['one that was late', '| 16 m MISSED | 30 m | a lock |'],
		['one that is open', '| 4 m kept | OPEN |  |'],
		['outcomes', '| 3 | done and verified: 1; failed: 1; its end is not known: 1 |'],
		['checklists', '| daily | 1 | WARNING: 1 | 2026-11-20 12:00:00 |'],
		['backups', '| database-shop | 1 | 1 | 1.0 KiB | 2026-11-20 03:00:00 |'],
	])('tells %s', (_name, row) => {
		expect(text('monitoring')).toContain(row);
	});
});

test('what is remembered of a state: known figures, unknown ones, sizes, raised alerts', () => {
	const disk = {
		...{mount: '/var', device: 'sda1', type: 'ext4', totalBytes: 100, usedBytes: 80},
		...{availableBytes: 20, usedPercent: 80},
	};
	const host = {
		...{hostname: 'web-1', kernel: '6.1', cpu: {cores: 2, busyPercent: 12}, disks: [disk]},
		...{networks: [], interfaces: []},
	};
	const {readings} = stateWith({}).data;
	const state = stateWith({
		containers: [container('app')],
		readings: {
			...readings,
			'host.load': {[hostTarget]: {kind: 'fresh', atMs: nowMs, value: host as never}},
			'redis.server': {
				redis: {
					...{kind: 'failed', sinceMs: nowMs, retryAtMs: nowMs},
					problem: {code: 'look-no-reading', params: {name: 'redis'}, retry: 'soon'},
				},
			},
		},
		alerts: [containerAlert('shop_app_1'), containerAlert('x', {id: 'x', level: 'ok'})],
	});
	const {values, alerts, atMs} = figuresOf(state);
	expect(atMs).toBe(nowMs);
	expect(values).toMatchObject({
		'host.cpu': {[hostTarget]: 12},
		'host.disk': {'/var': 80},
		'capacity.disk-used': {'/var': 80},
		'capacity.disk-total': {'/var': 100},
		'redis.ping': {redis: null},
	});
	expect(alerts.map(({subject}) => subject)).toEqual(['shop_app_1']);
});
