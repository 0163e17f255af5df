import {expect, test} from 'vitest';
import type {Job} from '../../../src/domain/job.ts';
import {wayBackOf} from '../../../src/domain/job.ts';
import {wayBackParams} from '../../../src/operations/postgres/side-names.ts';
import {jobOf} from '../../support/plans.ts';

const done = {state: 'ended', outcome: 'done', risk: 'destructive'} as const;

test.each<[name: string, job: Partial<Job>, isTold: boolean]>([
	['done', done, true],
	['done with warnings', {...done, outcome: 'warnings'}, true],
	['done although it was asked to cancel', {...done, isCancelRequested: true}, true],
	[
		'running past its commit point when asked to cancel',
		{risk: 'destructive', isCancelRequested: true, cancelMeans: 'finish'},
		true,
	],
	['running', {risk: 'destructive', cancelMeans: 'finish'}, false],
	['cancelled in time', {...done, outcome: 'cancelled', isCancelRequested: true}, false],
	['failed', {...done, outcome: 'failed'}, false],
	['safe', {...done, risk: 'safe'}, false],
])('the way back of a job that is %s', (_name, job, isTold) => {
	expect(wayBackOf(jobOf(job)) !== undefined).toBe(isTold);
});

test('the way back of a restore says its command and until when', () => {
	expect(wayBackParams("old shop's__o_1a2b3c4d", '20261121T141030Z-1a2b3c4d')).toEqual({
		kept: "old shop's__o_1a2b3c4d",
		until: '2026-11-24 14:10 UTC',
		command: String.raw`opsconsole restore swap-back 'old shop'\''s__o_1a2b3c4d'`,
	});
});
