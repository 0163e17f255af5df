import {join} from 'node:path';
import {expect, test} from 'vitest';
import {formatConfigError} from '../../../config/error.ts';
import {loadRunbooks} from '../../../config/load-runbooks.ts';
import {healthyDataEvidence} from '../../support/healthy-data-evidence.ts';
import {healthyEvidence} from '../../support/healthy-evidence.ts';
import {walkAtRandom, waysOf} from '../../support/random-walk.ts';

const folder = join(import.meta.dirname, '../../../config/runbooks');
const {runbooks, errors} = await loadRunbooks([folder]);
const calm = {...healthyDataEvidence, ...healthyEvidence};
const wizards = Object.values(runbooks).filter(one => one.kind === 'wizard');

test('every shipped runbook is valid', () => {
	expect(errors.map(error => formatConfigError(error, 'en'))).toEqual([]);
});

test.each(wizards.map(wizard => [wizard.id, wizard] as const))(
	'%s: every node is reached, every way taken, every walk ends',
	(_id, wizard) => {
		const {nodes, ways, longest, unended} = walkAtRandom(wizard, 40_000, calm);
		expect(Object.keys(wizard.nodes).filter(name => !nodes.has(name))).toEqual([]);
		expect(waysOf(wizard).filter(way => !ways.has(way))).toEqual([]);
		expect(longest).toBeLessThan(12 * Object.keys(wizard.nodes).length);
		// Only who answers at random for ever goes in circles; then the walk ends by itself.
		expect(unended).toBeLessThan(4000);
	},
);
