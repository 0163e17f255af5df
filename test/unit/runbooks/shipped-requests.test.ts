import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {loadRunbooks} from '../../../config/load-runbooks.ts';
import {noTargets} from '../../../src/domain/targets.ts';
import {requestOf} from '../../../src/runbooks/request.ts';

const folder = fileURLToPath(new URL('../../../config/runbooks', import.meta.url));
const {runbooks} = await loadRunbooks([folder]);

/** The request that a shipped `do` makes for the server `db`, with these fields seen. */
function asked(wizard: string, name: string, seen: Readonly<Record<string, string>> = {}) {
	const runbook = runbooks[wizard];
	const node = runbook?.kind === 'wizard' ? runbook.nodes[name] : undefined;
	if (node?.kind !== 'do') throw new Error(`${wizard} has no do ${name}`);
	const made = requestOf(node, {
		scope: {postgres: 'db', project: 'shop'},
		here: {containers: [], targets: noTargets},
		valueOf: ({look, field}) => seen[`${look}.${field}`],
	});
	return made.ok ? made.request : made.missing;
}

test('what a recovery keeps of the damaged state is not what it then proves and restores', () => {
	for (const node of ['keep-state', 'keep-state-table']) {
		expect(asked('disaster-recovery', node)).toEqual({target: 'db', isSafety: true});
	}

	const latest = {backup: 'latest', kind: 'database', level: 3};
	expect(asked('disaster-recovery', 'prove')).toEqual(latest);
});

test('the backup that is proven is the one that is not, by its id', () => {
	const seen = {'backup.sets.next-proof': '20261120T093000Z-a1b2c3d4'};
	const backup = '20261120T093000Z-a1b2c3d4';
	expect(asked('backups-missing', 'prove', seen)).toEqual({backup, level: 3});
	expect(asked('backups-missing', 'prove')).toEqual(['backup']);
});

test('of a refused login the program is made anew, whatever logs the most', () => {
	const seen = {'errors.summary.top-service': 'db', 'errors.summary.refused-by-database': 'app'};
	const services = {services: ['app'], project: 'shop'};
	expect(asked('database-unreachable', 'login-recreate', seen)).toEqual(services);
});
