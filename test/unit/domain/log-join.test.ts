import {describe, expect, test} from 'vitest';

import type {LogEvent} from '../../../src/domain/errors.ts';
import {createErrorBook} from '../../../src/domain/error-book.ts';
import {createLogJoin} from '../../../src/domain/log-join.ts';
import {createFrameReader, type LogPiece} from '../../../src/domain/log-frames.ts';
import {createLineReader} from '../../../src/domain/log-lines.ts';
import {createLogPosition} from '../../../src/domain/log-position.ts';
import {parseLine} from '../../../src/domain/log-parse.ts';
import {createRateRing} from '../../../src/domain/rate-ring.ts';

const nowMs = Date.UTC(2026, 10, 21, 12);
const arrival = {atMs: nowMs, isExact: true};

/** The events of a text, complete at its end. */
function eventsOf(text: string): readonly LogEvent[] {
	const join = createLogJoin({target: 't', service: 's', format: 'auto'});
	const events = text.split('\n').map(line => join.push(line, arrival, 0));
	return [...events, join.flush(1e6)].filter(event => event !== undefined);
}

function troubles(text: string): readonly string[] {
	return eventsOf(text)
		.filter(event => event.severity !== 'info' && event.severity !== 'debug')
		.map(event => `${event.severity}: ${event.message} (+${event.details.length})`);
}

const python = `Traceback (most recent call last):
  File "/app/a.py", line 3, in f
    g()
ValueError: bad 12`;

describe('join', () => {
	test.each<readonly [string, string, readonly string[]]>([
		['a bare Python trace', python, ['error: ValueError: bad 12 (+4)']],
		[
			'two Python traces',
			`${python}\n${python}`,
			['error: ValueError: bad 12 (+4)', 'error: ValueError: bad 12 (+4)'],
		],
		[
			'a chained Python trace',
			`ERROR:root:failed\n${python}\n\nDuring handling of the above exception, another exception occurred:\n\n${python}\nINFO:root:on`,
			['error: failed (+11)'],
		],
		[
			'a trace after an info line',
			`INFO:root:start\n${python}`,
			['error: ValueError: bad 12 (+4)'],
		],
		[
			'a Java stack',
			'2026-11-21 10:00:00.1 ERROR 1 --- [main] c.e.App : no\njava.lang.IllegalStateException: x\n\tat a.B.c(B.java:1)\nCaused by: java.io.IOException: y\n\t... 3 more\n2026-11-21 10:00:00.1 INFO ok',
			['error: no (+4)'],
		],
		[
			'a Go panic',
			'panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:10 +0x1d\nexit status 2\nserver restarted',
			['fatal: panic: boom (+5)'],
		],
		[
			'a Node stack',
			'/app/x.js:10\n        throw 1\n        ^\n\nTypeError: no\n    at f (/app/x.js:1:2) {\n  code: 7\n}\nok',
			['error: TypeError: no (+3)'],
		],
		[
			'PostgreSQL with its details',
			'2026-11-21 10:00:00.1 UTC [7] ERROR:  duplicate key\n2026-11-21 10:00:00.1 UTC [7] DETAIL:  Key (id)=(1) already exists.\n2026-11-21 10:00:00.1 UTC [7] STATEMENT:  insert into a\n\tvalues (1)\n2026-11-21 10:00:00.1 UTC [7] LOG:  fine',
			['error: duplicate key (+3)'],
		],
		['a progress bar', '10%\r50%\rERROR at 51%\r', ['error: at 51% (+0)']],
		['two lines', 'ERROR a\nERROR b', ['error: a (+0)', 'error: b (+0)']],
	])('%s', (_name, text, expected) => {
		expect(troubles(text)).toEqual(expected);
	});

	test('a line waits for its quiet time, an open trace for longer', () => {
		const join = createLogJoin({target: 't', service: 's', format: 'auto'});
		join.push('ERROR a', arrival, 1000);
		expect(join.flush(1010)).toBeUndefined();
		expect(join.flush(1100)?.message).toBe('a');
		join.push('Traceback (most recent call last):', arrival, 2000);
		expect(join.flush(2500)).toBeUndefined();
		expect(join.flush(3100)?.severity).toBe('error');
		expect(join.hasTrouble()).toBe(false);
	});

	test('hostile lines are bounded and cleaned', () => {
		const hostile = [
			`ERROR ${'x'.repeat(1_000_000)}`,
			'ERROR \u001b]0;title\u0007 \u001b[2J',
			'ERROR \u0000\u202e\ud800',
			`{"level":"ERROR","message":"${'['.repeat(100_000)}`,
			`{"level":"ERROR","message":${'['.repeat(15_000)}`,
			'{"__proto__":{"level":"ERROR"},"constructor":1}',
		].join('\n');
		for (const event of eventsOf(hostile)) {
			expect(event.message.length).toBeLessThan(16_500);
			expect(/[\p{Cc}\u202e]/u.test(event.message)).toBe(false);
		}

		const many = eventsOf(`ERROR a\n${'  more\n'.repeat(5000)}`);
		expect(many[0]?.details).toHaveLength(50);
	});
});

