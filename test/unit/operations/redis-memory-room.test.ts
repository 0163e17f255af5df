import {expect, test} from 'vitest';
import {isSafeRaise, memoryTitle, roomWarnings} from '../../../src/operations/redis/memory-room.ts';

const mebibyte = 1024 ** 2;
const room = {
	usedBytes: 60 * mebibyte,
	availableBytes: 500 * mebibyte,
	totalBytes: 2000 * mebibyte,
	limitBytes: Infinity,
};
const before = 64 * mebibyte;

test.each<[string, number, number, Partial<typeof room> | 'unknown', boolean, readonly string[]]>([
	['a raise that fits', before, 128, {}, true, []],
	['lowering', before, 32, {}, false, []],
	['the same', before, 64, {}, false, []],
	['a first limit', 0, 128, {}, false, []],
	['no limit any more', before, 0, {}, false, ['warn-redis-above-host']],
	['more than is available', before, 700, {}, false, ['warn-redis-above-available']],
	['more than the host has', before, 4000, {}, false, ['warn-redis-above-host']],
	['a container with room', before, 128, {limitBytes: 160 * mebibyte}, true, []],
	[
		'a container without room for more than the data',
		before,
		128,
		{limitBytes: 130 * mebibyte},
		false,
		['warn-redis-above-container'],
	],
	['a server elsewhere', before, 128, 'unknown', false, ['warn-redis-room-unknown']],
])('%s', (...[, from, to, more, isSafe, codes]) => {
	const around = more === 'unknown' ? undefined : {...room, ...more};
	const bytes = to * mebibyte;
	expect(isSafeRaise(from, bytes, around)).toBe(isSafe);
	const warnings = roomWarnings({before: from, bytes, server: 'cache'}, around);
	expect(warnings.map(({code}) => code)).toEqual(codes);
});

test('the card says what memory there is', () => {
	const limited = {...room, limitBytes: 160 * mebibyte};
	expect(memoryTitle({}, limited)).toEqual({
		code: 'step-redis-set-limit',
		params: {used: '60 MiB', available: '500 MiB', limit: '160 MiB'},
	});
	expect(memoryTitle({}, room).code).toBe('step-redis-set-room');
	expect(memoryTitle({}, undefined).code).toBe('step-redis-set');
});
