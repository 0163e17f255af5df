import {expect, test} from 'vitest';
import {datedOf} from '../../../src/incidents/dated.ts';
import type {AlertFacts, IncidentEvent, OperationFacts} from '../../../src/incidents/event.ts';
import {alertEventsOf, jobsToRecord, severityOfAlert} from '../../../src/incidents/follow.ts';
import {incidentOf, isOpen} from '../../../src/incidents/incident.ts';
import {partOf} from '../../../src/incidents/since.ts';
import {alertFacts, incidentWith, linesOf, minute, opened} from '../../support/incidents.ts';
import {jobOf, phrase} from '../../support/plans.ts';
import {containerAlert, nowMs} from '../../support/state.ts';

const title = {en: 'a lock', zh: '锁'};

test('nothing is an incident that was never opened', () => {
	expect(incidentOf([])).toBeUndefined();
	expect(incidentOf(linesOf([[0, {kind: 'note', text: 'x'}]]))).toBeUndefined();
});

test('an alert says since when there is trouble', () => {
	const alert = alertFacts('endpoint.p95', {sinceMs: minute(-7)});
	const incident = incidentWith([0, opened({from: {kind: 'alert', alert}})]);
	expect(incident).toMatchObject({
		sinceMs: minute(-7),
		opened: {atMs: nowMs, by: 'li@10.0.0.8'},
		alerts: [{alert, raisedAtMs: minute(-7)}],
		phase: 'identify',
	});
	// A person may know better, but nobody can open it before it is opened.
	expect(incidentWith([0, opened({sinceMs: minute(-60)})]).sinceMs).toBe(minute(-60));
	expect(incidentWith([0, opened({sinceMs: minute(60)})]).sinceMs).toBe(nowMs);
});

test('begins with the first alert or look of it; what is overdue for days is another matter', () => {
	const raised = (
		metric: string,
		minutes: number,
		more: Partial<AlertFacts> = {},
	): IncidentEvent => ({
		kind: 'alert-raised',
		alert: alertFacts(metric, {sinceMs: minute(minutes), ...more}),
	});
	const begin = (...events: readonly IncidentEvent[]) => {
		const {sinceMs, isSinceLatest} = incidentWith(...events.map(event => [1, event] as const));
		return [(sinceMs - nowMs) / 60_000, isSinceLatest];
	};
	expect(begin(raised('container.down', -5))).toEqual([-5, undefined]);
	// What stood when the console started says nothing, unless the incident was opened for it.
	const standing = raised('host.cpu', -9, {isSinceLatest: true});
	expect(begin(standing)).toEqual([0, undefined]);
	expect(begin(standing, raised('container.oom-killed', -5))).toEqual([-5, undefined]);
	const openedFor = (more: Partial<AlertFacts>) =>
		opened({from: {kind: 'alert', alert: alertFacts('container.down', more)}});
	const stood = openedFor({sinceMs: minute(-5), isSinceLatest: true});
	expect(begin(stood)).toEqual([-5, true]);
	// What is not known says it only where it is the only one.
	const silent = openedFor({sinceMs: minute(-9), level: 'unknown'});
	expect(begin(silent)).toEqual([-9, undefined]);
	expect(begin(silent, raised('container.down', -5))).toEqual([-5, undefined]);
	expect(begin(raised('backup.overdue', -5), raised('host.disk', -90))).toEqual([0, undefined]);
	expect(begin(raised('redis.ping', -5, {level: 'unknown'}))).toEqual([0, undefined]);
	const evidence = {look: 'host.load', atMs: minute(-3), values: {}, lines: []};
	expect(begin({kind: 'evidence', evidence})).toEqual([-3, true]);
	expect(begin({kind: 'evidence', evidence}, raised('container.down', -1))).toEqual([
		-1,
		undefined,
	]);
});