test.each([
	['2026-11-21 19:59:00,000 ERROR x', Date.UTC(2026, 10, 21, 11, 59)],
	['2026-11-21T11:59:00Z ERROR x', Date.UTC(2026, 10, 21, 11, 59)],
	['2026-11-21T19:59:00+08:00 ERROR x', Date.UTC(2026, 10, 21, 11, 59)],
	['Nov 21 11:59:00 host app[1]: error: x', Date.UTC(2026, 10, 21, 11, 59)],
	[
		'1:M 21 Nov 2026 11:59:00.500 # Background saving error',
		Date.UTC(2026, 10, 21, 11, 59, 0, 500),
	],
	['{"level":"ERROR","ts":1795262340,"msg":"x"}', 1_795_262_340_000],
])('own time of %s', (line, atMs) => {
	expect(parseLine(line, 'auto', arrival).atMs).toBe(atMs);
});

describe('book', () => {
	function event(message: string, atMs: number, extra: Partial<LogEvent> = {}): LogEvent {
		return {target: 't', service: 's', atMs, severity: 'error', message, details: [], ...extra};
	}

	test('groups, counts, rates and history', () => {
		const book = createErrorBook();
		for (let index = 0; index < 10; index++) {
			expect(book.add(event(`order ${index} failed`, nowMs - index * 1000), nowMs)).toBe(
				index === 0,
			);
		}

		book.add(event('low', nowMs, {severity: 'warning', service: 'b'}), nowMs);
		const value = book.snapshot(nowMs, []);
		expect(value.groups.map(group => [group.signature, group.count, group.perMinute])).toEqual([
			['order <n> failed', 10, 10],
			['low', 1, 1],
		]);
		expect(value.errorsPerMinute).toBe(2);
		expect(value.groups[0]?.example).toBe('order 0 failed');
		expect(value.groups[0]?.history).toHaveLength(30);
		expect(book.snapshot(nowMs + 3_600_000, []).groups[0]?.perMinute).toBe(0);
	});

	test('requests give the share of server errors and a group by route and status', () => {
		const book = createErrorBook();
		for (let index = 0; index < 8; index++) {
			const status = index < 2 ? 502 : 200;
			const severity = index < 2 ? 'error' : 'info';
			const request = {method: 'GET', route: `/api/u/${index}`, status};
			book.add(event('x', nowMs, {severity, request}), nowMs);
		}

		const value = book.snapshot(nowMs, []);
		expect(value.serverErrorPercent).toBe(25);
		expect(value.errorsPerMinute).toBe(0);
		expect(value.groups.map(group => [group.signature, group.count])).toEqual([
			['GET /api/u/<n> → 502', 2],
		]);
	});

	test('holds at most 500 groups and counts those it dropped', () => {
		const book = createErrorBook();
		const name = (index: number): string =>
			index.toString(26).replace(/\d/g, digit => 'qrstuvwxyz'[Number(digit)] ?? '');
		for (let index = 0; index < 700; index++) book.add(event(`kind ${name(index)}z`, nowMs), nowMs);
		const value = book.snapshot(nowMs, []);
		expect(value.groups).toHaveLength(500);
		expect(value.groupsDropped).toBeGreaterThan(0);
	});

	test('clock jumps give nothing negative and nothing that sticks', () => {
		const book = createErrorBook();
		let clock = nowMs;
		for (const jump of [0, -3_600_000, 7_200_000, -10_000, 86_400_000, -86_400_000, 1]) {
			clock += jump;
			book.add(event('a', clock + 500), clock);
			const value = book.snapshot(clock, []);
			expect(value.groups[0]?.perMinute).toBeGreaterThanOrEqual(1);
			expect(value.errorsPerMinute).toBeGreaterThan(0);
			expect(Math.min(...(value.groups[0]?.history ?? []))).toBeGreaterThanOrEqual(0);
		}
	});
});

