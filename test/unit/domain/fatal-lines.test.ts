import {expect, test} from 'vitest';
import {fatalLine, fatalLines} from '../../../src/domain/fatal-lines.ts';

test.each([
	['address-in-use', 'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address in use)'],
	['address-in-use', 'Error: listen EADDRINUSE: address already in use :::3000'],
	[
		'address-in-use',
		'[Errno 98] error while attempting to bind on address: address already in use',
	],
	[
		'out-of-memory',
		'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
	],
	['out-of-memory', '12:M 21 Nov 2026 10:00:00.000 # Out Of Memory allocating 4096 bytes!'],
	['no-space', 'OSError: [Errno 28] No space left on device'],
	['wrong-program', 'exec /app/server: exec format error'],
	['crash', "thread 'main' panicked at src/main.rs:4:5:"],
	['crash', 'panic: runtime error: index out of range [5] with length 3'],
	['exception', 'Traceback (most recent call last):'],
	['exception', '[2026-11-21 10:00:00 +0000] [7] [ERROR] Worker failed to boot'],
	['fatal', '2026-11-21 10:00:00,123 CRITICAL app: no configuration'],
	['fatal', '{"level":"fatal","msg":"no configuration"}'],
])('%s: %s', (kind, line) => {
	expect(fatalLine(line, 'app')?.kind).toBe(kind);
});

test.each([
	'INFO:     Application startup complete.',
	'1:M 21 Nov 2026 10:00:00.000 # WARNING Memory overcommit must be enabled! Without it, a background save or replication may fail under low memory condition.',
	'ERROR: could not fetch the weather',
	'0 fatal errors',
])('is nothing to worry about: %s', line => {
	expect(fatalLine(line, 'app')).toBeUndefined();
});

test('a session that PostgreSQL ends is no fault of its start, a damaged server is', () => {
	const time = '2026-11-21 10:00:00.123 UTC [31]';
	const ended = [
		'FATAL:  the database system is starting up',
		'FATAL:  password authentication failed for user "shop"',
		'FATAL:  sorry, too many clients already',
		'致命错误:  数据库系统正在启动',
	];
	for (const line of ended) expect(fatalLine(`${time} ${line}`, 'postgres')).toBeUndefined();
	const damaged = 'FATAL:  could not open file "base/5/1259": Input/output error';
	expect(fatalLine(`${time} ${damaged}`, 'postgres')?.kind).toBe('fatal');
	expect(fatalLine(`${time} PANIC:  could not locate a valid checkpoint`, 'postgres')?.kind).toBe(
		'fatal',
	);
});

test('of each kind the first line is told, with how many there are', () => {
	const lines = ['panic: one', 'ok', 'panic: two', 'Traceback (most recent call last):'];
	expect(fatalLines(lines, 'app')).toEqual([
		{kind: 'crash', line: 'panic: one', count: 2},
		{kind: 'exception', line: 'Traceback (most recent call last):', count: 1},
	]);
});
