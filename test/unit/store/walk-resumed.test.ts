import {expect, test} from 'vitest';
import {readRunbook} from '../../../config/read-runbook.ts';
import {replay} from '../../../src/runbooks/walk.ts';
import {update} from '../../../src/store/update.ts';
import {shopWithOperations} from '../../support/dialogs.ts';
import {jobOf} from '../../support/plans.ts';

const text = `id: busy
kind: wizard
title: busy
on: host
start: mend
nodes:
  mend: {do: clean-logs, next: again, skip: fine, failed: fine}
  again: {look: [host.load], next: fine}
  fine: {end: healthy, says: fine}
`;

test('a walk whose operation ended while nobody walked is told of its end when it is taken up', () => {
	const read = readRunbook(text, 'busy.yaml', 'busy');
	if (!read.ok || read.runbook.kind !== 'wizard') throw new Error(JSON.stringify(read));
	const wizard = read.runbook;
	const about = {id: 'w', runbook: 'busy', sha256: '', scope: {}, by: 'li'};
	const walk = replay(wizard, [
		{type: 'started', atMs: 1, ...about},
		{type: 'began', at: 'mend', run: 'j1', atMs: 2},
	]);
	if (!walk) throw new Error('no walk');
	const jobs = [jobOf({id: 'j1', state: 'ended', outcome: 'done'})];
	const {state} = update(shopWithOperations(), {type: 'jobs-arrived', jobs});
	const activity = {kind: 'nothing'} as const;
	const {effects} = update(state, {type: 'walk-moved', wizard, walk, activity});
	const move = {type: 'acted', node: 'mend', end: 'done', run: 'j1'};
	expect(effects).toEqual([{type: 'walk-move', move}]);
});