test('what an old walk saw and did before there was trouble is no part of it', () => {
	const walk = {walk: 'w', runbook: 'r'};
	const title = {en: 't', zh: 't'};
	const look = (minutes: number): IncidentEvent => {
		const evidence = {look: 'host.load', atMs: minute(minutes), values: {}, lines: []};
		return {kind: 'evidence', evidence, ...walk};
	};
	const decided = (minutes: number, cause: string): IncidentEvent => ({
		...{kind: 'walk-decided', ...walk, cause, title, verdict: 'likely', for: [], against: []},
		atMs: minute(minutes),
	});
	const operation = (job: string, minutes: number): IncidentEvent => ({
		kind: 'operation',
		operation: {
			...{job, operation: 'restart-service', title: phrase('Restart'), target: 'prod/shop'},
			...{operator: 'li', startedAtMs: minute(minutes)},
		},
	});
	const old = [
		{kind: 'walk-started', ...walk, title, atMs: minute(-180)},
		...[look(-179), decided(-178, 'old'), operation('old', -177)],
	] as const;
	const alert = alertFacts('container.down', {sinceMs: minute(-2)});
	const events = [...old, look(1), decided(2, 'new'), operation('new', 3)];
	const lines = linesOf([
		[0, opened({from: {kind: 'alert', alert}})],
		...events.map(event => [4, event] as const),
	]);
	const incident = incidentOf(lines);
	expect(incident).toMatchObject({
		...{sinceMs: minute(-2), earlierJobs: ['old'], walks: [{walk: 'w'}]},
		...{causes: [{cause: 'new'}], operations: [{job: 'new'}]},
		evidence: [{atMs: minute(1)}],
	});
	if (!incident) throw new Error('no incident');
	expect(partOf(lines, incident)).toHaveLength(4);
	// It is not written down again and again.
	const job = jobOf({id: 'old', sinceMs: minute(-177)});
	expect(jobsToRecord(incident, [job], new Set(['old']))).toEqual([]);
	const only = incidentOf(linesOf([[0, opened()], ...old.map(event => [1, event] as const)]));
	expect(only).toMatchObject({walks: [], evidence: [], causes: [], operations: []});
});

test('tells an alert at the time since when it is so', () => {
	const alert = alertFacts('container.down', {sinceMs: minute(-5)});
	const [line] = linesOf([[1, {kind: 'alert-raised', alert}]]);
	expect(line && datedOf(line).atMs).toBe(minute(-5));
});

test('an alert that is raised, worse, cleared and raised again is told as what it was', () => {
	const alert = alertFacts('host.disk', {level: 'warn'});
	const worse = {...alert, level: 'crit'} as const;
	const {alerts} = incidentWith(
		[1, {kind: 'alert-raised', alert}],
		[2, {kind: 'alert-raised', alert: worse}],
		[3, {kind: 'alert-cleared', alert: worse}],
		[4, {kind: 'alert-raised', alert}],
	);
	expect(alerts).toEqual([
		{alert: worse, raisedAtMs: nowMs, clearedAtMs: minute(3)},
		{alert, raisedAtMs: nowMs},
	]);
});

test('the first who takes it on counts; severities, phases and notes are kept in order', () => {
	const incident = incidentWith(
		[1, {kind: 'phase-entered', phase: 'locate'}],
		[2, {kind: 'acknowledged'}],
		[3, {kind: 'severity-changed', severity: 'critical', why: 'all users'}],
		[4, {kind: 'acknowledged'}],
		[5, {kind: 'note', text: 'first'}],
		[6, {kind: 'change', change: 'deploy', text: 'v2', happenedAtMs: minute(-3)}],
	);
	expect(incident.acknowledged?.atMs).toBe(minute(2));
	expect(incident.severity).toBe('critical');
	expect(incident.severities.map(({severity}) => severity)).toEqual(['major', 'critical']);
	expect(incident.phases.map(({phase}) => phase)).toEqual(['identify', 'locate']);
	expect(incident.notes).toMatchObject([{text: 'first'}]);
	expect(incident.changes).toMatchObject([{change: 'deploy', happenedAtMs: minute(-3)}]);
	expect(isOpen(incident)).toBe(true);
});

