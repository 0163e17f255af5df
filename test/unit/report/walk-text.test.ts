import {expect, test} from 'vitest';
import {walkText} from '../../../src/report/walk-text.ts';
import {loadSeen, slow, walkOf} from '../../support/runbooks.ts';

test('a ranking that could not be judged says what was not seen', () => {
	const walk = walkOf([
		{type: 'looked', node: 'see', evidence: [loadSeen({cpu: 12, memory: 40})]},
		{type: 'decided', node: 'which', way: {other: 'unknown'}},
	]);
	expect(walkText(slow, walk, 'en')).toContain(
		'it could not be judged: not seen: Load of the host: Swap, Fullest disk used\n',
	);
	expect(walkText(slow, walk, 'zh')).toMatch(/无法判断：看不到：主机负载：交换区，\S+\n/);
});
