import {describe, expect, test} from 'vitest';
import {createCrc64} from '../../../src/domain/crc64.ts';
import {createRdbCheck, newestRdbVersion} from '../../../src/domain/rdb.ts';

const text = (value: string) => new TextEncoder().encode(value);

/** A small dump as Redis 7.0 writes it: three facts, one database with one key, end mark and checksum. */
function dump(): Uint8Array {
	const string = (value: string) => [value.length, ...text(value)];
	const body = [
		...text('REDIS0010'),
		...[0xfa, ...string('redis-ver'), ...string('7.0.15')],
		...[0xfa, ...string('ctime'), 0xc2, 0x00, 0x10, 0x20, 0x65],
		...[0xfa, ...string('used-mem'), 0xc2, 0x00, 0x00, 0x10, 0x00],
		...[0xfe, 0x00, 0xfb, 0x01, 0x00, 0x00, ...string('key'), ...string('value'), 0xff],
	];
	const crc = createCrc64();
	crc.add(new Uint8Array(body));
	const sum = crc.hex().match(/../g) ?? [];
	return new Uint8Array([...body, ...sum.map(byte => Number.parseInt(byte, 16))]);
}

function check(bytes: Uint8Array, pieceBytes = 7) {
	const running = createRdbCheck();
	for (let at = 0; at < bytes.length; at += pieceBytes)
		running.add(bytes.subarray(at, at + pieceBytes));
	return running.finish();
}

test('the checksum is that of Redis, in pieces of any size', () => {
	const hexOf = (...pieces: string[]) => {
		const crc = createCrc64();
		for (const piece of pieces) crc.add(text(piece));
		return crc.hex();
	};
	// e9c6d914c4b8d9ca, lowest byte first.
	expect(hexOf('123456789')).toBe('cad9b8c414d9c6e9');
	const long = 'opsconsole '.repeat(50);
	expect(hexOf(long.slice(0, 13), long.slice(13, 100), long.slice(100))).toBe(hexOf(long));
});

test.each([1, 7, 9, 1000])('a whole dump in pieces of %i bytes', pieceBytes => {
	expect(check(dump(), pieceBytes)).toEqual({
		isGood: true,
		facts: {
			bytes: dump().length,
			rdbVersion: 10,
			redisVersion: '7.0.15',
			createdAtSeconds: 0x65201000,
			usedMemoryBytes: 1_048_576,
			isChecksummed: true,
		},
	});
});

test('a dump without a checksum is good but says so', () => {
	const bytes = dump();
	bytes.fill(0, bytes.length - 8);
	expect(check(bytes)).toMatchObject({isGood: true, facts: {isChecksummed: false}});
});

describe('what is no whole dump', () => {
	test('cut anywhere', () => {
		const bytes = dump();
		for (let length = 0; length < bytes.length; length += 1)
			expect(check(bytes.subarray(0, length)).isGood, `cut after ${length}`).toBe(false);
	});

	test('one bit changed anywhere', () => {
		for (let at = 0; at < dump().length; at += 1) {
			const bytes = dump();
			bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
			expect(check(bytes).isGood, `bit changed at ${at}`).toBe(false);
		}
	});

	test('something else', () => {
		expect(check(text('#!/bin/sh\n'.repeat(9)))).toEqual({isGood: false, fault: 'not-a-dump'});
		expect(check(new Uint8Array(0))).toEqual({isGood: false, fault: 'not-a-dump'});
		expect(check(text('REDIS0010'))).toEqual({isGood: false, fault: 'too-short'});
	});
});

test.each([
	['redis', '7.0.15', 10, 10],
	['redis', '7.2.4', 11, 11],
	['redis', '6.0.16', 9, 9],
	['redis', '5.0.14', 9, 9],
	['redis', '8.0.2', 12, 12],
	// Written by 8.6.3, refused by 8.0.2 ("Can't handle RDB format version 13").
	['redis', '8.6.3', 13, 13],
	['redis', '8.0.2', 13, 12],
	['redis', '8.4.0', 12, undefined],
	['redis', '8.10.0', 14, undefined],
	['redis', '8.6.3', 80, 11],
	['valkey', '8.1.1', 11, 11],
	['valkey', '8.1.1', 12, 11],
	// Written by 9.1.2, which refuses 12 and 13 of Redis.
	['valkey', '9.1.2', 80, 80],
	['valkey', '9.1.2', 12, 11],
	['valkey', '9.1.2', 11, 80],
	['redis', '2.8.0', 6, undefined],
	['redis', '', 9, undefined],
] as const)('%s %s loads of the kind of format %s up to %s', (flavour, version, format, newest) => {
	expect(newestRdbVersion({flavour, version}, format)).toBe(newest);
});

test('a dump of Valkey 9.1 says what it is', () => {
	const start = '56414c4b4559303830fa0a76616c6b65792d76657205392e312e32';
	const check = createRdbCheck();
	check.add(Buffer.from(`${start}ff${'00'.repeat(8)}`, 'hex'));
	expect(check.finish()).toMatchObject({
		isGood: true,
		facts: {rdbVersion: 80, redisVersion: '9.1.2', isChecksummed: false},
	});
});