test('walks, causes and operations have their last state', () => {
	const operation: OperationFacts = {
		job: '20261120T120000Z-0a1b2c3d',
		operation: 'terminate-sessions',
		title: phrase('End sessions'),
		target: 'prod/shop',
		operator: 'li',
		startedAtMs: minute(3),
	};
	const cause = {
		kind: 'walk-decided',
		runbook: 'pool',
		cause: 'lock',
		title,
		for: [title],
		against: [],
	} as const;
	const incident = incidentWith(
		[1, {kind: 'walk-started', walk: 'w', runbook: 'pool', title}],
		[2, {...cause, verdict: 'possible'}],
		[3, {kind: 'operation', operation}],
		[4, {...cause, verdict: 'likely'}],
		[5, {kind: 'operation', operation: {...operation, outcome: 'done', exitStatus: 0}}],
		[6, {kind: 'walk-ended', walk: 'w', runbook: 'pool', outcome: 'solved', says: title}],
		[7, {kind: 'closed', cause: 'c', done: 'd', followUps: ['f']}],
	);
	expect(incident.causes).toMatchObject([{cause: 'lock', verdict: 'likely', atMs: minute(4)}]);
	expect(incident.operations).toMatchObject([{outcome: 'done', exitStatus: 0}]);
	expect(incident.walks).toMatchObject([
		{walk: 'w', atMs: minute(1), endedAtMs: minute(6), outcome: 'solved', says: title},
	]);
	expect(incident.closed).toMatchObject({cause: 'c', done: 'd', followUps: ['f']});
	expect(isOpen(incident)).toBe(false);
});

test('what the console sees becomes events once', () => {
	const alert = containerAlert('shop_app_1');
	const pending = containerAlert('shop_db_1', {isPending: true});
	const before = incidentWith();
	const events = alertEventsOf(before, [alert, pending], true);
	expect(events).toMatchObject([{kind: 'alert-raised', alert: {id: alert.id}}]);
	const after = incidentWith(...events.map((event: IncidentEvent) => [1, event] as const));
	expect(alertEventsOf(after, [alert], true)).toEqual([]);
	expect(alertEventsOf(after, [{...alert, level: 'warn'}], true)).toMatchObject([
		{kind: 'alert-raised', alert: {level: 'warn'}},
	]);
	// What was not read yet has not cleared.
	expect(alertEventsOf(after, [], false)).toEqual([]);
	expect(alertEventsOf(after, [], true)).toMatchObject([{kind: 'alert-cleared'}]);
	// Of another console, whose hold time is not over.
	expect(alertEventsOf(after, [{...alert, isPending: true}], true)).toEqual([]);
	expect(alertEventsOf(before, [alert], true, () => false)).toEqual([]);
	// A server that does not answer is one fact, however many of its figures are watched.
	const silence = {...alert, level: 'unknown', subject: '*', target: 'shop/db'} as const;
	const silent = [silence, {...silence, id: 'other'}];
	expect(alertEventsOf(before, silent, true)).toHaveLength(1);
	const noFolder = {...alert, metric: 'backup.age', level: 'unknown'} as const;
	expect(alertEventsOf(before, [noFolder], true)).toEqual([]);
	const from = {kind: 'alert', alert: alertFacts('backup.overdue')} as const;
	const ofBackups = incidentWith([0, opened({from})]);
	expect(alertEventsOf(ofBackups, [noFolder], true)).toMatchObject([{kind: 'alert-raised'}, {}]);
	expect(severityOfAlert(alert)).toBe('critical');
	expect(severityOfAlert({level: 'unknown'})).toBe('major');
});

test('jobs are recorded at their begin and at their end, and not those before it', () => {
	const job = jobOf({state: 'running', sinceMs: minute(2)});
	const incident = incidentWith();
	const earlier = jobOf({sinceMs: minute(-1)});
	expect(jobsToRecord(incident, [job, earlier])).toEqual([job]);
	expect(jobsToRecord(incident, [earlier], new Set([earlier.id]))).toEqual([earlier]);
	expect(jobsToRecord(incident, [jobOf({state: 'starting', sinceMs: minute(2)})])).toEqual([]);
	const known = incidentWith([
		3,
		{
			kind: 'operation',
			operation: {
				...{job: job.id, operation: job.operation, title: job.title, target: job.target},
				operator: 'li',
				startedAtMs: job.sinceMs,
			},
		},
	]);
	expect(jobsToRecord(known, [job])).toEqual([]);
	const ended = {...job, state: 'ended', outcome: 'done'} as const;
	expect(jobsToRecord(known, [ended])).toEqual([ended]);
});
