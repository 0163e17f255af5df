import {expect, test} from 'vitest';
import {shortLine} from '../../../src/domain/short-line.ts';

const atMs = Date.UTC(2026, 10, 21, 19, 27, 15);

test.each([
	[
		'2026-11-21 19:27:15.652 UTC [47] FATAL:  terminating connection due to administrator command',
		'[47] FATAL:  terminating connection due to administrator command',
	],
	[
		'{"timestamp": "2026-11-21T19:27:15Z", "level": "ERROR", "logger": "app", "message": "no \\u8fde\\u63a5"}',
		'ERROR no 连接',
	],
	['{"method": "GET", "path": "/x?token=1", "status": 502}', 'ERROR GET /x → 502'],
	['{"half', '{"half'],
	['2026-11-21 19:27:15', '2026-11-21 19:27:15'],
	['line 3', 'line 3'],
])('%s', (line, wanted) => {
	expect(shortLine(line, atMs)).toBe(wanted);
});