test('a ring forgets what is older than its size', () => {
	const ring = createRateRing(3, 10);
	for (const atMs of [0, 5, 12, 25]) ring.add(atMs, 25);
	expect(ring.counts(25)).toEqual([2, 1, 1]);
	expect(ring.sum(45, 30)).toBe(1);
	ring.add(1, 1000);
	expect(ring.sum(1000, 30)).toBe(0);
});

describe('container streams', () => {
	function frame(stream: number, text: string): Uint8Array {
		const body = new TextEncoder().encode(text);
		const bytes = new Uint8Array(8 + body.length);
		bytes[0] = stream;
		new DataView(bytes.buffer).setUint32(4, body.length);
		bytes.set(body, 8);
		return bytes;
	}

	test('pieces are the same however the bytes are cut', () => {
		const parts = [
			frame(1, '2026-11-21T10:00:00.000000001Z 你好 a\n'),
			frame(2, '2026-11-21T10:00:00.000000002Z b'),
		];
		const whole = Uint8Array.from(parts.flatMap(part => [...part]));
		for (let size = 1; size <= whole.length; size++) {
			const reader = createFrameReader(false);
			const pieces: LogPiece[] = [];
			for (let at = 0; at < whole.length; at += size)
				pieces.push(...reader.read(whole.subarray(at, at + size), false));
			expect(pieces.map(piece => [piece.stream, piece.text, piece.isEnd])).toEqual([
				['stdout', '你好 a', true],
				['stderr', 'b', false],
			]);
		}
	});

	test('a position lets every piece through once, also where several share a time', () => {
		const stamps = ['a1', 'a2', 'a2', 'a2', 'a3', 'a3', 'a4'];
		const pieces = stamps.flatMap((stamp, index): LogPiece[] => [
			{stream: index % 3 === 0 ? 'stderr' : 'stdout', stamp, text: `${index}`, isEnd: true},
		]);
		for (let cut = 1; cut <= pieces.length; cut++) {
			const position = createLogPosition();
			position.restart();
			const got = pieces.slice(0, cut).filter(piece => position.accept(piece));
			position.restart();
			const rest = pieces.filter(piece => position.accept(piece));
			expect([...got, ...rest].map(piece => piece.text).sort()).toEqual(
				pieces.map(piece => piece.text),
			);
		}
	});

	test('lines are the same however the bytes are cut, and long ones are bounded', () => {
		const bytes = new TextEncoder().encode('一二三\n\nabc\nlast');
		for (let size = 1; size <= bytes.length; size++) {
			const reader = createLineReader();
			const lines: string[] = [];
			for (let at = 0; at < bytes.length; at += size)
				lines.push(...reader.read(bytes.subarray(at, at + size)));
			expect([...lines, reader.end()]).toEqual(['一二三', '', 'abc', 'last']);
		}

		const reader = createLineReader();
		for (let block = 0; block < 100; block++) reader.read(new Uint8Array(65_536).fill(97));
		expect(reader.read(new TextEncoder().encode('\nnext\n')).map(line => line.length)).toEqual([
			16_385, 4,
		]);
	});
});
