import {chmod, mkdir, mkdtemp, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {beforeEach, describe, expect, test} from 'vitest';
import {refusalFor} from '../../../src/work/access.ts';
import {openStateFolders, stateFolders} from '../../../src/work/state-folders.ts';
import {nameOfOperator, whoAmI} from '../../../src/work/who.ts';
import {settingsOf} from '../../support/settings.ts';

const li = {userId: 1000, groups: ['ops', 'docker']};

describe('who may act', () => {
	test.each([
		['everybody where nothing is said', {}, li, undefined],
		['members of an operators group', {access: {operators: ['ops']}}, li, undefined],
		['nobody else then', {access: {operators: ['dba']}}, li, 'road-viewer'],
		['no member of a viewers group', {access: {viewers: ['docker']}}, li, 'road-viewer'],
		['who is in both may act', {access: {operators: ['ops'], viewers: ['docker']}}, li, undefined],
		['root always', {access: {operators: []}}, {userId: 0, groups: []}, undefined],
		[
			'nobody in a read-only console',
			{isReadOnly: true},
			{userId: 0, groups: []},
			'road-read-only',
		],
		[
			'nobody with a configuration that others can write',
			{
				isReadOnly: true,
				problems: [{code: 'config-writable-by-others', params: {}, retry: 'rarely'} as const],
			},
			li,
			'config-writable-by-others',
		],
	])('%s', (_name, settings, asking, code) => {
		expect(refusalFor(settingsOf(settings), asking)?.code).toBe(code);
	});
});

describe('state folders', () => {
	let root = '';
	const userId = process.getuid?.() ?? -1;

	beforeEach(async () => {
		root = await mkdtemp(join(tmpdir(), 'opsconsole-state-'));
		return () => rm(root, {recursive: true, force: true});
	});

	test('are where root, a user or a variable wants them', () => {
		const at = (id: number, environment: Record<string, string> = {}) => {
			const {root: state, locks} = stateFolders({environment, userId: id, home: '/home/user'});
			return [state, locks];
		};
		expect(at(0)).toEqual(['/var/lib/opsconsole', '/run/lock/opsconsole']);
		const own = '/home/user/.local/state/opsconsole';
		expect(at(1000)).toEqual([own, `${own}/locks`]);
		expect(at(1000, {XDG_STATE_HOME: '/s', XDG_RUNTIME_DIR: '/r'})).toEqual([
			'/s/opsconsole',
			'/r/opsconsole',
		]);
		expect(at(0, {OPSCONSOLE_STATE: '/x'})).toEqual(['/x', '/x/locks']);
	});

	test('are made private, and opened again', async () => {
		const folders = stateFolders({environment: {OPSCONSOLE_STATE: join(root, 'a')}, userId});
		await openStateFolders(folders, userId);
		await openStateFolders(folders, userId);
	});

	const refused = (folder: string, id = userId) =>
		expect(
			openStateFolders(stateFolders({environment: {OPSCONSOLE_STATE: folder}, userId: id}), id),
		).rejects.toMatchObject({problem: {code: 'state-folder-unusable'}});

	test('are refused where they are a link, open to others, foreign, or cannot be made', async () => {
		await mkdir(join(root, 'real'), {mode: 0o700});
		await symlink(join(root, 'real'), join(root, 'link'));
		await refused(join(root, 'link'));
		await mkdir(join(root, 'open'));
		await chmod(join(root, 'open'), 0o755);
		await refused(join(root, 'open'));
		await mkdir(join(root, 'foreign'), {mode: 0o700});
		await refused(join(root, 'foreign'), userId + 1);
		await refused('/proc/nowhere');
	});
});

test('an operator has a name in any case', async () => {
	const operator = await whoAmI();
	expect(operator.userId).toBe(process.getuid?.());
	expect(operator.user).not.toBe('');
	expect(nameOfOperator({user: 'root', userId: 0, sudoUser: 'li', ssh: '10.0.0.8'})).toBe(
		'li@10.0.0.8',
	);
	expect(nameOfOperator({user: 'app', userId: 5})).toBe('app');
});
