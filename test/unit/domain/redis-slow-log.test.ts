import {expect, test} from 'vitest';
import {describeCommand, parseSlowLog} from '../../../src/domain/redis-slow-log.ts';

test.each([
	[['get', 'user:1'], 'GET user:1'],
	[['SET', 'user:1', 'secret', 'EX'], 'SET user:1 … (3 args)'],
	[['PING'], 'PING'],
	[['AUTH', 'hunter2'], 'AUTH … (1 args)'],
	[['HELLO', '3', 'AUTH', 'me', 'hunter2'], 'HELLO … (4 args)'],
	[['CONFIG', 'set', 'requirepass', 'hunter2'], 'CONFIG SET … (3 args)'],
	[['ACL', 'SETUSER', 'me', '>hunter2'], 'ACL SETUSER … (3 args)'],
	[['MIGRATE', 'host', '6379', 'key'], 'MIGRATE … (3 args)'],
	[['EVAL', 'return "hunter2"', '1', 'key:1', 'value'], 'EVAL key:1 … (4 args)'],
	[['EVAL', 'return 1', '0', 'value'], 'EVAL … (3 args)'],
	[['MEMORY', 'usage', 'key:1'], 'MEMORY USAGE key:1'],
	[['MGET', 'a', 'b', '... (98 more arguments)'], 'MGET a … (100 args)'],
	[['GET', 'a\u001b[31m'], String.raw`GET a\x1b[31m`],
	[['GET', 'k'.repeat(100)], `GET ${'k'.repeat(60)}…`],
	[[], ''],
])('%j is shown as %s', (words, expected) => {
	expect(describeCommand(words)).toBe(expected);
});

test('entries of another shape are left out', () => {
	expect(parseSlowLog([[7, 100, 12_345, ['GET', 'a'], '127.0.0.1:1', 'app'], ['x'], null])).toEqual(
		[{id: 7, atMs: 100_000, durationMs: 12.345, command: 'GET a'}],
	);
	expect(parseSlowLog('none')).toEqual([]);
});
