import {expect, test} from 'vitest';
import {samplesOf} from '../../../src/domain/samples.ts';
import {cronFile, type ScheduledJob} from '../../../src/domain/schedule.ts';
import {lastEnds, scheduleRunsOf, scheduleTargetOf} from '../../../src/domain/schedule-runs.ts';
import {settingsOf} from '../../support/settings.ts';

const day = 86_400_000;
const job = (id: string, run: ScheduledJob['run']): ScheduledJob => ({
	id,
	cron: '0 2 * * *',
	run,
	title: id,
	provenance: 'a:1',
});
const jobs = [job('nightly', 'backup all'), job('tidy', 'prune'), job('look', 'status')];
const program = {argv: ['/usr/bin/opsconsole'], workFolder: '/srv', user: 'root'};
const files = [{name: 'opsconsole', text: cronFile(jobs, program)}];
const nowMs = new Date(2026, 10, 20, 9).getTime();
const line = (kind: string, operation: string, atMs: number) =>
	JSON.stringify({v: 1, seq: 1, t: new Date(atMs).toISOString(), op: 'x', operation, kind});

test('the newest end of each operation is read, whatever else stands there', () => {
	const text = [
		'...cut off"}',
		line('end', 'backup-everything', nowMs - 2 * day),
		line('end', 'backup-everything', nowMs - day),
		line('start', 'prune-backups', nowMs),
		'{"kind":"end","t":"never","operation":"x"}',
	].join('\n');
	expect([...lastEnds(text)]).toEqual([['backup-everything', nowMs - day]]);
});

test('a run that did not take place is missed, and is a sample for thresholds', () => {
	const places = [{form: 'cron', files, sinceMs: nowMs - 10 * day}] as const;
	const ends = new Map([
		['backup-everything', nowMs - 7 * 3_600_000 + 60_000],
		['prune-backups', nowMs - 3 * day],
	]);
	const value = scheduleRunsOf(jobs, {places, ends, nowMs});
	// What only looks leaves no trace.
	expect(value.jobs.map(({id, isMissed}) => [id, isMissed])).toEqual([
		['nightly', false],
		['tidy', true],
	]);
	expect(samplesOf('schedule.runs', 'schedule', value)).toEqual([
		{metric: 'schedule.missed', target: 'schedule', subject: 'nightly', value: 0},
		{metric: 'schedule.missed', target: 'schedule', subject: 'tidy', value: 1},
	]);
});

test('nothing is missed that was installed only now, or is not installed', () => {
	const fresh = [{form: 'cron', files, sinceMs: nowMs - 3_600_000}] as const;
	const {jobs: judged} = scheduleRunsOf(jobs, {places: fresh, ends: new Map(), nowMs});
	expect(judged.map(({isMissed}) => isMissed)).toEqual([false, false]);
	expect(scheduleRunsOf(jobs, {places: [], ends: new Map(), nowMs})).toEqual({jobs: []});
});

test('only settings with jobs that leave a trace are watched', () => {
	const audit = {isInSyslog: false, folder: '/a'};
	const schedules = [
		{id: 'nightly', cron: '0 2 * * *', run: 'backup all', title: 'n', provenance: 'a'},
	] as const;
	expect(scheduleTargetOf(settingsOf({schedules, audit}))?.jobs).toHaveLength(1);
	expect(scheduleTargetOf(settingsOf({schedules}))).toBeUndefined();
	expect(scheduleTargetOf(settingsOf({schedules: [], audit}))).toBeUndefined();
});
