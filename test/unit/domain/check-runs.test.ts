import {expect, test} from 'vitest';
import {checkRunOf, checkTargetOf} from '../../../src/domain/check-runs.ts';
import {samplesOf} from '../../../src/domain/samples.ts';

const result = {version: 1, checklist: 'daily', atMs: 1000, missedAfterMs: 500};

test('a checklist is overdue when its last result is older than it may be', () => {
	expect(checkRunOf(JSON.stringify(result), 1400)).toMatchObject({id: 'daily', isMissed: false});
	expect(checkRunOf(JSON.stringify(result), 1600)).toMatchObject({id: 'daily', isMissed: true});
	const {missedAfterMs: _never, ...onDemand} = result;
	expect(checkRunOf(JSON.stringify(onDemand), 9e15)).toMatchObject({isMissed: false});
});

test.each(['', '{', '[]', '{"checklist":"../x","atMs":1}', '{"checklist":"daily"}'])(
	'what is no result is left out: %s',
	text => {
		expect(checkRunOf(text, 0)).toBeUndefined();
	},
);

test('becomes a metric for each checklist, and lies beside the audit', () => {
	const run = checkRunOf(JSON.stringify(result), 1600);
	const value = {checklists: run ? [run] : []};
	expect(samplesOf('checks.runs', 'checks', value)).toEqual([
		{metric: 'checklist.missed', target: 'checks', subject: 'daily', value: 1},
	]);
	expect(checkTargetOf({audit: {isInSyslog: false, folder: '/state/audit'}})).toEqual({
		id: 'checks',
		folder: '/state/checks',
	});
	expect(checkTargetOf({})).toBeUndefined();
});
