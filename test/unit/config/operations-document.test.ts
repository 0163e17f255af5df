import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {readOperationFacts} from '../../../config/operation-facts.ts';
import {scheduleRuns} from '../../../src/domain/schedule.ts';
import {operations} from '../../../src/operations/index.ts';
import {commandTable} from '../../../src/work/command-table.ts';

const factsOf = readOperationFacts(fileURLToPath(new URL('../../..', import.meta.url)));

describe('what is read out of the code of the operations', () => {
	test.each(Object.keys(operations))('%s says its risk, its commands and how it is undone', id => {
		const {risks, commands, undo} = factsOf(id);
		expect(risks).not.toEqual([]);
		expect(commands).not.toEqual([]);
		expect(undo).not.toEqual([]);
	});

	test('reasons of the plan, not those of a run', () => {
		const {refusals, risks} = factsOf('install-schedule');
		expect(refusals).toEqual([
			'request-value',
			'schedule-cron',
			'schedule-folder',
			'schedule-foreign',
			'schedule-nothing',
		]);
		expect(risks).toEqual(['safe']);
		expect(factsOf('prune-backups').refusals).not.toContain('retention-changed');
	});

	test('commands that are put together by functions of other files', () => {
		expect(factsOf('restore-database').commands).toContain(
			'ALTER DATABASE "<from>" RENAME TO "<to>"',
		);
		expect(factsOf('remove-schedule').commands).toContain('systemctl daemon-reload');
	});
});

test.each(scheduleRuns.filter(run => !/^(?:status|notify|check)\b/.test(run)))(
	'the scheduled job "%s" is a command of this program',
	run => {
		const [name = '', ...words] = run.split(' ');
		const command = commandTable.find(each => each.name === name);
		const {operation} = command?.parse(words, {}) ?? {operation: ''};
		expect(Object.keys(operations)).toContain(operation);
	},
);
