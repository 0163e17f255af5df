import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {loadRunbooks} from '../../config/load-runbooks.ts';
import type {Finding} from '../../src/runbooks/diagnosis.ts';
import {countedOf} from '../scenarios/play.ts';
import {scenarios} from '../scenarios/scenarios.ts';

const folder = fileURLToPath(new URL('../../config/runbooks', import.meta.url));
const {runbooks} = await loadRunbooks([folder]);
const causes = Object.values(runbooks).flatMap(one =>
	one.kind === 'wizard' ? Object.values(one.causes) : [],
);

test('there are enough scenarios, each with a name of its own and causes that exist', () => {
	const known = new Set(causes.map(({id}) => id));
	const faults = scenarios.filter(({expect: wanted}) => wanted.length > 0);
	expect(faults.length).toBeGreaterThanOrEqual(40);
	expect(new Set(scenarios.map(({id}) => id)).size).toBe(scenarios.length);
	const named = scenarios.flatMap(({expect: wanted, also = []}) => [...wanted, ...also]);
	expect(named.filter(id => !known.has(id))).toEqual([]);
});

/** A likely finding of this cause. */
function finding(id: string, consequenceOf?: string): Finding {
	const cause = causes.find(one => one.id === id);
	if (cause === undefined) throw new Error(`no cause ${id}`);
	return {
		cause,
		likelihood: 'likely',
		points: 3,
		for: [],
		against: [],
		unseen: [],
		runbook: 'any',
		scope: {},
		subject: 'any',
		evidence: [],
		...(consequenceOf !== undefined && {consequenceOf}),
	};
}

test('what other programs of the machine do counts only in scenarios of the host', () => {
	const found = [finding('cpu-saturated'), finding('app-slow', 'cpu-saturated'), finding('paused')];
	const ids = (list: readonly Finding[]) => list.map(({cause}) => cause.id);
	expect(ids(countedOf({expect: []}, found))).toEqual(['paused']);
	expect(ids(countedOf({expect: ['app-slow']}, found))).toEqual(['app-slow', 'paused']);
	expect(ids(countedOf({expect: [], isHost: true}, found))).toHaveLength(3);
});
