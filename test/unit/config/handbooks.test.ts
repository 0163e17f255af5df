import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {serviceOf} from '../../../config/generate-handbooks.ts';
import {handbookRows, handbooks} from '../../../config/handbook-rows.ts';
import type {Target} from '../../../config/handbook-rows/row.ts';
import {type Binding, keymap} from '../../../config/keymap.ts';
import {loadRunbooks} from '../../../config/load-runbooks.ts';
import {configSchema} from '../../../config/schema.ts';
import {shapeOf} from '../../../config/validate.ts';
import {operations} from '../../../src/operations/index.ts';
import {ownCommands, runbookCommands} from '../../../src/runbook-commands.ts';
import {panels} from '../../../src/store/state.ts';
import {commandTable} from '../../../src/work/command-table.ts';
import {usageWith} from '../../../src/words/usage.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'config/runbooks');
const shipped = readdirSync(folder).map(name => name.replace(/\.yaml$/, ''));
const ids = handbookRows.map(({id}) => id);

/** Every form of words that `opsconsole` takes, as its help has them. */
const forms = [
	...usageWith([])
		.split('\n')
		.map(line => line.trim()),
	...commandTable.flatMap(({usage}) => usage.map(([form]) => form)),
	...Object.values(runbookCommands).map(({form}) => `runbook ${form}`),
	...Object.values(ownCommands).map(({form}) => form),
];

/** Whether a form of the help has these words: `audit [verify|log]` takes `audit` and `audit log`. */
function isCommand(words: string): boolean {
	return forms.some(form => {
		const parts = form.split(/\s{2,}/, 1)[0]?.split(' ') ?? [];
		return words
			.split(' ')
			.every((word, index) => (parts[index] ?? '').replace(/[[\]]/g, '').split('|').includes(word));
	});
}

function isSetting(path: string): boolean {
	const [key = '', ...rest] = path.split('.');
	const entries: Readonly<Record<string, unknown>> = configSchema.entries;
	if (!Object.hasOwn(entries, key)) return false;
	if (rest.length === 0) return true;
	return Object.hasOwn(shapeOf(entries[key])?.entries ?? {}, rest.join('.'));
}

function exists(target: Target): boolean {
	switch (target.kind) {
		case 'key': {
			const bindings: readonly Binding[] = keymap;
			return bindings.some(({command}) => command === target.command);
		}

		case 'command':
			return isCommand(target.words);
		case 'operation':
			return Object.hasOwn(operations, target.id);
		case 'runbook':
			return shipped.includes(target.id);
		case 'setting':
			return isSetting(target.path);
		case 'panel':
			return panels.some(panel => panel === target.id);
		case 'document':
			return existsSync(join(root, 'docs', target.path));
		case 'not-yet':
			return target.missing !== '';
	}
}

test.each(Object.entries(handbooks))(
	'%s: every row has an entry, once and in order',
	(prefix, {rows}) => {
		const expected = Array.from(
			{length: rows},
			(_, index) => `${prefix}-${String(index + 1).padStart(2, '0')}`,
		);
		expect(ids.filter(id => id.startsWith(`${prefix}-`))).toEqual(expected);
	},
);

test('there are no rows of other handbooks', () => {
	expect(ids.filter(id => !Object.hasOwn(handbooks, id.slice(0, 2)))).toEqual([]);
});

test.each(handbookRows.map(row => [row.id, row] as const))(
	'%s: what serves it exists',
	(_id, {targets, title}) => {
		expect(targets.length).toBeGreaterThan(0);
		expect(targets.filter(target => !exists(target))).toEqual([]);
		expect(title.zh).toMatch(/\p{Script=Han}|Kubernetes/u);
	},
);

test.each([
	['command', {kind: 'command', words: 'deploy'}],
	['words of a command', {kind: 'command', words: 'backup everything'}],
	['key', {kind: 'key', command: 'deploy'}],
	['operation', {kind: 'operation', id: 'deploy-service'}],
	['runbook', {kind: 'runbook', id: 'nothing'}],
	['setting', {kind: 'setting', path: 'thresholds.host.nothing'}],
	['panel', {kind: 'panel', id: 'systemd'}],
	['document', {kind: 'document', path: 'nothing.md'}],
] as const)('a %s that there is not is noticed', (_what, target) => {
	expect(exists(target)).toBe(false);
});

test('a row names each runbook that says it covers the row', async () => {
	const {runbooks} = await loadRunbooks([folder]);
	const unnamed = Object.values(runbooks).flatMap(({id, covers}) =>
		covers
			.filter(row => {
				const found = handbookRows.find(each => each.id === row);
				return !found?.targets.some(target => target.kind === 'runbook' && target.id === id);
			})
			.map(row => `${id}: ${row}`),
	);
	expect(unnamed).toEqual([]);
});

test('what is missing is said: a row with something not there is not called served', () => {
	const wrong = handbookRows.filter(
		row => row.targets.some(({kind}) => kind === 'not-yet') && serviceOf(row) === 'served',
	);
	expect(wrong).toEqual([]);
});
