import {expect, test} from 'vitest';
import {ProblemError} from '../../../src/domain/problem.ts';
import type {Io} from '../../../src/io/io.ts';
import {meantError} from '../../../src/sources/postgres/restoring.ts';
import {readingLevel} from '../../../src/store/select-levels.ts';
import {partialIo} from '../../support/io.ts';

const id = '20261120T120000Z-00000001';
const entry = {
	id,
	operation: 'restore-database',
	target: 'prod/shop',
	postgres: {target: 'shop/db', database: 'shop'},
	risk: 'destructive',
	since: '2026-11-20T12:00:00.000Z',
	pid: 4711,
};
const alive = {'/proc/4711/cmdline': `node\0main.js\0_worker\0/var/lib/opsconsole/ops/${id}\0`};
const closed = new ProblemError({
	code: 'postgres-not-accepting',
	params: {cause: 'database "shop" is not currently accepting connections', database: 'shop'},
	retry: 'soon',
});

/** A machine with just these files. */
function ioWith(files: Readonly<Record<string, string>>, environment: Io['environment'] = {}): Io {
	const readText = (path: string) => {
		const text = files[path];
		return text === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(text);
	};
	const io = partialIo();
	return {...io, environment, files: {...io.files, readText}};
}

function flag(more: object = {}): string {
	return JSON.stringify({version: 1, operations: [{...entry, ...more}]});
}

const target = {id: 'shop/db', database: 'shop'};
const root = '/run/opsconsole/maintenance.json';

test.each([
	['root', root, {}],
	['one of a chosen state folder', '/s/maintenance.json', {OPSCONSOLE_STATE: '/s'}],
	['one’s own', '/srv/li/.local/state/opsconsole/maintenance.json', {HOME: '/srv/li'}],
])('a database that a restore of %s has closed is being restored', async (_, file, environment) => {
	const io = ioWith({[file]: flag(), ...alive}, environment);
	const meant = await meantError(io, target, closed);
	expect(meant).toMatchObject({problem: {code: 'postgres-restoring', params: {id}}});
});

test.each([
	['nothing runs', {}],
	['its worker is dead', {[root]: flag()}],
	['the pid is somebody else’s now', {[root]: flag(), '/proc/4711/cmdline': 'bash\0'}],
	['it is another server', {[root]: flag({postgres: {...entry.postgres, target: 'a'}}), ...alive}],
	['another database', {[root]: flag({postgres: {...entry.postgres, database: 'a'}}), ...alive}],
	['it is only a backup', {[root]: flag({risk: 'safe'}), ...alive}],
	['the flag is nonsense', {[root]: '{"operations": 7', ...alive}],
])('it stays what the server said where %s', async (_, files) => {
	expect(await meantError(ioWith(files), target, closed)).toBe(closed);
});

test('another fault of the server is never excused', async () => {
	const io = ioWith({[root]: flag(), ...alive});
	const refused = new ProblemError({
		code: 'postgres-refused',
		params: {address: 'db:5432'},
		retry: 'soon',
	});
	expect(await meantError(io, target, refused)).toBe(refused);
	const other = new Error('x');
	expect(await meantError(io, target, other)).toBe(other);
});

test('it raises no alarm, and is not called well either', () => {
	const restoring = {code: 'postgres-restoring', params: {}, retry: 'soon'} as const;
	const failed = {kind: 'failed', sinceMs: 0, retryAtMs: 0} as const;
	expect(readingLevel('postgres.activity', {...failed, problem: restoring})).toBe('unknown');
	expect(readingLevel('postgres.activity', {...failed, problem: closed.problem})).toBe('crit');
});
